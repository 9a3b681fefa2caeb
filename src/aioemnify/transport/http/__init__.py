"""Send one request over HTTP: connections, the exchange, and whether a lost request was sent."""
