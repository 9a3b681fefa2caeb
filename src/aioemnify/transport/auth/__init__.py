"""Get, renew and share authentication tokens."""
