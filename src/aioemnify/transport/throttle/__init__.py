"""Rate limiting: what a limit allows, and how calls wait for it."""
