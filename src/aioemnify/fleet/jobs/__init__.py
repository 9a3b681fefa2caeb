"""Jobs: the way each call takes, and what becomes of each item."""
