"""The programs that list a fleet, one for each environment; ``benchmarks.client.listing`` starts them."""
