"""Users: their workspaces, roles, second factors and trusted devices."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import define, field, frozen

PENDING, ACTIVE, SUSPENDED = range(3)
ADMINISTRATOR, USER, OBSERVER, SUPER_ADMIN = range(1, 5)

_DIGEST = re.compile(r"[0-9a-fA-F]{40}")


@define(kw_only=True)
class Membership:
    """The membership of a user in one workspace."""

    roles: list[int]
    status: int = ACTIVE


@frozen(kw_only=True)
class Invitation:
    """An invitation to one workspace, as a mail to the new member would contain it."""

    organisation: int
    expires: float


@define(kw_only=True)
class SecondFactor:
    """A second factor: a source of one-time codes.

    Attributes:
        secret: the secret in Base32.
        fixed: an additional code that is always valid.
    """

    id: int
    type: int = 0
    secret: str = field(repr=False)
    status: int = 0
    created: float
    activated: float | None = None
    fixed: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class Device:
    """A trusted device: it needs no second factor."""

    id: int
    fingerprint: str
    operating_system: str = ""
    browser: str = ""
    since: float
    until: float


@define(kw_only=True)
class User:
    """A user.

    Attributes:
        password: the SHA-1 hex digest of the password, empty before activation.
        home: id of the organisation that created the account.
        default: id of the workspace that a login opens.
        memberships: by id of the workspace.
        invitations: open invitations by activation key.
        keys: second factors.
        devices: devices that need no second factor.
        failures: failed logins in a row.
    """

    id: int
    username: str
    name: str
    password: str = field(default="", repr=False)
    created: float
    status: int = ACTIVE
    home: int
    default: int
    memberships: dict[int, Membership]
    invitations: dict[str, Invitation] = field(factory=dict, repr=False)
    keys: list[SecondFactor] = field(factory=list)
    devices: list[Device] = field(factory=list)
    failures: int = 0
    locked_until: float = 0.0

    @property
    def ref(self) -> dict[str, Any]:
        """Return id, name and username as they appear inside other objects."""
        return {"id": self.id, "name": self.name, "username": self.username}

    @property
    def organisations(self) -> tuple[int, ...]:
        """Return the ids of the active workspaces, the default one first."""
        entered = [each for each, membership in self.memberships.items() if membership.status == ACTIVE]
        return tuple(sorted(entered, key=lambda each: each != self.default))

    @property
    def factor(self) -> SecondFactor | None:
        """Return the second factor that a login requires."""
        return next((key for key in self.keys if key.status == 1), None)

    def roles_in(self, organisation: int, main: int | None = None) -> frozenset[int]:
        """Return the roles in a workspace; a SuperAdmin of its main workspace is SuperAdmin here too."""
        found: set[int] = set()
        for each, inherited in ((organisation, False), (main, True)):
            membership = None if each is None else self.memberships.get(each)
            if membership is not None and membership.status == ACTIVE:
                found |= {role for role in membership.roles if role == SUPER_ADMIN or not inherited}
        return frozenset(found)

    def trusts(self, fingerprint: str, now: float) -> bool:
        """Return whether a device is trusted and needs no second factor."""
        return any(device.fingerprint == fingerprint and now < device.until for device in self.devices)

    def join(self, organisation: int, roles: Iterable[int]) -> None:
        """Add a membership that is pending until its activation."""
        self.memberships[organisation] = Membership(roles=list(dict.fromkeys(roles)), status=PENDING)

    def leave(self, organisation: int) -> None:
        """End a membership; another workspace becomes the default."""
        del self.memberships[organisation]
        self.invitations = {
            key: each for key, each in self.invitations.items() if each.organisation != organisation
        }
        if self.default == organisation and self.memberships:
            self.default = next(iter(self.memberships))


def find_user(users: Mapping[str, User], identity: int) -> User | None:
    """Return the user with an id."""
    return next((user for user in users.values() if user.id == identity), None)


def is_digest(password: object) -> bool:
    """Return whether a password is a SHA-1 digest of 40 hexadecimal digits, as the API requires."""
    return isinstance(password, str) and _DIGEST.fullmatch(password) is not None


def sha1_digest(password: str) -> str:
    """Return the SHA-1 digest that the API expects as the password. It protects nothing here."""
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest()
