"""User calls: the users of an organisation, their roles and their events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aioemnify.simulator.answers.listing import Criterion
from aioemnify.simulator.answers.user_bodies import user_body
from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.api.events import event_page
from aioemnify.simulator.api.invitations import INVITATION_CALLS, is_address, note_roles, request_verification
from aioemnify.simulator.api.pages import page_reply, query_of
from aioemnify.simulator.api.permissions import may_call, workspace_of
from aioemnify.simulator.api.user_references import addressed, find_known, find_person, read_role, unknown
from aioemnify.simulator.api.workspaces import read_status
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.errors import (
    Detail,
    Findings,
    Problem,
    duplicated,
    forbidden,
    not_allowed,
    not_found,
)
from aioemnify.simulator.platform.tokens import Principal
from aioemnify.simulator.state.records.users import (
    ADMINISTRATOR,
    OBSERVER,
    PENDING,
    SUPER_ADMIN,
    User,
    is_digest,
)
from aioemnify.tables.operations import OPERATIONS

_KEYS: Mapping[str, Callable[[User], Any]] = {
    "id": lambda user: user.id,
    "status": lambda user: user.status,
    "name": lambda user: user.name,
    "username": lambda user: user.username,
    "organisation": lambda user: user.home,
    "created": lambda user: user.created,
}


def list_users(call: Call) -> Reply:
    """Return one page of the members of the caller's organisation."""
    query = query_of(call)
    own = call.organisation
    found = [user for user in call.world.users.values() if own.id in user.memberships]
    for criterion in query.criteria:
        found = [user for user in found if _meets(user, criterion)]
    for field, descending in reversed((*query.order, ("id", False))):
        found.sort(key=_KEYS[field], reverse=descending)
    return page_reply(call, query, found, lambda some: [user_body(call.world, user, own) for user in some])


def _meets(user: User, criterion: Criterion) -> bool:
    text = criterion.field in ("name", "username")
    wanted = criterion.text_value() if text else criterion.number()
    return bool(_KEYS[criterion.field](user) == wanted)


def get_user(call: Call) -> Reply:
    """Return one member of the caller's organisation."""
    return Reply(body=user_body(call.world, find_person(call), call.organisation))


def create_user(call: Call) -> Reply:
    """Create an account that is pending until its activation.

    Choice: the event "User verification requested" carries the activation key, in place of a mail.

    Raises:
        Problem: 422 with all errors; 404 or 403 for an organisation that is not the caller's.
    """
    body, findings = call.body, Findings("User")
    organisation = workspace_of(call, _reference(body["organisation"]), "Organisation")
    _note_username(call, findings, body["username"])
    if not body["name"]:
        findings.required("name")
    roles = note_roles(findings, body["roles"], organisation)
    findings.check()
    user = User(
        id=call.world.allot("user"),
        username=body["username"],
        name=body["name"],
        created=call.now,
        status=PENDING,
        home=organisation.id,
        default=organisation.id,
        memberships={},
    )
    user.join(organisation.id, roles)
    call.world.users[user.username] = user
    request_verification(call, user)
    return call.created(f"/api/v1/user/{user.id}")


def _reference(value: Any) -> int:
    identity = value.get("id") if isinstance(value, Mapping) else None
    return identity if isinstance(identity, int) else 0


def _note_username(call: Call, findings: Findings, username: str) -> None:
    if not is_address(username):
        findings.malformed("username", "email address")
    elif username in call.world.users:
        findings.details.append(Detail(1405, f"User with username {username} exists already"))


def update_user(call: Call) -> Reply:
    """Change name, username or status; a new username must be verified before the next login.

    Choice: only the organisation that created an account may change it; administrators may change their own.

    Raises:
        Problem: 422 with all errors; 403, the account belongs to another organisation.
    """
    user, body, findings = find_person(call), call.body, Findings("User")
    _check_owned(call, user)
    username = body.get("username", user.username)
    if username != user.username:
        _note_username(call, findings, username)
    if "name" in body and not body["name"]:
        findings.required("name")
    status = body["status"] if body.get("status") is not None else {"id": user.status}
    wanted = read_status(findings, user.status, status)
    user.name = body.get("name", user.name)
    user.status = wanted
    if username != user.username:
        del call.world.users[user.username]
        user.username, user.status = username, PENDING
        call.world.users[username] = user
        request_verification(call, user)
    return NO_CONTENT


def _check_owned(call: Call, user: User) -> None:
    own_account = user is call.user and not call.supporting
    if user.home != call.organisation.id and not own_account:
        raise forbidden("The account belongs to another organisation")


def delete_user(call: Call) -> Reply:
    """Delete an account: it can no longer log in, and its tokens end.

    Choice: only the organisation that created an account may delete it.

    Raises:
        Problem: 404 unknown, 403 an account of another organisation.
    """
    user = find_person(call)
    _check_owned(call, user)
    for organisation in map(call.world.organisations.get, user.memberships):
        assert organisation is not None
        by = call.user if organisation is call.organisation else None
        call.world.record(
            organisation,
            46,
            f"User {user.username} deleted",
            user=None if by is None else by.ref,
            detail={"user": {"id": user.id, "username": user.username}},
        )
    del call.world.users[user.username]
    return NO_CONTENT


def change_password(call: Call) -> Reply:
    """Change the caller's own password; both are SHA-1 hex digests.

    Choice: a new password that is not a digest, or equals the old one, is refused with the same code.

    Raises:
        Problem: 403 for an application, 422 with code 1002 for a wrong or invalid password.
    """
    user = call.user
    if user is None:
        raise forbidden("Only users have a password")
    old, new = call.body["old_password"], call.body["new_password"]
    if not is_digest(old) or old.lower() != user.password:
        wrong = Detail(1400, f"Wrong Password for User '{user.username}'")
        raise Problem(422, 1002, "Invalid old password", errors=[wrong])
    if not is_digest(new) or new.lower() == user.password:
        unfit = Detail(1400, "Password must be another one, as 40 hexadecimal digits of SHA-1")
        raise Problem(422, 1002, "Invalid new password", errors=[unfit])
    user.password = new.lower()
    return NO_CONTENT


def list_roles(call: Call) -> Reply:
    """Return the roles.

    Choice: SuperAdmin has id 4.
    """
    return Reply(body=[lookups.role(each) for each in lookups.ROLES])


def list_statuses(call: Call) -> Reply:
    """Return the statuses of users."""
    return Reply(body=lookups.everything(lookups.USER_STATUSES))


def get_role_permissions(call: Call) -> Reply:
    """Return the permissions of a user.

    Choice: one member for each group of calls, with the permissions to read and to change.
    """
    user, own = find_person(call), call.organisation
    roles = user.roles_in(own.id, own.account.parent)
    permissions: dict[str, dict[str, bool]] = {}
    for operation in OPERATIONS.values():
        group = permissions.setdefault(operation.id.partition(".")[0], {"read": False, "write": False})
        if may_call(operation, roles):
            group["read" if operation.method == "GET" else "write"] = True
    return Reply(body=permissions)


def assign_role(call: Call) -> Reply:
    """Assign a role to a member of the caller's organisation.

    Raises:
        Problem: 404 unknown user or role, 409 the user has the role already, or the workspace does not
            offer it.
    """
    user, role, own = find_person(call), read_role(call), call.organisation
    membership = user.memberships.get(own.id)
    if membership is None:
        raise unknown(call)
    if role in membership.roles:
        raise duplicated(f"Role with id {role} is already assigned to user {user.username}")
    if role == SUPER_ADMIN and own.account.parent is not None:
        raise not_allowed("SuperAdmin is a role of the main workspace")
    membership.roles.append(role)
    return NO_CONTENT


def remove_role(call: Call) -> Reply:
    """Remove a role from a member of the caller's organisation.

    Raises:
        Problem: 404 unknown user, or a role that the user does not have; 409 the last role.
    """
    user, role = find_person(call), read_role(call)
    membership = user.memberships.get(call.organisation.id)
    if membership is None or role not in membership.roles:
        raise not_found("Role", role)
    if len(membership.roles) == 1:
        raise not_allowed(f"The last role of user {user.username} cannot be removed")
    membership.roles.remove(role)
    return NO_CONTENT


def list_user_events(call: Call) -> Reply:
    """Return one page of the events of a user; an unknown user has none."""
    user = addressed(call)
    identity = None if user is None else user.id
    return event_page(call, lambda event: event.body.get("user", {}).get("id", 0) == identity)


def create_support_token(call: Call) -> Reply:
    """Return a support token that acts as a user, with the role Administrator or Observer.

    Choice: whoever may manage the users of an organisation may support them; the token has the usual
        lifetime, and the role defaults to Observer.
    Choice: support is limited to the organisation: it cannot switch workspaces, migrate SIMs, or change the
        password, second factor or default workspace of the user.

    Raises:
        Problem: 422 another role, 404 unknown user, 403 a user of another organisation.
    """
    user, own, findings = find_known(call), call.organisation, Findings("Support token")
    role = call.body.get("role", OBSERVER)
    if str(role) not in (str(ADMINISTRATOR), str(OBSERVER)):
        findings.out_of_range("role")
    findings.check()
    principal = Principal(organisation=own.id, user=user.id, role=int(role))
    token = call.token_issuer.issue(principal, own.name)
    supporter = call.user
    call.record(
        13,
        f"Support access to user {user.username}",
        detail={
            "support_username": "application" if supporter is None else supporter.username,
            "support_user_org": own.name,
            "target_username": user.username,
        },
    )
    return call.created(f"/api/v2/user/{user.id}/support_token", {"support_token": token})


HANDLERS: Mapping[str, Handler] = {
    "users.list": list_users,
    "users.get": get_user,
    "users.create": create_user,
    "users.update": update_user,
    "users.delete": delete_user,
    "users.delete_v1": delete_user,
    "users.change_password": change_password,
    "users.list_roles": list_roles,
    "users.list_statuses": list_statuses,
    "users.get_role_permissions": get_role_permissions,
    "users.assign_role": assign_role,
    "users.remove_role": remove_role,
    "users.list_events": list_user_events,
    "users.create_support_token": create_support_token,
    **INVITATION_CALLS,
}
"""Handlers of the user calls, by operation."""
