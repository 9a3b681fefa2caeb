"""From Python values to bytes and back: requests, bodies, answers."""
