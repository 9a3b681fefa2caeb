"""Read an older schema, compare it with the current one, and write the changes: the ``--diff`` option."""
