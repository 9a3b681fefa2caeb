"""The control interface under ``/_sim/``: control a simulator over HTTP."""
