"""One small call of the blocking client beside the asyncio client: what the switch between threads costs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

from aioemnify import Emnify, StaticToken
from aioemnify import blocking as blocking_client
from benchmarks.cases import Effort, Report, at_most
from benchmarks.interleaved import rotated
from benchmarks.page_server import page_server
from benchmarks.unlimited import auth_token, unlimited

THREADS = 8


def blocking(report: Report, effort: Effort) -> None:
    """Get one SIM: awaited in an event loop, by a blocking call, and by blocking calls of eight threads."""
    count, rounds = effort.pick(400, 40), effort.pick(10, 1)
    with page_server() as url, asyncio.Runner() as runner, ThreadPoolExecutor(THREADS) as pool:
        ours = Emnify(auth=StaticToken(auth_token()), base_url=url, limits=unlimited())
        token = StaticToken(auth_token())
        with blocking_client.Emnify(auth=token, base_url=url, limits=unlimited()) as emnify:

            async def chain() -> None:
                for _ in range(count):
                    await ours.sims.get(1)

            def calls(times: int = count) -> None:
                for _ in range(times):
                    emnify.sims.get(1)

            contestants: dict[str, Callable[[], object]] = {
                "aioemnify": lambda: runner.run(chain()),
                "aioemnify.blocking": calls,
                f"aioemnify.blocking, {THREADS} threads": lambda: list(
                    pool.map(calls, [count // THREADS] * THREADS)
                ),
            }
            found: dict[str, list[float]] = {name: [] for name in contestants}
            for turn in range(rounds + 1):
                for name, run in rotated(contestants, turn):
                    start = perf_counter()
                    run()
                    if turn:
                        found[name].append((perf_counter() - start) / count)
        runner.run(ours.aclose())
    awaited, blocked, _ = found.values()
    for name, seconds in found.items():
        report.add(
            f"{name}: wall time of a call", 1e6 * median(seconds), "us", note=f"median of {rounds} rounds"
        )
    more = [1e6 * (one - other) for one, other in zip(blocked, awaited, strict=True)]
    note = f"from {min(more):,.0f} to {max(more):,.0f} us in {rounds} rounds"
    report.add(
        "aioemnify.blocking: beyond the asyncio call", median(more), "us", goal=at_most(400), note=note
    )
