"""The user that ``user_id`` in a path refers to: an id, a username, or ``my``."""

from __future__ import annotations

from aioemnify.simulator.api.call import Call
from aioemnify.simulator.platform.errors import Problem, forbidden, not_found
from aioemnify.simulator.platform.lookups import ROLES
from aioemnify.simulator.state.records.users import User


def addressed(call: Call) -> User | None:
    """Return the user in the path, whether or not the caller may see them."""
    name = call.args["user_id"]
    if name == "my":
        return call.user
    if "@" in name:
        return call.world.users.get(name)
    return call.world.user(call.number("user_id", "User"))


def find_person(call: Call) -> User:
    """Return a user of the caller's organisation.

    Raises:
        Problem: 404, the organisation has no such user.
    """
    user = addressed(call)
    if user is None or (user is not call.user and call.organisation.id not in user.memberships):
        raise unknown(call)
    return user


def find_known(call: Call, workspace: int | None = None) -> User:
    """Return a user of the caller's organisation or of another given workspace.

    Raises:
        Problem: 404 unknown user, 403 a user of another organisation.
    """
    user = addressed(call)
    if user is None:
        raise unknown(call)
    if user is not call.user and not {call.organisation.id, workspace} & set(user.memberships):
        raise forbidden("The user belongs to another organisation")
    return user


def unknown(call: Call) -> Problem:
    """Return the 404 for an unknown user."""
    return not_found("User", call.args["user_id"])


def read_role(call: Call) -> int:
    """Return the role in the path.

    Raises:
        Problem: 404 unknown role.
    """
    role = call.number("role_id", "Role")
    if role not in ROLES:
        raise not_found("Role", role)
    return role
