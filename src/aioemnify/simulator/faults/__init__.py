"""Injected faults: what can go wrong, the rules that say when, and scenarios that script both."""
