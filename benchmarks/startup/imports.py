"""The cost of imports: of the client class, and of a group of calls when it is first used."""

from __future__ import annotations

from benchmarks import environments
from benchmarks.cases import Effort, Goal, Missing, Report, at_most
from benchmarks.startup.fresh_process import Cost, Program, compare

REFERENCE = "httpx"
OUR_IMPORT = "from aioemnify import Emnify\n"
NEW_CLIENT = f"{OUR_IMPORT}emnify = Emnify('an application token')\n"

GROUPS = {"endpoints": ("Endpoint", at_most(0.6)), "sims": ("Sim", at_most(0.3))}
"""A group, the model that it lists, and its goal."""


def classes(report: Report, effort: Effort) -> None:
    """Import our client class, the HTTP libraries, and other clients of the same API."""
    python = environments.own_or_this(report)
    programs = {
        name: Program(code, python)
        for name, code in {
            REFERENCE: "import httpx",
            "aioemnify": OUR_IMPORT,
            "aioemnify, package only": "import aioemnify",
            "httpx, with a client": "import httpx; httpx.AsyncClient()",
            "aioemnify, with a client": NEW_CLIENT,
            "msgspec, attrs, anyio and asyncio": "import msgspec, attrs, anyio, asyncio",
            "msgspec, attrs, anyio, asyncio and httpx": "import msgspec, attrs, anyio, asyncio, httpx",
        }.items()
    }
    for name, create, code in (
        ("emnify-sdk", environments.emnify_sdk, "from emnify import EMnify"),
        (
            "openapi-python-client",
            environments.generated_client,
            "from emnify_generated.api.sims import sims_list",
        ),
    ):
        try:
            programs[name] = Program(code, create())
        except Missing as missing:
            report.leave_out(name, str(missing))
    rounds = effort.pick(21, 1)
    _report(report, compare(programs, rounds), {"aioemnify": at_most(1.3)}, rounds)


def groups(report: Report, effort: Effort) -> None:
    """Use a group of a new client for the first time: its calls, its models, and their decoder."""
    python = environments.own_or_this(report)
    programs = {REFERENCE: Program("import httpx", python), "none": Program(NEW_CLIENT, python)}
    for group, (model, _) in GROUPS.items():
        use = (
            f"emnify.{group}.list()\nfrom aioemnify.models import {model}\nimport msgspec\n"
            f"msgspec.json.Decoder(list[{model}], strict=False).decode(b'[]')"
        )
        programs[f"aioemnify, {group}"] = Program(NEW_CLIENT + use, python)
    rounds = effort.pick(21, 1)
    costs = compare(programs, rounds)
    without_group = costs.pop("none")
    goals = {f"aioemnify, {group}": goal for group, (_, goal) in GROUPS.items()}
    costs = {name: cost - without_group if name in goals else cost for name, cost in costs.items()}
    _report(report, costs, goals, rounds)


def _report(report: Report, costs: dict[str, Cost], goals: dict[str, Goal], rounds: int) -> None:
    reference = costs[REFERENCE]
    for name, cost in costs.items():
        note = f"median of {rounds} processes, less an empty process; fastest {1e3 * cost.fastest:.1f}"
        report.add(f"{name}: time", 1e3 * cost.wall, "ms", note=note)
        report.add(f"{name}: CPU", 1e3 * cost.cpu, "ms")
        if name != REFERENCE:
            ratio, note = cost.cpu / reference.cpu, f"time {cost.wall / reference.wall:.2f}"
            what = f"{name}: CPU relative to import {REFERENCE}"
            report.add(what, ratio, goal=goals.get(name), note=note)
