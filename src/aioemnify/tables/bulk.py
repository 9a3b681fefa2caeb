# Generated from schema/resources/ by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""The bulk route of each operation that has one. Only jobs load it.

``route`` is the operation that takes many items, ``size`` how many at most, ``member`` the member of its
body that holds them (without it, the body is the array). ``item`` says where the values of a call go in an
item; texts in it are names of path parameters or ``body``. ``shared`` are the members and query parameters
that all items of a call share. ``identity`` is the member that identifies a created object, or is a part of
the key beside the path. ``look`` is the list that shows whether an object exists, and ``shown_by`` the read
of the object of the path that shows what a call adds to it or removes from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

BULK: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "endpoints.assign_tag": {
            "route": "tags.assign_bulk",
            "size": 2000,
            "member": "items",
            "item": {"endpoint": {"id": "endpoint_id"}, "tags": ["body"]},
            "identity": "id",
            "shown_by": "endpoints.list_tags",
        },
        "endpoints.create": {
            "route": "endpoints.create_bulk",
            "size": 2000,
            "member": "endpoints",
            "shared": ("service_profile", "tariff_profile", "status", "organisation", "ip_address_space"),
            "identity": "name",
            "look": "endpoints.list",
        },
        "endpoints.delete": {
            "route": "endpoints.delete_bulk",
            "size": 2000,
            "item": {"id": "endpoint_id"},
            "shared": ("delete_sims",),
            "look": "endpoints.list",
        },
        "endpoints.unassign_tag": {
            "route": "tags.unassign_bulk",
            "size": 2000,
            "member": "items",
            "item": {"endpoint": {"id": "endpoint_id"}, "tags": [{"id": "tag_id"}]},
            "shown_by": "endpoints.list_tags",
        },
        "endpoints.update": {"route": "endpoints.update_bulk", "size": 2000, "item": {"id": "endpoint_id"}},
        "sim_operations.create": {
            "route": "sim_operations.create",
            "size": 2000,
            "member": "target",
            "shared": ("action", "product"),
        },
        "sims.delete": {
            "route": "sims.delete_bulk",
            "size": 2000,
            "item": {"id": "sim_id"},
            "look": "sims.list",
        },
        "sims.migrate_workspace": {
            "route": "sims.migrate_workspace",
            "size": 500,
            "member": "sims",
            "shared": ("target_workspace", "allowed_sim_statuses", "dry_run", "auto_detach_devices"),
        },
        "tags.delete": {
            "route": "tags.delete_bulk",
            "size": 2000,
            "member": "tags",
            "item": {"id": "tag_id"},
            "look": "tags.list",
        },
    }
)
