"""The usage of an organisation: a pure function of its fleet and the day.

The usage of a day is random but fixed; hours are shares of it, and a month is the sum of its days. So
hours, days and months always agree, and nothing is stored. Volumes are whole bytes and whole messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Self

from attrs import frozen

from aioemnify.simulator.platform.dates import DAY_SECONDS, HOUR_SECONDS
from aioemnify.simulator.state.fleet import Fleet, mix

FIRST_DAY = 18_262
"""2020-01-01, in days since 1970; there is no usage before."""


@frozen
class Traffic:
    """Bytes from and to devices, and messages from (``mo``) and to (``mt``) them."""

    up: int = 0
    down: int = 0
    mo: int = 0
    mt: int = 0

    @classmethod
    def total(cls, parts: Sequence[Traffic]) -> Self:
        """Return the sum of all parts."""
        return cls(
            sum(part.up for part in parts),
            sum(part.down for part in parts),
            sum(part.mo for part in parts),
            sum(part.mt for part in parts),
        )


def day_traffic(fleet: Fleet, day: int, wall: float) -> Traffic:
    """Return the usage of a day in its complete hours."""
    if day < FIRST_DAY or not fleet.devices:
        return Traffic()
    if (day + 1) * DAY_SECONDS <= wall:
        return _whole_day(fleet, day)
    return Traffic.total(hour_traffic(fleet, day, wall))


def hour_traffic(fleet: Fleet, day: int, wall: float) -> list[Traffic]:
    """Return the usage of each complete hour of a day."""
    over = min(24, max(0, int((wall - day * DAY_SECONDS) // HOUR_SECONDS)))
    if day < FIRST_DAY or not fleet.devices or not over:
        return [Traffic()] * over
    whole = _whole_day(fleet, day)
    shares = [0, *accumulate(1 + mix(fleet.seed ^ 0xC10C, day * 24 + hour) % 9 for hour in range(24))]
    return [
        Traffic(*(_share(volume, start, stop, shares[-1]) for volume in _volumes(whole)))
        for start, stop in list(pairwise(shares))[:over]
    ]


def _share(volume: int, start: int, stop: int, whole: int) -> int:
    # A difference of two rounded sums, so that rounding never loses anything.
    return volume * stop // whole - volume * start // whole


def _volumes(traffic: Traffic) -> tuple[int, int, int, int]:
    return traffic.up, traffic.down, traffic.mo, traffic.mt


def _whole_day(fleet: Fleet, day: int) -> Traffic:
    bits, devices = mix(fleet.seed ^ 0xDA7A, day), fleet.devices
    return Traffic(
        up=devices * (100_000 + bits % 400_000),
        down=devices * (200_000 + (bits >> 20) % 1_500_000),
        mo=devices * ((bits >> 42) % 100) // 400,
        mt=devices * ((bits >> 50) % 100) // 250,
    )
