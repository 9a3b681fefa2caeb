"""The records that an organisation owns, one module a kind."""
