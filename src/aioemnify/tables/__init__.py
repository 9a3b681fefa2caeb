# Generated from schema/ by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""What the schema says of operations, limits, error codes and bulk routes, as data."""
