"""Write ``docs/performance.md``, its plots and a table of ``README.md``: ``python -m benchmarks page``."""
