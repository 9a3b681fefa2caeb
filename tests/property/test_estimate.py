"""An estimate is the time that then passes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import ceil
from random import Random

import anyio
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify import Throttling
from aioemnify.clock import LoopClock
from aioemnify.options import Priority
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import SlidingWindow
from tests.property.network import Call, make, make_all, run
from tests.property.storm import PRIORITIES
from tests.property.tally import BACKENDS, examples, tell
from tests.scripted_api import ScriptedApi

SAME = 0.003
"""Seconds: each place comes some microseconds after the very edge, and hundreds of them add up."""


@dataclass(frozen=True)
class Job:
    """What is drawn for one case: the limits, what was used before, who waits already, how many come."""

    seed: int
    row: tuple[float, float] | None
    windows: list[tuple[int, float]]
    before: int
    queued: list[Priority]
    calls: int
    priority: Priority
    pause: float


jobs = st.builds(
    Job,
    seed=st.integers(0, 2**32),
    row=st.none() | st.tuples(st.sampled_from([1.0, 3.0, 10.0, 100.0]), st.sampled_from([1.0, 4.0, 50.0])),
    windows=st.lists(st.tuples(st.integers(3, 30), st.sampled_from([2.0, 7.5])), min_size=1, max_size=1),
    before=st.integers(0, 20),
    queued=st.lists(st.sampled_from(PRIORITIES), max_size=12),
    calls=st.integers(1, 150),
    priority=st.sampled_from(PRIORITIES),
    pause=st.sampled_from([0.0, 0.0, 0.4, 5.0]),
)


@pytest.mark.parametrize("name", BACKENDS)
@examples(100)
@given(job=jobs)
def test_without_delays_it_is_exact(name: str, job: Job) -> None:
    """Whatever was used, is paused or waits already, with its priority.

    Without a floor: what lower priorities get of it meanwhile cannot be known before.
    """
    chance, results = Random(job.seed), []

    async def main() -> None:
        clock = LoopClock()
        throttle = Limiter(clock, floor=0.0)
        limits: tuple[Limit, ...] = tuple(
            SlidingWindow(f"window {n}", count=count, seconds=seconds, transit=0.35)
            for n, (count, seconds) in enumerate(job.windows)
        )
        if job.row is not None:
            limits = (TokenBucket("row", rate=job.row[0], burst=job.row[1], transit=0.35), *limits)
        for _ in range(job.before):
            await clock.sleep(chance.choice([0.0, chance.random()]))
            await make(Call(limits), throttle, clock)
        if job.pause:
            chance.choice(limits).pause(clock.monotonic(), clock.monotonic() + job.pause)
        queued = [Call(limits, priority=priority) for priority in job.queued]
        ours = [Call(limits, priority=job.priority) for _ in range(job.calls)]
        async with anyio.create_task_group() as group:
            group.start_soon(make_all, queued, throttle, clock)
            while any(call.asked_at is None for call in queued):
                await anyio.lowlevel.checkpoint()
            began = clock.monotonic()
            told, _ = throttle.forecast(limits, job.calls, job.priority, None)
            await make_all(ours, throttle, clock)
            results.append((told, clock.monotonic() - began))

    run(name, main)
    ((told, took),) = results
    tell("8 estimates, no delays", name, calls=job.calls, refusals=0)
    assert took == pytest.approx(told, abs=SAME)


@pytest.mark.parametrize("name", BACKENDS)
@examples(60)
@given(calls=st.integers(1, 80), size=st.integers(1, 9), exchange=st.sampled_from([0.05, 0.4, 2.0]))
def test_where_exchanges_decide_it_is_off_by_less_than_one(
    name: str, calls: int, size: int, exchange: float
) -> None:
    """Serial lanes are exact; of several connections the last round may be half empty."""
    results = []

    async def main() -> None:
        clock = LoopClock()
        throttle, limits = Limiter(clock), (ConcurrencyLimit("lane", "lane", size=size),)
        told, _ = throttle.forecast(limits, calls, "normal", exchange)
        began = clock.monotonic()
        await make_all([Call(limits, there=exchange) for _ in range(calls)], throttle, clock)
        results.append((told, clock.monotonic() - began))

    run(name, main)
    ((told, took),) = results
    tell("8 estimates, exchanges decide", name, calls=calls, refusals=0)
    assert took == pytest.approx(ceil(calls / size) * exchange)
    assert -1e-6 <= took - told < exchange
    if size == 1:
        assert took == pytest.approx(told)


@pytest.mark.parametrize("name", BACKENDS)
@examples(12)
@given(
    rate=st.sampled_from([2.0, 10.0, 50.0]),
    burst=st.sampled_from([1.0, 5.0, 20.0]),
    before=st.integers(1, 30),
    idle=st.sampled_from([0.0, 0.3, 10.0]),
    calls=st.integers(1, 150),
)
def test_a_client_keeps_the_time_it_tells(
    name: str, rate: float, burst: float, before: int, idle: float, calls: int
) -> None:
    results = []

    async def main() -> None:
        api = ScriptedApi([httpx.Response(200, json=[])])
        settings = Throttling(overrides={7: {"get_sim": (rate, burst)}})
        async with api.client(throttling=settings) as emnify:
            get = partial(emnify.request, "GET", "/api/v1/sim")
            for _ in range(before):
                await get()
            await api.clock.sleep(idle)
            began = api.clock.monotonic()
            told = emnify.throttle.estimate("sims.list", calls)
            async with anyio.create_task_group() as group:
                for _ in range(calls):
                    group.start_soon(get)
            results.append((told, api.clock.monotonic() - began, emnify.throttle.snapshot().refused))

    run(name, main)
    ((told, took, refused),) = results
    tell("8 estimates of a client", name, calls=calls, refusals=refused)
    assert took == pytest.approx(told.seconds, abs=SAME) and refused == 0
