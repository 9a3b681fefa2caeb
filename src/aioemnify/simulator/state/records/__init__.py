"""The records of an organisation, one module per kind."""
