"""The record of one delivery: a request to a server of the customer, also of one that was withheld."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from attrs import define, field

from aioemnify.simulator.recording.export import moment_text, readable
from aioemnify.simulator.recording.redaction import MASK, redact_body, redact_query, redact_text

Kind = Literal["events", "usage", "sms", "sms status"]
Outcome = Literal["delivered", "failed", "withheld"]
_SHORTEST_SECRET = 4
"""Shorter header values are not masked where a receiver repeats them: any text can contain them."""


@define(kw_only=True)
class DeliveryRecord:
    """One delivery.

    Attributes:
        number: counts deliveries from 1.
        kind: ``events`` or ``usage`` of a data stream, an ``sms`` that a device sent, or the ``sms status``
            of one to a device.
        organisation: id of the organisation.
        target: id of the data stream or of the API callback.
        method: HTTP method.
        url: where it was sent.
        headers: request headers; their values can be credentials.
        records: how many records the body holds.
        attempt: 1, and more when it is repeated after failures.
        repeats: number of the delivery that was sent again on request, else None.
        wall: simulated time as seconds since 1970.
        latency: real seconds until the response; None while in flight.
        status: status of the response; None without a response.
        outcome: ``delivered``, ``failed``, or ``withheld``: the receiver is another machine, and nothing was
            sent. None while in flight.
        error: why it was not delivered.
        next_attempt: simulated time of the next attempt; None if there is none.
        request_body: the body.
        response_body: the start of the response's body.
    """

    number: int = 0
    kind: Kind
    organisation: int
    target: int
    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    records: int = 1
    attempt: int = 1
    repeats: int | None = None
    wall: float
    latency: float | None = None
    status: int | None = None
    outcome: Outcome | None = None
    error: str | None = None
    next_attempt: float | None = None
    request_body: bytes | None = field(default=None, repr=False)
    response_body: bytes | None = field(default=None, repr=False)


def delivery_line(record: DeliveryRecord, *, bodies: bool = True) -> dict[str, Any]:
    """Return a delivery as JSON values, with credentials masked.

    Args:
        record: the delivery.
        bodies: whether to include headers and bodies.
    """
    line: dict[str, Any] = {
        "number": record.number,
        "time": moment_text(record.wall),
        "kind": record.kind,
        "organisation": record.organisation,
        "target": record.target,
        "method": record.method,
        "url": shown_url(record.url),
        "records": record.records,
        "attempt": record.attempt,
        "repeats": record.repeats,
        "latency": record.latency,
        "status": record.status,
        "outcome": record.outcome,
        "error": record.error,
        "next_attempt": None if record.next_attempt is None else moment_text(record.next_attempt),
    }
    if bodies:
        line["headers"] = [
            [name, value if name == "Content-Type" else MASK] for name, value in record.headers
        ]
        line["request_body"] = readable(redact_body(record.request_body or b""))
        line["response_body"] = readable(redact_body(record.response_body or b""))
    return line


def without_sent_values(text: str, headers: Iterable[tuple[str, str]]) -> str:
    """Return what a receiver said, with the header values that it repeats masked: they can be credentials.

    Args:
        text: text, or bytes as Latin-1.
        headers: the headers that were sent to it.
    """
    words = {  # the first word of several is a scheme such as Basic
        word for name, value in headers if name != "Content-Type" for word in (value, *value.split()[1:])
    }
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _SHORTEST_SECRET:
            for form in (word, msgspec.json.encode(word)[1:-1].decode("latin-1")):
                text = text.replace(form, MASK)
    return text


def shown_url(url: str) -> str:
    """Return a URL without user name and password, and with the values of secret parameters masked."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return redact_text(url)
    query = f"?{redact_query(parts.query)}" if parts.query else ""
    return f"{parts.scheme}://{host}{redact_text(parts.path)}{query}"
