"""Plans: what a file says the fleet should be, as changes that can be seen, kept and applied."""
