"""Who a path means by ``user_id``: a number, a username, or ``my``."""

from __future__ import annotations

from aioemnify.simulator.api.call import Call
from aioemnify.simulator.platform.errors import Problem, forbidden, not_found
from aioemnify.simulator.platform.lookups import ROLES
from aioemnify.simulator.state.records.users import User


def addressed(call: Call) -> User | None:
    """Return whom the path names, whether the caller may see them or not."""
    name = call.args["user_id"]
    if name == "my":
        return call.user
    if "@" in name:
        return call.world.users.get(name)
    return call.world.user(call.number("user_id", "User"))


def find_person(call: Call) -> User:
    """Return somebody of the caller's organisation.

    Raises:
        Problem: 404, the organisation has nobody like that.
    """
    user = addressed(call)
    if user is None or (user is not call.user and call.organisation.id not in user.memberships):
        raise unknown(call)
    return user


def find_known(call: Call, workspace: int | None = None) -> User:
    """Return somebody of the caller's organisation or of one more workspace.

    Raises:
        Problem: 404, nobody is called so; 403, it is somebody else's user.
    """
    user = addressed(call)
    if user is None:
        raise unknown(call)
    if user is not call.user and not {call.organisation.id, workspace} & set(user.memberships):
        raise forbidden("The user belongs to another organisation")
    return user


def unknown(call: Call) -> Problem:
    """Return the refusal of a user who is not there."""
    return not_found("User", call.args["user_id"])


def read_role(call: Call) -> int:
    """Return the role named in the path.

    Raises:
        Problem: 404, there is none.
    """
    role = call.number("role_id", "Role")
    if role not in ROLES:
        raise not_found("Role", role)
    return role
