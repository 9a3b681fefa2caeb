"""A job of up to 1,000 workers, in virtual time, with a modelled Redis."""
