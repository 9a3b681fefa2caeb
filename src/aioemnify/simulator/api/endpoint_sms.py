"""SMS to the device of one endpoint."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.api.call import EMPTY_HTML, Call, Handler, Reply
from aioemnify.simulator.api.endpoints import find_endpoint
from aioemnify.simulator.lifecycle.sim import ChangeContext
from aioemnify.simulator.lifecycle.sms import finish, submit
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.dates import DAY_SECONDS, read_date
from aioemnify.simulator.platform.errors import Findings, not_allowed, not_found
from aioemnify.simulator.state.records.sms import BUFFERED, CANCELED, DELIVERED, Message
from aioemnify.simulator.state.world import event_time, object_time

_STATUSES = {
    1: "DELIVERY ATTEMPT PENDING",
    2: "IN PROGRESS",
    3: "BUFFERED",
    4: "DELIVERED",
    5: "FAILED",
    6: "EXPIRED",
    7: "CANCELED",
}
_ADDRESS_TYPES = {145: "International", 161: "National", 208: "Alphanumeric"}
_ADDRESSES = {145: r"\+?[0-9]{1,15}", 161: r"[0-9]{1,15}", 208: r"[A-Za-z0-9 ]{1,11}"}
_UDH = re.compile(r"([0-9A-Fa-f]{2}){1,140}")
_SMS_TYPES = ({"id": 1, "description": "MT"}, {"id": 2, "description": "MO"})  # 2 chosen
_GSM7, _UCS2 = 0, 8
_ROOM = {_GSM7: (160, 153), _UCS2: (70, 67)}


def sms_body(call: ChangeContext, message: Message) -> dict[str, Any]:
    """Return a message; most numbers are texts, as in recorded responses."""
    numbers, endpoint = call.world.numbers, call.organisation.endpoints.find(message.endpoint)
    body: dict[str, Any] = {
        "id": message.id,
        "organisation_id": str(call.organisation.id),
        "endpoint_id": str(message.endpoint),
        "endpoint": {"id": message.endpoint, "name": endpoint.name if endpoint else ""},
        "sim_id": str(message.sim),
        "iccid": numbers.iccid(message.sim),
        "msisdn": numbers.msisdn(message.sim),
        "imsi": numbers.imsi(message.sim),
        "msc": None,
        "submit_date": event_time(message.submitted),
        "expiry_date": event_time(message.expires),
        "retry_count": str(message.retries),
        "retry_date": None if message.retry is None else event_time(message.retry),
        "gsm_map_error": message.error,
        "dcs": str(message.dcs),
        "pid": "0",
        "source_address": message.source,
        "udh": message.udh,
        "payload": message.payload,
        "registered_delivery": "0",
        "called_party_prefix": None,
        "smpp_bind_id": None,
        "smpp_dlr_bind_id": None,
        "p2p_ext": 0,
        "dlr_status_id": "4" if message.status >= DELIVERED else "0",
        "status": {"id": message.status, "description": _STATUSES[message.status]},
        "sms_type": dict(_SMS_TYPES[message.sent_by_device]),
        "esme_interface_type": lookups.lookup(lookups.ESME_INTERFACE_TYPES, 1),
    }
    if message.source_type is not None:
        body["source_address_type"] = {
            "id": message.source_type,
            "description": _ADDRESS_TYPES[message.source_type],
        }
    if message.dest is not None:
        body["dest_address"] = message.dest
    for name, moment in (
        ("delivery_date", message.delivered),
        ("final_date", message.final),
        ("last_delivery_attempt", message.attempted),
    ):
        if moment is not None:
            body[name] = object_time(moment) if name == "delivery_date" else event_time(moment)
    return body


def list_sms(call: Call) -> Reply:
    """Return all messages of an endpoint, newest first.

    Choice: all messages are kept, and the order is by descending id. ``dlr_status_id`` is 4 for final
        messages, as recorded, and 0 for others; the members of SMPP are null.
    """
    messages = list(call.organisation.activity.messages.about(endpoint=find_endpoint(call).id))
    return Reply(body=[sms_body(call, message) for message in reversed(messages)])


def _find(call: Call) -> Message:
    endpoint, identity = find_endpoint(call), call.number("sms_id", "Sms")
    message = call.organisation.activity.messages.by_id.get(identity)
    if message is None or message.endpoint != endpoint.id:
        raise not_found("Sms", identity)
    return message


def get_sms(call: Call) -> Reply:
    """Return one message."""
    return Reply(body=sms_body(call, _find(call)))


def _source(call: Call, findings: Findings) -> tuple[str | None, int | None]:
    source = call.body.get("source_address")
    if isinstance(source, int):
        source = str(source)
    kind = (call.body.get("source_address_type") or {}).get("id")
    if "source_address_type" in call.body and kind not in _ADDRESS_TYPES:
        findings.dangling("SourceAddressType", kind)
        return source, None
    if source is not None:
        if kind is None:
            kind = 161 if source.isdigit() else 208
        if not re.fullmatch(_ADDRESSES[kind], source):
            findings.malformed("source_address", "Up to 11 letters and digits" if kind == 208 else "Digits")
    return source, kind


def send_sms(call: Call) -> Reply:
    """Send one SMS to a device.

    Choice: the empty body has the type text/html, as in newer recordings; an older one has JSON.
    Choice: it is pending at first, in progress after a third of ``sms_seconds`` and delivered after all of
        it, if the device is registered then; else it is buffered and retried after 1, 2, 4... minutes, or
        when the device reconnects, until it expires (after a day by default). It fails if the profile lacks
        the service or has only NB-IoT, or if a quota or limit is exhausted. An endpoint without a SIM gets
        409.
    """
    endpoint, body = find_endpoint(call), call.body
    findings, now = Findings("Sms"), call.now
    coding, header, text = body.get("dcs", _GSM7), body.get("udh") or "", body["payload"]
    if coding not in _ROOM:
        findings.out_of_range("dcs")
    elif header and not _UDH.fullmatch(header):
        findings.malformed("udh", "Hex digits")
    else:
        room, with_header = _ROOM[coding]
        if not 1 <= len(text) <= (with_header if header else room):
            findings.out_of_range("payload")
    source, kind = _source(call, findings)
    expires: float | None = now + DAY_SECONDS
    if "expiry_date" in body:
        expires = read_date(body["expiry_date"])
        if expires is None:
            findings.malformed("expiry_date", "Date")
        elif expires <= now:
            findings.out_of_range("expiry_date")
    findings.check()
    if endpoint.sim is None:
        raise not_allowed(f"Endpoint with id {endpoint.id} has no SIM")
    assert expires is not None
    message = Message(
        id=call.world.allot("sms"),
        endpoint=endpoint.id,
        sim=endpoint.sim,
        submitted=now,
        expires=expires,
        payload=text,
        source=source,
        source_type=kind,
        dest=body.get("dest_address"),
        udh=header,
        dcs=coding,
    )
    submit(call, message)
    return call.created(f"/api/v1/endpoint/{endpoint.id}/sms/{message.id}", content_type=EMPTY_HTML)


def cancel_sms(call: Call) -> Reply:
    """Cancel a buffered message.

    Raises:
        Problem: 409, it is not buffered.
    """
    message = _find(call)
    if message.status != BUFFERED:
        raise not_allowed(f"Sms with id {message.id} is {_STATUSES[message.status]}")
    finish(call, message, CANCELED, call.now)
    return Reply()


HANDLERS: Mapping[str, Handler] = {
    "endpoints.list_sms": list_sms,
    "endpoints.get_sms": get_sms,
    "endpoints.send_sms": send_sms,
    "endpoints.cancel_sms": cancel_sms,
}
