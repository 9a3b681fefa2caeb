"""Turn ``schema/`` into the generated code and OpenAPI document of the package, and ``docs/reference``.

Run it as ``python -m codegen``. It never imports the package it writes, and the package
never imports it.
"""
