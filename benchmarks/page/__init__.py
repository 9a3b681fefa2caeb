"""Makes ``docs/performance.md`` and its plots from the kept results: ``python -m benchmarks page``."""
