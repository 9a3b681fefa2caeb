# Generated from schema/resources/users.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Users: the models of requests and responses."""

from typing import ClassVar

import attrs

from aioemnify.models.mfa import MfaKey
from aioemnify.models.refs import IdRef, OrganisationRef
from aioemnify.serialization.model import BodyModel, LookupModel, Model
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.define(kw_only=True)
class ActivationResend(BodyModel):
    """The recipient of the activation mail, and the proof that a person requests it."""

    username: str
    """The e-mail address of the user."""

    g_recaptcha_response: str = attrs.field(repr=False, metadata={"wire": "g-recaptcha-response"})
    """The response of the reCAPTCHA."""


@attrs.define(kw_only=True)
class InvitationAccept(BodyModel):
    """The key of an invitation, and the remaining details of a new user."""

    activationKey: str = attrs.field(repr=False)
    """The key from the invitation."""

    password: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """For users without a password. A login takes passwords as SHA-1 in hex; whether this call does is
    not documented.
    """

    name: str | UnsetType = UNSET


@attrs.define(kw_only=True)
class PasswordChange(BodyModel):
    """The current and the new password. A login takes passwords as SHA-1 in hex; whether this call does
    is not documented.
    """

    old_password: str = attrs.field(repr=False)
    new_password: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Role(LookupModel):
    """The permissions of a user: an Observer can only read, a User cannot manage users or application
    tokens. A main organisation also has SuperAdmin, whose id is not documented.
    """

    ADMINISTRATOR: ClassVar["Role"]
    USER: ClassVar["Role"]
    OBSERVER: ClassVar["Role"]

    id: int
    name: str | None = attrs.field(default=None, eq=False)


Role.ADMINISTRATOR = Role(id=1, name="Administrator")
Role.USER = Role(id=2, name="User")
Role.OBSERVER = Role(id=3, name="Observer")


@attrs.frozen(kw_only=True)
class SupportToken(Model):
    """A token to support a user."""

    support_token: str | None = attrs.field(default=None, repr=False)


@attrs.define(kw_only=True)
class SupportTokenCreate(BodyModel):
    """The role of support when it acts on behalf of the user."""

    role: str | UnsetType = UNSET
    """A number as text. 1: Administrator. 3: Observer.

    Known values: 1, 3. The server may send others.
    """


@attrs.define(kw_only=True)
class UserActivation(BodyModel):
    """The key of an activation mail, and the password to set."""

    activationKey: str = attrs.field(repr=False)
    """The key from the activation mail."""

    password: str = attrs.field(repr=False)
    """The new password. A login takes passwords as SHA-1 in hex; whether this call does is not
    documented.
    """


@attrs.define(kw_only=True)
class UserCreate(BodyModel):
    """A new user."""

    username: str
    """An e-mail address."""

    name: str
    organisation: IdRef | int
    """The caller's organisation, or one directly below it."""

    roles: list[IdRef | int]
    """Role ids."""


@attrs.define(kw_only=True)
class UserInvite(BodyModel):
    """A person to invite to a workspace."""

    username: str
    """An e-mail address."""

    name: str
    organisation: IdRef | int | UnsetType = UNSET
    """The workspace to join."""

    roles: list[IdRef | int] | UnsetType = UNSET
    """Role ids."""


@attrs.frozen(kw_only=True)
class UserStatus(LookupModel):
    """The status of a user. Others, such as deleted, may exist."""

    ACTIVATION_PENDING: ClassVar["UserStatus"]
    ACTIVE: ClassVar["UserStatus"]
    SUSPENDED: ClassVar["UserStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


UserStatus.ACTIVATION_PENDING = UserStatus(id=0, description="Activation Pending")
UserStatus.ACTIVE = UserStatus(id=1, description="Active")
UserStatus.SUSPENDED = UserStatus(id=2, description="Suspended")


@attrs.frozen(kw_only=True)
class User(Model):
    """A person who can log in."""

    id: int
    username: str | None = None
    """An e-mail address."""

    name: str | None = None
    created: Timestamp | None = None
    status: UserStatus | None = attrs.field(default=None, metadata={"intern": True})
    organisation: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    roles: list[Role] | None = None
    mfa: list[MfaKey] | None = None
    """The second factors; the shape is not documented here."""


@attrs.define(kw_only=True)
class UserUpdate(BodyModel):
    """The changes to a user. Send only what changes."""

    username: str | UnsetType = UNSET
    """A change starts the activation again."""

    name: str | UnsetType = UNSET
    status: UserStatus | int | UnsetType = UNSET
    """Active (1) or Suspended (2)."""
