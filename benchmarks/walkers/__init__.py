"""The contestants of a walk over a fleet, each run in a process of its own, some in a foreign environment."""
