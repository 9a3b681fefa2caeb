"""Bodies of streams and callbacks become models, in both formats, or one documented error."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from aioemnify import receivers
from aioemnify.errors import PushDecodeError, UnknownRecordError
from aioemnify.models import CallbackSms, Event, EventType, Sms, UsageRecord
from aioemnify.receivers import parse_events, parse_sms, parse_sms_reports, parse_usage
from tests.receivers.pushed import EVENT, REPORT, SMS, USAGE, body, in_old_format, numbered

PARSERS: list[tuple[Any, dict[str, Any], type[Any]]] = [
    (parse_events, EVENT, Event),
    (parse_usage, USAGE, UsageRecord),
    (parse_sms, SMS, CallbackSms),
    (parse_sms_reports, REPORT, Sms),
]


@pytest.mark.parametrize(("parse", "record", "model"), PARSERS)
def test_an_object_and_an_array_in_both_formats_are_the_same_models(
    parse: Any, record: dict[str, Any], model: type[Any]
) -> None:
    (one,) = parse(body(record))
    assert type(one) is model and one.id == record["id"]
    old = in_old_format(record)
    assert old != record or model is CallbackSms
    mixed = [record, old, {**record, "new_member": {"a": [1]}}]
    assert parse(body(mixed)) == [one, one, one]
    assert parse(body(old)) == parse(json.dumps(record)) == parse(json.dumps([record])) == [one]
    assert parse(b"[]") == parse(" [] ") == []


def test_the_values_of_the_older_format() -> None:
    (event,) = parse_events(body([in_old_format(EVENT)]))
    assert event.alert is True
    assert event.timestamp == datetime(2026, 11, 2, 9, 15, 10, tzinfo=UTC)
    assert event.sim is not None and event.sim.production_date == datetime(2020, 1, 1, tzinfo=UTC)
    assert event.endpoint is not None and event.endpoint.name == "2026-11-02 09:15:10"  # text stays text
    assert event.event_type == EventType.ENDPOINT_BLOCKED
    (usage,) = parse_usage(body({**USAGE, "end_timestamp": "2026-11-02T09:14:45.250Z", "sim": None}))
    assert usage.end_timestamp == datetime(2026, 11, 2, 9, 14, 45, 250_000, tzinfo=UTC)
    assert (usage.cost, usage.sim) == (Decimal("0.003106"), None)
    assert usage.volume is not None and usage.volume.total == Decimal("0.1553")


def test_digits_of_costs_are_kept() -> None:
    text = json.dumps(USAGE).replace("0.003106", "0.1234567891")
    (usage,) = parse_usage(text)
    assert usage.cost == Decimal("0.1234567891")


def test_an_event_of_an_unknown_type_is_an_event() -> None:
    (event,) = parse_events(body({**EVENT, "event_type": {"id": 4711, "description": "Moon landing"}}))
    assert event.event_type is not None
    assert (event.event_type.id, event.event_type.description) == (4711, "Moon landing")


@pytest.mark.parametrize(
    "odd",
    [
        {"event_type": None},
        {"event_type": "Endpoint blocked"},
        {"timestamp": "yesterday"},
        {"alert": "perhaps"},
        {"endpoint": "pump-5"},
        {"id": "351001000000022"},
    ],
)
def test_one_odd_value_costs_nothing_else(odd: dict[str, Any]) -> None:
    records = parse_events(body([*numbered(EVENT, 3), {**EVENT, **odd}]))
    assert [record.id for record in records] == [1, 2, 3, EVENT["id"]]
    assert records[3].description == EVENT["description"]


@pytest.mark.parametrize("text", [b"caf\xe9", b'"\\ud83d"'[1:-1], b"a\tb"])
def test_a_text_that_is_not_valid_does_not_cost_the_batch(text: bytes) -> None:
    content = body(numbered(EVENT, 3)).replace(b"Traffic limit exceeded.", text, 1)
    records = parse_events(content)
    assert [record.id for record in records] == [1, 2, 3]
    assert records[1].description == EVENT["description"]


def test_half_a_surrogate_pair_in_a_text() -> None:
    (event,) = parse_events(json.dumps(EVENT).replace("Traffic", "\ud83d"))
    assert event.id == EVENT["id"]


@pytest.mark.parametrize("parse", [each[0] for each in PARSERS])
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the body is empty"),
        (b" \n", "the body is empty"),
        (b"{", "is not JSON"),
        (b"<html>canary</html>", "is not JSON"),
        (b'{"id": 1} {"id": 2}', "is not JSON"),
        (b"\x1f\x8b\x08", "is not JSON"),
        (b'"canary"', "must be a JSON object or an array of objects"),
        (b"1", "must be a JSON object or an array of objects"),
        (b"null", "must be a JSON object or an array of objects"),
        (b'[{"id": 1}, 7]', "must be a JSON object or an array of objects"),
        (b"[" * 5_000 + b"]" * 5_000, "must be a JSON object or an array of objects|is not JSON"),
        (b'{"id": 1, "x": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", "is not JSON"),
    ],
    ids=range(12),
)
def test_what_is_no_json_is_one_error(parse: Any, content: bytes, problem: str) -> None:
    with pytest.raises(PushDecodeError, match=problem) as caught:
        parse(content)
    assert caught.value.status == 400
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("parse", "content", "problem"),
    [
        (parse_events, USAGE, r"the record is not an event, .*; it is a usage record: use parse_usage\(\)"),
        (parse_events, [EVENT, SMS], r"record 2 of 2 is not an event, .*; it is an SMS: use parse_sms\(\)"),
        (parse_usage, EVENT, r"the record is not a usage record, .*: use parse_events\(\)"),
        (parse_sms, [EVENT], "the record is not an SMS, which has id, and payload or dest_address"),
        (parse_sms_reports, {"id": 5}, "the record is not an SMS report"),
        (parse_events, {}, "the record is not an event, which has id and event_type$"),
        (parse_events, {**EVENT, "id": None}, "the record is not an event"),
        (parse_events, [EVENT, {"canary": 1}], "record 2 of 2 is not an event"),
    ],
)
def test_what_is_no_known_record_is_one_error(parse: Any, content: Any, problem: str) -> None:
    with pytest.raises(UnknownRecordError, match=problem) as caught:
        parse(body(content))
    assert caught.value.status == 422
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("wrong", [None, 5, {"id": 1}, [EVENT]])
def test_what_is_no_body(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"body takes bytes or text, not "):
        parse_events(wrong)
    assert parse_events(bytearray(body(EVENT))) == parse_events(memoryview(body(EVENT)))  # type: ignore[arg-type]


def test_a_large_batch() -> None:
    records = parse_usage(body([in_old_format(each) for each in numbered(USAGE, 10_000)]))
    assert [record.id for record in records] == list(range(1, 10_001))
    assert records[0].organisation is records[9_999].organisation  # decoded once


@pytest.mark.parametrize("count", [499, 500, 501, 1_000, 1_001])
def test_parts_of_a_batch_are_joined(count: int) -> None:
    batch = numbered(EVENT, count)
    batch[count // 2] = {**EVENT, "id": 0, "alert": "perhaps", "endpoint": {"id": 5, "name": '],{"id": 1}'}}
    records = parse_events(body(batch))
    assert [record.id for record in records] == [record["id"] for record in batch]
    assert {type(record) for record in records} == {Event}


def test_the_names_of_the_room() -> None:
    assert receivers.__all__ == sorted(receivers.__all__)
    for name in receivers.__all__:
        assert callable(getattr(receivers, name)) and name in dir(receivers)
    with pytest.raises(AttributeError, match="has no attribute 'parse_event'"):
        _ = receivers.parse_event  # type: ignore[attr-defined]
