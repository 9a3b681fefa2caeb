"""The application: what it accepts and refuses, what its handlers get and when, and that nothing is lost."""

from __future__ import annotations

import asyncio
import gzip
import logging
import re
import zlib
from functools import partial
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from aioemnify import receivers
from aioemnify.errors import ArgumentError, ArgumentTypeError, PushError
from aioemnify.models import CallbackSms, Event, Sms, UsageRecord
from tests.receivers.asgi_calls import Lifespan, push
from tests.receivers.kept import Kept
from tests.receivers.pushed import (
    EVENT,
    REPORT,
    SECRET,
    SMS,
    STREAM,
    USAGE,
    body,
    in_old_format,
    numbered,
    signed,
)
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("method", "content", "headers", "model"),
    [
        ("POST", [EVENT], STREAM, Event),
        ("PUT", EVENT, STREAM, Event),
        ("PATCH", in_old_format(EVENT), STREAM, Event),
        ("POST", [in_old_format(USAGE)], STREAM, UsageRecord),
        ("POST", SMS, signed(), CallbackSms),
        ("PATCH", REPORT, signed(), Sms),
    ],
)
async def test_every_kind_reaches_its_handler(
    kept: Kept, method: str, content: Any, headers: dict[str, str], model: type[Any]
) -> None:
    async with kept.app() as app:
        answer = await push(app, body(content), headers, method=method)
        assert (answer.status, answer.json) == (200, {"received": 1, "repeated": 0})
        assert answer.headers["content-type"] == "application/json"
    assert [type(record) for record in kept.records] == [model]
    assert kept.errors == []


async def test_a_body_with_mixed_kinds_and_formats_keeps_the_order_of_each(kept: Kept) -> None:
    content = [
        record
        for number in range(1, 31)
        for record in (
            {**EVENT, "id": number},
            in_old_format({**USAGE, "id": number}),
            in_old_format({**EVENT, "id": 100 + number}),
        )
    ]
    async with kept.app() as app:
        assert (await push(app, body(content))).json == {"received": 90, "repeated": 0}
    events = [record.id for record in kept.records if isinstance(record, Event)]
    assert events == [each["id"] for each in content if "alert" in each]
    assert [record.id for record in kept.records if isinstance(record, UsageRecord)] == list(range(1, 31))


async def test_it_answers_first(kept: Kept) -> None:
    seen = []

    async def sent(message: dict[str, Any]) -> None:
        await anyio.sleep(1)
        seen.append((message["type"], list(kept.ids)))

    async with kept.app() as app:
        await push(app, body(EVENT), sent=sent)
    assert seen == [("http.response.start", []), ("http.response.body", [])]
    assert kept.ids == [EVENT["id"]]


async def test_what_was_accepted_is_handled_though_the_answer_is_lost(kept: Kept) -> None:
    async def sent(_: Any) -> None:
        raise OSError("the connection broke")

    async with kept.app() as app:
        with pytest.raises(OSError, match="broke"):
            await push(app, body(EVENT), sent=sent)
        assert (await push(app, body(EVENT))).json == {"received": 1, "repeated": 1}
    assert kept.ids == [EVENT["id"]]


async def test_a_slow_handler_delays_no_answer_and_no_other_kind(kept: Kept) -> None:
    started = anyio.current_time()

    async def slow(record: Event) -> None:
        await anyio.sleep(10)
        kept.records.append(record)

    async with kept.app(on_event=slow, drain_seconds=100) as app:
        for number in (1, 2, 3):
            await push(app, body({**EVENT, "id": number}))
        await push(app, body(SMS), signed())
        assert anyio.current_time() == started
        await anyio.sleep(1)
        assert (kept.ids, app.queued) == ([SMS["id"]], 3)
        await anyio.sleep(15)
        assert (kept.ids, app.queued) == ([SMS["id"], 1], 2)
    assert (kept.ids, app.queued) == ([SMS["id"], 1, 2, 3], 0)
    assert anyio.current_time() - started == pytest.approx(30)


@pytest.mark.parametrize("size", [1, 20])
async def test_batches(kept: Kept, size: int) -> None:
    async with kept.app(on_events=kept.keep, on_usages=kept.keep) as app:
        await push(app, body(numbered(EVENT, size)))
        await push(app, body(numbered(EVENT, size, first=2)))
        await push(app, body(numbered(USAGE, size)))
    assert [[record.id for record in batch] for batch in kept.records if isinstance(batch[0], Event)] == [
        list(range(1, size + 1)),
        [size + 1],
    ]
    assert sum(isinstance(batch[0], UsageRecord) for batch in kept.records) == 1


async def test_repeats_are_answered_and_not_handled_again(kept: Kept) -> None:
    async with kept.app() as app:
        await push(app, body(numbered(EVENT, 3)))
        answer = await push(app, body([*numbered(EVENT, 2, first=3), {**EVENT, "id": 4}]))
        assert (answer.status, answer.json) == (200, {"received": 3, "repeated": 2})
        assert (await push(app, body(numbered(EVENT, 4)))).json == {"received": 4, "repeated": 4}
        assert (await push(app, body({**USAGE, "id": 1}))).json["repeated"] == 0  # ids are of a kind
    assert sorted(kept.ids) == [1, 1, 2, 3, 4]


async def test_one_sms_has_several_reports(kept: Kept) -> None:
    retried = {**REPORT, "status": {"id": 3}, "retry_count": 1}
    async with kept.app() as app:
        for report in (retried, {**retried, "retry_count": 2}, REPORT, REPORT):
            await push(app, body(report), signed(), method="PATCH")
    assert [(report.status.id, report.retry_count) for report in kept.records] == [(3, 1), (3, 2), (4, 0)]


@pytest.mark.parametrize(("remember", "again"), [(100, 0), (50, 0), (49, 1), (10, 80), (0, 100)])
async def test_ids_are_remembered_for_as_long_as_is_said(kept: Kept, remember: int, again: int) -> None:
    """At least the newest ``remember`` ids, and at most twice as many."""
    async with kept.app(remember=remember) as app:
        await push(app, body(numbered(EVENT, 100)))
        newest = await push(app, body(numbered(EVENT, remember, first=101 - remember)))
        assert newest.json["repeated"] == remember
        answer = await push(app, body(numbered(EVENT, 100)))
        assert 100 - answer.json["repeated"] >= again


async def test_an_id_that_is_none_is_never_a_repeat(kept: Kept) -> None:
    async with kept.app() as app:
        for _ in range(2):
            assert (await push(app, body({**EVENT, "id": ["odd"]}))).json["repeated"] == 0
    assert kept.ids == [["odd"], ["odd"]]


async def test_a_full_queue_asks_for_a_repeat_and_forgets_the_ids(kept: Kept) -> None:
    gate = anyio.Event()

    async def wait(record: Event) -> None:
        await gate.wait()
        kept.records.append(record)

    async with kept.app(on_event=wait, max_queued=5) as app:
        assert (await push(app, body(numbered(EVENT, 8)))).status == 200  # larger than the bound, alone
        refused = await push(app, body(numbered(EVENT, 2, first=8)))
        assert refused.status == 503
        assert refused.json == {"error": "too many records wait for their handlers; send these again"}
        assert (await push(app, body(numbered(EVENT, 8)))).json["repeated"] == 8  # nothing new in it
        assert (await push(app, body(SMS), signed())).status == 503
        gate.set()
        await anyio.sleep(1)
        again = await push(app, body(numbered(EVENT, 2, first=8)))
        assert again.json == {"received": 2, "repeated": 1}
        assert (await push(app, body(SMS), signed())).status == 200
    assert sorted(kept.ids) == [1, 2, 3, 4, 5, 6, 7, 8, 9, SMS["id"]]


async def test_a_handler_that_raises_loses_only_its_record_and_not_silently(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    async def check(record: Event) -> None:
        if record.id % 2:
            raise KeyError("the database has no such pump")
        kept.records.append(record)

    async with kept.app(on_event=check) as app:
        await push(app, body(numbered(EVENT, 4)))
    assert kept.ids == [2, 4]
    assert [(type(error), [each.id for each in records]) for error, records in kept.errors] == [
        (KeyError, [1]),
        (KeyError, [3]),
    ]
    logged = [record for record in caplog.records if record.name == "aioemnify.receivers"]
    assert [record.getMessage() for record in logged] == [
        "not handled: event with id 1",
        "not handled: event with id 3",
    ]
    assert "the database has no such pump" in caplog.text


async def test_a_batch_that_fails_is_reported_with_all_its_records(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_: list[Event]) -> None:
        raise OSError("disk full")

    async with kept.app(on_events=fail) as app:
        await push(app, body(numbered(EVENT, 3)))
    ((error, records),) = kept.errors
    assert (str(error), [each.id for each in records]) == ("disk full", [1, 2, 3])
    assert "not handled: event with id 1 and 2 more" in caplog.text


async def test_an_on_error_that_raises_stops_nothing(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_: Event) -> None:
        raise OSError("disk full")

    def fail_again(error: Exception, _: Any) -> None:
        raise LookupError("no dead letters") from error

    async with kept.app(on_event=fail, on_error=fail_again) as app:
        await push(app, body(numbered(EVENT, 2)))
    assert caplog.text.count("on_error raised an error itself") == 2


@pytest.mark.parametrize("anyio_backend", [backend("asyncio")])  # trio has no such cancellation
async def test_a_handler_that_waits_for_something_cancelled(kept: Kept) -> None:
    async def wait(record: Event) -> None:
        if record.id == 1:
            task = asyncio.ensure_future(asyncio.sleep(5))
            task.cancel()
            await task
        kept.records.append(record)

    async with kept.app(on_event=wait) as app:
        await push(app, body(numbered(EVENT, 3)))
    assert kept.ids == [2, 3]
    assert [(str(error), [each.id for each in left]) for error, left in kept.errors] == [
        ("the handler raised CancelledError", [1])
    ]


async def test_closing_drains_within_its_bound_and_reports_the_rest(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    async def slow(record: Event) -> None:
        await anyio.sleep(2)
        kept.records.append(record)

    app = kept.app(on_event=slow, drain_seconds=5)
    await push(app, body(numbered(EVENT, 4)))
    await push(app, body(numbered(EVENT, 4, first=5)))
    started = anyio.current_time()
    async with anyio.create_task_group() as group:
        group.start_soon(app.aclose)
        await anyio.sleep(1)
        late = await push(app, body(numbered(EVENT, 1, first=100)))
        assert (late.status, late.json) == (503, {"error": "the receiver is closed; send this again"})
    assert anyio.current_time() - started == pytest.approx(5)
    assert kept.ids == [1, 2]
    ((error, records),) = kept.errors
    assert isinstance(error, PushError) and "stopped before it had handled" in str(error)
    assert [each.id for each in records] == [3, 4, 5, 6, 7, 8]
    assert "not handled: event with id 3 and 5 more" in caplog.text
    assert app.queued == 0
    async with app:  # opened again
        assert (await push(app, body(numbered(EVENT, 1, first=100)))).status == 200
    assert kept.ids == [1, 2, 100]


async def test_a_handler_that_never_waits_lets_others_run(kept: Kept) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while app.queued:
            turns += 1
            await anyio.lowlevel.checkpoint()

    async with kept.app() as app:
        for number in range(1, 1_001):
            await push(app, body({**EVENT, "id": number}))
            await push(app, body({**USAGE, "id": number}))
        async with anyio.create_task_group() as group:
            group.start_soon(count)
    assert len(kept.ids) == 2_000
    assert turns >= 15


async def test_a_record_that_comes_just_as_the_last_one_is_handled(kept: Kept) -> None:
    """Who waits for a handler runs before the event loop reports that the handler's task has ended."""
    handled = anyio.Event()

    async def keep(record: Event) -> None:
        kept.records.append(record)
        handled.set()

    async with kept.app(on_event=keep) as app:
        for number in range(1, 6):
            handled = anyio.Event()
            await push(app, body({**EVENT, "id": number}))
            await handled.wait()
    assert (kept.ids, kept.errors) == ([1, 2, 3, 4, 5], [])


async def test_a_request_whose_body_comes_while_the_receiver_closes_is_refused(kept: Kept) -> None:
    app = kept.app()

    async def receive() -> dict[str, Any]:
        await app.aclose()
        return {"type": "http.request", "body": body(EVENT), "more_body": False}

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(name.lower().encode(), value.encode()) for name, value in STREAM.items()]
    await app({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive, send)
    assert sent[0]["status"] == 503
    async with app:
        assert (await push(app, body(EVENT))).json["repeated"] == 0
    assert kept.ids == [EVENT["id"]]


async def test_the_lifespan_of_a_server(kept: Kept) -> None:
    app = kept.app()
    lifespan = Lifespan(app)
    async with anyio.create_task_group() as group:
        group.start_soon(lifespan.run)
        await lifespan.tell("startup")
        assert (await push(app, body(numbered(EVENT, 100)))).status == 200
        await lifespan.tell("shutdown")
    assert lifespan.answers == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert len(kept.ids) == 100
    assert (await push(app, body(EVENT))).status == 503


async def test_a_websocket_is_closed(kept: Kept) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await kept.app()({"type": "websocket"}, anyio.sleep_forever, send)
    assert sent[0]["type"] == "websocket.close"


WRONG = {"Authorization": "Bearer canary-of-somebody"}
ALIEN = signed("another secret of 32 bytes or more")


@pytest.mark.parametrize(
    ("content", "headers", "status", "error"),
    [
        (EVENT, {}, 401, "no Authorization header with a bearer token|no header authorization"),
        (EVENT, WRONG, 401, "the bearer token is not a JWT"),
        (EVENT, ALIEN, 401, "not signed with the secret"),
        (EVENT, signed(), 401, "the header authorization does not have the value of the stream"),
        (SMS, STREAM, 401, "the bearer token is not a JWT"),
        (SMS, {}, 401, "bearer token"),
        (SMS, ALIEN, 401, "not signed with the secret"),
        ([EVENT, SMS], STREAM, 401, "the bearer token is not a JWT"),
        (SMS, signed(exp=1_000), 401, "the token has expired"),
    ],
    ids=range(9),
)
async def test_who_may_send_what(
    kept: Kept,
    content: Any,
    headers: dict[str, str],
    status: int,
    error: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with kept.app() as app:
        answer = await push(app, body(content), headers)
    assert answer.status == status
    assert re.search(error, answer.json["error"]), answer.json
    assert answer.headers["www-authenticate"] == "Bearer"
    assert kept.records == []
    assert "canary" not in caplog.text + str(answer) + repr(app) and SECRET not in caplog.text


async def test_a_stranger_is_refused_before_the_body_is_read(kept: Kept) -> None:
    async with kept.app() as app:
        assert (await push(app, [b"x"] * 9, {})).read == 0
        assert (await push(app, [b"x"] * 9, ALIEN)).read == 0


async def test_only_what_is_handled_has_to_be_proved(kept: Kept) -> None:
    streams = receivers.app(on_event=kept.keep, stream_headers={"X-Key": ["old", "new"], "X-Other": "1"})
    for key, status in (("old", 200), ("new", 200), ("ne", 401), ("", 401), ("new ", 200)):
        answer = await push(streams, b"[]", {"X-Key": key, "x-other": "1"})
        assert (answer.status, key) == (status, key)
    missing = await push(streams, b"[]", {"X-Key": "old"})
    assert (missing.status, missing.json["error"]) == (
        401,
        "the request has no header x-other, which the stream sends",
    )
    twice = await push(streams, b"[]", [("X-Key", "old"), ("X-Key", "old"), ("X-Other", "1")])
    assert (twice.status, twice.json["error"]) == (
        401,
        "the header x-key does not have the value of the stream",
    )
    callbacks = receivers.app(on_sms=kept.keep, callback_secret=["old-" * 9, SECRET], now=lambda: 500.0)
    assert (await push(callbacks, body(SMS), signed(exp=501))).status == 200
    assert (await push(callbacks, body(SMS), signed(exp=500))).status == 401
    unsigned = receivers.app(
        on_event=kept.keep, on_sms=kept.keep, callback_secret=SECRET, allow_unsigned=True
    )
    assert (await push(unsigned, body(EVENT), {})).status == 200
    assert (await push(unsigned, body(SMS), {})).status == 401
    assert (await push(unsigned, body(SMS), signed())).status == 200
    await streams.aclose()
    await callbacks.aclose()
    await unsigned.aclose()


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS", "post"])
async def test_other_methods(kept: Kept, method: str) -> None:
    async with kept.app() as app:
        answer = await push(app, body(EVENT), method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "POST, PUT, PATCH")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json; charset=utf-8", 200),
        ("Application/JSON", 200),
        ("application/cloudevents+json", 200),
        ("", 200),
        ("text/html", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/jsonp", 415),
        ("text/plain+json", 415),
    ],
)
async def test_content_types(kept: Kept, kind: str, status: int) -> None:
    async with kept.app() as app:
        assert (await push(app, body(EVENT), STREAM | {"Content-Type": kind})).status == status


@pytest.mark.parametrize(
    ("content", "status", "error"),
    [
        (b"", 400, "the body is empty; it must be a JSON object or an array of objects"),
        (b"{", 400, "the body is not JSON"),
        (b'"canary"', 400, "the body must be a JSON object or an array of objects"),
        (b'{"id": 5, "canary": 1}', 422, "a record is of a kind that this version does not know, and"),
        (b"[]", 200, None),
    ],
)
async def test_bodies_that_cannot_be_read(kept: Kept, content: bytes, status: int, error: str | None) -> None:
    async with kept.app() as app:
        answer = await push(app, content)
    assert (answer.status, kept.records) == (status, [])
    assert answer.json == {"received": 0, "repeated": 0} or error in answer.json["error"]
    assert "canary" not in str(answer.json)


async def test_a_kind_without_a_handler_is_refused_and_nothing_of_the_request_is_taken(kept: Kept) -> None:
    app = receivers.app(on_event=kept.keep, stream_headers=STREAM)
    answer = await push(app, body([EVENT, USAGE]))
    assert (answer.status, answer.json["error"]) == (
        422,
        "a record is a usage record, and the receiver has no on_usage or on_usages",
    )
    assert (await push(app, body(EVENT))).json["repeated"] == 0
    await app.aclose()
    assert kept.ids == [EVENT["id"]]


async def test_unknown_records_have_a_handler_too(kept: Kept) -> None:
    async with kept.app(on_unknown=kept.keep) as app:
        for _ in range(2):
            answer = await push(app, body([EVENT, {"id": 5, "new": 1.5}, {"new": 2}]))
            assert answer.status == 200
    assert [record for record in kept.records if isinstance(record, dict)] == [
        {"id": 5, "new": 1.5},
        {"new": 2},
        {"new": 2},
    ]


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_that_is_too_large_is_read_no_further(kept: Kept, declared: bool) -> None:
    content = body(numbered(EVENT, 10))
    chunks = [content[start : start + 100] for start in range(0, len(content), 100)]
    headers = STREAM | ({"Content-Length": str(len(content))} if declared else {})
    async with kept.app(max_body_bytes=len(content)) as app:
        assert (await push(app, chunks, headers)).status == 200
    async with kept.app(max_body_bytes=len(content) - 1) as app:
        answer = await push(app, chunks, headers)
        assert (answer.status, answer.headers["connection"]) == (413, "close")
        assert "the body is larger than" in answer.json["error"]
        assert answer.read == (0 if declared else len(chunks))
    async with kept.app(max_body_bytes=1_000) as app:
        assert (await push(app, chunks, headers)).read == (0 if declared else 11)
        assert (await push(app, b"{}", STREAM | {"Content-Length": "9" * 5_000})).status == 413


def packed(*parts: bytes) -> bytes:
    return b"".join(gzip.compress(part) for part in parts)


async def test_gzip(kept: Kept) -> None:
    headers = STREAM | {"Content-Encoding": "gzip"}
    content = body(numbered(EVENT, 100))
    async with kept.app() as app:
        whole = packed(content)
        assert (
            await push(app, [whole[start : start + 7] for start in range(0, len(whole), 7)], headers)
        ).json["received"] == 100
        members = packed(content[:500], content[500:])
        assert (await push(app, members, headers)).json == {"received": 100, "repeated": 100}
        for broken, error in (
            (content, "the body is not gzip"),
            (whole[:-1], "the end of the gzip body is missing"),
            (b"", "the end of the gzip body is missing"),
            (whole + b"x", "the body is not gzip|the end of the gzip body is missing"),
            (whole[:-8] + b"\0" * 8, "the body is not gzip"),
        ):
            answer = await push(app, broken, headers)
            assert answer.status == 400 and any(text in answer.json["error"] for text in error.split("|"))
        for encoding in ("br", "gzip, gzip", "deflate"):
            answer = await push(app, whole, STREAM | {"Content-Encoding": encoding})
            assert (answer.status, answer.headers["accept-encoding"]) == (415, "gzip")
    assert len(kept.ids) == 100


async def test_a_bomb_is_not_unpacked(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    class Counting:
        def __init__(self, bits: int) -> None:
            self._real = zlib._decompressobj(bits)  # type: ignore[attr-defined]

        def decompress(self, chunk: bytes, most: int) -> bytes:
            found: bytes = self._real.decompress(chunk, most)
            made.append(len(found))
            return found

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

    monkeypatch.setattr(zlib, "_decompressobj", zlib.decompressobj, raising=False)
    monkeypatch.setattr(zlib, "decompressobj", Counting)
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 60_000
    async with kept.app(max_body_bytes=60_000) as app:
        answer = await push(app, bomb, STREAM | {"Content-Encoding": "gzip"})
    assert answer.status == 413
    assert sum(made) <= 60_001


async def test_a_client_that_goes_away_is_not_answered(kept: Kept) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(name.lower().encode(), value.encode()) for name, value in STREAM.items()]
    async with kept.app() as app:
        await app({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive, send)
    assert sent == []


def keep(_: Any) -> None: ...


async def keep_async(_: Any, __: Any) -> None: ...


@pytest.mark.parametrize(
    ("options", "kind", "problem"),
    [
        ({}, ArgumentError, "on_event or another handler is required: on_event, on_events, on_usage"),
        ({"on_event": 5}, ArgumentTypeError, "on_event takes a function, not int"),
        (
            {"on_event": keep},
            ArgumentError,
            "stream_headers is required with on_event or on_events; allow_un",
        ),
        ({"on_usages": keep}, ArgumentError, "stream_headers is required with on_usage or on_usages"),
        ({"on_sms": keep}, ArgumentError, "callback_secret is required with on_sms; allow_unsigned=True"),
        (
            {"on_event": keep, "on_sms_report": keep, "stream_headers": STREAM},
            ArgumentError,
            "callback_secret is required with on_sms_report",
        ),
        ({"on_unknown": keep}, ArgumentError, "stream_headers is required with on_unknown"),
        (
            {"on_event": keep, "on_events": keep},
            ArgumentError,
            "on_events cannot be combined: pass on_event or on_events",
        ),
        ({"on_event": keep, "stream_headers": {}}, ArgumentError, "stream_headers is empty"),
        ({"on_event": keep, "stream_headers": {"X": ""}}, ArgumentError, r"stream_headers\['X'\] is empty"),
        ({"on_event": keep, "stream_headers": "X: 1"}, ArgumentTypeError, "takes a mapping, not str"),
        ({"on_sms": keep, "callback_secret": ""}, ArgumentError, "callback_secret is empty"),
        ({"on_sms": keep, "callback_secret": b"x"}, ArgumentTypeError, "callback_secret takes text"),
        ({"on_error": keep_async}, ArgumentTypeError, "on_error takes a plain function, not an async one"),
        ({"on_error": 1}, ArgumentTypeError, "on_error takes a function, not int"),
        ({"now": 1}, ArgumentTypeError, "now takes a function, not int"),
        ({"allow_unsigned": "yes"}, ArgumentTypeError, "allow_unsigned takes True or False"),
        ({"remember": -1}, ArgumentError, "remember is at least 0"),
        ({"max_queued": 0}, ArgumentError, "max_queued is at least 1"),
        ({"max_body_bytes": 0.5}, ArgumentTypeError, "max_body_bytes takes a whole number"),
        ({"drain_seconds": 0}, ArgumentError, "drain_seconds takes a number of seconds above 0"),
    ],
)
async def test_wrong_arguments(options: dict[str, Any], kind: type[Exception], problem: str) -> None:
    complete = {"on_event": keep, "allow_unsigned": True}
    bare = {"on_event", "on_events", "on_usages", "on_sms", "on_unknown"} & set(options) or not options
    with pytest.raises(kind, match=problem):
        receivers.app(**(options if bare else complete | options))


@pytest.mark.parametrize(
    "record",
    [
        {"id": 1, "payload": "x", "retry_count": [1]},
        {"id": 1, "payload": "x", "status": {"id": {}}},
        {"id": [1], "payload": "x"},
        {"id": 10**40, "payload": "x"},
        {"id": "x" * 101, "payload": "x"},
    ],
)
async def test_a_record_whose_id_cannot_be_remembered_is_handled_each_time(kept: Kept, record: Any) -> None:
    """A value that does not fit is kept as it came; ids of any length would take any memory."""
    async with kept.app() as app:
        for _ in range(2):
            answer = await push(app, body(record), signed(), method="PATCH")
            assert (answer.status, answer.json) == (200, {"received": 1, "repeated": 0})
    assert len(kept.records) == 2


async def test_a_number_that_cannot_be_read_in_a_record_of_a_new_kind(kept: Kept) -> None:
    async with kept.app(on_unknown=kept.keep) as app:
        content = b'{"id": 1, "weight": ' + b"9" * 5_000 + b"}"
        answer = await push(app, content)
    assert answer.status == 400
    assert answer.json == {"error": "a record has a value that cannot be read"}


async def test_a_gzip_body_of_many_members(kept: Kept) -> None:
    """Each costs time, and one that is empty has 20 bytes."""
    headers = STREAM | {"Content-Encoding": "gzip"}
    whole, empty = gzip.compress(body(EVENT)), gzip.compress(b"")
    async with kept.app() as app:
        assert (await push(app, empty * 999 + whole, headers)).status == 200
        refused = await push(app, empty * 1_000 + whole, headers)
    assert (refused.status, refused.json) == (400, {"error": "the gzip body has more than 1,000 members"})


async def test_the_end_handles_what_came_with_an_answer_that_is_still_being_sent(kept: Kept) -> None:
    released = anyio.Event()

    async def sent(message: dict[str, Any]) -> None:
        await released.wait()

    app = kept.app()
    async with anyio.create_task_group() as group:
        group.start_soon(partial(push, app, body(EVENT), sent=sent))
        await anyio.sleep(1)
        await app.aclose()
        assert [record.id for record in kept.records] == [EVENT["id"]]
        released.set()
    assert len(kept.records) == 1


@pytest.mark.parametrize("name", ["", "x y", b"x", "é", "x:"])
def test_a_name_that_no_header_can_have_is_refused(name: Any) -> None:
    with pytest.raises(ArgumentError, match="is not the name of a header"):
        receivers.app(on_event=print, stream_headers={name: "value"})


@pytest.mark.parametrize("value", [" ", "\t\n", "a\nb", "\ud800", ["right", " "]])
def test_a_value_that_no_header_can_have_is_refused(value: Any) -> None:
    """One of blanks would be proved by an empty header."""
    with pytest.raises(ArgumentError, match="has a value that no header can have"):
        receivers.app(on_event=print, stream_headers={"X-Key": value})


async def test_a_name_in_two_cases_takes_the_values_of_both(kept: Kept) -> None:
    app = receivers.app(on_event=kept.keep, stream_headers={"X-Key": "old", "x-key": "new"})
    for value, status in (("old", 200), ("new", 200), ("other", 401)):
        assert (await push(app, body(EVENT), {"X-KEY": value})).status == status


def test_on_error_must_not_be_async_in_any_form() -> None:
    class Reporter:
        async def __call__(self, error: Exception, records: object) -> None: ...

    with pytest.raises(ArgumentTypeError, match="on_error takes a plain function, not an async one"):
        receivers.app(on_event=print, allow_unsigned=True, on_error=Reporter())


class NoException(BaseException):
    """Like the error of ``pytest.fail``."""


@pytest.mark.parametrize("in_group", [False, True])
async def test_a_handler_that_raises_no_exception_loses_only_its_record(kept: Kept, in_group: bool) -> None:
    async def handle(event: Event) -> None:
        if event.id == 2:
            raise BaseExceptionGroup("tasks", [NoException()]) if in_group else NoException
        kept.records.append(event)

    async with kept.app(on_event=handle) as app:
        await push(app, body(numbered(EVENT, 3)))
    assert kept.ids == [1, 3]
    ((error, records),) = kept.errors
    assert [one.id for one in records] == [2]
    assert isinstance(error, RuntimeError)
    assert isinstance(error.__cause__, (NoException, BaseExceptionGroup))
