# Generated from schema/resources/mfa.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Multi-factor authentication: the models of requests and responses."""

from typing import ClassVar

import attrs

from aioemnify.serialization.model import BodyModel, LookupModel, Model
from aioemnify.types import Timestamp


@attrs.frozen(kw_only=True)
class MfaKeyStatus(LookupModel):
    """The status of an MFA key: whether logins ask for its codes."""

    ACTIVATION_PENDING: ClassVar["MfaKeyStatus"]
    ACTIVE: ClassVar["MfaKeyStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


MfaKeyStatus.ACTIVATION_PENDING = MfaKeyStatus(id=0, description="Activation Pending")
MfaKeyStatus.ACTIVE = MfaKeyStatus(id=1, description="Active")


@attrs.define(kw_only=True)
class MfaKeyActivate(BodyModel):
    """The code that activates an MFA key."""

    status: MfaKeyStatus | int
    """Active (1)."""

    code: str = attrs.field(repr=False)
    """Six digits; valid for 30 seconds. Leading zeros are significant."""


@attrs.frozen(kw_only=True)
class MfaKeyType(LookupModel):
    """The type of an MFA key: how its codes are generated."""

    TIME_BASED_ONE_TIME_PASSWORD: ClassVar["MfaKeyType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


MfaKeyType.TIME_BASED_ONE_TIME_PASSWORD = MfaKeyType(id=0, description="Time-Based One-Time Password")


@attrs.frozen(kw_only=True)
class MfaKey(Model):
    """A second factor of a user."""

    id: int
    status: MfaKeyStatus | None = attrs.field(default=None, metadata={"intern": True})
    type: MfaKeyType | None = attrs.field(default=None, metadata={"intern": True})
    secret_key: str | None = attrs.field(default=None, repr=False)
    """The secret that the codes are computed from; enter it into an authenticator app."""

    otpauth: str | None = attrs.field(default=None, repr=False)
    """The secret as an otpauth URL, to show as a QR code."""

    creation_date: Timestamp | None = None
    activation_date: Timestamp | None = None
    """Missing while activation is pending."""


@attrs.define(kw_only=True)
class MfaKeyCreate(BodyModel):
    """A new MFA key, confirmed by password."""

    type: MfaKeyType | int
    """The only known type is 0, time-based codes."""

    password: str = attrs.field(repr=False)
    """The password of the caller. A login takes passwords as SHA-1 in hex; whether this call does is not
    documented.
    """


@attrs.frozen(kw_only=True)
class TrustedDevice(Model):
    """A device from which a user may log in without a code."""

    id: int
    operating_system: str | None = None
    browser: str | None = None
    activation_date: Timestamp | None = None
    """When it was first trusted."""
