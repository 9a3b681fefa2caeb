"""Following events: no gap and no repeat, whatever arrives late, fails or is stopped."""

from __future__ import annotations

import json
import random
from collections.abc import Awaitable, Mapping
from datetime import timedelta
from typing import Any

import anyio
import pytest

from aioemnify import Emnify
from aioemnify.models import Event
from aioemnify.resources.bodies import EndpointBulkUpdateItemDict
from aioemnify.simulator import Answer, CloseBefore, DropAfter, MalformedBody, Simulator
from tests.polling.simulated import START, client, simulator

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
