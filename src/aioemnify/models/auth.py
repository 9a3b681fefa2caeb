# Generated from schema/resources/auth.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Authentication: the models of requests and responses."""

import attrs

from aioemnify.models.refs import IdRef
from aioemnify.serialization.model import BodyModel, Model
from aioemnify.types import UNSET, UnsetType


@attrs.frozen(kw_only=True)
class AuthTokens(Model):
    """The tokens received for the credentials."""

    auth_token: str | None = attrs.field(default=None, repr=False)
    """JWT for the Authorization header; its exp claim is the expiry time."""

    refresh_token: str | None = attrs.field(default=None, repr=False)
    """Only for user credentials."""

    mfa_token: str | None = attrs.field(default=None, repr=False)
    """Sent instead of auth_token if a code is needed."""


@attrs.define(kw_only=True)
class TrustedDeviceInfo(BodyModel):
    """A device that does not need a code for a while."""

    fingerprint: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """Chosen by the caller; send it with later logins."""

    operating_system: str | UnsetType = UNSET
    browser: str | UnsetType = UNSET
    name: str | UnsetType = UNSET


@attrs.define(kw_only=True)
class AuthRequest(BodyModel):
    """One kind of credentials; omit all other members."""

    application_token: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """Send it without other members."""

    username: str | UnsetType = UNSET
    """Needs password."""

    password: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """SHA-1 of the password in hex, not the password."""

    fingerprint: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """With username and password: identifies a trusted device, which needs no code."""

    refresh_token: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """Send it without other members."""

    mfa_token: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """Needs code."""

    code: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """Six digits of a TOTP generator; valid for 30 seconds."""

    trusted_device: TrustedDeviceInfo | UnsetType = UNSET
    """With mfa_token and code: remember this device."""


@attrs.define(kw_only=True)
class WorkspaceSwitch(BodyModel):
    """The target workspace."""

    target_organisation: IdRef | int
