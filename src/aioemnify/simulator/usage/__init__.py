"""Usage of devices and organisations: computed from the seed and the date, not stored."""
