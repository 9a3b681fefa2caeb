"""How much of the limits a client gets through, and whether the server ever refuses."""

from __future__ import annotations

from functools import partial
from random import Random

from aioemnify.clock import LoopClock
from aioemnify.options import Reading, Throttling
from benchmarks import virtual_time
from benchmarks.cases import Effort, Report, at_least, at_most, exactly
from benchmarks.server_model import Log, Refill, Rule, Server, Ticks
from benchmarks.throttling.rows import DELAY, FAST, SLOW, WINDOW, Limits
from benchmarks.throttling.traffic import Client, together


def saturate(
    limits: Limits,
    rules: list[Rule],
    seconds: float,
    seed: int,
    *,
    callers: int,
    throttling: Throttling | None = None,
    connections: int = 20,
    delay: tuple[float, float] = DELAY,
    thinking: float = 0.0,
) -> Server:
    """Send as much as the limits allow, and return the server that judged it."""
    server = Server(*rules)

    async def main() -> None:
        clock = LoopClock()
        mine = limits.of_client(clock, throttling, connections=connections)
        client = Client(clock, server, mine, Random(seed), delay, thinking)
        await client.saturate(callers, seconds)

    virtual_time.run(main)
    return server


def saturated(report: Report, effort: Effort) -> None:
    """Keep the limits full, over a network whose delay is anything from 2 to 200 ms."""
    seeds = effort.pick(5, 1)
    rows, windows = effort.pick((600.0, 1800.0), (10.0, 10.0))
    for name, limits, seconds, callers in (
        ("row 10/s, burst 5", Limits(row=SLOW), rows, 40),
        ("row 100/s, burst 50", Limits(row=FAST), rows, 100),
        ("window 2,000 in 300 s", Limits(window=WINDOW), windows, 40),
        ("row 10/5 and window", Limits(row=SLOW, window=WINDOW), windows, 40),
        ("row 100/50 and window", Limits(row=FAST, window=WINDOW), windows, 100),
    ):
        used, refused, sent = [], 0, 0
        for seed in range(seeds):
            server = saturate(limits, limits.of_server(), seconds, seed, callers=callers)
            used.append(100.0 * server.accepted_by(seconds) / limits.bound(seconds))
            refused += len(server.refused)
            sent += len(server.accepted)
        note = f"the least of {seeds} runs of {seconds:,.0f} s"
        report.add(f"{name}: used", min(used), "%", goal=at_least(99.9), note=note)
        report.add(f"{name}: refused", refused, "", goal=exactly(0), note=f"of {sent:,} calls")


BURST, IDLE = 30, (0.05, 3.0)


def bursty(report: Report, effort: Effort) -> None:
    """Send 30 calls at once, be idle for 0.05 to 3 s, and again; beside a client without any margin."""
    seconds, seeds = effort.pick(1200.0, 20.0), effort.pick(5, 1)
    limits = Limits(row=SLOW)

    def run(throttling: Throttling, seed: int) -> Server:
        server = Server(*limits.of_server())

        async def main() -> None:
            clock = LoopClock()
            mine = limits.of_client(clock, throttling, connections=BURST)
            client = Client(clock, server, mine, Random(seed), stubborn=False)
            await client.in_bursts(BURST, IDLE, seconds)

        virtual_time.run(main)
        return server

    def sent_and_refused(throttling: Throttling) -> tuple[int, int]:
        servers = [run(throttling, seed) for seed in range(seeds)]
        refused = sum(len(server.refused) for server in servers)
        return refused + sum(len(server.accepted) for server in servers), refused

    # What the one without a margin sends counts in full, the refused calls too.
    most, refused = sent_and_refused(Throttling(jitter=0.0))
    share = 100.0 * refused / most
    report.add("without a margin: refused", share, "%", note=f"{refused:,} of {most:,} calls")
    for name, jitter, goal in (("as it is", None, at_least(97)), ("margin of 0.2 s", 0.2, None)):
        sent, refused = sent_and_refused(Throttling(jitter=jitter))
        note = f"{sent:,} calls, {seeds} runs of {seconds:,.0f} s"
        report.add(f"{name}: sent, beside no margin", 100.0 * sent / most, "%", goal=goal, note=note)
        report.add(f"{name}: refused", refused, goal=exactly(0))


def readings(report: Report, effort: Effort) -> None:
    """Keep a 10/5 row full under each of its four readings, against a server that reads it so."""
    seconds, seeds = effort.pick(600.0, 10.0), effort.pick(3, 1)
    (rate, burst), limits = SLOW, Limits(row=SLOW)
    known: list[tuple[Reading, float]] = [
        ("refill", rate * seconds + burst),
        ("plus-one", rate * seconds + burst + 1),
        ("sum", (rate + burst) * seconds),
        ("ticks", burst * seconds),
    ]
    for reading, bound in known:
        for jitter in (None, 0.2):
            used, refused = [], 0
            for seed in range(seeds):
                server = saturate(
                    limits,
                    [_rule(reading, phase=Random(seed).random())],
                    seconds,
                    seed,
                    callers=40,
                    throttling=Throttling(reading=reading, jitter=jitter),
                )
                used.append(100.0 * server.accepted_by(seconds) / bound)
                refused += len(server.refused)
            margin = "" if jitter is None else f", margin {jitter:g} s"
            goal = at_least(99.9) if jitter is None and reading in ("refill", "plus-one") else None
            report.add(f"{reading}{margin}: used", min(used), "%", goal=goal)
            report.add(f"{reading}{margin}: refused", refused, goal=exactly(0))


def _rule(reading: Reading, phase: float) -> Rule:
    rate, burst = SLOW
    if reading == "refill":
        return Refill(rate, burst)
    if reading == "plus-one":
        return Refill(rate, burst + 1)
    if reading == "sum":
        return Log(int(rate + burst), 1.0)
    return Ticks(rate, burst, phase)


def uncoordinated(report: Report, effort: Effort) -> None:
    """Let clients that know nothing of each other spend from one 10/5 row, each adapting to refusals."""
    seconds, seeds = effort.pick(300.0, 20.0), effort.pick(10, 1)
    limits = Limits(row=SLOW)

    def run(clients: int, seed: int) -> tuple[Server, list[int]]:
        server = Server(*limits.of_server())
        counts: list[int] = []

        async def main() -> None:
            clock, chance = LoopClock(), Random(seed)
            group = [Client(clock, server, limits.of_client(clock), chance) for _ in range(clients)]
            await together([partial(client.saturate, 20, seconds) for client in group])
            counts.extend(client.accepted for client in group)

        virtual_time.run(main)
        return server, counts

    for clients, goal in ((2, 2.5), (4, None)):
        runs = [run(clients, seed) for seed in range(seeds)]
        shares = [server.refused_share for server, _ in runs]
        used = [100.0 * server.accepted_by(seconds) / limits.bound(seconds) for server, _ in runs]
        fair = min(min(counts) / max(counts) for _, counts in runs)
        note = f"mean of {seeds} runs of {seconds:,.0f} s; the worst {max(shares):.2f} %"
        report.add(
            f"{clients} clients: refused",
            sum(shares) / seeds,
            "%",
            goal=None if goal is None else at_most(goal),
            note=note,
        )
        report.add(f"{clients} clients: used", sum(used) / seeds, "%", note=f"the least {min(used):.2f} %")
        report.add(f"{clients} clients: least to most", fair, note="calls of one client by those of another")
