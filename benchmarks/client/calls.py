"""One small call, repeated: the CPU time that aioemnify needs, relative to the HTTP library alone."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from time import perf_counter, process_time
from typing import Any, Literal

import msgspec

from aioemnify import Emnify, StaticToken
from aioemnify.models import Sim
from benchmarks.cases import Effort, Report, at_most
from benchmarks.interleaved import relative, rotated
from benchmarks.page_server import page_server
from benchmarks.unlimited import auth_token, unlimited

Call = Callable[[], Awaitable[object]]
Library = Literal["httpx", "httpx2"]

PATH = "/api/v1/sim/1"


def calls(report: Report, effort: Effort) -> None:
    """Get one SIM, one call at a time."""
    _each_library(report, effort, (1, _chains, ""))


def concurrent_calls(report: Report, effort: Effort) -> None:
    """Get one SIM with 20 and 100 calls in flight: in as many chains of calls, or in batches."""
    loads = [(count, *shape) for count in (20, 100) for shape in ((_chains, ""), (_batches, ", in batches"))]
    _each_library(report, effort, *loads)


Run = Callable[[Call, int, int], Awaitable[None]]
Load = tuple[int, Run, str]
"""Calls in flight, how they are started, and the name of this in the figures."""


async def _chains(call: Call, in_flight: int, count: int) -> None:
    """Run as many tasks as calls in flight, each of which makes one call after the other."""

    async def chain() -> None:
        for _ in range(count // in_flight):
            await call()

    await asyncio.gather(*(chain() for _ in range(in_flight)))


async def _batches(call: Call, in_flight: int, count: int) -> None:
    """Start all calls in flight together and wait for all of them, repeatedly."""
    for _ in range(count // in_flight):
        await asyncio.gather(*(call() for _ in range(in_flight)))


def _each_library(report: Report, effort: Effort, *loads: Load) -> None:
    asyncio.run(_compare("httpx", report, effort, loads))
    if find_spec("httpx2") is None:
        report.leave_out("httpx2", "it is not installed")
    else:
        asyncio.run(_compare("httpx2", report, effort, loads))


async def _compare(library: Library, report: Report, effort: Effort, loads: tuple[Load, ...]) -> None:
    http: Any = import_module(library)
    decoder = msgspec.json.Decoder(Sim, strict=False)
    connections = max(20, *(in_flight for in_flight, _, _ in loads))
    pool = http.Limits(max_connections=connections, max_keepalive_connections=connections)
    head = {"Authorization": f"Bearer {auth_token()}", "Accept": "application/json"}
    with page_server() as url:

        def client(**options: Any) -> Emnify:
            token = StaticToken(auth_token())
            return Emnify(auth=token, base_url=url, connections=connections, **options)

        async with (
            http.AsyncClient(headers=head, limits=pool) as raw,
            client(limits=unlimited(), http_library=library) as emnify,
            client(throttling=None, http_library=library) as without_limits,
            client(limits=unlimited(), transport=http.AsyncHTTPTransport(limits=pool)) as with_transport,
        ):

            async def raw_call() -> object:
                response = await raw.send(raw.build_request("GET", f"{url}{PATH}"))
                response.raise_for_status()
                return decoder.decode(response.content)

            ours, reference = f"aioemnify over {library}", f"raw {library} + msgspec"
            contestants: dict[str, Call] = {
                reference: raw_call,
                ours: lambda: emnify.sims.get(1),
                f"{ours}, emnify.request": lambda: emnify.request("GET", PATH),
                f"{ours}, limits off": lambda: without_limits.sims.get(1),
                f"{ours}, user-supplied transport": lambda: with_transport.sims.get(1),
            }
            for load in loads:
                found = await _rounds(contestants, load, effort)
                _report(report, found, reference, load)


Cost = tuple[float, float]
"""CPU and wall seconds of one call."""


async def _rounds(contestants: dict[str, Call], load: Load, effort: Effort) -> dict[str, list[Cost]]:
    in_flight, run, _ = load
    count, rounds = effort.pick(400, 100), effort.pick(10 if in_flight < 100 else 7, 1)
    found: dict[str, list[Cost]] = {name: [] for name in contestants}
    for call in contestants.values():
        await run(call, in_flight, max(40, in_flight))
    for turn in range(rounds):
        for name, call in rotated(contestants, turn):
            # Opens connections again that were closed because they had been idle.
            await run(call, in_flight, in_flight)
            gc.collect()
            wall, cpu = perf_counter(), process_time()
            await run(call, in_flight, count)
            found[name].append(((process_time() - cpu) / count, (perf_counter() - wall) / count))
    return found


def _report(report: Report, found: dict[str, list[Cost]], reference: str, load: Load) -> None:
    in_flight, _, shape = load
    for name, costs in found.items():
        note = f"wall time {1e6 * median(wall for _, wall in costs):,.0f} us; median of {len(costs)} rounds"
        cpu = 1e6 * median(cpu for cpu, _ in costs)
        report.add(f"{name}{shape}: CPU of a call, {in_flight} in flight", cpu, "us", note=note)
    others = [cpu for cpu, _ in found.pop(reference)]
    for name, costs in found.items():
        ratio, note = relative([cpu for cpu, _ in costs], others)
        judged = in_flight <= 20 and not shape and "transport" not in name
        goal = at_most(1.0 if in_flight == 1 and "httpx2" not in name else 1.05) if judged else None
        what = f"{name}{shape}: CPU relative to raw, {in_flight} in flight"
        report.add(what, ratio, "x", goal=goal, note=note)
