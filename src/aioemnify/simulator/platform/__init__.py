"""What everything stands on: clock, settings, limits, tokens, errors, and constant tables."""
