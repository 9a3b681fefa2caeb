"""The promise of the throttle: the server never refuses, and next to nothing is left unused."""

from __future__ import annotations

from functools import partial
from random import Random

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aioemnify.transport.clock import LoopClock
from aioemnify.transport.limits import Limit, SlidingWindow, TokenBucket, Turnstile
from aioemnify.transport.throttle import Throttle
from tests.server_oracle import BucketOracle, WindowOracle
from tests.virtual_time import backend

TRANSIT = 0.35


async def _fleet(
    throttle: Throttle,
    clock: LoopClock,
    limits: tuple[Limit, ...],
    oracles: list[BucketOracle | WindowOracle],
    chance: Random,
    *,
    workers: int,
    until: float,
    delay: tuple[float, float] = (0.002, 0.2),
    idle: tuple[float, float] = (0.0, 0.0),
    connecting: tuple[float, float] = (0.0, 0.0),
    cancelled: float = 0.0,
) -> None:
    """Keep ``workers`` tasks calling through the throttle, over a network of random delays."""

    async def call() -> None:
        grant = await throttle.admit(limits)
        try:
            await clock.sleep(chance.uniform(*connecting))
            grant.departed()
            both_ways, share = chance.uniform(*delay), chance.random()
            await clock.sleep(both_ways * share)
            # Whatever the client does afterwards, the server judges each call once, on arrival.
            for oracle in oracles:
                oracle.arrive(clock.monotonic())
            await clock.sleep(both_ways * (1 - share))
            grant.arrived()
        finally:
            grant.end()

    async def worker() -> None:
        while clock.monotonic() < until:
            if idle[1]:
                await clock.sleep(chance.uniform(*idle))
            if chance.random() < cancelled:
                with anyio.move_on_after(chance.uniform(0.0, 0.3)):
                    await call()
            else:
                await call()

    async with anyio.create_task_group() as group:
        for _ in range(workers):
            group.start_soon(worker)


def _run(name: str, function: object) -> None:
    kind, options = backend(name)
    anyio.run(function, backend=kind, backend_options=options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["asyncio", "trio"])
@pytest.mark.parametrize(("rate", "burst"), [(10.0, 5.0), (100.0, 50.0)])
def test_a_saturated_bucket_is_used_up_and_never_overdrawn(name: str, rate: float, burst: float) -> None:
    seconds = 120.0 if rate < 50 else 12.0
    oracle = BucketOracle(rate, burst)

    async def main() -> None:
        clock = LoopClock()
        bucket = TokenBucket("row", rate=rate, burst=burst, transit=TRANSIT)
        await _fleet(
            Throttle(clock), clock, (bucket,), [oracle], Random(7), workers=int(4 * burst), until=seconds
        )

    _run(name, main)
    assert oracle.refused == []
    assert len([moment for moment in oracle.accepted if moment <= seconds]) >= 0.99 * rate * seconds


@pytest.mark.parametrize("name", ["asyncio", "trio"])
def test_bursts_after_idle_times_are_never_refused(name: str) -> None:
    oracle = BucketOracle(10.0, 5.0)

    async def main() -> None:
        clock = LoopClock()
        bucket = TokenBucket("row", rate=10.0, burst=5.0, transit=TRANSIT)
        await _fleet(
            Throttle(clock), clock, (bucket,), [oracle], Random(3), workers=12, until=200.0, idle=(0.05, 3.0)
        )

    _run(name, main)
    assert oracle.refused == []
    assert len(oracle.accepted) > 1000


@pytest.mark.parametrize("name", ["asyncio", "trio"])
def test_window_and_bucket_together_take_all_or_none(name: str) -> None:
    bucket_oracle, window_oracle = BucketOracle(10.0, 5.0), WindowOracle(200, 30.0)

    async def main() -> None:
        clock = LoopClock()
        limits = (
            TokenBucket("row", rate=10.0, burst=5.0, transit=TRANSIT),
            SlidingWindow("ip", count=200, seconds=30.0, transit=TRANSIT),
            Turnstile("connections", "connections", size=20),
        )
        await _fleet(
            Throttle(clock),
            clock,
            limits,
            [bucket_oracle, window_oracle],
            Random(11),
            workers=30,
            until=150.0,
        )

    _run(name, main)
    assert bucket_oracle.refused == [] and window_oracle.refused == []
    # 200 in any 30 s over 150 s: five windows' worth, less what a window loses to delays.
    assert len([moment for moment in window_oracle.accepted if moment <= 150.0]) >= 985


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    rate=st.sampled_from([1.0, 3.0, 10.0, 100.0]),
    burst=st.sampled_from([1.0, 2.0, 5.0, 50.0]),
    slowest=st.sampled_from([0.01, 0.2, 0.34]),
    connecting=st.sampled_from([0.0, 0.4, 3.0]),
    workers=st.integers(1, 40),
    cancelled=st.sampled_from([0.0, 0.3]),
)
def test_no_delay_and_no_cancellation_makes_the_server_refuse(
    seed: int, rate: float, burst: float, slowest: float, connecting: float, workers: int, cancelled: float
) -> None:
    bucket_oracle, window_oracle = BucketOracle(rate, burst), WindowOracle(25, 10.0)
    queued: list[int] = []

    async def main() -> None:
        clock = LoopClock()
        limits = (
            TokenBucket("row", rate=rate, burst=burst, transit=TRANSIT),
            SlidingWindow("ip", count=25, seconds=10.0, transit=TRANSIT),
            Turnstile("connections", "connections", size=20),
        )
        throttle = Throttle(clock)
        await _fleet(
            throttle,
            clock,
            limits,
            [bucket_oracle, window_oracle],
            Random(seed),
            workers=workers,
            until=30.0,
            delay=(0.0, slowest),
            connecting=(0.0, connecting),
            cancelled=cancelled,
        )
        queued.append(throttle.snapshot([]).queued)

    _run("asyncio", main)
    assert bucket_oracle.refused == [] and window_oracle.refused == []
    assert queued == [0]
    if not cancelled and not connecting:
        assert len(window_oracle.accepted) >= min(25, int(rate * 5))


def test_one_organisations_full_row_does_not_hold_up_another_row() -> None:
    moments: dict[str, list[float]] = {"slow": [], "fast": []}

    async def main() -> None:
        clock = LoopClock()
        throttle = Throttle(clock)
        shared = SlidingWindow("ip", count=2000, seconds=300.0, transit=TRANSIT)
        rows = {
            "slow": TokenBucket("slow", rate=1.0, burst=1.0, transit=TRANSIT),
            "fast": TokenBucket("fast", rate=100.0, burst=50.0, transit=TRANSIT),
        }

        async def call(row: str) -> None:
            grant = await throttle.admit((rows[row], shared))
            moments[row].append(clock.monotonic())
            grant.departed()
            grant.arrived()
            grant.end()

        async with anyio.create_task_group() as group:
            for row in ["slow"] * 10 + ["fast"] * 40:
                group.start_soon(partial(call, row))

    _run("asyncio", main)
    assert max(moments["fast"]) == 0.0
    assert max(moments["slow"]) == pytest.approx(9.0, abs=0.01)
