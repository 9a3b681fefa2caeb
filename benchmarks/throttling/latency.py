"""The latency above which something other than the rate decides how many calls get through."""

from __future__ import annotations

from aioemnify import Throttling
from benchmarks.cases import Effort, Report, at_least
from benchmarks.rate_limits import CONNECTIONS, FAST, SLOW, WINDOW, Limits
from benchmarks.throttling.saturation import saturate

NO_CAP = 10_000
NEARLY_ALL = 0.995
"""The part of the documented rate that counts as all of it."""

NETWORK = 0.05
"""Seconds of the latency that are spent on the network; the rest is the server's."""


def latency(report: Report, effort: Effort) -> None:
    """Search for the latency above which a saturated row no longer reaches its rate."""
    steps = effort.pick(9, 1)
    for name, (rate, burst) in (("row 10/5", SLOW), ("row 100/50", FAST)):
        computed = CONNECTIONS / rate
        found = _search((rate, burst), Throttling(), CONNECTIONS, computed, steps)
        note = f"{CONNECTIONS} / rate = {computed:g} s"
        report.add(f"{name}: {CONNECTIONS} connections limit the rate from", found, "s", note=note)
        computed = (burst - 1) / rate
        # The longest transit time there is, so that no call counts as arrived before its response.
        found = _search((rate, burst), Throttling(transit=60.0), NO_CAP, computed, steps)
        note = f"(burst - 1) / rate = {computed:g} s, if calls counted as in flight until their response"
        report.add(f"{name}: the burst limits the rate from", found, "s", note=note)
        share = 100.0 * _share((rate, burst), Throttling(), NO_CAP, 4 * computed)
        note = f"{4 * computed:g} s latency, no cap: after 0.35 s in transit a call counts as arrived"
        report.add(f"{name}: used with the default transit time", share, "%", goal=at_least(99.5), note=note)
    # A window admits all of its calls at once: the cap only decides how fast they go.
    computed = CONNECTIONS * WINDOW[1] / WINDOW[0]
    report.add(f"window: {CONNECTIONS} connections limit the rate from", computed, "s", note="computed")


def _share(row: tuple[float, float], throttling: Throttling, connections: int, latency: float) -> float:
    """Return the part of the rate that is reached, after the start."""
    begin = 4 * latency + 2.0
    end = begin + 20 * latency + 10.0
    limits, (rate, _) = Limits(row=row), row
    server = saturate(
        limits,
        limits.of_server(),
        end,
        1,
        callers=int(8 * rate * max(latency, 0.5)),
        throttling=throttling,
        connections=connections,
        delay=(NETWORK, NETWORK),
        thinking=latency - NETWORK,
    )
    return (server.accepted_by(end) - server.accepted_by(begin)) / (rate * (end - begin))


def _search(
    row: tuple[float, float], throttling: Throttling, connections: int, around: float, steps: int
) -> float:
    low, high = around / 2, around * 2
    for _ in range(steps):
        middle = (low * high) ** 0.5
        if _share(row, throttling, connections, middle) >= NEARLY_ALL:
            low = middle
        else:
            high = middle
    return high
