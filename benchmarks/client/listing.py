"""List a fleet over HTTP: each contestant in its own process and environment, the server in another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from statistics import median

from attrs import Factory, frozen

from benchmarks import environments
from benchmarks.cases import Effort, Goal, Missing, Report, at_most
from benchmarks.interleaved import relative, rotated
from benchmarks.json_process import JsonProcess
from benchmarks.page_server import page_server
from benchmarks.simulator.connection import log_in
from benchmarks.simulator_process import SimulatorProcess
from benchmarks.unlimited import auth_token

RAW, RAW2 = "raw httpx + msgspec", "raw httpx2 + msgspec"
OURS = ("aioemnify, items", "aioemnify, pages", "aioemnify, prefetch(4)")
OURS2 = "aioemnify over httpx2, pages"
SDK, GENERATED = "emnify-sdk", "openapi-python-client"

IN_OUR_ENVIRONMENT = {
    "raw httpx + json": "raw httpx json",
    "raw httpx2 + json": "raw httpx2 json",
    RAW: "raw httpx msgspec",
    RAW2: "raw httpx2 msgspec",
    OURS[0]: "aioemnify items",
    OURS[1]: "aioemnify pages",
    OURS[2]: "aioemnify prefetch",
    OURS2: "aioemnify pages httpx2",
}
"""Contestants that need only the dependencies of aioemnify, with their names in their worker."""

Cost = dict[str, float]
Costs = Mapping[str, list[Cost]]
"""What each worker reported for each time it listed the fleet."""


@frozen
class Address:
    """A server with its tokens; the page server accepts any."""

    url: str
    token: str = Factory(auth_token)
    application_token: str = "an application token"


class Worker(JsonProcess):
    """A contestant, ready to list SIMs on request."""

    def list_sims(self, sims: int, *, keep: bool, q: str = "") -> Cost:
        """List all SIMs that match a filter, and return the cost."""
        cost: Cost = self.ask({"sims": sims, "keep": int(keep), "q": q})
        if cost["count"] != sims or (keep and cost["distinct"] != sims):
            raise RuntimeError(f"{self.first} found {cost['distinct']:,} of {sims:,} SIMs: {cost}")
        return cost


def worker(name: str, address: Address, report: Report) -> Worker:
    """Start a contestant.

    Raises:
        Missing: Something that it needs is not installed.
    """
    if name in IN_OUR_ENVIRONMENT:
        if "httpx2" in name and find_spec("httpx2") is None:
            raise Missing("httpx2 is not installed")
        python, module = environments.own_or_this(report), "aioemnify_or_raw"
        rest = [IN_OUR_ENVIRONMENT[name], address.url, address.token]
    elif name == SDK:
        python, module = environments.emnify_sdk(), "emnify_sdk"
        rest = [address.url, address.application_token]
    else:
        python, module = environments.generated_client(), "generated_client"
        rest = [address.url, address.token]
    return Worker([str(python), "-m", f"benchmarks.list_workers.{module}", *rest])


@contextmanager
def workers(names: list[str], address: Address, report: Report) -> Iterator[dict[str, Worker]]:
    """Run all contestants whose packages can be installed."""
    with ExitStack() as stack:
        found = {}
        for name in names:
            try:
                found[name] = stack.enter_context(worker(name, address, report))
            except Missing as missing:
                report.leave_out(name, str(missing))
        yield found


def in_turns(
    names: list[str], address: Address, report: Report, sims: int, rounds: int, *, keep: bool
) -> Costs:
    """Let all contestants list the fleet in turns."""
    costs: dict[str, list[Cost]] = {}
    with workers(names, address, report) as contestants:
        for turn in range(rounds):
            for name, one in rotated(contestants, turn):
                costs.setdefault(name, []).append(one.list_sims(sims, keep=keep))
    return {name: costs[name] for name in contestants}


def _median(costs: list[Cost], quantity: str) -> float:
    return median(cost[quantity] for cost in costs)


def _compare(
    report: Report, costs: Costs, ours: str, other: str, quantity: str, goal: Goal | None = None
) -> None:
    """Add the ratio of two contestants, if both ran."""
    if ours in costs and other in costs:
        mine, others = ([cost[quantity] for cost in costs[name]] for name in (ours, other))
        ratio, note = relative(mine, others)
        name = {"cpu": "CPU", "wall": "time"}[quantity]
        report.add(f"{ours}: {name} relative to {other}", ratio, "x", goal=goal, note=note)


def _compare_peak(report: Report, costs: Costs, name: str, goal: Goal | None = None) -> None:
    """Add the peak memory relative to the SDK's; only of the first round, before memory is fragmented."""
    if name in costs and SDK in costs:
        ratio = costs[name][0]["peak"] / costs[SDK][0]["peak"]
        report.add(f"{name}: peak memory relative to {SDK}", ratio, "x", goal=goal)


def keep(report: Report, effort: Effort) -> None:
    """List 50,000 SIMs and keep all of them."""
    sims, rounds = effort.pick(50_000, 2000), effort.pick(5, 1)
    with page_server(sims) as url:
        names = [*IN_OUR_ENVIRONMENT, SDK, GENERATED]
        costs = in_turns(names, Address(url), report, sims, rounds, keep=True)
    note = f"median of {rounds}; gzip pages of 1,000; plain HTTP"
    for name, found in costs.items():
        cpu = _median(found, "cpu")
        report.add(f"{name}: CPU", cpu, "s", note=f"{1e6 * cpu / sims:.1f} us a SIM; {note}")
        report.add(f"{name}: time", _median(found, "wall"), "s")
        report.add(f"{name}: peak memory", found[0]["peak"], "MB", note="of the process, in the first round")
    for ours in (*OURS, OURS2):
        _compare(report, costs, ours, RAW2 if ours == OURS2 else RAW, "cpu", at_most(1.1))
        _compare(report, costs, ours, SDK, "cpu", at_most(0.22))
        _compare(report, costs, ours, SDK, "wall", at_most(0.22))
        _compare(report, costs, ours, GENERATED, "cpu")
        _compare_peak(report, costs, ours, at_most(1 / 3))
    # The best that any client over the same libraries can do.
    _compare(report, costs, RAW, SDK, "cpu")
    _compare(report, costs, RAW, SDK, "wall")
    _compare_peak(report, costs, RAW)


def simulator(report: Report, effort: Effort) -> None:
    """List 20,000 SIMs of the simulator, which encodes its pages on request and checks each token."""
    sims, rounds = effort.pick(20_000, 2000), effort.pick(3, 1)
    names = [RAW, RAW2, *OURS, SDK, GENERATED]
    with SimulatorProcess(sims) as served:
        address = Address(served.url, asyncio.run(log_in(served)), served.application_token)
        costs = in_turns(names, address, report, sims, rounds, keep=True)
    for name, found in costs.items():
        pages = "the server's pages of 2,000" if name == SDK else "pages of 1,000"
        note = f"median of {rounds}; {pages}, gzip"
        report.add(f"{name}: CPU", _median(found, "cpu"), "s", note=note)
        report.add(f"{name}: time", _median(found, "wall"), "s")
    for ours in OURS:
        for other in (RAW, SDK, GENERATED):
            _compare(report, costs, ours, other, "cpu")


def drop(report: Report, effort: Effort) -> None:
    """List 50,000 SIMs and keep none: memory must not grow."""
    sims, rounds = effort.pick(50_000, 2000), effort.pick(3, 1)
    names = [RAW, RAW2, *OURS, OURS2, SDK, GENERATED]
    with page_server(sims) as url:
        costs = in_turns(names, Address(url), report, sims, rounds, keep=False)
    for name, found in costs.items():
        report.add(f"{name}: CPU", _median(found, "cpu"), "s", note=f"median of {rounds}")
        growth = max(cost["growth"] for cost in found)
        goal = at_most(5.0) if name.startswith("aioemnify") else None
        report.add(f"{name}: growth of memory", growth, "MB", goal=goal, note="after the first 10 pages")
        report.add(f"{name}: peak memory", found[0]["peak"], "MB")
    for ours in (*OURS, OURS2):
        _compare(report, costs, ours, RAW2 if ours == OURS2 else RAW, "cpu", at_most(1.1))


def million(report: Report, effort: Effort) -> None:
    """List fleets of 1,000 to 1,000,000 SIMs and keep none: linear time, constant memory."""
    sizes = effort.pick([1000, 10_000, 100_000, 1_000_000], [1000, 2000])
    for name in (OURS[0], OURS[1]):
        per_item: dict[int, list[float]] = {size: [] for size in sizes}
        growth = 0.0
        with page_server(max(sizes)) as url, worker(name, Address(url), report) as contestant:
            for size in effort.pick(3, 1) * sizes:
                # Short runs are repeated, because the clock is too coarse for one.
                for _ in range(max(1, min(30, sizes[-1] // size))):
                    cost = contestant.list_sims(size, keep=False, q=f"fleet:{size}")
                    per_item[size].append(cost["cpu"] / size)
                    if size == sizes[-1]:
                        growth = max(growth, cost["growth"])
        cpu = {size: 1e6 * median(found) for size, found in per_item.items()}
        for size in sizes:
            report.add(f"{name}: CPU of a SIM of {size:,}", cpu[size], "us")
        ratio = cpu[sizes[-1]] / cpu[sizes[0]]
        what = f"{name}: CPU of a SIM, largest fleet relative to smallest"
        report.add(what, ratio, "x", goal=at_most(1.15))
        report.add(f"{name}: growth of memory", growth, "MB", goal=at_most(5.0))
