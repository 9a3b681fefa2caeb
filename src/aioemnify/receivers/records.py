"""Read the bodies that the platform pushes.

A body is one object or an array, in either of two formats: the newer one writes times with a zone and
booleans as such, the older one omits the zone and writes 0 and 1. What kind a record is of can be seen in
its members only, because a stream may mix events and usage records.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Raw, UnsetType

from aioemnify import models
from aioemnify._checks import check_type
from aioemnify.errors import DecodeError, PushDecodeError, UnknownRecordError
from aioemnify.models.endpoints import Sms
from aioemnify.models.events import Event
from aioemnify.models.pushes import CallbackSms, UsageRecord
from aioemnify.operation import Result
from aioemnify.transport.wire.codec import ANY_JSON, UNREADABLE, Codec

Kind = Literal["event", "usage", "sms", "sms_report", "unknown"]
"""What a record is. The report about an SMS has the members of an SMS, and comes by PATCH."""

NAMES: dict[Kind, str] = {
    "event": "an event",
    "usage": "a usage record",
    "sms": "an SMS",
    "sms_report": "an SMS report",
    "unknown": "of a kind that this version does not know",
}

_MEMBERS: dict[Kind, str] = {
    "event": "id and event_type",
    "usage": "id, and traffic_type or volume",
    "sms": "id, and payload or dest_address",
    "sms_report": "id, and payload or dest_address",
}
_PARSERS: dict[Kind, str] = {"event": "parse_events", "usage": "parse_usage", "sms": "parse_sms"}

_RESULTS: dict[Kind, Result] = {
    "event": Result("events:Event", many=True, either=True),
    "usage": Result("pushes:UsageRecord", many=True, either=True),
    "sms": Result("pushes:CallbackSms", many=True, either=True),
    "sms_report": Result("endpoints:Sms", many=True, either=True),
}

_PART = 500
"""Records that are decoded at once. Other threads wait meanwhile, and a value that does not fit makes the
part slow that it is in, not the batch."""

_codec = Codec(models.resolve)


def parse_events(body: bytes | str) -> list[Event]:
    """Return the events of a body that a data stream pushed.

    Unknown members are ignored, and so is whether the type of an event is known: it keeps its id and
    description. A value that does not fit is kept as it is. Not documented: delivery is at least once and in
    any order, so ignore an id that you had before.

    Args:
        body: One object or an array of them, in the newer or the older format.

    Raises:
        PushDecodeError: The body is not JSON, or is not an object or an array of objects.
        UnknownRecordError: A record is not an event.
    """
    return _parse(body, "event")


def parse_usage(body: bytes | str) -> list[UsageRecord]:
    """Return the usage records of a body that a data stream pushed.

    Volumes are in MB for data and messages for SMS. Members and repeats are as in ``parse_events``.

    Args:
        body: One object or an array of them, in the newer or the older format.

    Raises:
        PushDecodeError: The body is not JSON, or is not an object or an array of objects.
        UnknownRecordError: A record is not a usage record.
    """
    return _parse(body, "usage")


def parse_sms(body: bytes | str) -> list[CallbackSms]:
    """Return the SMS from devices that an API callback pushed by POST: one, in what is documented.

    Args:
        body: One object or an array of them.

    Raises:
        PushDecodeError: The body is not JSON, or is not an object or an array of objects.
        UnknownRecordError: A record is not an SMS.
    """
    return _parse(body, "sms")


def parse_sms_reports(body: bytes | str) -> list[Sms]:
    """Return the reports about SMS to devices that an API callback pushed by PATCH.

    A report is the SMS as the API lists it, with its ``status``. There may be several for one SMS.

    Args:
        body: One object or an array of them.

    Raises:
        PushDecodeError: The body is not JSON, or is not an object or an array of objects.
        UnknownRecordError: A record is not an SMS.
    """
    return _parse(body, "sms_report")


def read_records(content: bytes, *, by_patch: bool) -> dict[Kind, list[Any]]:
    """Return the records of a body by their kinds: models, and plain values of an unknown kind.

    Args:
        content: One object or an array of them.
        by_patch: Whether the request was a PATCH: an SMS is then a report about one.

    Raises:
        PushDecodeError: The body is not JSON, or is not an object or an array of objects.
    """
    content, kinds = _kinds(content)
    renamed = [("sms_report" if by_patch and kind == "sms" else kind) for kind in kinds]
    if len(set(renamed)) == 1:
        return {renamed[0]: _decode(content, renamed[0], len(kinds))}
    parts: dict[Kind, list[Raw]] = {}
    for kind, raw in zip(renamed, _RAW.decode(content) if kinds else (), strict=True):
        parts.setdefault(kind, []).append(raw)
    return {kind: _decode(_array(some), kind, len(some)) for kind, some in parts.items()}


def _parse(body: bytes | str, kind: Kind) -> list[Any]:
    check_type("body", body, (bytes, bytearray, memoryview, str), "bytes or text")
    # Half a surrogate pair becomes what is not UTF-8, and is repaired like that.
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)
    content, kinds = _kinds(content)
    asked: Kind = "sms" if kind == "sms_report" else kind
    for number, found in enumerate(kinds, start=1):
        if found != asked:
            place = f"record {number} of {len(kinds)}" if len(kinds) > 1 else "the record"
            text = f"{place} is not {NAMES[kind]}, which has {_MEMBERS[kind]}"
            if found in _PARSERS:
                text += f"; it is {NAMES[found]}: use {_PARSERS[found]}()"
            raise UnknownRecordError(text)
    return _decode(content, kind, len(kinds)) if kinds else []


def _decode(content: bytes, kind: Kind, count: int) -> list[Any]:
    if count > _PART:
        raws = _RAW.decode(content)
        parts = [_array(raws[start : start + _PART]) for start in range(0, count, _PART)]
        return [record for part in parts for record in _decode(part, kind, _PART)]
    if kind == "unknown":
        try:
            found = ANY_JSON.decode(content)
        except UNREADABLE:  # a number of thousands of digits
            raise PushDecodeError("a record has a value that cannot be read") from None
        return found if isinstance(found, list) else [found]
    try:
        records: list[Any] = _codec.decode(_RESULTS[kind], content, f"receivers.{kind}")
    except DecodeError:  # its text would call the body a response
        raise PushDecodeError(f"the body cannot be read as {NAMES[kind]}") from None
    return records


def _array(raws: Sequence[Raw]) -> bytes:
    return b"[" + b",".join(map(bytes, raws)) + b"]"


class _Shape(msgspec.Struct):
    """The members that tell the kind of a record; no other is looked at."""

    id: Raw | UnsetType = UNSET
    event_type: Raw | UnsetType = UNSET
    traffic_type: Raw | UnsetType = UNSET
    volume: Raw | UnsetType = UNSET
    payload: Raw | UnsetType = UNSET
    dest_address: Raw | UnsetType = UNSET


_SHAPES = msgspec.json.Decoder(_Shape | list[_Shape])
_RAW = msgspec.json.Decoder(list[Raw])


def _kinds(content: bytes) -> tuple[bytes, Sequence[Kind]]:
    """Return a body, with its texts repaired if they are not valid, and the kind of each record."""
    if not content.strip():
        raise PushDecodeError("the body is empty; it must be a JSON object or an array of objects")
    try:
        found = _SHAPES.decode(content)
    except msgspec.ValidationError:
        raise PushDecodeError("the body must be a JSON object or an array of objects") from None
    except UNREADABLE:
        content, found = _repaired(content)
    return content, [_kind_of(shape) for shape in (found if isinstance(found, list) else [found])]


def _repaired(content: bytes) -> tuple[bytes, _Shape | list[_Shape]]:
    from aioemnify.transport.wire.repair import repaired

    content = repaired(content)
    try:
        return content, _SHAPES.decode(content)
    except msgspec.ValidationError:
        problem = "must be a JSON object or an array of objects"
    except UNREADABLE:
        problem = "is not JSON"
    raise PushDecodeError(f"the body {problem}")


def _kind_of(shape: _Shape) -> Kind:
    if shape.id is UNSET or bytes(shape.id) == b"null":
        return "unknown"
    if shape.event_type is not UNSET:
        return "event"
    if shape.traffic_type is not UNSET or shape.volume is not UNSET:
        return "usage"
    return "sms" if shape.payload is not UNSET or shape.dest_address is not UNSET else "unknown"
