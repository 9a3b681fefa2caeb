"""Clock, settings, limits, tokens, errors and constant tables: what all other layers use."""
