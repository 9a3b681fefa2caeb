"""Following events: no gap and no repeat, whatever arrives late, fails or is stopped."""

from __future__ import annotations

import json
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import Emnify
from aioemnify.clock import SimulatedClock
from aioemnify.errors import ArgumentError, PermissionDeniedError
from aioemnify.models import Event, EventType
from aioemnify.resources.bodies import EndpointBulkUpdateItemDict
from aioemnify.simulator import Answer, CloseBefore, Delay, DropAfter, MalformedBody, Simulator
from tests.polling.simulated import START, client, simulator
from tests.scripted_api import ScriptedApi

pytestmark = pytest.mark.anyio

LATENESS = 60.0


async def produce(emnify: Emnify, events: int, *, at_once: int, seed: int = 1) -> None:
    """Enable and disable endpoints, which makes an event each, up to some at the same moment."""
    chance = random.Random(seed)
    endpoints = [endpoint.id for endpoint in await emnify.endpoints.list(filter={"status": 0})]
    status, made = 1, 0
    while made < events:
        few = endpoints[: min(chance.randint(1, at_once), events - made)]
        body: list[EndpointBulkUpdateItemDict] = [{"id": one, "status": status} for one in few]
        await emnify.endpoints.update_bulk(body)
        back: list[EndpointBulkUpdateItemDict] = [
            {"id": one, "status": 1 - status} for one in few[: events - made - len(few)]
        ]
        if back:
            await emnify.endpoints.update_bulk(back)
        made += len(few) + len(back)
        await anyio.sleep(chance.uniform(0, 4))


async def all_events(emnify: Emnify) -> dict[int, Event]:
    """Return everything that happened, once all of it has arrived."""
    await anyio.sleep(2 * LATENESS)
    return {event.id: event async for event in emnify.events.sweep()}


def afflict(sim: Simulator) -> None:
    for effect in (
        Answer(status=503),
        Answer(status=429, headers={"Retry-After": "1500"}),
        DropAfter(),
        CloseBefore(),
        MalformedBody(),
    ):
        sim.faults.add(effect, operation="events.list", probability=0.05, burst=2)


class Consumer:
    """Follows events, and stops at random moments to continue from the stored position."""

    def __init__(self, emnify: Emnify, **options: Any) -> None:
        self.came: list[Event] = []
        self.longest = 0
        self._emnify = emnify
        self._options = {"lateness": LATENESS, "every": 10} | options
        self._chance = random.Random(2)

    async def follow_while(self, work: Awaitable[object]) -> None:
        """Follow until some work is done and all of its events had time to come."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._resume)
            await work
            before = -1
            while len(self.came) > before:  # the pauses after failures add up: 1,200 s were seen
                before = len(self.came)
                await anyio.sleep(20 * LATENESS)
            group.cancel_scope.cancel()

    async def _resume(self) -> None:
        follower = self._emnify.events.follow(**self._options)
        while True:
            event = await anext(follower)
            self.came.append(event)
            if self._chance.random() < 0.005:
                self.longest = max(self.longest, len(json.loads(follower.position)["seen"]))
                follower = self._emnify.events.follow(**self._options | {"since": follower.position})

    def repeats_and_gaps(self, expected: Mapping[int, Event]) -> tuple[int, int]:
        ids = [event.id for event in self.came]
        assert set(ids) <= expected.keys()
        return len(ids) - len(set(ids)), len(expected.keys() - set(ids))


async def test_ten_thousand_events_with_faults() -> None:
    """Late by up to a minute, in another order, with errors; the follower is stopped and resumed at times."""
    sim = simulator(event_delay_seconds=LATENESS, limits=None)
    afflict(sim)
    async with client(sim) as producer, client(sim) as emnify:
        await produce(producer, 5_000, at_once=60)
        consumer = Consumer(emnify, since=START - timedelta(days=1))
        await consumer.follow_while(produce(producer, 5_000, at_once=60, seed=2))
        sim.faults.clear()
        expected = await all_events(producer)
    assert consumer.repeats_and_gaps(expected) == (0, 0)
    assert len(expected) >= 10_000
    assert consumer.longest < 3_000


async def test_a_bound_that_does_not_hold_loses_events() -> None:
    """So the figure above can fail: events come up to five minutes late, and a minute is assumed."""
    sim = simulator(event_delay_seconds=5 * LATENESS, limits=None)
    async with client(sim) as producer, client(sim) as emnify:
        consumer = Consumer(emnify)
        await consumer.follow_while(produce(producer, 600, at_once=5))
        expected = await all_events(producer)
    repeats, gaps = consumer.repeats_and_gaps(expected)
    assert repeats == 0
    assert gaps > 0


async def test_more_events_in_a_second_than_a_page_has() -> None:
    """A bulk change makes them all at the same moment."""
    sim = simulator(sims=3_000, event_delay_seconds=LATENESS, limits=None)
    async with client(sim) as producer, client(sim) as emnify:
        consumer = Consumer(emnify, since=START - timedelta(days=1), every=60)
        endpoints = [one.id async for one in producer.endpoints.list(filter={"status": 0})][:1_500]
        assert len(endpoints) == 1_500

        async def work() -> None:
            await anyio.sleep(100)
            await producer.endpoints.update_bulk([{"id": one, "status": 1} for one in endpoints])

        await consumer.follow_while(work())
        expected = await all_events(producer)
    assert consumer.repeats_and_gaps(expected) == (0, 0)
    assert len(expected) >= 1_500


class WrongClock(SimulatedClock):
    """A clock of a machine that does not know the time."""

    ahead: Callable[[], float]

    def wall(self) -> float:
        return super().wall() + self.ahead()


@pytest.mark.parametrize(
    "ahead",
    [
        lambda: 540.0,
        lambda: -540.0,
        lambda: random.Random(anyio.current_time() // 37).uniform(-540, 540),
    ],
    ids=["ahead", "behind", "jumps"],
)
async def test_from_now_on_with_a_clock_that_is_wrong(ahead: Callable[[], float]) -> None:
    sim = simulator(event_delay_seconds=LATENESS, limits=None)
    clock = WrongClock(sim.clock)
    clock.ahead = ahead
    async with client(sim) as producer, client(sim, clock=clock) as emnify:
        consumer = Consumer(emnify)
        await consumer.follow_while(produce(producer, 300, at_once=5))
        expected = await all_events(producer)
    assert consumer.repeats_and_gaps(expected) == (0, 0)
    assert len(expected) == 300


async def test_from_now_on_leaves_out_what_was_there() -> None:
    sim = simulator(limits=None)
    async with client(sim) as emnify:
        await produce(emnify, 50, at_once=5)
        await anyio.sleep(1)
        follower = emnify.events.follow(every=1)
        before = follower.position
        async with anyio.create_task_group() as group:
            group.start_soon(lambda: produce(emnify, 1, at_once=1, seed=2))
            with anyio.fail_after(60):
                event = await anext(follower)
        times = [one.timestamp async for one in emnify.events.list() if one.timestamp is not None]
        assert event.timestamp == max(times)
        # A position of before the first read begins with the present, too.
        with anyio.fail_after(60):
            again = await anext(emnify.events.follow(since=before))
        assert again.id == event.id


async def test_types_are_followed_alone() -> None:
    sim = simulator(limits=None)
    async with client(sim) as producer, client(sim) as emnify:
        consumer = Consumer(emnify, types=[EventType.ENDPOINT_DISABLED], since=START)
        many = Consumer(emnify, types=[43, *range(1, 9)], since=START)  # more than the filter takes
        async with anyio.create_task_group() as group:
            group.start_soon(consumer.follow_while, anyio.sleep(200))
            group.start_soon(many.follow_while, anyio.sleep(200))
            await produce(producer, 100, at_once=5)
        expected = await all_events(producer)
    disabled = {
        one: event for one, event in expected.items() if event.event_type == EventType.ENDPOINT_DISABLED
    }
    assert 0 < len(disabled) < len(expected)
    assert consumer.repeats_and_gaps(disabled) == (0, 0)
    logins = {one: event for one, event in expected.items() if event.event_type == EventType(id=7)}
    assert many.repeats_and_gaps(disabled | logins) == (0, 0)


async def test_one_call_a_read_when_little_happens() -> None:
    sim = simulator()
    async with client(sim) as emnify:
        follower = emnify.events.follow(every=60)
        with anyio.move_on_after(3_601):
            await anext(follower)
        reads = [one for one in sim.requests if one.operation == "events.list"]
    assert 59 <= len(reads) <= 61


async def test_the_watermark_moves_without_events() -> None:
    """Else a position would be too old after a silent month."""
    api = ScriptedApi([httpx.Response(200, json=[], headers={"X-Total-Count": "0"})])
    async with api.client() as emnify:
        follower = emnify.events.follow(every=86_400, lateness=60)
        with anyio.move_on_after(40 * 86_400):
            await anext(follower)
        position = follower.position
        emnify.events.follow(since=position)
    assert json.loads(position)["seen"] == []


async def test_a_cancelled_read_loses_nothing() -> None:
    sim = simulator(event_delay_seconds=LATENESS, limits=None)
    sim.faults.add(Delay(seconds=3), operation="events.list")
    came: list[Event] = []
    async with client(sim) as producer, client(sim) as emnify:
        follower = emnify.events.follow(since=START, lateness=LATENESS, every=1)
        async with anyio.create_task_group() as group:
            group.start_soon(lambda: produce(producer, 100, at_once=5))
            for number in range(200):
                with anyio.move_on_after(1 + number % 7):
                    while True:
                        came.append(await anext(follower))
        expected = await all_events(producer)
    ids = [event.id for event in came]
    assert len(ids) == len(set(ids)) and set(ids) == expected.keys()


async def test_an_error_that_does_not_pass_is_raised_and_the_follower_continues() -> None:
    sim = simulator()
    async with client(sim) as emnify:
        await produce(emnify, 1, at_once=1)
        follower = emnify.events.follow(since=START)
        sim.faults.add(Answer(status=403), operation="events.list", times=1)
        with pytest.raises(PermissionDeniedError):
            await anext(follower)
        with anyio.fail_after(1):
            assert (await anext(follower)).event_type == EventType.ENDPOINT_DISABLED


async def test_two_tasks_cannot_read_at_once() -> None:
    sim = simulator()
    async with client(sim) as emnify:
        follower = emnify.events.follow()
        async with anyio.create_task_group() as group:
            group.start_soon(anext, follower)
            await anyio.sleep(1)
            with pytest.raises(RuntimeError, match="another task"):
                await anext(follower)
            group.cancel_scope.cancel()


POSITION = '{"watermark":"2026-11-02T08:00:00+00:00","seen":[],"types":[43]}'


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"since": START.replace(tzinfo=None)}, "since takes a time with a zone"),
        ({"since": START - timedelta(days=31)}, "more than 30 days ago"),
        ({"since": datetime.max.replace(tzinfo=timezone(timedelta(hours=-9)))}, "more than 30 days ahead"),
        ({"since": datetime.min.replace(tzinfo=timezone(timedelta(hours=9)))}, "more than 30 days ago"),
        ({"since": POSITION.replace("2026-11", "9999-12"), "types": [43]}, "more than 30 days ahead"),
        ({"since": POSITION.replace("43", "43.5"), "types": [43]}, "takes a position of follow"),
        ({"since": POSITION.replace("[]", '"12"'), "types": [43]}, "takes a position of follow"),
        ({"since": POSITION}, r"the position of follow\(types=\[43\]\)"),
        ({"since": POSITION, "types": [8]}, r"the position of follow\(types=\[43\]\)"),
        ({"since": "yesterday"}, "takes a position of follow"),
        ({"since": '{"watermark": 1}'}, "takes a position of follow"),
        ({"since": "[" * 99_999}, "takes a position of follow"),
        ({"since": 5}, "takes a time, a position"),
        ({"types": []}, "is empty"),
        ({"types": ["on"]}, "types takes event types or their ids"),
        ({"types": 43}, "takes a sequence of event types"),
        ({"types": "43"}, "takes"),
        ({"lateness": 0}, "lateness takes a number of seconds above 0"),
        ({"every": 0}, "every takes a number of seconds above 0"),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_arguments_are_checked(arguments: dict[str, Any], message: str) -> None:
    async with client(simulator()) as emnify:
        with pytest.raises(ArgumentError, match=message):
            emnify.events.follow(**arguments)


async def test_a_position_is_text_that_a_program_can_store() -> None:
    sim = simulator()
    async with client(sim) as emnify:
        await produce(emnify, 1, at_once=1)
        follower = emnify.events.follow(since=START - timedelta(hours=1))
        with anyio.fail_after(1):
            event = await anext(follower)
        content = json.loads(follower.position)
        assert content["seen"] == [event.id]
        assert emnify.events.follow(since=follower.position).position == follower.position
        assert "2026-11-02 08:00:00 UTC" in repr(follower)
