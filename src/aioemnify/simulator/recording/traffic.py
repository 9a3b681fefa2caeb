"""The requests of each second of real time, by limit and outcome: what the page draws as a chart."""

from __future__ import annotations

import math
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from attrs import define, field

from aioemnify.simulator.recording.journal import RequestRecord

KEPT_SECONDS = 300


@define
class _Second:
    """The requests that ended in one second.

    Attributes:
        second: whole monotonic seconds of real time.
        counts: requests by the id of the limit that counts them, and by outcome.
        faults: requests with an injected fault.
    """

    second: int
    counts: Counter[tuple[str | None, str]] = field(factory=Counter)
    faults: int = 0


class Traffic:
    """Count the requests that end in each second, for the last :data:`KEPT_SECONDS` seconds.

    Real time, because the simulated clock can stand still or jump by days.

    Args:
        now: returns monotonic seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seconds: deque[_Second] = deque(maxlen=KEPT_SECONDS)

    def count(self, record: RequestRecord) -> None:
        """Count a request that ended now."""
        second = math.floor(self._now())
        if not self._seconds or self._seconds[-1].second != second:
            self._seconds.append(_Second(second))
        current = self._seconds[-1]
        current.counts[record.limit or record.refused_by, record.outcome] += 1
        current.faults += bool(record.fault)

    def since(self, second: int) -> dict[str, Any]:
        """Return the present time and the requests of each second from ``second`` on, as JSON values."""
        now = self._now()
        first = max(second, math.floor(now) - KEPT_SECONDS)
        seconds = [each for each in list(self._seconds) if each.second >= first]
        return {"now": now, "seconds": [_second_view(each) for each in seconds]}


def _second_view(each: _Second) -> dict[str, Any]:
    counts = [
        {"limit": limit, "outcome": outcome, "count": count}
        for (limit, outcome), count in list(each.counts.items())
    ]
    return {"second": each.second, "faults": each.faults, "counts": counts}
