"""Response bodies of users and workspaces."""

from __future__ import annotations

from typing import Any

from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.one_time_codes import setup_address
from aioemnify.simulator.state.records.users import SecondFactor, User
from aioemnify.simulator.state.world import Organisation, World, event_time


def user_body(world: World, user: User, organisation: Organisation) -> dict[str, Any]:
    """Return a user with their roles in one workspace."""
    membership = user.memberships.get(organisation.id)
    home = world.organisations[user.home]
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "created": event_time(user.created),
        "status": lookups.lookup(lookups.USER_STATUSES, user.status),
        "organisation": home.ref,
        "roles": [] if membership is None else [lookups.role(each) for each in membership.roles],
        "mfa": [key_body(key) for key in user.keys],
    }


def key_body(key: SecondFactor, username: str | None = None) -> dict[str, Any]:
    """Return a second factor; with ``username`` also its secret and the URI for a QR code."""
    body: dict[str, Any] = {
        "id": key.id,
        "status": lookups.lookup(lookups.MFA_KEY_STATUSES, key.status),
        "type": lookups.lookup(lookups.MFA_KEY_TYPES, key.type),
        "creation_date": event_time(key.created),
    }
    if key.activated is not None:
        body["activation_date"] = event_time(key.activated)
    if username is not None:
        body |= {"secret_key": key.secret, "otpauth": setup_address(key.secret, username)}
    return body


def workspace_body(user: User, organisation: Organisation) -> dict[str, Any]:
    """Return a workspace as one of its members sees it."""
    membership = user.memberships[organisation.id]
    return {
        "id": organisation.id,
        "name": organisation.name,
        "status": {"status": lookups.lookup(lookups.USER_STATUSES, membership.status)},
        "roles": [lookups.role(each) for each in membership.roles],
        "owner": organisation.id == user.home,
        "default_workspace": organisation.id == user.default,
    }
