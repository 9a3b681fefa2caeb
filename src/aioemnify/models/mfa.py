# Generated from schema/resources/mfa.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Multi-factor authentication: the records that are sent and answered."""

from typing import ClassVar

import attrs

from aioemnify.types import Timestamp


@attrs.frozen(kw_only=True)
class MfaKeyStatus:
    """Whether logins ask for codes of an MFA key."""

    ACTIVATION_PENDING: ClassVar["MfaKeyStatus"]
    ACTIVE: ClassVar["MfaKeyStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


MfaKeyStatus.ACTIVATION_PENDING = MfaKeyStatus(id=0, description="Activation Pending")
MfaKeyStatus.ACTIVE = MfaKeyStatus(id=1, description="Active")


@attrs.define(kw_only=True)
class MfaKeyActivate:
    """The code that activates an MFA key."""

    status: MfaKeyStatus | int
    """Active (1)."""

    code: str = attrs.field(repr=False)
    """Six digits; valid for 30 seconds. Leading zeros count."""


@attrs.frozen(kw_only=True)
class MfaKeyType:
    """How the codes of an MFA key come about."""

    TIME_BASED_ONE_TIME_PASSWORD: ClassVar["MfaKeyType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


MfaKeyType.TIME_BASED_ONE_TIME_PASSWORD = MfaKeyType(id=0, description="Time-Based One-Time Password")


@attrs.frozen(kw_only=True)
class MfaKey:
    """A second factor of a user."""

    id: int
    status: MfaKeyStatus | None = attrs.field(default=None, metadata={"intern": True})
    type: MfaKeyType | None = attrs.field(default=None, metadata={"intern": True})
    secret_key: str | None = attrs.field(default=None, repr=False)
    """What the codes are computed from, to be typed into an authenticator."""

    otpauth: str | None = attrs.field(default=None, repr=False)
    """The same as an otpauth URL, to be shown as a QR code."""

    creation_date: Timestamp | None = None
    activation_date: Timestamp | None = None
    """Missing while activation is pending."""


@attrs.define(kw_only=True)
class MfaKeyCreate:
    """A new MFA key, confirmed by password."""

    type: MfaKeyType | int
    """The only known one is 0, time-based codes."""

    password: str = attrs.field(repr=False)
    """The caller's. A login takes passwords as SHA-1 in hex; whether this call does is not documented."""


@attrs.frozen(kw_only=True)
class TrustedDevice:
    """A device a user may log in from without a code."""

    id: int
    operating_system: str | None = None
    browser: str | None = None
    activation_date: Timestamp | None = None
    """Since when it is trusted."""
