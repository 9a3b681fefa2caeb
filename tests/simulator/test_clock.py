"""The simulated clock."""

from __future__ import annotations

from datetime import UTC, datetime

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
