# Generated from schema/resources/users.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Users: the records that are sent and answered."""

from typing import ClassVar

import attrs

from aioemnify.models.mfa import MfaKey
from aioemnify.models.refs import IdRef, OrganisationRef
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.define(kw_only=True)
class ActivationResend:
    """Who the activation mail goes to, and the proof that a person asks for it."""

    username: str
    """The e-mail address of the user."""

    g_recaptcha_response: str = attrs.field(repr=False, metadata={"wire": "g-recaptcha-response"})
    """What the reCAPTCHA gave back."""


@attrs.define(kw_only=True)
class InvitationAccept:
    """The key of an invitation, and what is still missing of a new user."""

    activationKey: str = attrs.field(repr=False)
    """From the invitation."""

    password: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """For someone who has none yet. A login takes passwords as SHA-1 in hex; whether this call does is
    not documented.
    """

    name: str | UnsetType = UNSET


@attrs.define(kw_only=True)
class PasswordChange:
    """The password as it is and as it shall be. A login takes passwords as SHA-1 in hex; whether this
    call does is not documented.
    """

    old_password: str = attrs.field(repr=False)
    new_password: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Role:
    """What a user may do: an Observer only reads, a User manages neither users nor application tokens. A
    main organisation also knows SuperAdmin, whose id is not published.
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
class SupportToken:
    """A token for supporting a user."""

    support_token: str | None = attrs.field(default=None, repr=False)


@attrs.define(kw_only=True)
class SupportTokenCreate:
    """What support may do in the user's place."""

    role: str | UnsetType = UNSET
    """A number as text. 1: Administrator. 3: Observer.

    Known values: 1, 3. Others may come.
    """


@attrs.define(kw_only=True)
class UserActivation:
    """The key of an activation mail, and the password to be set."""

    activationKey: str = attrs.field(repr=False)
    """From the activation mail."""

    password: str = attrs.field(repr=False)
    """The new one. A login takes passwords as SHA-1 in hex; whether this call does is not documented."""


@attrs.define(kw_only=True)
class UserCreate:
    """A new user."""

    username: str
    """An e-mail address."""

    name: str
    organisation: IdRef | int
    """The caller's own, or one directly below it."""

    roles: list[IdRef | int]
    """Ids of Role."""


@attrs.define(kw_only=True)
class UserInvite:
    """Someone to be invited to a workspace."""

    username: str
    """An e-mail address."""

    name: str
    organisation: IdRef | int | UnsetType = UNSET
    """The workspace to join."""

    roles: list[IdRef | int] | UnsetType = UNSET
    """Ids of Role."""


@attrs.frozen(kw_only=True)
class UserStatus:
    """Whether a user can log in. Others, such as deleted, may exist."""

    ACTIVATION_PENDING: ClassVar["UserStatus"]
    ACTIVE: ClassVar["UserStatus"]
    SUSPENDED: ClassVar["UserStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


UserStatus.ACTIVATION_PENDING = UserStatus(id=0, description="Activation Pending")
UserStatus.ACTIVE = UserStatus(id=1, description="Active")
UserStatus.SUSPENDED = UserStatus(id=2, description="Suspended")


@attrs.frozen(kw_only=True)
class User:
    """Someone who can log in."""

    id: int
    username: str | None = None
    """An e-mail address."""

    name: str | None = None
    created: Timestamp | None = None
    status: UserStatus | None = attrs.field(default=None, metadata={"intern": True})
    organisation: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    roles: list[Role] | None = None
    mfa: list[MfaKey] | None = None
    """The second factors; no shape is published for them here."""


@attrs.define(kw_only=True)
class UserUpdate:
    """What changes about a user. Send only that."""

    username: str | UnsetType = UNSET
    """Changing it starts activation again."""

    name: str | UnsetType = UNSET
    status: UserStatus | int | UnsetType = UNSET
    """Active (1) or Suspended (2)."""
