"""Calls about callback URLs and the secrets that sign calls to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.platform.errors import Findings, not_allowed
from aioemnify.simulator.state.records.callbacks import ApiCallback, ApiSecret, is_web_address, users_of
from aioemnify.simulator.state.world import event_time


def _find_callback(call: Call) -> ApiCallback:
    return call.find("api_callback_id", "Api callback", call.organisation.callbacks.urls)


def _callback_body(call: Call, callback: ApiCallback) -> dict[str, Any]:
    return {
        "id": callback.id,
        "url": callback.url,
        "purpose": callback.purpose,
        "organisation_id": call.organisation.id,
        "created": event_time(callback.created),
    }


def list_callbacks(call: Call) -> Reply:
    """Return all callbacks of the organisation."""
    callbacks = call.organisation.callbacks.urls.values()
    return Reply(body=[_callback_body(call, callback) for callback in callbacks])


def get_callback(call: Call) -> Reply:
    """Return one callback."""
    return Reply(body=_callback_body(call, _find_callback(call)))


def create_callback(call: Call) -> Reply:
    """Create a callback.

    Choice: the URL must be http or https with a host.

    Raises:
        Problem: 422, the URL is invalid, or another organisation is named.
    """
    findings = Findings("Api callback")
    if not is_web_address(call.body["url"]):
        findings.malformed("url", "URL")
    _note_organisation(call, findings)
    findings.check()
    callback = ApiCallback(
        id=call.world.allot("callback"),
        url=call.body["url"],
        purpose=call.body.get("purpose") or "",
        created=call.now,
    )
    call.organisation.callbacks.urls[callback.id] = callback
    return call.created(f"/api/v1/api_callback/{callback.id}")


def _note_organisation(call: Call, findings: Findings) -> None:
    owner = call.body.get("organisation_id")
    if owner is not None and str(owner) != str(call.organisation.id):
        findings.dangling("Organisation", owner)


def delete_callback(call: Call) -> Reply:
    """Delete a callback.

    Choice: if a service profile uses it, it is not deleted: 409.
    """
    callback = _find_callback(call)
    _check_unused(call, f"Api callback with id {callback.id}", ("api_callback", "moc_callback"), callback.id)
    del call.organisation.callbacks.urls[callback.id]
    return Reply()


def _check_unused(call: Call, what: str, names: tuple[str, ...], identity: int) -> None:
    used = users_of(call.organisation.service_profiles.values(), names, identity)
    if used:
        raise not_allowed(f"{what} is used by service profile {used[0]}")


def _find_secret(call: Call) -> ApiSecret:
    return call.find("api_secret_id", "Api secret", call.organisation.callbacks.secrets)


def _secret_body(call: Call, secret: ApiSecret) -> dict[str, Any]:
    return {"id": secret.id, "purpose": secret.purpose, "organisation_id": call.organisation.id}


def list_secrets(call: Call) -> Reply:
    """Return all secrets of the organisation, without their values."""
    secrets = call.organisation.callbacks.secrets.values()
    return Reply(body=[_secret_body(call, secret) for secret in secrets])


def get_secret(call: Call) -> Reply:
    """Return one secret, without its value."""
    return Reply(body=_secret_body(call, _find_secret(call)))


def create_secret(call: Call) -> Reply:
    """Store a secret; it is never returned.

    Choice: an id in the body is ignored, and without a secret the server generates one.

    Raises:
        Problem: 422, another organisation is named.
    """
    findings = Findings("Api secret")
    _note_organisation(call, findings)
    findings.check()
    secret = ApiSecret(
        id=call.world.allot("secret"),
        purpose=call.body.get("purpose") or "",
        secret=call.body.get("secret") or call.world.chance.randbytes(32).hex(),
    )
    call.organisation.callbacks.secrets[secret.id] = secret
    return call.created(f"/api/v1/api_secret/{secret.id}")


def delete_secret(call: Call) -> Reply:
    """Delete a secret.

    Choice: if a service profile uses it, it is not deleted: 409.
    """
    secret = _find_secret(call)
    _check_unused(call, f"Api secret with id {secret.id}", ("api_secret",), secret.id)
    del call.organisation.callbacks.secrets[secret.id]
    return Reply()


HANDLERS: Mapping[str, Handler] = {
    "api_callbacks.list": list_callbacks,
    "api_callbacks.get": get_callback,
    "api_callbacks.create": create_callback,
    "api_callbacks.delete": delete_callback,
    "api_secrets.list": list_secrets,
    "api_secrets.get": get_secret,
    "api_secrets.create": create_secret,
    "api_secrets.delete": delete_secret,
}
"""Handlers of the calls about callbacks and secrets, by operation."""
