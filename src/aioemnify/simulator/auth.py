"""Logging in: application tokens, users with and without a second factor, refresh, workspaces."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.call import Call, Handler, Reply
from aioemnify.simulator.problems import Problem, bad_request, forbidden, not_found, unauthorised
from aioemnify.simulator.tokens import Principal
from aioemnify.simulator.world import User

_LOCK_AFTER = 3
_LOCK_SECONDS = 300.0
_DIGEST = re.compile(r"[0-9a-fA-F]{40}")


def authenticate(call: Call) -> Reply:
    """Exchange credentials for tokens; which ones were sent decides the step."""
    body: Mapping[str, Any] = call.body
    try:
        if "application_token" in body:
            return _application(call, body["application_token"])
        if "refresh_token" in body:
            return _refresh(call, body["refresh_token"])
        if "mfa_token" in body and "code" in body:
            return _second_factor(call, body)
        if "username" in body and "password" in body:
            return _password(call, body)
    except Problem as problem:
        if problem.status == 401 and problem.code == 1101 and call.world.settings.empty_auth_errors:
            problem.empty = True
        raise
    raise bad_request(
        "Send an application_token, username and password, mfa_token and code, or refresh_token"
    )


def _application(call: Call, secret: str) -> Reply:
    world = call.world
    token = world.tokens.get(secret)
    now = world.clock.wall()
    if token is None or token.status != 0 or (token.expires is not None and now >= token.expires):
        owner = next(iter(world.organisations)) if token is None else token.organisation
        _failed(call, owner, 7, "Authentication of an application failed")
        raise unauthorised(1101, "Credentials are invalid")
    organisation = world.organisations[token.organisation]
    principal = Principal(organisation=organisation.id, application=token.id)
    return Reply(
        body={"auth_token": call.mint.issue(principal, organisation.name, api_key=f"key-{token.id}")}
    )


def _password(call: Call, body: Mapping[str, Any]) -> Reply:
    user = call.world.users.get(body["username"])
    if user is None:
        _failed(call, next(iter(call.world.organisations)), 6, "Authentication of an unknown user failed")
        raise unauthorised(1101, "Credentials are invalid")
    _check_lock(call, user)
    digest = str(body["password"])
    if not _DIGEST.fullmatch(digest) or not hmac.compare_digest(digest.lower(), user.password):
        raise _miss(call, user)
    user.failures = 0
    trusted_until = user.trusted.get(str(body.get("fingerprint")), 0.0)
    if user.code is not None and call.world.clock.wall() >= trusted_until:
        home = call.world.organisations[user.organisations[0]]
        token = call.mint.issue(_principal(user), home.name, use="mfa")
        return Reply(body={"mfa_token": token})
    return _user_tokens(call, user)


def _second_factor(call: Call, body: Mapping[str, Any]) -> Reply:
    user = _user(call, call.mint.read(body["mfa_token"], use="mfa"))
    _check_lock(call, user)
    if user.code is None or not hmac.compare_digest(str(body["code"]).encode(), user.code.encode()):
        raise _miss(call, user)
    user.failures = 0
    device = body.get("trusted_device") or {}
    if device.get("fingerprint"):
        period = call.world.settings.trusted_device_days * 86_400
        user.trusted[device["fingerprint"]] = call.world.clock.wall() + period
    return _user_tokens(call, user)


def _refresh(call: Call, token: str) -> Reply:
    principal = call.mint.read(token, use="refresh")
    organisation = call.world.organisations[principal.organisation]
    return Reply(body={"auth_token": call.mint.issue(principal, organisation.name)})


def _user_tokens(call: Call, user: User) -> Reply:
    principal = _principal(user)
    name = call.world.organisations[principal.organisation].name
    return Reply(
        body={
            "auth_token": call.mint.issue(principal, name),
            "refresh_token": call.mint.issue(principal, name, use="refresh"),
        }
    )


def switch_workspace(call: Call) -> Reply:
    """Give a user a token for another workspace; the old one stays good for its own."""
    user = call.user
    if user is None:
        raise forbidden("Switching workspaces needs user credentials")
    target = call.body["target_organisation"]["id"]
    organisation = call.world.organisations.get(target)
    if organisation is None:
        raise not_found("Organisation", target)
    if organisation.id not in user.organisations:
        raise forbidden("The user is no member of this workspace")
    principal = Principal(organisation=organisation.id, user=user.id)
    call.record(67, f"User {user.username} switched to workspace {organisation.name}")
    return Reply(body={"auth_token": call.mint.issue(principal, organisation.name)})


def _principal(user: User) -> Principal:
    return Principal(organisation=user.organisations[0], user=user.id)


def _user(call: Call, principal: Principal) -> User:
    for user in call.world.users.values():
        if user.id == principal.user:
            return user
    raise unauthorised(1102, "Token is invalid")


def _check_lock(call: Call, user: User) -> None:
    if call.world.clock.wall() < user.locked_until:
        raise unauthorised(1105, "Too many failed attempts, the account is locked")


def _miss(call: Call, user: User) -> Problem:
    user.failures += 1
    _failed(call, user.organisations[0], 6, f"Authentication of user {user.username} failed")
    if user.failures >= _LOCK_AFTER:
        user.failures = 0
        user.locked_until = call.world.clock.wall() + _LOCK_SECONDS
    return unauthorised(1101, "Credentials are invalid")


def _failed(call: Call, organisation: int, kind: int, description: str) -> None:
    call.world.record(call.world.organisations[organisation], kind, description, severity=1, alert=True)


HANDLERS: Mapping[str, Handler] = {
    "auth.authenticate": authenticate,
    "auth.switch_workspace": switch_workspace,
}
