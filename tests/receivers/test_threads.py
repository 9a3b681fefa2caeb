"""Handlers that are not async, and large bodies, in threads: in real time, but no test waits for it."""

from __future__ import annotations

import functools
import gzip
import threading
from typing import Any

import anyio
import pytest

from aioemnify.models import Event
from tests.receivers.asgi_calls import push
from tests.receivers.kept import Kept
from tests.receivers.pushed import EVENT, REPORT, SMS, STREAM, USAGE, body, numbered, signed

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_plain_functions_run_in_a_thread_and_may_return_something_to_wait_for(kept: Kept) -> None:
    threads = set()

    def plain(record: Any) -> None:
        threads.add(threading.current_thread())
        kept.records.append(record)

    class Called:
        async def __call__(self, record: Any) -> None:
            kept.records.append(record)

    async with kept.app(
        on_event=plain,
        on_usage=lambda record: kept.keep(record),
        on_sms=functools.partial(kept.keep),
        on_sms_report=Called(),
    ) as app:
        await push(app, body(numbered(EVENT, 3)))
        await push(app, body(USAGE))
        await push(app, body(SMS), signed())
        await push(app, body(REPORT), signed(), method="PATCH")
    assert sorted(kept.ids) == sorted([1, 2, 3, USAGE["id"], SMS["id"], REPORT["id"]])
    assert threading.current_thread() not in threads
    assert kept.errors == []


async def test_a_function_that_raises_loses_only_its_record_and_not_silently(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    def check(record: Event) -> None:
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


async def test_a_function_in_a_thread_is_left_at_the_bound(kept: Kept) -> None:
    release, ended = threading.Event(), threading.Event()

    def hold(record: Event) -> None:
        if record.id == 1:
            release.wait(60)
        kept.records.append(record)
        ended.set()

    app = kept.app(on_event=hold, drain_seconds=0.05)
    await push(app, body(numbered(EVENT, 3)))
    await app.aclose()
    ((_, records),) = kept.errors
    assert [each.id for each in records] == [1, 2, 3]
    release.set()
    assert await anyio.to_thread.run_sync(ended.wait, 60)
    assert kept.ids == [1]


async def test_a_large_body_is_read_in_a_thread(kept: Kept) -> None:
    async with kept.app(on_events=kept.keep) as app:
        answer = await push(app, body(numbered(EVENT, 10_000)))
        assert answer.json == {"received": 10_000, "repeated": 0}
    (batch,) = kept.records
    assert [record.id for record in batch] == list(range(1, 10_001))


async def test_a_long_gzip_body_in_chunks_of_any_length(kept: Kept) -> None:
    """It is unpacked in parts, whose ends are anywhere in a member."""
    packed = b"".join(gzip.compress(body(numbered(EVENT, 300))[start:end], 0) for start, end in PARTS)
    async with kept.app() as app:
        answer = await push(app, [packed[:99], packed[99:]], STREAM | {"Content-Encoding": "gzip"})
    assert len(packed) > 1 << 17
    assert (answer.status, answer.json) == (200, {"received": 300, "repeated": 0})
    assert kept.ids == list(range(1, 301))


PARTS = [(0, 70_000), (70_000, 70_001), (70_001, None)]


@pytest.mark.parametrize("wrong", [SystemExit, KeyboardInterrupt])
async def test_a_function_that_would_end_its_thread_loses_only_its_record(
    kept: Kept, wrong: type[BaseException]
) -> None:
    def handle(event: Event) -> None:
        if event.id == 2:
            raise wrong
        kept.records.append(event)

    async with kept.app(on_event=handle) as app:
        await push(app, body(numbered(EVENT, 3)))
    assert kept.ids == [1, 3]
    ((error, records),) = kept.errors
    assert [one.id for one in records] == [2]
    assert str(error) == f"the handler raised {wrong.__name__}"
