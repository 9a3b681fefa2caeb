# Generated from schema/resources/sim_operations.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""SIM operations: the models of requests and responses."""

import attrs

from aioemnify.models.refs import IdRef, ProductRef
from aioemnify.serialization.model import BodyModel, LookupModel, Model
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class SimOperationAction(LookupModel):
    """The action on the targets. The ids are not documented: read them with list_actions."""

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class SimOperationError(Model):
    """Why one target failed."""

    eid: str | None = None
    """The target that failed. 32 digits."""

    message: str | None = None
    """A message for people, not for programs."""


@attrs.frozen(kw_only=True)
class SimOperationStatus(LookupModel):
    """The status of an operation. The ids are not documented: read them with list_statuses."""

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class SimOperationTarget(Model):
    """One target, identified by SIM id or by EID."""

    sim: IdRef | None = None
    """The SIM. Missing if eid identifies the target."""

    eid: str | None = None
    """32 digits of the eUICC. Missing if sim identifies the target."""


@attrs.frozen(kw_only=True)
class SimOperation(Model):
    """One action on several SIMs or eUICCs, and its status."""

    id: str
    """A UUID as text."""

    action: SimOperationAction | None = attrs.field(default=None, metadata={"intern": True})
    status: SimOperationStatus | None = attrs.field(default=None, metadata={"intern": True})
    product: ProductRef | None = attrs.field(default=None, metadata={"intern": True})
    """Missing unless the action has one."""

    creation_date: Timestamp | None = None
    """When it was requested."""

    last_updated_at: Timestamp | None = None
    finalization_date: Timestamp | None = None
    """When it succeeded or failed. Null or missing while it runs."""

    target: list[SimOperationTarget] | None = None
    """The targets. A list, although the name is singular."""

    total_count: int | None = None
    """The number of targets."""

    failed_count: int | None = None
    """The number of targets that have failed so far."""

    success_count: int | None = None
    """The number of targets that have succeeded so far."""

    error: list[SimOperationError] | None = None
    """The targets that failed. A list here, one object in EuiccOperation."""


@attrs.define(kw_only=True)
class SimOperationCreate(BodyModel):
    """An action to start, and its targets."""

    action: SimOperationAction | int
    target: list[SimOperationTarget]
    """The SIMs or eUICCs, each by SIM id or by EID."""

    product: ProductRef | UnsetType = UNSET
    """For actions that need a product; only its id is needed."""
