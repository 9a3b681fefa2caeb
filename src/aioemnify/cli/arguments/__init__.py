"""What the arguments of commands mean: objects, bodies, filters, rows of a file, times."""
