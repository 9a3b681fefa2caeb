"""The state of the simulated platform: organisations, users, fleets and their data."""
