"""From a socket to an operation: server, protocol, routing, and the bytes of responses."""
