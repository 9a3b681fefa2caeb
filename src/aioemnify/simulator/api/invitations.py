"""Invitations to a workspace, and the activation of accounts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from aioemnify.simulator.answers.user_bodies import user_body
from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.api.permissions import administered
from aioemnify.simulator.platform.dates import HOUR_SECONDS
from aioemnify.simulator.platform.errors import Findings, bad_request, duplicated, forbidden
from aioemnify.simulator.platform.lookups import ROLES
from aioemnify.simulator.state.records.users import (
    ACTIVE,
    PENDING,
    SUPER_ADMIN,
    USER,
    Invitation,
    User,
    is_digest,
)
from aioemnify.simulator.state.world import Organisation

_ADDRESS = re.compile(r"[^@\s,:/]+@[^@\s,:/]+")


def is_address(text: str) -> bool:
    """Return whether a username looks like an email address."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def note_roles(
    findings: Findings, roles: Sequence[Mapping[str, Any]], organisation: Organisation
) -> list[int]:
    """Return the roles in a body, and add the errors of unknown or missing ones."""
    if not roles:
        findings.required("roles")
    found: list[int] = []
    for role in roles:
        identity = findings.reference("Role", role, ROLES)
        if identity is None:
            continue
        if identity == SUPER_ADMIN and organisation.account.parent is not None:
            findings.out_of_range("roles")
        else:
            found.append(identity)
    return found


def _send_invitation(call: Call, user: User, organisation: Organisation, kind: int) -> None:
    """Create an activation key and record the event that replaces the mail."""
    world = call.world
    key = world.chance.randbytes(16).hex()
    period = world.settings.invitation_hours * HOUR_SECONDS
    # A new key replaces an older one for the same workspace: only the newest mail is valid.
    others = {name: each for name, each in user.invitations.items() if each.organisation != organisation.id}
    invitation = Invitation(organisation=organisation.id, expires=world.clock.wall() + period)
    user.invitations = {**others, key: invitation}
    what = "User invited" if kind == 36 else "User verification requested"
    world.record(organisation, kind, f"{what}: {user.username}", user=user.ref, detail={"activationKey": key})


def request_verification(call: Call, user: User) -> None:
    """Request the verification of an account; if it left its home workspace, in another one."""
    place = user.home if user.home in user.memberships else user.default
    _send_invitation(call, user, call.world.organisations[place], 40)


def invite(call: Call) -> Reply:
    """Invite a user to a workspace, with or without an account, and return them.

    Choice: the event "User invited" carries the activation key, since no mail is sent.
    Choice: the role defaults to User, the workspace to the caller's.

    Raises:
        Problem: 409 already a member, 422 with all errors, 403 and 404 for other workspaces.
    """
    body, world, findings = call.body, call.world, Findings("User")
    reference = (body.get("organisation") or {}).get("id")
    organisation = call.organisation if reference is None else administered(call, reference)
    if not is_address(body["username"]):
        findings.malformed("username", "email address")
    if not body["name"]:
        findings.required("name")
    roles = note_roles(findings, body.get("roles") or [{"id": USER}], organisation)
    findings.check()
    user = world.users.get(body["username"])
    if user is not None and organisation.id in user.memberships:
        raise duplicated(f"User {user.username} is already a member of workspace {organisation.id}")
    if user is None:
        user = User(
            id=world.allot("user"),
            username=body["username"],
            name=body["name"],
            created=world.clock.wall(),
            status=PENDING,
            home=organisation.id,
            default=organisation.id,
            memberships={},
        )
        world.users[user.username] = user
    user.join(organisation.id, roles)
    _send_invitation(call, user, organisation, 36)
    return call.created(f"/api/v1/user/{user.id}", user_body(world, user, organisation))


def _invited(call: Call, key: str) -> tuple[User, Invitation] | None:
    now = call.now
    for user in call.world.users.values():
        invitation = user.invitations.get(key)
        if invitation is not None and now < invitation.expires:
            return user, invitation
    return None


def activate(call: Call) -> Reply:
    """Activate an account and set its password, a SHA-1 hex digest.

    Choice: a key of an organisation that did not create the account does not change its password.

    Raises:
        Problem: 400, the key is unknown or expired, or the password is not a digest.
    """
    found = _invited(call, call.body["activationKey"])
    if found is None:
        raise bad_request("The activation key is invalid or has expired")
    if not is_digest(call.body["password"]):
        raise bad_request("The password must be 40 hexadecimal digits of SHA-1")
    _enter(call, *found, call.body["activationKey"], call.body["password"])
    return NO_CONTENT


def accept_invitation(call: Call) -> Reply:
    """Accept an invitation; a new account needs a password and may set its name.

    Choice: an account that has a password keeps its password and its name.

    Raises:
        Problem: 403 the key is unknown or expired, 422 the password is missing or not a digest.
    """
    found = _invited(call, call.body["activationKey"])
    if found is None:
        raise forbidden("The activation key is invalid or has expired")
    user, password, findings = found[0], call.body.get("password"), Findings("User")
    if not user.password and not password:
        findings.required("password")
    elif password and not is_digest(password):
        findings.malformed("password", "SHA-1 digest")
    findings.check()
    if not user.password:
        user.name = call.body.get("name") or user.name
    _enter(call, *found, call.body["activationKey"], None if user.password else password)
    return NO_CONTENT


def _enter(call: Call, user: User, invitation: Invitation, key: str, password: str | None) -> None:
    del user.invitations[key]
    # Whoever invites can read the key, so only the home organisation may reset the password.
    if password is not None and (not user.password or invitation.organisation == user.home):
        user.password = password.lower()
    if user.status == PENDING:
        user.status = ACTIVE
    membership = user.memberships[invitation.organisation]
    if membership.status == PENDING:
        membership.status = ACTIVE
    organisation = call.world.organisations[invitation.organisation]
    call.world.record(organisation, 41, f"User {user.username} verified", user=user.ref)


def resend_activation(call: Call) -> Reply:
    """Create a new activation key for a pending account; 204 in any case.

    Choice: every reCAPTCHA token is accepted.
    """
    user = call.world.users.get(call.body["username"])
    if user is not None and user.status == PENDING:
        request_verification(call, user)
    return NO_CONTENT


INVITATION_CALLS: Mapping[str, Handler] = {
    "users.invite": invite,
    "users.activate": activate,
    "users.accept_invitation": accept_invitation,
    "users.resend_activation": resend_activation,
}
"""Handlers of the invitation calls, by operation."""
