# Generated from schema/ by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""The calls of the API, one class a group."""
