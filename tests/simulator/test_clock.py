"""The simulated clock."""

from __future__ import annotations

from datetime import UTC, datetime

import anyio
import pytest

from aioemnify.simulator import Clock

START = datetime(2025, 3, 1, tzinfo=UTC)


class Source:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def source():
    return Source()


def test_it_follows_its_source(source):
    clock = Clock(source=source, start=START)
    assert (clock.monotonic(), clock.now()) == (0.0, START)
    source.now += 90
    assert clock.monotonic() == 90.0
    assert clock.wall() == START.timestamp() + 90


def test_freeze_advance_resume_scale(source):
    clock = Clock(source=source, start=START)
    clock.monotonic()
    source.now += 10
    clock.freeze()
    source.now += 500
    assert clock.frozen
    assert clock.monotonic() == 10.0
    clock.advance(5, minutes=1, days=1)
    assert clock.monotonic() == 10 + 5 + 60 + 86400
    clock.resume()
    source.now += 3
    assert clock.monotonic() == 10 + 5 + 60 + 86400 + 3
    before = clock.monotonic()
    clock.scale(60)
    source.now += 2
    assert clock.monotonic() == before + 120
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)


@pytest.mark.anyio
async def test_a_frozen_clock_jumps_over_sleep():
    clock = Clock.manual()
    await clock.sleep(3600)
    assert clock.monotonic() == 3600.0


@pytest.mark.anyio
async def test_a_running_clock_sleeps_in_simulated_seconds():
    clock = Clock(scale=1e6)
    started = clock.monotonic()
    await clock.sleep(1000)
    assert clock.monotonic() - started >= 999


def test_reset_goes_back_to_the_beginning(source):
    clock = Clock(source=source, start=START, scale=2)
    clock.monotonic()
    clock.freeze()
    clock.scale(60)
    clock.advance(hours=1)
    clock.reset()
    assert (clock.monotonic(), clock.now(), clock.frozen, clock.factor) == (0.0, START, False, 2.0)
    source.now += 1
    assert clock.monotonic() == 2.0
    assert Clock.manual().frozen


@pytest.mark.parametrize("factor", [0, -1, float("inf"), float("nan")])
def test_a_scale_that_is_none(factor):
    with pytest.raises(ValueError, match="above 0"):
        Clock().scale(factor)
    with pytest.raises(ValueError, match="above 0"):
        Clock(scale=factor)


@pytest.mark.parametrize("step", [float("inf"), float("nan"), 1e15])
def test_the_calendar_has_an_end(step):
    clock = Clock.manual()
    with pytest.raises(ValueError, match="year 9999|forward"):
        clock.advance(step)
    assert clock.monotonic() == 0.0


@pytest.mark.anyio
async def test_a_sleeper_wakes_when_somebody_moves_the_clock():
    clock = Clock()
    with anyio.fail_after(5):
        async with anyio.create_task_group() as group:
            group.start_soon(clock.sleep, 3600)
            await anyio.wait_all_tasks_blocked()
            clock.advance(hours=1)
    assert 3600 <= clock.monotonic() < 3605


def test_an_appointment_is_met_at_its_moment_however_late_somebody_looks(source):
    clock = Clock(source=source, start=START)
    clock.monotonic()
    seen = []

    def freeze():
        seen.append(clock.monotonic())
        clock.shift(frozen=True, scale=None, step=0)

    clock.call_at(30, freeze)
    source.now += 45
    assert clock.monotonic() == 30.0
    assert seen == [30.0]
    clock.resume()

    def hurry():
        clock.shift(frozen=None, scale=60, step=100)
        clock.call_at(150, freeze)

    clock.call_at(40, hurry)
    source.now += 10.5  # 10 seconds to the appointment, a jump of 100, and half a second at 60x: past 150
    assert clock.monotonic() == 150.0
    clock.call_at(160, lambda: seen.append(clock.monotonic()))
    clock.advance(20)
    assert (clock.monotonic(), seen) == (170.0, [30.0, 150.0, 160.0])


def test_a_restart_continues_the_calendar():
    clock = Clock(start=START)
    clock.advance(days=3)
    again = Clock()
    again.restore(clock.dump())
    assert abs(again.wall() - clock.wall()) < 1
    clock.freeze()
    again.restore(clock.dump())
    assert again.frozen
    assert again.wall() == pytest.approx(clock.wall())
