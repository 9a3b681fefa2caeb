"""Processes that share a budget lose their store, and get it back."""

from __future__ import annotations

import time

from benchmarks.cases import Effort, Report, exactly
from benchmarks.rate_limits import SLOW
from benchmarks.server_model import Server, TokenBucket
from benchmarks.throttling import redis_server
from benchmarks.throttling.shared_budget import worker_processes


def redis_loss(report: Report, effort: Effort) -> None:
    """Kill Redis during a run and start it again, empty."""
    seconds, kill_after, start_after = effort.pick((40.0, 12.0, 24.0), (7.0, 1.0, 3.5))
    with (
        redis_server.running() as server,
        worker_processes(server.url, seconds, [SLOW]) as processes,
    ):
        time.sleep(max(0.0, processes.start + kill_after - time.monotonic()))
        server.kill()
        killed = time.monotonic()
        time.sleep(max(0.0, processes.start + start_after - time.monotonic()))
        server.start()
        started = time.monotonic()
        outcome = processes.outcome()
    judge = Server(TokenBucket(*SLOW))
    judge.replay(outcome.arrivals(0))
    sent = outcome.sent
    report.add("refused", len(judge.refused), goal=exactly(0), note=f"of {len(sent)} calls")
    phases = [("with the store", outcome.start + 1, killed)]
    logs = [one["logged"] for one in outcome.reports]
    if all(len(log) == 2 for log in logs):
        # Each process logs when it goes on with its share, and when it shares through the store again.
        alone, shared = (sorted(log[place] for log in logs) for place in (0, 1))
        report.add("from the loss until the first process uses its share", alone[0] - killed, "s")
        report.add("from the return until all share again", shared[-1] - started, "s")
        phases += [
            ("without the store", alone[-1] + 0.5, started),
            ("while all return to the store", started, shared[-1]),
            ("with the store again", shared[-1], outcome.start + seconds),
        ]
    for name, begin, end in phases:
        rate = sum(begin <= moment < end for moment in sent) / max(1e-9, end - begin)
        report.add(f"calls a second {name}", rate, "/s", note=f"over {end - begin:.1f} s, of 10/s")
    report.add("lines that a process logged", max(map(len, logs)), goal=exactly(2))
