"""From which latency on something other than the rate decides how many calls get through."""

from __future__ import annotations

from aioemnify.options import Throttling
from benchmarks.cases import Effort, Report, at_least
from benchmarks.server_model import Server
from benchmarks.throttling.rows import CONNECTIONS, FAST, SLOW, WINDOW, Limits
from benchmarks.throttling.saturation import saturate

WITHOUT_CAP = 10_000
NEARLY = 0.995
"""The part of the documented rate that counts as all of it."""

NETWORK = 0.05
"""Seconds of a call's latency that are spent on the way; the server thinks for the rest."""


def binding(report: Report, effort: Effort) -> None:
    """Find, by trying, the latency from which on a full row no longer gets its rate."""
    steps = effort.pick(9, 1)
    for name, limits, rate in (
        ("row 10/5", Limits(row=SLOW), SLOW[0]),
        ("row 100/50", Limits(row=FAST), FAST[0]),
        ("window", Limits(window=WINDOW), WINDOW[0] / WINDOW[1]),
    ):
        computed = CONNECTIONS / rate
        if limits.row is None:
            # A window lets all of its calls go at once: the cap only decides how fast they go.
            report.add(f"{name}: cap of {CONNECTIONS} connections binds from", computed, "s", note="computed")
            continue
        found = _search(limits, rate, Throttling(), CONNECTIONS, computed, steps)
        note = f"{CONNECTIONS} / rate = {computed:g} s"
        report.add(f"{name}: cap of {CONNECTIONS} connections binds from", found, "s", note=note)
        burst = limits.row[1]
        computed = (burst - 1) / rate
        # The longest transit time there is, so that nothing counts as arrived before its answer.
        found = _search(limits, rate, Throttling(transit=60.0), WITHOUT_CAP, computed, steps)
        note = f"(burst - 1) / rate = {computed:g} s, were calls in flight counted until their answer"
        report.add(f"{name}: burst binds from", found, "s", note=note)
        share = 100.0 * _share(limits, rate, Throttling(), WITHOUT_CAP, 4 * computed)
        note = f"at {4 * computed:g} s latency, no cap: after 0.35 s on its way a call has arrived"
        report.add(f"{name}: used with the transit time as it is", share, "%", goal=at_least(99.5), note=note)


def _share(limits: Limits, rate: float, throttling: Throttling, connections: int, latency: float) -> float:
    """Return the part of the rate that gets through once all are under way."""
    begin = 4 * latency + 2.0
    end = begin + 20 * latency + 10.0
    server: Server = saturate(
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
    limits: Limits, rate: float, throttling: Throttling, connections: int, around: float, steps: int
) -> float:
    low, high = around / 2, around * 2
    for _ in range(steps):
        middle = (low * high) ** 0.5
        if _share(limits, rate, throttling, connections, middle) >= NEARLY:
            low = middle
        else:
            high = middle
    return high
