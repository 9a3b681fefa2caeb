"""Calls about second factors and trusted devices."""

from __future__ import annotations

from collections.abc import Mapping

from aioemnify.simulator.answers.user_bodies import key_body
from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.api.permissions import roles_of
from aioemnify.simulator.api.user_references import find_person
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
from aioemnify.simulator.platform.one_time_codes import is_right, new_secret
from aioemnify.simulator.state.records.users import ADMINISTRATOR, SUPER_ADMIN, SecondFactor, User
from aioemnify.simulator.state.world import event_time

_ACTIVE = 1


def _own_account(call: Call) -> User:
    user = call.user
    if user is None:
        raise forbidden("Only users have a second factor")
    return user


def _managed(call: Call) -> User:
    """Return the user in the path: users may name themselves, administrators also others."""
    user = find_person(call)
    principal = call.principal
    own_account = user is call.user and not call.supporting
    if own_account or principal is None or principal.user is None:
        return user
    if not roles_of(call.world, principal) & {ADMINISTRATOR, SUPER_ADMIN}:
        raise forbidden()
    return user


def create_key(call: Call) -> Reply:
    """Create a pending second factor; only this response has its secret.

    Choice: a pending key is replaced; a second one beside an active key is refused.

    Raises:
        Problem: 403 for an application, 409 if there is an active key, 422 for a wrong password or type.
    """
    user, findings = _own_account(call), Findings("Mfa key")
    kind = findings.reference("MfaKeyType", call.body["type"], lookups.MFA_KEY_TYPES)
    if call.body["password"].lower() != user.password:
        findings.details.append(Detail(1400, f"Wrong Password for User '{user.username}'"))
    findings.check()
    if user.factor is not None:
        raise duplicated(f"User {user.username} has an active second factor already")
    key = SecondFactor(
        id=call.world.allot("key"),
        type=kind or 0,
        secret=new_secret(call.world.chance),
        created=call.now,
    )
    user.keys = [key]
    return Reply(body=key_body(key, user.username))


def activate_key(call: Call) -> Reply:
    """Activate a key with one of its codes; from then on logins need a code.

    Choice: the codes of the 30 seconds before and after are accepted too.

    Raises:
        Problem: 404 unknown key, 409 it is active already, 422 wrong code or status.
    """
    user, findings = _own_account(call), Findings("Mfa key")
    identity = call.number("key_id", "Mfa key")
    key = next((each for each in user.keys if each.id == identity), None)
    if key is None:
        raise not_found("Mfa key", identity)
    status = findings.reference("MfaKeyStatus", call.body["status"], lookups.MFA_KEY_STATUSES)
    if status not in (None, _ACTIVE):
        findings.out_of_range("status")
    findings.check()
    if key.status == _ACTIVE:
        raise not_allowed(f"Mfa key with id {key.id} is active already")
    now = call.now
    if not is_right(call.body["code"], key.secret, now):
        raise Problem(422, 1400, "Mfa key validation failed", errors=[Detail(1400, "The code is wrong")])
    key.status, key.activated = _ACTIVE, now
    call.record(14, f"Multi-factor authentication of user {user.username} activated")
    return NO_CONTENT


def delete_key(call: Call) -> Reply:
    """Delete a key, one's own or as an administrator; logins then need no code.

    Choice: trusted devices are deleted with the last key.

    Raises:
        Problem: 404 unknown user or key, 403 another user's.
    """
    user = _managed(call)
    identity = call.number("key_id", "Mfa key")
    kept = [key for key in user.keys if key.id != identity]
    if len(kept) == len(user.keys):
        raise not_found("Mfa key", identity)
    user.keys = kept
    if not kept:
        user.devices = []
    call.record(14, f"Multi-factor authentication of user {user.username} deleted")
    return NO_CONTENT


def list_devices(call: Call) -> Reply:
    """Return the trusted devices."""
    now = call.now
    return Reply(
        body=[
            {
                "id": device.id,
                "operating_system": device.operating_system,
                "browser": device.browser,
                "activation_date": event_time(device.since),
            }
            for device in _managed(call).devices
            if now < device.until
        ]
    )


def delete_device(call: Call) -> Reply:
    """Remove a trusted device.

    Raises:
        Problem: 404 unknown user or device, 403 another user's.
    """
    user = _managed(call)
    identity = call.number("device_id", "Trusted device")
    kept = [device for device in user.devices if device.id != identity]
    if len(kept) == len(user.devices):
        raise not_found("Trusted device", identity)
    user.devices = kept
    return NO_CONTENT


def list_statuses(call: Call) -> Reply:
    """Return the statuses of keys."""
    return Reply(body=lookups.everything(lookups.MFA_KEY_STATUSES))


def list_types(call: Call) -> Reply:
    """Return the types of keys."""
    return Reply(body=lookups.everything(lookups.MFA_KEY_TYPES))


HANDLERS: Mapping[str, Handler] = {
    "mfa.create_key": create_key,
    "mfa.activate_key": activate_key,
    "mfa.delete_key": delete_key,
    "mfa.list_trusted_devices": list_devices,
    "mfa.delete_trusted_device": delete_device,
    "mfa.list_statuses": list_statuses,
    "mfa.list_types": list_types,
}
"""Handlers of the calls about second factors, by operation."""
