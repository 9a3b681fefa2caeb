"""The methods of the resources that are not calls of the API: those for whole fleets."""

from __future__ import annotations

METHODS = {
    "endpoints": {"sweep", "sweep_events"},
    "euiccs": {"sweep"},
    "events": {"sweep"},
    "sims": {"sweep", "sweep_events"},
    "users": {"sweep", "sweep_events"},
}
"""By group."""
