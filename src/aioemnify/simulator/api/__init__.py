"""What each call of the API does, one module per group of calls."""
