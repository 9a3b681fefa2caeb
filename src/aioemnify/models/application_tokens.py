# Generated from schema/resources/application_tokens.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Application tokens: the models of requests and responses."""

from typing import ClassVar

import attrs

from aioemnify.models.refs import UserRef
from aioemnify.serialization.model import BodyModel, LookupModel, Model
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.define(kw_only=True)
class ApplicationTokenCreate(BodyModel):
    """A new application token."""

    description: str | UnsetType = UNSET
    expiry_date: Timestamp | UnsetType = UNSET
    """If omitted, the token does not expire."""

    ip: str | UnsetType = UNSET
    """The address range in CIDR notation that the token may be used from."""


@attrs.frozen(kw_only=True)
class ApplicationTokenCreated(Model):
    """The new token; only this response contains it."""

    application_token: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class ApplicationTokenStatus(LookupModel):
    """Whether an application token can be used."""

    ACTIVATED: ClassVar["ApplicationTokenStatus"]
    REVOKED: ClassVar["ApplicationTokenStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


ApplicationTokenStatus.ACTIVATED = ApplicationTokenStatus(id=0, description="Activated")
ApplicationTokenStatus.REVOKED = ApplicationTokenStatus(id=1, description="Revoked")


@attrs.frozen(kw_only=True)
class ApplicationToken(Model):
    """A long-lived credential of an application, without the token itself."""

    id: int
    description: str | None = None
    created: Timestamp | None = None
    status: ApplicationTokenStatus | None = attrs.field(default=None, metadata={"intern": True})
    expiry_date: Timestamp | None = None
    """Missing if the token does not expire."""

    ip: str | None = None
    """The address range in CIDR notation that the token may be used from."""

    creator: UserRef | None = attrs.field(default=None, metadata={"intern": True})


@attrs.define(kw_only=True)
class ApplicationTokenUpdate(BodyModel):
    """The changes to an application token."""

    description: str | UnsetType = UNSET
    status: ApplicationTokenStatus | int | UnsetType = UNSET
    """Revoked (1) invalidates the token."""
