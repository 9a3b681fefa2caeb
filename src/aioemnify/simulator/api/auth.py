"""Authentication: application tokens, users with and without a second factor, refresh, workspaces."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.platform.dates import DAY_SECONDS
from aioemnify.simulator.platform.errors import Problem, bad_request, forbidden, not_found, unauthorised
from aioemnify.simulator.platform.one_time_codes import is_right
from aioemnify.simulator.platform.tokens import Principal
from aioemnify.simulator.state.records.users import ACTIVE, Device, User, is_digest
from aioemnify.simulator.state.world import ApplicationToken

_LOCK_AFTER = 3
_LOCK_SECONDS = 300.0


def authenticate(call: Call) -> Reply:
    """Exchange credentials for tokens; the credentials decide the step.

    Choice: the login of a user records an event of type Generic, with a second factor one of type
        Multi-factor Authentication; applications log in without an event.
    Choice: a failed login records an event of the organisation whose credential was used; with unknown
        credentials there is no event.
    Choice: the address range of an application token is checked at login, not at later calls.
    Choice: an application may do everything in its organisation; the roles of a user are checked with every
        call, so removing a role or suspending a user takes effect at once.
    Choice: a user without an active membership cannot log in.
    """
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
    if token is None or not _usable(call, token):
        if token is not None:
            _failed(call, token.organisation, 7, "Authentication of an application failed")
        raise unauthorised(1101, "Credentials are invalid")
    organisation = world.organisations[token.organisation]
    principal = Principal(organisation=organisation.id, application=token.id)
    return Reply(
        body={"auth_token": call.token_issuer.issue(principal, organisation.name, api_key=f"key-{token.id}")}
    )


def _usable(call: Call, token: ApplicationToken) -> bool:
    expired = token.expires is not None and call.now >= token.expires
    return token.status == 0 and not expired and (token.ip is None or _inside(call.address, token.ip))


def _inside(address: str, network: str) -> bool:
    try:
        return ip_address(address) in ip_network(network, strict=False)
    except ValueError:
        return False


def _password(call: Call, body: Mapping[str, Any]) -> Reply:
    user = call.world.users.get(body["username"])
    if user is None:
        raise unauthorised(1101, "Credentials are invalid")
    _check_lock(call, user)
    digest = str(body["password"])
    if not is_digest(digest) or not hmac.compare_digest(digest.lower(), user.password):
        raise _miss(call, user)
    if user.status != ACTIVE or not user.organisations:
        _failed(call, user.home, 6, f"Authentication of user {user.username} failed")
        raise unauthorised(1101, "Credentials are invalid")
    if user.factor is not None and not user.trusts(str(body.get("fingerprint")), call.now):
        home = call.world.organisations[user.organisations[0]]
        token = call.token_issuer.issue(_principal(user), home.name, use="mfa")
        return Reply(body={"mfa_token": token})
    return _user_tokens(call, user, 0)


def _second_factor(call: Call, body: Mapping[str, Any]) -> Reply:
    user = _user(call, call.token_issuer.read(body["mfa_token"], use="mfa"))
    _check_lock(call, user)
    key, code, now = user.factor, str(body["code"]), call.now
    if key is None or not (code == key.fixed or is_right(code, key.secret, now)):
        raise _miss(call, user)
    device = body.get("trusted_device") or {}
    if device.get("fingerprint"):
        trusted = Device(
            id=call.world.allot("device"),
            fingerprint=device["fingerprint"],
            operating_system=device.get("operating_system", ""),
            browser=device.get("browser", ""),
            since=now,
            until=now + call.world.settings.trusted_device_days * DAY_SECONDS,
        )
        others = [each for each in user.devices if each.fingerprint != trusted.fingerprint]
        user.devices = [*others, trusted]
    return _user_tokens(call, user, 14)


def _refresh(call: Call, token: str) -> Reply:
    principal = call.token_issuer.read(token, use="refresh")
    _user(call, principal)
    organisation = call.world.organisations[principal.organisation]
    return Reply(body={"auth_token": call.token_issuer.issue(principal, organisation.name)})


def _user_tokens(call: Call, user: User, kind: int) -> Reply:
    # A right password alone does not reset the count of wrong codes; else codes could be guessed for ever.
    user.failures = 0
    principal = _principal(user)
    organisation = call.world.organisations[principal.organisation]
    name = organisation.name
    call.world.record(
        organisation,
        kind,
        f"User {user.username} logged in",
        user=user.ref,
    )
    return Reply(
        body={
            "auth_token": call.token_issuer.issue(principal, name),
            "refresh_token": call.token_issuer.issue(principal, name, use="refresh"),
        }
    )


def switch_workspace(call: Call) -> Reply:
    """Issue a token for another workspace; the old token stays valid for its own."""
    user = call.user
    if user is None:
        raise forbidden("Switching workspaces needs user credentials")
    target = call.body["target_organisation"]["id"]
    organisation = call.world.organisations.get(target)
    if organisation is None:
        raise not_found("Organisation", target)
    if not user.roles_in(organisation.id, organisation.account.parent):
        raise forbidden("The user is not a member of this workspace")
    principal = Principal(organisation=organisation.id, user=user.id)
    call.record(67, f"User {user.username} switched to workspace {organisation.name}")
    return Reply(body={"auth_token": call.token_issuer.issue(principal, organisation.name)})


def _principal(user: User) -> Principal:
    return Principal(organisation=user.organisations[0], user=user.id)


def _user(call: Call, principal: Principal) -> User:
    user = None if principal.user is None else call.world.user(principal.user)
    if user is None or user.status != ACTIVE or not user.organisations:
        raise unauthorised(1102, "Token is invalid")
    return user


def _check_lock(call: Call, user: User) -> None:
    if call.now < user.locked_until:
        raise unauthorised(1105, "Too many failed attempts, the account is locked")


def _miss(call: Call, user: User) -> Problem:
    user.failures += 1
    _failed(call, user.home, 6, f"Authentication of user {user.username} failed")
    if user.failures >= _LOCK_AFTER:
        user.failures = 0
        user.locked_until = call.now + _LOCK_SECONDS
    return unauthorised(1101, "Credentials are invalid")


def _failed(call: Call, organisation: int, kind: int, description: str) -> None:
    call.world.record(call.world.organisations[organisation], kind, description, severity=1, alert=True)


HANDLERS: Mapping[str, Handler] = {
    "auth.authenticate": authenticate,
    "auth.switch_workspace": switch_workspace,
}
