"""The HTTP server: connections, routing, the request pipeline and responses."""
