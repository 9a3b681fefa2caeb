"""Fault injection: effects, rules that say when they apply, and scenarios that script them."""
