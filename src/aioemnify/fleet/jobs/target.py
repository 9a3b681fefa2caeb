"""What a call of a job is for, and why it is given up before it is sent."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define

from aioemnify.fleet.jobs.routes import Route
from aioemnify.fleet.journals.items import Item, Part


class TakenOver(Exception):
    """Another worker has items of a call, which is not sent: this process had stood still for too long."""


class Interrupted(Exception):
    """The run ends, and the call that waited was not sent."""


@define
class Target:
    """A part of the job and its route: what a call is for."""

    part: Part
    route: Route


def joined(marks: Sequence[tuple[Target, Sequence[Item]]]) -> list[tuple[Target, list[Item]]]:
    """Join what belongs to the same part, so that it takes one commit."""
    by_part: dict[int, tuple[Target, list[Item]]] = {}
    for target, items in marks:
        by_part.setdefault(target.part.id, (target, []))[1].extend(items)
    return list(by_part.values())
