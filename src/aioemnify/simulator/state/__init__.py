"""What the platform remembers: tenants, people, fleets and all that belongs to them."""
