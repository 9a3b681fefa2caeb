"""Tokens: obtaining, renewing and sharing them."""
