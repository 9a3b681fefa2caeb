"""A fleet in a database."""
