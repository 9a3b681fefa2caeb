"""How much of the limits a client uses, and whether the server ever refuses a call; in virtual time."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Any, Literal

from aioemnify import Throttling
from benchmarks import virtual_time
from benchmarks.cases import Effort, Report, at_least, at_most, exactly
from benchmarks.rate_limits import FAST, SLOW, WINDOW, Limits
from benchmarks.server_model import Rule, Server, TickingBucket, TokenBucket
from benchmarks.throttling.modelled_client import ModelledClient, together


def saturate(
    limits: Limits,
    rules: list[Rule],
    seconds: float,
    seed: int,
    *,
    callers: int,
    throttling: Throttling | None = None,
    **options: Any,
) -> Server:
    """Send as many calls as the limits allow; return the server. ``options`` are those of the client."""
    server = Server(*rules)

    async def main() -> None:
        client = ModelledClient(server, limits, Random(seed), throttling, **options)
        await client.saturate(callers, seconds)

    virtual_time.run(main)
    return server


def saturated(report: Report, effort: Effort) -> None:
    """Saturate the limits over a network with a random delay of 2 to 200 ms."""
    seeds = effort.pick(5, 1)
    rows, windows = effort.pick((600.0, 1800.0), (10.0, 10.0))
    for name, limits, seconds, callers in (
        ("row 10/s, burst 5", Limits(row=SLOW), rows, 40),
        ("row 100/s, burst 50", Limits(row=FAST), rows, 100),
        ("window 2,000 in 300 s", Limits(window=WINDOW), windows, 40),
        ("row 10/5 and window", Limits(row=SLOW, window=WINDOW), windows, 40),
        ("row 100/50 and window", Limits(row=FAST, window=WINDOW), windows, 100),
    ):
        servers = [
            saturate(limits, limits.of_server(), seconds, seed, callers=callers) for seed in range(seeds)
        ]
        used = min(server.accepted_by(seconds) for server in servers) / limits.bound(seconds)
        refused = sum(len(server.refused) for server in servers)
        note = f"the least of {seeds} runs of {seconds:,.0f} s"
        report.add(f"{name}: used", 100.0 * used, "%", goal=at_least(99.9), note=note)
        note = f"of {sum(len(server.accepted) for server in servers):,} calls"
        report.add(f"{name}: refused", refused, goal=exactly(0), note=note)


BURST, IDLE = 30, (0.05, 3.0)


def bursty(report: Report, effort: Effort) -> None:
    """Send 30 calls at once, be idle for 0.05 to 3 s, repeatedly; compare with a client without a margin."""
    seconds, seeds = effort.pick((1200.0, 5), (20.0, 1))
    limits = Limits(row=SLOW)

    def run(throttling: Throttling, seed: int) -> Server:
        server = Server(*limits.of_server())

        async def main() -> None:
            client = ModelledClient(server, limits, Random(seed), throttling, connections=BURST, retry=False)
            await client.in_bursts(BURST, IDLE, seconds)

        virtual_time.run(main)
        return server

    def sent_and_refused(throttling: Throttling) -> tuple[int, int]:
        servers = [run(throttling, seed) for seed in range(seeds)]
        refused = sum(len(server.refused) for server in servers)
        return refused + sum(len(server.accepted) for server in servers), refused

    # All calls of the client without a margin count as sent, the refused ones too.
    most, refused = sent_and_refused(Throttling(jitter=0.0))
    share = 100.0 * refused / most
    report.add("without a margin: refused", share, "%", note=f"{refused:,} of {most:,} calls")
    for name, jitter, goal in (("default", None, at_least(97)), ("margin of 0.2 s", 0.2, None)):
        sent, refused = sent_and_refused(Throttling(jitter=jitter))
        note = f"{sent:,} calls, {seeds} runs of {seconds:,.0f} s"
        what = f"{name}: sent, relative to no margin"
        report.add(what, 100.0 * sent / most, "%", goal=goal, note=note)
        report.add(f"{name}: refused", refused, goal=exactly(0))


def readings(report: Report, effort: Effort) -> None:
    """Saturate a 10/5 row under each of its readings, at a server that enforces that reading."""
    seconds, seeds = effort.pick((600.0, 3), (10.0, 1))
    (rate, burst), limits = SLOW, Limits(row=SLOW)
    known: list[tuple[Literal["refill", "ticks"], float]] = [
        ("refill", rate * seconds + burst),
        ("ticks", burst * seconds),
    ]
    for reading, bound in known:
        for jitter in (None, 0.2):
            used, refused = [], 0
            for seed in range(seeds):
                phase = Random(seed).random()
                rule = TokenBucket(*SLOW) if reading == "refill" else TickingBucket(*SLOW, phase)
                throttling = Throttling(reading=reading, jitter=jitter)
                server = saturate(limits, [rule], seconds, seed, callers=40, throttling=throttling)
                used.append(100.0 * server.accepted_by(seconds) / bound)
                refused += len(server.refused)
            margin = "" if jitter is None else f", margin {jitter:g} s"
            goal = at_least(99.9) if jitter is None and reading == "refill" else None
            report.add(f"{reading}{margin}: used", min(used), "%", goal=goal)
            report.add(f"{reading}{margin}: refused", refused, goal=exactly(0))


def uncoordinated(report: Report, effort: Effort) -> None:
    """Let clients without a common store use one 10/5 row; each adapts to refusals."""
    seconds, seeds = effort.pick((300.0, 10), (20.0, 1))
    limits = Limits(row=SLOW)

    def run(clients: int, seed: int) -> tuple[Server, list[int]]:
        server = Server(*limits.of_server())
        counts: list[int] = []

        async def main() -> None:
            rng = Random(seed)
            group = [ModelledClient(server, limits, rng) for _ in range(clients)]
            await together([partial(client.saturate, 20, seconds) for client in group])
            counts.extend(client.accepted for client in group)

        virtual_time.run(main)
        return server, counts

    for clients, goal in ((2, at_most(2.5)), (4, None)):
        runs = [run(clients, seed) for seed in range(seeds)]
        shares = [server.refused_share for server, _ in runs]
        used = [100.0 * server.accepted_by(seconds) / limits.bound(seconds) for server, _ in runs]
        fairness = min(min(counts) / max(counts) for _, counts in runs)
        note = f"mean of {seeds} runs of {seconds:,.0f} s; the highest {max(shares):.2f} %"
        report.add(f"{clients} clients: refused", sum(shares) / seeds, "%", goal=goal, note=note)
        note = f"the least {min(used):.2f} %"
        report.add(f"{clients} clients: used", sum(used) / seeds, "%", note=note)
        note = "calls of the slowest client relative to the fastest"
        report.add(f"{clients} clients: fairness", fairness, note=note)
