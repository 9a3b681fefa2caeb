"""What ``--diff`` needs: read an older schema, compare it with this one, and write the changes down."""
