"""The page docs/simulator-fidelity.md: how each operation is simulated, and every choice that was made.

``python -m aioemnify.simulator fidelity`` prints it. A choice is a paragraph of a docstring that starts
with ``Choice:`` and ends at the next one, a section or a blank line.
"""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from itertools import groupby
from typing import Any

from attrs import NOTHING, fields

from aioemnify.operation import Operation
from aioemnify.simulator.api.by_schema import answer_by_schema
from aioemnify.simulator.api.handlers import HANDLERS, fidelity_of
from aioemnify.simulator.http.app import FIDELITY
from aioemnify.simulator.platform.settings import Settings
from aioemnify.simulator.platform.unpublished_operations import UNPUBLISHED
from aioemnify.tables.operations import OPERATIONS

COMMAND = "python -m aioemnify.simulator fidelity"

_SECTION = re.compile(r"(Args|Attributes|Raises|Returns|Yields):")
_SETTING = re.compile(r"([a-z_]+): (.*)")

_INTRODUCTION = f"""\
<!-- Generated from the docstrings of the simulator. Do not edit. -->
<!-- To change it, edit those and run: {COMMAND} -->

# What the simulator models

The header `{FIDELITY}` of every response says how it was made:

- `stateful`: it depends on the state, and changes it. Lookups that are the same for all organisations count
    too.
- `schema`: it has the documented status, headers and shape, and echoes members of the request. It is the
    same each time, and nothing is stored.

A *choice* is a behaviour that the API does not document, so that the simulator had to decide. Where the
alternative is as likely, a setting switches to it.
"""


def fidelity_page() -> str:
    """Return the page as Markdown."""
    stateful = sum(name in HANDLERS for name in OPERATIONS)
    lines = [
        _INTRODUCTION,
        f"{stateful} of the {len(OPERATIONS)} operations are stateful, {len(OPERATIONS) - stateful} "
        "are answered by their schema.",
        "",
        "## Settings",
        "",
        "Pass them as `Simulator(settings=Settings(...))`, or change them while it runs.",
        "",
        "| Setting | Default | Meaning |",
        "|---|---|---|",
        *(f"| `{name}` | `{default!r}` | {_escaped(text)} |" for name, default, text in _settings()),
        "",
        "## Choices for all operations answered by schema",
        "",
        *(f"- {choice}" for choice in choices(answer_by_schema)),
        "",
    ]
    general = [choice for _, found in _elsewhere() for choice in found]
    if general:
        lines += ["## Choices for many operations", "", *(f"- {choice}" for choice in general), ""]
    lines += ["## Operations", ""]
    known = sorted({**OPERATIONS, **UNPUBLISHED}.values(), key=lambda operation: operation.id)
    for group, operations in groupby(known, key=lambda operation: operation.id.partition(".")[0]):
        lines += _group(group, list(operations))
    return "\n".join(lines).rstrip() + "\n"


def choices(documented: object) -> list[str]:
    """Return the choices in a docstring, each on one line."""
    found: list[str] = []
    open_ended = False
    for line in (inspect.getdoc(documented) or "").splitlines():
        text = line.strip()
        if text.startswith("Choice:"):
            found.append(text.removeprefix("Choice:").strip())
            open_ended = True
        elif not text or _SECTION.fullmatch(text):
            open_ended = False
        elif open_ended:
            found[-1] += f" {text}"
    return [_as_markdown(f"{choice[:1].upper()}{choice[1:]}") for choice in found]


def _group(group: str, operations: list[Operation]) -> list[str]:
    lines = [f"### {group}", "", "| Operation | Request | Fidelity |", "|---|---|---|"]
    for one in operations:
        note = "" if one.id in OPERATIONS else " (named only by the limits)"
        lines.append(f"| `{one.id}` | `{one.method} {one.path}`{note} | {fidelity_of(one.id)} |")
    lines.append("")
    said = [
        f"- `{one.id}`: {choice}"
        for one in operations
        if one.id in HANDLERS
        for choice in choices(HANDLERS[one.id])
    ]
    return [*lines, *said, ""] if said else lines


def _settings() -> Iterator[tuple[str, Any, str]]:
    """Yield name, default and documentation of each setting."""
    texts: dict[str, str] = {}
    name = ""
    for line in (inspect.getdoc(Settings) or "").partition("Attributes:")[2].splitlines():
        entry = _SETTING.fullmatch(line.strip()) if line.startswith("    ") and line[4:5] != " " else None
        if entry is not None:
            name = entry[1]
            texts[name] = entry[2]
        elif name and line.strip():
            texts[name] += f" {line.strip()}"
    for attribute in fields(Settings):
        assert attribute.default is not NOTHING
        yield attribute.name, attribute.default, _as_markdown(texts.get(attribute.name, ""))


def _elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Yield the choices outside handlers, which several operations share."""
    handled: set[Callable[..., object]] = {answer_by_schema, *HANDLERS.values()}
    package = import_module("aioemnify.simulator")
    names = [found.name for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    for name in sorted(name for name in names if not name.endswith(("__main__", ".fidelity"))):
        module = import_module(name)
        yield name, choices(module)
        for member in _own(vars(module), name):
            if member not in handled:
                yield name, choices(member)


def _own(members: Mapping[str, Any], module: str) -> Iterator[Any]:
    for member in members.values():
        if (inspect.isfunction(member) or inspect.isclass(member)) and member.__module__ == module:
            yield member
            if inspect.isclass(member):
                yield from (each for each in vars(member).values() if inspect.isfunction(each))


def _as_markdown(text: str) -> str:
    return text.replace("``", "`")


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
