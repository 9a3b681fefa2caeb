"""One small call, over and over: what this library adds to the bare HTTP library under it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from time import perf_counter, process_time
from typing import Any, Literal

import msgspec

from aioemnify import Emnify, StaticToken
from aioemnify.models import Sim
from benchmarks.cases import Effort, Report, at_most
from benchmarks.client.turns import in_turn
from benchmarks.lifted import lifted, some_token
from benchmarks.walkers.server import serving

Call = Callable[[], Awaitable[object]]

Library = Literal["httpx", "httpx2"]

GOAL = 1.05


def calls(report: Report, effort: Effort) -> None:
    """Ask for one SIM, over connections of httpx and over those of httpx2."""
    asyncio.run(_compare("httpx", report, effort))
    if find_spec("httpx2") is None:
        report.leave_out("httpx2", "it is not installed")
    else:
        asyncio.run(_compare("httpx2", report, effort))


async def _compare(library: Library, report: Report, effort: Effort) -> None:
    with serving() as url:
        for at_once in (1, 20, 100):
            await _in_flight(at_once, library, url, report, effort)


async def _in_flight(at_once: int, library: Library, url: str, report: Report, effort: Effort) -> None:
    http: Any = import_module(library)
    decoder = msgspec.json.Decoder(Sim, strict=False)
    connections = max(20, at_once)
    limits = http.Limits(max_connections=connections, max_keepalive_connections=connections)

    def client(**options: Any) -> Emnify:
        token = StaticToken(some_token())
        return Emnify(auth=token, base_url=url, connections=connections, **options)

    head = {"Authorization": f"Bearer {some_token()}", "Accept": "application/json"}
    async with (
        http.AsyncClient(headers=head, limits=limits) as raw,
        client(limits=lifted(), http_library=library) as paced,
        client(throttling=None, http_library=library) as unpaced,
        client(limits=lifted(), transport=http.AsyncHTTPTransport(limits=limits)) as brought,
    ):

        async def bare() -> object:
            answer = await raw.send(raw.build_request("GET", f"{url}/api/v1/sim/1"))
            answer.raise_for_status()
            return decoder.decode(answer.content)

        base, ours, watched = f"raw {library} + msgspec", f"aioemnify over {library}", f"a pool of {library}"
        contestants: dict[str, Call] = {
            base: bare,
            ours: lambda: paced.sims.get(1),
            f"{ours}, no pacing": lambda: unpaced.sims.get(1),
            f"aioemnify over {watched}": lambda: brought.sims.get(1),
        }
        for shape, run in (("each its next at once", _chains), ("all together", _waves)):
            if at_once == 1 and run is _waves:
                continue
            found = await _rounds(contestants, run, at_once, effort)
            _tell(report, found, base, at_once, shape, without_goal=f"aioemnify over {watched}")


async def _chains(call: Call, at_once: int, count: int) -> None:
    """Keep so many tasks busy, each of which makes one call after the other."""

    async def chain() -> None:
        for _ in range(count // at_once):
            await call()

    await asyncio.gather(*(chain() for _ in range(at_once)))


async def _waves(call: Call, at_once: int, count: int) -> None:
    """Start so many calls together and wait for all of them; again."""
    for _ in range(count // at_once):
        await asyncio.gather(*(call() for _ in range(at_once)))


async def _rounds(
    contestants: Mapping[str, Call],
    run: Callable[[Call, int, int], Awaitable[None]],
    at_once: int,
    effort: Effort,
) -> dict[str, list[tuple[float, float]]]:
    """Let them take turns; return CPU and time of a call, round by round."""
    calls, rounds = effort.pick(400, 100), effort.pick(15 if at_once < 100 else 7, 1)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    for call in contestants.values():
        await run(call, at_once, max(40, at_once))
    for turn in range(rounds):
        for name, call in in_turn(contestants, turn):
            # Connections that have been idle for long are made anew: that is none of what is compared.
            await run(call, at_once, at_once)
            gc.collect()
            wall, cpu = perf_counter(), process_time()
            await run(call, at_once, calls)
            found[name].append(((process_time() - cpu) / calls, (perf_counter() - wall) / calls))
    return found


def _tell(
    report: Report,
    found: dict[str, list[tuple[float, float]]],
    base: str,
    at_once: int,
    shape: str,
    *,
    without_goal: str,
) -> None:
    chained = shape == "each its next at once"
    where, how = f"{at_once} in flight", "" if at_once == 1 or chained else f", {shape}"
    for name, rounds in found.items():
        cpu, wall = median(one for one, _ in rounds), median(one for _, one in rounds)
        note = f"{1e6 * wall:,.0f} us of time; median of {len(rounds)} rounds"
        report.add(f"{name}{how}: CPU of a call, {where}", 1e6 * cpu, "us", note=note)
    for name, rounds in found.items():
        if name == base:
            continue
        ratios = sorted(one / two for (one, _), (two, _) in zip(rounds, found[base], strict=True))
        goal = at_most(GOAL) if at_once <= 20 and chained and name != without_goal else None
        middle = ratios[len(ratios) // 4], ratios[-1 - len(ratios) // 4]
        report.add(
            f"{name}{how}: CPU by raw, {where}",
            median(ratios),
            "x",
            goal=goal,
            note=f"the middle half {middle[0]:.3f} to {middle[1]:.3f}",
        )
