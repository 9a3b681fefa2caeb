"""What the methods of the resources call that take many items: whole jobs, and reads of many objects."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterable, Iterable, Mapping
from contextlib import aclosing
from typing import Any, TypeVar, cast

import msgspec

from aioemnify._checks import check_whole_number
from aioemnify.errors import ArgumentError, PermissionDeniedError
from aioemnify.fleet.client import OPTIONS, FleetClient
from aioemnify.fleet.iterables import each_of
from aioemnify.fleet.jobs.job import Job
from aioemnify.fleet.jobs.records import Outcome
from aioemnify.fleet.jobs.report import Report
from aioemnify.fleet.journals.journal import Journal
from aioemnify.fleet.sweep import IN_FLIGHT, Sweep
from aioemnify.operation import Operation
from aioemnify.pagination import Caller, Pages

T = TypeVar("T")

Items = Iterable[T] | AsyncIterable[T]

_FEW = 2
"""Reads that are not worth the call that counts the list."""

_FORBIDDEN, _NOT_THERE = 403, (404, 410)
"""An object of another organisation is answered with either."""


async def run_many(
    caller: Caller,
    operation: Operation,
    items: Items[Any],
    *,
    journal: str | os.PathLike[str] | None = None,
    shared: Mapping[str, Any] | None = None,
) -> Report:
    """Run a whole job and return its report; members of ``shared`` that are ``None`` are left out."""
    common = {name: value for name, value in (shared or {}).items() if value is not None}
    async with Job(cast("FleetClient", caller), journal) as job:
        await job.add(operation, items, shared=common)
        return await _finished(job)


async def _finished(job: Job) -> Report:
    async for _ in job.run():
        pass
    return job.report()


async def set_many(
    caller: Caller,
    operation: Operation,
    through: tuple[Operation, str, str],
    read: tuple[Operation, Operation],
    member: str,
    ids: Items[int],
    value: Any,
    *,
    journal: str | os.PathLike[str] | None = None,
) -> Report:
    """Set one member of many objects, on the bulk route of the objects that hold them where there is one.

    Args:
        caller: makes the calls.
        operation: changes one object.
        through: changes the holder of an object; the member that names the holder; and the holder's
            member that names the object and can have the value too.
        read: lists the objects, and gets one.
        member: what to set.
        ids: the objects.
        value: the new value, or the name of a known one. Objects that have it already are left out.
        journal: the path of the journal; ``None`` keeps it in memory.
    """
    client = cast("FleetClient", caller)
    holder, name, inner = through
    if isinstance(value, str) and operation.body is not None:
        value = msgspec.json.decode(client._codec.encode(operation.body, {member: value}))[member]["id"]
    kept = Journal(journal)
    async with Job(client, kept) as job:
        wanted = list(dict.fromkeys(await _numbers(ids)))
        _check_same_request(kept, {operation.id: value}, wanted)
        if not kept.calls:  # a job that has begun has all its items
            held, alone = [], []
            for one, thing in zip(wanted, await get_many(caller, *read, wanted), strict=True):
                owner = getattr(getattr(thing, name, None), "id", None)
                if _same(getattr(thing, member, None), value):
                    continue
                if owner is None:
                    alone.append((one, {member: value}))
                else:
                    held.append((owner, {inner: {"id": one, member: value}}))
            for route, rows in ((holder, held), (operation, alone)):
                await job.add(route, rows)
        return await _finished(job)


def _check_same_request(journal: Journal, change: Mapping[str, Any], ids: list[int]) -> None:
    """Check that a journal is that of this change of these objects, which its items alone do not show.

    Raises:
        ArgumentError: it is that of another one.
    """
    names = {name: getattr(value, "id", value) for name, value in change.items()}
    content = msgspec.json.encode([names, sorted(ids)])
    asked = hashlib.sha256(content).hexdigest()
    if journal.counts and journal.fact("asked") not in (None, asked):
        raise ArgumentError(
            "journal", f"{journal.name} is of a call with other ids or another value: use another file"
        )
    journal.note("asked", asked)


def _same(there: Any, value: Any) -> bool:
    return there is not None and getattr(there, "id", there) == getattr(value, "id", value)


async def get_many(caller: Caller, listing: Operation, getter: Operation, ids: Items[int]) -> list[Any]:
    """Return the objects of these ids in their order, ``None`` for one that does not exist.

    Args:
        caller: makes the calls.
        listing: the list of the objects, which can be sorted by id.
        getter: reads one object.
        ids: in any order; one may come twice.

    Raises:
        ArgumentError: an id is not a whole number above 0.
        EmnifyError: a call failed.
    """
    wanted = await _numbers(ids)
    missing, found = set(wanted), dict[int, Any]()
    client = cast("FleetClient", caller)
    if not await _pages_are_cheaper(client, listing, getter, len(missing)):
        one_by_one = await _read_each(client, getter, wanted)
        if one_by_one is not None:
            return one_by_one
    async for page in Sweep[Any](caller, listing).pages():
        found |= {one.id: one for one in page if one.id in missing}
        missing -= found.keys()
        # Pages go down: what is still missing above this one does not exist.
        if not missing or min(missing) >= page.items[0].id:
            break
    return [found.get(one) for one in wanted]


async def _pages_are_cheaper(client: FleetClient, listing: Operation, getter: Operation, count: int) -> bool:
    """Return whether all pages of the list take less time, or as much and fewer calls, than single reads."""
    if count <= _FEW:
        return False
    total = (await Pages[Any](client, listing, size=1, options=OPTIONS)).total_count
    if total is None:
        return False
    pages = -(-total // Sweep[Any](client, listing).size)
    costs = [
        (client.throttle.estimate(operation, calls, at_once=at_once, priority="bulk").seconds, calls)
        for operation, calls, at_once in ((listing, pages, IN_FLIGHT), (getter, count, None))
    ]
    return costs[0] < costs[1]


async def _read_each(client: FleetClient, getter: Operation, wanted: list[int]) -> list[Any] | None:
    """Read each object; ``None`` if so many are forbidden that only the list can tell which are readable."""
    async with Job(client, None) as job:
        await job.add(getter, wanted)
        try:
            outcomes = [outcome async for outcome in job.run()]
        except PermissionDeniedError:
            return None
    found = {outcome.key: outcome.result for outcome in outcomes if outcome.state == "ok"}
    failed = {outcome.key: _status(outcome) for outcome in outcomes if outcome.state != "ok"}
    others = [key for key, status in failed.items() if status not in (_FORBIDDEN, *_NOT_THERE)]
    forbidden = [key for key, status in failed.items() if status == _FORBIDDEN]
    for key in others or ([] if found else forbidden[:1]):
        found[key] = await client._call(getter, (key,), options=OPTIONS)  # raises its error
    return [found.get(one) for one in wanted]


def _status(outcome: Outcome) -> int | None:
    return outcome.error.status if outcome.error is not None else None


async def _numbers(ids: Items[int]) -> list[int]:
    wanted: list[int] = []
    async with aclosing(each_of(ids)) as given:
        async for one in given:
            wanted.append(check_whole_number(f"ids[{len(wanted)}]", one))
    return wanted
