"""Workspace calls: members, their roles, and usage of workspaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.answers.usage_bodies import data_volume, days_between, sms_volume
from aioemnify.simulator.answers.user_bodies import workspace_body
from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.api.date_range import read_days
from aioemnify.simulator.api.permissions import administered, roles_of, workspace_of
from aioemnify.simulator.api.user_references import find_known, read_role
from aioemnify.simulator.platform.errors import Findings, bad_request, forbidden, not_found
from aioemnify.simulator.platform.lookups import USER_STATUSES
from aioemnify.simulator.state.records.users import (
    ACTIVE,
    ADMINISTRATOR,
    PENDING,
    SUPER_ADMIN,
    SUSPENDED,
    Membership,
    User,
)
from aioemnify.simulator.state.world import Organisation
from aioemnify.simulator.usage.organisation_usage import Traffic

_NO_TRAFFIC = Traffic()


def list_for_user(call: Call) -> Reply:
    """Return the workspaces of a user; for another user only those that the caller may see.

    Choice: a user owns the workspace in which the account was created.
    """
    user = find_known(call)
    organisations = [call.world.organisations[each] for each in user.memberships]
    if user is not call.user or call.supporting:
        own = call.organisation
        organisations = [each for each in organisations if each is own or each.account.parent == own.id]
    return Reply(body=[workspace_body(user, each) for each in organisations])


def set_default(call: Call) -> Reply:
    """Set the default workspace of a login: users for themselves, administrators also for others.

    Raises:
        Problem: 403, the user is not a member, or the caller may not set it.
    """
    user = find_known(call)
    workspace = call.number("workspace_id", "Workspace")
    if user is not call.user:
        _need_administrator(call)
    membership = user.memberships.get(workspace)
    if membership is None or membership.status != ACTIVE:
        raise forbidden(f"The user is not an active member of workspace {workspace}")
    user.default = workspace
    return Reply()


def _need_administrator(call: Call) -> None:
    principal = call.principal
    if principal is None or principal.user is None:
        return
    if not roles_of(call.world, principal) & {ADMINISTRATOR, SUPER_ADMIN}:
        raise forbidden()


def _member(call: Call) -> tuple[User, Organisation, Membership]:
    organisation = administered(call, call.number("workspace_id", "Workspace"))
    user = find_known(call, organisation.id)
    membership = user.memberships.get(organisation.id)
    if membership is None:
        raise not_found("Workspace", organisation.id)
    return user, organisation, membership


def unassign_user(call: Call) -> Reply:
    """Remove a user from a workspace; the account stays.

    Raises:
        Problem: 404 not a member, 403 another organisation, or the only workspace of the user.
    """
    user, organisation, _ = _member(call)
    if len(user.memberships) == 1:
        raise forbidden("The only workspace of a user cannot be taken away; delete the user")
    user.leave(organisation.id)
    return NO_CONTENT


def update_status(call: Call) -> Reply:
    """Suspend or reactivate a member of a workspace.

    Choice: the status changes as for accounts: 1 to 2 and back, and 0 to 2.

    Raises:
        Problem: 422 unknown status, or a change that is not allowed.
    """
    _, _, membership = _member(call)
    membership.status = read_status(Findings("Workspace"), membership.status, call.body["status"])
    return NO_CONTENT


def read_status(findings: Findings, present: int, status: Mapping[str, Any]) -> int:
    """Return the requested status of a user or a membership.

    Raises:
        Problem: 422 unknown status, a change that is not allowed, or errors found before.
    """
    wanted = findings.reference("UserStatus", status, USER_STATUSES)
    if wanted not in (None, present) and (present, wanted) not in {
        (ACTIVE, SUSPENDED),
        (SUSPENDED, ACTIVE),
        (PENDING, SUSPENDED),
    }:
        findings.out_of_range("status")
    findings.check()
    assert wanted is not None
    return wanted


def assign_role(call: Call) -> Reply:
    """Assign a role in a workspace to a user; the user becomes a member if needed.

    Choice: assigning a role that the user has already succeeds.
    Choice: only a workspace without a parent has SuperAdmins.

    Raises:
        Problem: 404 unknown user, role or workspace, 403 another organisation, 400 SuperAdmin is not
            available.
    """
    role = read_role(call)
    organisation = administered(call, call.number("workspace_id", "Workspace"))
    user = find_known(call, organisation.id)
    if role == SUPER_ADMIN and organisation.account.parent is not None:
        raise bad_request("SuperAdmin is a role of the main workspace")
    membership = user.memberships.setdefault(organisation.id, Membership(roles=[]))
    if role not in membership.roles:
        membership.roles.append(role)
    return NO_CONTENT


def remove_role(call: Call) -> Reply:
    """Remove a role from a user.

    Raises:
        Problem: 404 the user does not have the role, 400 it is the last one.
    """
    role = read_role(call)
    user, _, membership = _member(call)
    if role not in membership.roles:
        raise not_found("Role", role)
    if len(membership.roles) == 1:
        raise bad_request(f"The last role of user {user.username} cannot be removed")
    membership.roles.remove(role)
    return NO_CONTENT


def list_daily_stats(call: Call) -> Reply:
    """Return the daily usage of workspaces, by default the caller's and those below it.

    Raises:
        Problem: 422 for a bad date or id, 403 and 404 for a workspace that is not the caller's.
    """
    first, last = read_days(call)
    return Reply(body=[_usage(call, each, first, last) for each in _wanted(call)])


def _wanted(call: Call) -> list[Organisation]:
    text = call.params.get("workspace_ids", "").strip()
    if not text:
        own = call.organisation
        below = [each for each in call.world.organisations.values() if each.account.parent == own.id]
        return [own, *below]
    findings = Findings("Statistics")
    ids = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 20 for part in ids):
        findings.malformed("workspace_ids", "comma-separated list of Long")
    findings.check()
    return [workspace_of(call, identity) for identity in dict.fromkeys(map(int, ids))]


def _usage(call: Call, organisation: Organisation, first: int, last: int) -> dict[str, Any]:
    days = days_between(organisation, first, last, call.now)
    total = Traffic.total([traffic for _, traffic in days])
    return {
        "id": organisation.id,
        "days": [{"date": date} | _volumes(traffic) for date, traffic in days],
        "total": _volumes(total),
    }


def _volumes(traffic: Traffic) -> dict[str, Any]:
    return {
        "sms_volume": sms_volume(traffic),
        "data_volume": data_volume(traffic),
        "sat_geo_data_volume": data_volume(_NO_TRAFFIC),
        "sat_geo_sms_volume": sms_volume(_NO_TRAFFIC),
    }


HANDLERS: Mapping[str, Handler] = {
    "workspaces.list_for_user": list_for_user,
    "workspaces.set_default": set_default,
    "workspaces.unassign_user": unassign_user,
    "workspaces.update_user_status": update_status,
    "workspaces.assign_role": assign_role,
    "workspaces.remove_role": remove_role,
    "workspaces.list_daily_stats": list_daily_stats,
}
"""Handlers of the workspace calls, by operation."""
