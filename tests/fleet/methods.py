"""The methods of the resources that make several calls of the API: for whole fleets, to find and to wait."""

from __future__ import annotations

METHODS = {
    "endpoints": {
        "assign_tag_many",
        "create_many",
        "delete_many",
        "find",
        "get_many",
        "sweep",
        "sweep_events",
        "unassign_tag_many",
        "update_many",
        "wait_for_data_quota_reset",
        "wait_for_sms",
        "wait_for_sms_quota_reset",
    },
    "euiccs": {"get_many", "sweep", "wait_for_operation"},
    "events": {"follow", "sweep"},
    "sim_operations": {"create_many", "wait_for_operation"},
    "sims": {
        "delete_many",
        "find",
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
