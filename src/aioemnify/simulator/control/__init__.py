"""The control interface under ``/_sim/``: everything Python can do with a simulator, from outside."""
