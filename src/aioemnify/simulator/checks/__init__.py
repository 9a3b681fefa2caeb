"""Request bodies, checked against the schemas of their models."""
