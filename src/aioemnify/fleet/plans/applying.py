"""Put a plan into a job, and take out of it what others have changed since the plan was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aioemnify.fleet.client import FleetClient
from aioemnify.fleet.jobs.job import Job
from aioemnify.fleet.jobs.records import ItemError
from aioemnify.fleet.journals.items import OK, SENT, SKIPPED, WAITING, Finish, Item, Part
from aioemnify.fleet.journals.journal import Journal
from aioemnify.fleet.many import get_many
from aioemnify.fleet.plans.comparison import GET, LIST
from aioemnify.fleet.plans.records import PlanItem

_CHANGED = "changed since the plan"


async def add_and_check(
    client: FleetClient,
    job: Job,
    journal: Journal,
    items: Sequence[PlanItem],
    entries: Mapping[str, Sequence[Any]],
    check_organisation: Callable[[], None],
) -> None:
    """Add all items to a job that does not run, and end those that must not or need not be sent.

    Args:
        client: reads the endpoints.
        job: the job.
        journal: its journal.
        items: the plan.
        entries: the same as items of the job, by operation.
        check_organisation: raises an error where the calls are made for another workspace.

    Raises:
        EmnifyError: a call failed.
    """
    by_id = {item.id: item for item in items}
    wanted = _pending_ids(journal) if journal.fact("added") else list(by_id)
    if not wanted:
        return  # the job is done
    # Read first: the first call says which workspace this is, and until then nothing is kept.
    there = dict(zip(wanted, await get_many(client, LIST, GET, wanted), strict=True))
    check_organisation()
    for operation, some in entries.items():
        await job.add(operation, some)
    journal.note("added", 1)
    await _end(journal, {number: by_id[number].verdict(there[number]) for number in wanted})


def _pending_ids(journal: Journal) -> list[int]:
    return [int(one.key) for part in journal.parts() for one in _pending(journal, part)]


def _pending(journal: Journal, part: Part) -> list[Item]:
    return [*journal.items(part, WAITING), *journal.items(part, SENT)]


async def _end(journal: Journal, verdicts: Mapping[int, str | None]) -> None:
    for part in journal.parts():
        found = (_ended(one, verdicts[int(one.key)]) for one in _pending(journal, part))
        ended = [one for one in found if one is not None]
        if ended:
            await journal.run(journal.finish, part, ended)


def _ended(one: Item, verdict: str | None) -> Finish | None:
    """Return the outcome of an item that is not to be sent; ``None`` if it is."""
    if verdict is None:
        return None
    if verdict == "done":
        return Finish(one, OK)
    return Finish(one, SKIPPED, ItemError(message=f"{_CHANGED}: {verdict}").to_json())
