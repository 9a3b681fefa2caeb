"""What becomes of processes that share a budget when their store is lost, and when it comes back."""

from __future__ import annotations

import time

from benchmarks.cases import Effort, Report, exactly
from benchmarks.server_model import Refill, Server
from benchmarks.throttling import redis_server
from benchmarks.throttling.rows import SLOW
from benchmarks.throttling.sharing import Fleet, Outcome


def killed(report: Report, effort: Effort) -> None:
    """Kill Redis in mid-run, start it again empty, and follow what the processes do."""
    lasts, killed_after, back_after = effort.pick((40.0, 12.0, 24.0), (7.0, 1.0, 3.5))
    with redis_server.running() as server:
        fleet = Fleet(server.url, lasts, [SLOW])
        time.sleep(max(0.0, fleet.start + killed_after - time.monotonic()))
        server.kill()
        lost_at = time.monotonic()
        time.sleep(max(0.0, fleet.start + back_after - time.monotonic()))
        server.start()
        back_at = time.monotonic()
        outcome = fleet.outcome()
    judge = Server(Refill(*SLOW))
    judge.replay(outcome.arrivals(0))
    report.add("refused", len(judge.refused), goal=exactly(0), note=f"of {outcome.granted} calls")
    share_at, shared_at = _moments(outcome, "store: lost"), _moments(outcome, "store: back")
    moments = sorted(moment for one in outcome.reports for moment in one["granted"])
    phases = [("with the store", outcome.start + 1, lost_at)]
    if share_at and shared_at:
        report.add("from the loss to the first share", share_at[0] - lost_at, "s")
        report.add("from its return until all share again", shared_at[-1] - back_at, "s")
        phases += [
            ("without it, each its share", share_at[-1] + 0.5, back_at),
            ("while all come back", back_at, shared_at[-1]),
            ("with the store again", shared_at[-1], outcome.start + lasts),
        ]
    for name, begin, end in phases:
        rate = sum(begin <= moment < end for moment in moments) / max(1e-9, end - begin)
        report.add(f"granted a second {name}", rate, "/s", note=f"over {end - begin:.1f} s, of 10/s")
    report.add("lines logged by each process", max(map(len, outcome.logs)), goal=exactly(2))
    report.log(_timeline(outcome, judge, lost_at, back_at))


def _moments(outcome: Outcome, text: str) -> list[float]:
    return sorted(moment for log in outcome.logs for moment, line in log if line.startswith(text))


def _timeline(outcome: Outcome, judge: Server, lost_at: float, back_at: float) -> list[str]:
    """Return each second's grants and refusals, and what happened, in the order of time."""
    lines: list[tuple[float, str]] = [
        (lost_at - outcome.start, "--- redis-server killed"),
        (back_at - outcome.start, "--- redis-server started again, empty"),
    ]
    for me, log in enumerate(outcome.logs):
        lines += [(moment - outcome.start, f"process {me}: {text}") for moment, text in log]
    moments = [moment - outcome.start for one in outcome.reports for moment in one["granted"]]
    refused = [moment - outcome.start for moment in judge.refused]
    for second in range(int(outcome.seconds)):
        granted = sum(second <= moment < second + 1 for moment in moments)
        bad = sum(second <= moment < second + 1 for moment in refused)
        state = _state(outcome, second + 1 + outcome.start, lost_at)
        lines.append((second + 1, f"{state:<22} granted {granted:>3}  refused {bad}"))
    return [f"{at:7.3f} s  {text}" for at, text in sorted(lines)]


def _state(outcome: Outcome, moment: float, lost_at: float) -> str:
    """Return what the processes were doing, by what they had logged by then."""
    lost = sum(at <= moment for at in _moments(outcome, "store: lost"))
    back = sum(at <= moment for at in _moments(outcome, "store: back"))
    if moment < lost_at or back == len(outcome.logs):
        return "sharing"
    if not lost:
        return "places already booked"
    return "each its share" if not back else f"coming back ({back} are)"
