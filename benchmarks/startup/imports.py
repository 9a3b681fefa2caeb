"""What imports take: of the client's class, and of a group when it is first used."""

from __future__ import annotations

from benchmarks.cases import Effort, Goal, Missing, Report, at_most
from benchmarks.client import environments
from benchmarks.startup.fresh import Cost, Program, compare

YARDSTICK = "httpx"

OWN = "from aioemnify import Emnify\n"

GROUPS = {
    "endpoints": ("Endpoint", at_most(0.6)),
    "sims": ("Sim", at_most(0.3)),
}
"""A group, what it lists, and its goal."""


def classes(report: Report, effort: Effort) -> None:
    """Import this library and its class, the HTTP libraries, and other clients of the same API."""
    python = environments.own_or_this(report)
    programs = {
        name: Program(code, python)
        for name, code in {
            YARDSTICK: "import httpx",
            "aioemnify": OWN,
            "aioemnify alone": "import aioemnify",
            "httpx, client made": "import httpx; httpx.AsyncClient()",
            "aioemnify, client made": f"{OWN}Emnify('an application token')",
            "msgspec, attrs, anyio and asyncio": "import msgspec, attrs, anyio, asyncio",
            "the same and httpx": "import msgspec, attrs, anyio, asyncio, httpx",
        }.items()
    }
    programs |= _others(report)
    rounds = effort.pick(21, 1)
    costs = compare(programs, rounds)
    goals = {"aioemnify": at_most(1.3)}
    _tell(report, costs, goals, costs[YARDSTICK], rounds)


def _others(report: Report) -> dict[str, Program]:
    """Return the clients that have environments of their own."""
    found = {}
    for name, made, code in (
        ("emnify-sdk", environments.vendor, "from emnify import EMnify"),
        (
            "openapi-python-client",
            environments.generated,
            "from emnify_generated.api.default import sims_list",
        ),
    ):
        try:
            found[name] = Program(code, made())
        except Missing as missing:
            report.leave_out(name, str(missing))
    return found


def groups(report: Report, effort: Effort) -> None:
    """Use a group of a new client for the first time: its calls, its models, and what decodes them."""
    made = f"{OWN}emnify = Emnify('an application token')\n"
    python = environments.own_or_this(report)
    programs = {YARDSTICK: Program("import httpx", python), "none": Program(made, python)}
    for group, (model, _) in GROUPS.items():
        programs[group] = Program(f"{made}{_first_use(group, model)}", python)
    rounds = effort.pick(21, 1)
    costs = compare(programs, rounds)
    without = costs.pop("none")
    beyond = {
        f"aioemnify, {group}": Cost(
            wall=costs[group].wall - without.wall,
            cpu=costs[group].cpu - without.cpu,
            least=costs[group].least - without.least,
        )
        for group in GROUPS
    }
    goals = {f"aioemnify, {group}": goal for group, (_, goal) in GROUPS.items()}
    _tell(report, {YARDSTICK: costs[YARDSTICK], **beyond}, goals, costs[YARDSTICK], rounds)


def _first_use(group: str, model: str) -> str:
    return (
        f"emnify.{group}.list()\n"
        f"from aioemnify.models import {model}\n"
        f"import msgspec\n"
        f"msgspec.json.Decoder(list[{model}], strict=False).decode(b'[]')"
    )


def _tell(
    report: Report, costs: dict[str, Cost], goals: dict[str, Goal], yardstick: Cost, rounds: int
) -> None:
    for name, cost in costs.items():
        note = f"median of {rounds} processes, one that does nothing taken off; the fastest "
        report.add(f"{name}: time", 1e3 * cost.wall, "ms", note=f"{note}{1e3 * cost.least:.1f}")
        report.add(f"{name}: CPU", 1e3 * cost.cpu, "ms")
        if cost is not yardstick:
            report.add(
                f"{name}: CPU by import {YARDSTICK}",
                cost.cpu / yardstick.cpu,
                goal=goals.get(name),
                note=f"wall {cost.wall / yardstick.wall:.2f}",
            )
