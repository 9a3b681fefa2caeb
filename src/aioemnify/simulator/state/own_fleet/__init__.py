"""A user's own fleet: read from a file, and put in place of the computed one."""
