# Generated from schema/resources/workspaces.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Workspaces: the records that are sent and answered."""

from datetime import date as date_aliased

import attrs

from aioemnify.models.usage import UsageVolume
from aioemnify.models.users import Role, UserStatus


@attrs.frozen(kw_only=True)
class WorkspaceMembership:
    """How a user belongs to a workspace."""

    status: UserStatus | None = attrs.field(default=None, metadata={"intern": True})


@attrs.frozen(kw_only=True)
class Workspace:
    """A workspace as one of its users sees it."""

    id: int
    """An organisation id."""

    name: str | None = None
    status: WorkspaceMembership | None = None
    """The status of the user here, one level down: status.status."""

    roles: list[Role] | None = None
    """What the user may do here."""

    owner: bool | None = None
    """Whether the user owns the workspace."""

    default_workspace: bool | None = None
    """Whether the user lands here after login."""


@attrs.frozen(kw_only=True)
class WorkspaceUsage:
    """What a workspace used on one day, or in total."""

    date: date_aliased | None = None
    """The day; not to be expected in a total."""

    sms_volume: UsageVolume | None = None
    """In messages."""

    data_volume: UsageVolume | None = None
    """In MB."""

    sat_geo_data_volume: UsageVolume | None = None
    """Data over geostationary satellites, in MB."""

    sat_geo_sms_volume: UsageVolume | None = None
    """SMS over geostationary satellites, in messages."""


@attrs.frozen(kw_only=True)
class WorkspaceDailyStats:
    """What a workspace used, day by day."""

    id: int
    """Workspace id."""

    days: list[WorkspaceUsage] | None = None
    total: WorkspaceUsage | None = None
    """The sum of the days."""


@attrs.define(kw_only=True)
class WorkspaceUserUpdate:
    """What changes about a user in one workspace."""

    status: UserStatus | int
    """Active (1) or Suspended (2)."""
