"""Compare the schema with a published OpenAPI description of the API: the ``--compare`` option."""
