"""Sending over HTTP: connections, one exchange, and what a failure says about the outcome."""
