"""The handlers of the API's operations, one module per group."""
