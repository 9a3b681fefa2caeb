"""Names in the sentences of README.md and docs/ exist: classes, methods, attributes, arguments, loggers.

``tests/test_readme.py`` runs the blocks of code. This looks at the code within sentences and tables, such as
``Emnify(local_address=)``, as far as it begins with a public name or with a variable that the pages use.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest

import aioemnify
from aioemnify import blocking, clock, errors, fleet, models, simulator, types
from aioemnify.resources import bodies, filters, lookup_names  # noqa: F401 - pages name these modules
from tests.documented import BLOCK, PROJECT, pages

LISTED = (PROJECT / "docs" / "reference" / "library" / "names.md").read_text(encoding="utf-8")
PUBLIC = re.findall(r"^- \[`(aioemnify\.[\w.]+)`\]", LISTED, re.MULTILINE)
TEXTS = "\n".join(file.read_text(encoding="utf-8") for file in (PROJECT / "src" / "aioemnify").rglob("*.py"))
"""The source: names of loggers, attributes of spans and metrics are in it, in quotes."""

SPAN = re.compile(r"(?<!`)`([^`\n]+(?:\n[^`\n]+)?)`(?!`)")
OTHERS = {"Body", "BaseHTTPRequestHandler", "QuerySet", "freeze_time", "json_extract"}
"""Names of other libraries."""

CLIENT = aioemnify.Emnify("token")
SIMULATOR = simulator.Simulator(sims=1)
VALUES: dict[str, list[Any]] = {
    "aioemnify": [aioemnify],
    "change": [fleet.Change],
    "client": [CLIENT],
    "clock": [simulator.Clock, clock.Clock],
    "emnify": [CLIENT, blocking.Emnify],
    "emnify_clock": [simulator.Clock],
    "emnify_faults": [SIMULATOR.faults],
    "emnify_simulator": [SIMULATOR],
    "endpoint": [models.Endpoint],
    "error": [*filter(inspect.isclass, vars(errors).values()), fleet.PlanError],
    "event": [models.Event],
    "faults": [SIMULATOR.faults],
    "job": [fleet.Job],
    "mirror": [fleet.Mirror],
    "outcome": [fleet.Outcome],
    "page": [types.Page],
    "plan": [fleet.Plan],
    "pool": [aioemnify.EmnifyPool],
    "report": [fleet.Report, fleet.SweepReport, types.WalkReport],
    "sim": [models.Sim],
    "simulator": [SIMULATOR],
    "sweep": [fleet.Sweep],
    "time": [time],
}
"""What a variable of the pages may be, or its class."""


@cache
def everything() -> dict[str, list[Any]]:
    """Return the objects behind each public name, and behind each method by its bare name."""
    there: dict[str, list[Any]] = {}
    for path in PUBLIC:
        there.setdefault(path.rpartition(".")[2], []).append(resolve_name(path))
    groups = [getattr(CLIENT, id.partition(".")[0]) for id in aioemnify.OPERATIONS]
    for owner in [
        *(one for found in list(there.values()) for one in found),
        CLIENT,
        CLIENT.throttle,
        *groups,
    ]:
        for name, method in inspect.getmembers(owner, inspect.isroutine):
            there.setdefault(name, []).append(method)
    return there


def attribute(owner: Any, name: str) -> bool:
    """Return whether an object has an attribute; of a class, whether its instances may have it."""
    known = set()
    for one in getattr(owner, "__mro__", ()):
        known |= {*vars(one).get("__annotations__", ()), *vars(one).get("__slots__", ())}
        if "__init__" in vars(one) and one.__module__.startswith("aioemnify"):  # errors keep their arguments
            known |= set(inspect.signature(one).parameters)
    return name in known or hasattr(owner, name)


@cache
def arguments() -> set[str]:
    """Return the name of every argument of something public."""
    return {name for many in everything().values() for one in many for name in signature(one)}


def signature(function: Any) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):  # it is not a function, or written in C
        return {}


def accepts(functions: list[Any], argument: str) -> bool:
    """Return whether one of the functions has the argument; those that hand on any say nothing."""
    known = [signature(one) for one in functions]
    strict = [one for one in known if all(each.kind is not each.VAR_KEYWORD for each in one.values())]
    return not strict or any(argument in one for one in strict)


def meant(node: ast.AST) -> list[Any]:
    """Return what an expression may be; nothing if the pages do not say."""
    if isinstance(node, ast.Name):
        return VALUES.get(node.id) or everything().get(node.id, [])
    if isinstance(node, ast.Attribute):
        there = [getattr(one, node.attr) for one in meant(node.value) if hasattr(one, node.attr)]
        return [one for one in there if not isinstance(one, property)]
    return []


def known(name: str) -> bool:
    """Return whether a bare name is public, an argument such as a callback, or not of this library."""
    return name in everything() or name in arguments() or name in OTHERS or hasattr(builtins, name)


def wrong(node: ast.AST) -> Iterator[str]:
    """Yield what does not exist in an expression."""
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and (owners := meant(part.value)):
            if f'"{ast.unparse(part)}' not in TEXTS and not any(attribute(one, part.attr) for one in owners):
                yield f"{ast.unparse(part.value)} has no {part.attr}"
        elif isinstance(part, ast.Call):
            functions = meant(part.func)
            for given in part.keywords:
                if given.arg and not accepts(functions, given.arg):
                    yield f"{ast.unparse(part.func)} has no argument {given.arg}"
            if isinstance(part.func, ast.Name) and not functions and not known(part.func.id):
                yield f"there is no {part.func.id}"
        elif isinstance(part, ast.Name) and part.id.endswith("Error") and not known(part.id):
            yield f"there is no {part.id}"


def faults(text: str) -> Iterator[str]:
    """Yield the names in a page that do not exist."""
    for span in SPAN.findall(BLOCK.sub("", text)):
        if re.fullmatch(r"[\w.-]+\.(csv|db|job|jsonl?|plan|py|sweep)", span):
            continue  # a file
        code = re.sub(r"^(?:async with|async for \w+ in|await|with) ", "", " ".join(span.split()))
        if bare := re.fullmatch(r"(\w+)=", code):
            if bare[1] not in arguments():
                yield f"`{span}`: nothing has this argument"
            continue
        try:
            node = ast.parse(re.sub(r"=(?=[,)])", "=...", code.replace("…", "...")), mode="eval")
        except SyntaxError:
            continue
        for fault in wrong(node):
            yield f"`{span}`: {fault}"


@pytest.mark.parametrize("page", list(pages()), ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_names_in_sentences_exist(page: Path) -> None:
    assert list(faults(page.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "span",
    [
        "Emnify(local_adress=)",
        "Emnify(token, deadlin=2)",
        "emnify.simz",
        "emnify.sims.lists()",
        "await emnify.sims.get(7, filter={})",
        "CallOption(deadline=2)",
        "error.retry_afterwards",
        "NoSuchError",
        "Job(emnify, path, windowshare=0.5)",
        "aioemnify.nothing",
        "on_waiting=",
    ],
)
def test_a_name_that_does_not_exist_is_found(span: str) -> None:
    assert len(list(faults(f"Use `{span}` then.\n"))) == 1


@pytest.mark.parametrize(
    "span", ["SimStatus.ACTIVATED", "error.resets_at", "aioemnify.pipeline", "sims.csv", "on_wait="]
)
def test_names_that_exist_pass(span: str) -> None:
    assert list(faults(f"Use `{span}` then.\n")) == []
