"""Permissions: the roles of a user decide; an application may do everything in its organisation."""

from __future__ import annotations

from collections.abc import Iterable

from aioemnify.operation import Operation
from aioemnify.simulator.api.call import Call
from aioemnify.simulator.platform.errors import forbidden, not_found, unauthorised
from aioemnify.simulator.platform.tokens import Principal
from aioemnify.simulator.state.records.users import ACTIVE, ADMINISTRATOR, SUPER_ADMIN, USER
from aioemnify.simulator.state.world import Organisation, World

_OWN = frozenset({"auth.switch_workspace", "users.change_password", "workspaces.set_default"})
"""What all users may do to their own account; the calls check whose account it is."""
_MANAGED = ("users.", "workspaces.", "application_tokens.")
_PERSONAL = frozenset({*_OWN, "sims.migrate_workspace", "mfa.create_key", "mfa.activate_key"})
"""What support may not do for a user: it opens other workspaces, or changes the login."""


def may_call(operation: Operation, roles: Iterable[int]) -> bool:
    """Return whether a user with these roles may make a call.

    Every role may read. An Observer may change nothing, a User everything except users and tokens.
    """
    held = set(roles)
    if not held:
        return False
    if operation.method == "GET" or operation.id in _OWN or operation.id.startswith("mfa."):
        return True
    if held & {ADMINISTRATOR, SUPER_ADMIN}:
        return True
    return USER in held and not operation.id.startswith(_MANAGED)


def roles_of(world: World, principal: Principal) -> frozenset[int]:
    """Return the roles of a user in the organisation of the token.

    Raises:
        Problem: 401, the user was deleted or suspended.
    """
    user = None if principal.user is None else world.user(principal.user)
    if user is None or user.status != ACTIVE:
        raise unauthorised(1102, "Token is invalid")
    roles = user.roles_in(principal.organisation, world.organisations[principal.organisation].account.parent)
    if principal.role is None or not roles:
        return roles
    return frozenset({principal.role})


def authorise(world: World, principal: Principal | None, operation: Operation) -> None:
    """Refuse a call that the caller's role does not allow.

    Raises:
        Problem: 403, or 401 for a deleted or suspended user.
    """
    if principal is None or principal.user is None:
        return
    if principal.role is not None and operation.id in _PERSONAL:
        raise forbidden("Support cannot do this in the user's place")
    if not may_call(operation, roles_of(world, principal)):
        raise forbidden()


def workspace_of(call: Call, identity: int, resource: str = "Workspace") -> Organisation:
    """Return an organisation that the caller may see: its own, or one below it.

    Raises:
        Problem: 404 if it does not exist, 403 if it is another organisation.
    """
    organisation = call.world.organisations.get(identity)
    if organisation is None:
        raise not_found(resource, identity)
    own = call.organisation
    if organisation is not own and organisation.account.parent != own.id:
        raise forbidden(f"{resource} with id {identity} belongs to somebody else")
    return organisation


def administered(call: Call, identity: int) -> Organisation:
    """Return a workspace whose members the caller may manage.

    Raises:
        Problem: 404 if it does not exist, 403 if the caller is not an administrator of it.
    """
    user = call.user
    organisation = call.world.organisations.get(identity)
    if user is None or call.supporting or organisation is None or identity == call.organisation.id:
        return workspace_of(call, identity)
    if not user.roles_in(identity, organisation.account.parent) & {ADMINISTRATOR, SUPER_ADMIN}:
        raise forbidden(f"The user is not an administrator of workspace {identity}")
    return organisation
