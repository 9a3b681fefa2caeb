"""Models as dictionaries, JSON, table rows and types of pydantic, and the fields that all of these read."""
