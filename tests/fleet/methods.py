"""The methods of the resources that are not calls of the API: those for whole fleets."""

from __future__ import annotations

METHODS = {
    "endpoints": {
        "assign_tag_many",
        "create_many",
        "delete_many",
        "get_many",
        "sweep",
        "sweep_events",
        "unassign_tag_many",
        "update_many",
    },
    "euiccs": {"get_many", "sweep"},
    "events": {"sweep"},
    "sim_operations": {"create_many"},
    "sims": {
        "delete_many",
        "get_many",
        "migrate_workspace_many",
        "set_status_many",
        "sweep",
        "sweep_events",
    },
    "tags": {"delete_many"},
    "users": {"get_many", "sweep", "sweep_events"},
}
"""By group."""
