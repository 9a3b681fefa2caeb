# Generated from schema/resources/auth.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Authentication: the records that are sent and answered."""

import attrs

from aioemnify.models.refs import IdRef
from aioemnify.types import UNSET, UnsetType


@attrs.frozen(kw_only=True)
class AuthTokens:
    """What credentials were exchanged for."""

    auth_token: str | None = attrs.field(default=None, repr=False)
    """JWT for the Authorization header; its exp claim says when it ends."""

    refresh_token: str | None = attrs.field(default=None, repr=False)
    """Only for user credentials."""

    mfa_token: str | None = attrs.field(default=None, repr=False)
    """Comes in place of auth_token when a code is needed."""


@attrs.define(kw_only=True)
class TrustedDeviceInfo:
    """A device that need not give a code again for a while."""

    fingerprint: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """Chosen by the caller; sent with later logins."""

    operating_system: str | UnsetType = UNSET
    browser: str | UnsetType = UNSET
    name: str | UnsetType = UNSET


@attrs.define(kw_only=True)
class AuthRequest:
    """One kind of credentials; leave everything else out."""

    application_token: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """Stands alone."""

    username: str | UnsetType = UNSET
    """Together with password."""

    password: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """SHA-1 of the password in hex, not the password."""

    fingerprint: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """With username and password: names a trusted device, which needs no code."""

    refresh_token: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """Stands alone."""

    mfa_token: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """Together with code."""

    code: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """Six digits of a TOTP generator; valid for 30 seconds."""

    trusted_device: TrustedDeviceInfo | UnsetType = UNSET
    """With mfa_token and code: remember this device."""


@attrs.define(kw_only=True)
class WorkspaceSwitch:
    """The workspace to go to."""

    target_organisation: IdRef | int
