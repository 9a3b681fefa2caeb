"""Write ``docs/performance.md`` and its plots from the stored results: ``python -m benchmarks page``."""
