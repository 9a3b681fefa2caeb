# Generated from schema/resources/sim_operations.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""SIM operations: the records that are sent and answered."""

import attrs

from aioemnify.models.refs import IdRef, ProductRef
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class SimOperationAction:
    """What to do to the targets. Ids are not published: read them with list_actions."""

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class SimOperationError:
    """Why one target failed."""

    eid: str | None = None
    """The target that failed. 32 digits."""

    message: str | None = None
    """For people, not for programs."""


@attrs.frozen(kw_only=True)
class SimOperationStatus:
    """How far an operation has come. Ids are not published: read them with list_statuses."""

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class SimOperationTarget:
    """One target, named by SIM id or by EID."""

    sim: IdRef | None = None
    """The SIM. Missing when eid names the target."""

    eid: str | None = None
    """32 digits of the eUICC. Missing when sim names the target."""


@attrs.frozen(kw_only=True)
class SimOperation:
    """One action on several SIMs or eUICCs, and how far it has come."""

    id: str
    """A UUID as text."""

    action: SimOperationAction | None = attrs.field(default=None, metadata={"intern": True})
    status: SimOperationStatus | None = attrs.field(default=None, metadata={"intern": True})
    product: ProductRef | None = attrs.field(default=None, metadata={"intern": True})
    """Missing unless the action has one."""

    creation_date: Timestamp | None = None
    """When it was asked for."""

    last_updated_at: Timestamp | None = None
    finalization_date: Timestamp | None = None
    """When it ended, well or not. Null or missing while it runs."""

    target: list[SimOperationTarget] | None = None
    """What it acts on. A list, though the name is singular."""

    total_count: int | None = None
    """How many targets there are."""

    failed_count: int | None = None
    """How many targets have failed so far."""

    success_count: int | None = None
    """How many targets have succeeded so far."""

    error: list[SimOperationError] | None = None
    """The targets that failed. A list here, one object on EuiccOperation."""


@attrs.define(kw_only=True)
class SimOperationCreate:
    """An action to start, and what it acts on."""

    action: SimOperationAction | int
    target: list[SimOperationTarget]
    """The SIMs or eUICCs, each by SIM id or by EID."""

    product: ProductRef | UnsetType = UNSET
    """For actions that need one; its id is enough."""
