"""Convert Python values to bytes and back: requests, bodies, responses."""
