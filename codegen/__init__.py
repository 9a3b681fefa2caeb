"""Turn ``schema/`` into ``src/aioemnify/models``, ``src/aioemnify/resources`` and ``docs/reference``.

Run it as ``python -m codegen``. It never imports the package it writes, and the package
never imports it.
"""
