# Generated from schema/resources/workspaces.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Workspaces: the models of requests and responses."""

import attrs

from aioemnify.models.usage import UsageVolume
from aioemnify.models.users import Role, UserStatus
from aioemnify.serialization.model import BodyModel, Model
from aioemnify.types import Date


@attrs.frozen(kw_only=True)
class WorkspaceMembership(Model):
    """The membership of a user in a workspace."""

    status: UserStatus | None = attrs.field(default=None, metadata={"intern": True})


@attrs.frozen(kw_only=True)
class Workspace(Model):
    """A workspace of a user."""

    id: int
    """An organisation id."""

    name: str | None = None
    status: WorkspaceMembership | None = None
    """The status of the user in the workspace, one level deeper: status.status."""

    roles: list[Role] | None = None
    """The roles of the user in the workspace."""

    owner: bool | None = None
    """Whether the user owns the workspace."""

    default_workspace: bool | None = None
    """Whether it is the user's default workspace after login."""


@attrs.frozen(kw_only=True)
class WorkspaceUsage(Model):
    """The usage of a workspace on one day, or in total."""

    date: Date | None = None
    """The day; probably missing in a total."""

    sms_volume: UsageVolume | None = None
    """The number of messages."""

    data_volume: UsageVolume | None = None
    """In MB."""

    sat_geo_data_volume: UsageVolume | None = None
    """Data over geostationary satellites, in MB."""

    sat_geo_sms_volume: UsageVolume | None = None
    """SMS over geostationary satellites, in messages."""


@attrs.frozen(kw_only=True)
class WorkspaceDailyStats(Model):
    """The daily usage of a workspace."""

    id: int
    """Workspace id."""

    days: list[WorkspaceUsage] | None = None
    total: WorkspaceUsage | None = None
    """The total of all days."""


@attrs.define(kw_only=True)
class WorkspaceUserUpdate(BodyModel):
    """The changes to a user in one workspace."""

    status: UserStatus | int
    """Active (1) or Suspended (2)."""
