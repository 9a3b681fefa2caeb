"""Rate limits that processes share through a store."""
