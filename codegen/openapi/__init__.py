"""Write the schema as one OpenAPI document, for teams that generate a client in another language."""
