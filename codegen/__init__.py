"""Turn ``schema/`` into ``src/aioemnify/models`` and ``src/aioemnify/resources``.

Run it as ``python -m codegen``. It never imports the package it writes, and the package
never imports it.
"""
