"""Deliver records and notifications to the customer's servers: what is due, how it is sent and repeated."""
