"""Application token calls."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.dates import read_date
from aioemnify.simulator.platform.errors import Findings, not_found
from aioemnify.simulator.state.world import ApplicationToken, event_time


def _find(call: Call) -> ApplicationToken:
    identity = call.number("app_token_id", "Application token")
    for token in call.world.tokens.values():
        if token.id == identity and token.organisation == call.organisation.id:
            return token
    raise not_found("Application token", identity)


def _body(call: Call, token: ApplicationToken) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": token.id,
        "description": token.description,
        "created": event_time(token.created),
        "status": lookups.lookup(lookups.APPLICATION_TOKEN_STATUSES, token.status),
    }
    if token.expires is not None:
        body["expiry_date"] = event_time(token.expires)
    if token.ip is not None:
        body["ip"] = token.ip
    creator = None if token.creator is None else call.world.user(token.creator)
    if creator is not None:
        body["creator"] = creator.ref
    return body


def list_tokens(call: Call) -> Reply:
    """Return all tokens of the organisation, without their secrets.

    Choice: a token keeps its status after its expiry date, but cannot log in any more.
    """
    own = [token for token in call.world.tokens.values() if token.organisation == call.organisation.id]
    return Reply(body=[_body(call, token) for token in own])


def create_token(call: Call) -> Reply:
    """Create a token; only this response has its secret.

    Choice: an event of type Generic is recorded.
    Choice: an expiry date in the past is refused with 422.
    Choice: a token that an application created has no creator.

    Raises:
        Problem: 422, the expiry date is invalid or past, or the address range is invalid.
    """
    findings = Findings("Application token")
    expires = _expiry(call, findings, call.body.get("expiry_date"))
    network = call.body.get("ip") or None
    if network is not None and not _is_network(network):
        findings.malformed("ip", "CIDR")
    findings.check()
    user = call.user
    token = call.world.add_token(
        call.organisation,
        call.body.get("description") or "",
        expires=expires,
        ip=network,
        creator=None if user is None else user.id,
    )
    call.record(0, f"Application token {token.id} created")
    return Reply(body={"application_token": token.secret})


def _expiry(call: Call, findings: Findings, text: object) -> float | None:
    if text is None or text == "":
        return None
    expires = read_date(text)
    if expires is None:
        findings.malformed("expiry_date", "Date")
    elif expires <= call.now:
        findings.out_of_range("expiry_date")
    return expires


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def update_token(call: Call) -> Reply:
    """Change description and status; auth tokens that it gave out stay valid.

    Choice: a revoked token can be activated again.

    Raises:
        Problem: 422, the status does not exist.
    """
    token = _find(call)
    status = token.status
    if call.body.get("status") is not None:
        findings = Findings("Application token")
        wanted = findings.reference(
            "ApplicationTokenStatus", call.body["status"], lookups.APPLICATION_TOKEN_STATUSES
        )
        findings.check()
        assert wanted is not None
        status = wanted
    if "description" in call.body:
        token.description = call.body["description"]
    if status != token.status:
        token.status = status
        call.record(0, f"Application token {token.id} {'revoked' if status else 'activated'}")
    return NO_CONTENT


HANDLERS: Mapping[str, Handler] = {
    "application_tokens.list": list_tokens,
    "application_tokens.create": create_token,
    "application_tokens.update": update_token,
}
"""Handlers of the application token calls, by operation."""
