"""The file of a plan: JSON that people can read too."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import msgspec
from attrs import frozen

from aioemnify.fleet.exports.replacement import Replacement
from aioemnify.fleet.plans.csv_table import PlanError
from aioemnify.fleet.plans.fields import FIELDS
from aioemnify.fleet.plans.records import PlanItem

FORMAT = 1


@frozen(kw_only=True)
class PlanFile:
    """What is kept of a plan."""

    server: str
    organisation: str | None
    source: str
    made: datetime
    read: int
    ignored: tuple[str, ...]
    items: tuple[PlanItem, ...]


def write_plan(path: str | os.PathLike[str], content: PlanFile) -> None:
    """Replace a file in one step.

    Raises:
        ExportError: it cannot be written.
    """
    replacement = Replacement(Path(path).absolute())
    text = msgspec.json.format(msgspec.json.encode({"plan": FORMAT, "content": content}), indent=1)
    with replacement.faults(), replacement as file:
        file.write_bytes(text + b"\n")


def read_plan(path: str | os.PathLike[str]) -> PlanFile:
    """Read a file that ``write_plan`` wrote.

    Raises:
        PlanError: it cannot be read, or is not one.
    """
    name = os.fspath(path)
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise PlanError(f"{name} cannot be read: {error.strerror}") from None
    try:
        kept = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        version = msgspec.json.decode(kept["plan"], type=int)
        if version > FORMAT:
            raise PlanError(
                f"{name} was written by a newer aioemnify (format {version}; this one reads {FORMAT}): "
                "update aioemnify to apply it"
            )
        found = msgspec.json.decode(kept["content"], type=PlanFile)
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError) as error:
        raise PlanError(f"{name} is not a plan, or is damaged: {error}; make it again") from None
    unknown = {one.field for item in found.items for one in item.fields} - FIELDS.keys()
    if unknown or len({item.id for item in found.items}) < len(found.items):
        raise PlanError(f"{name} is damaged: it has unknown fields, or an endpoint twice; make it again")
    return found
