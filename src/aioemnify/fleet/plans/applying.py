"""Put a plan into a job, and take out of it what others have changed since the plan was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aioemnify.fleet.client import FleetClient
from aioemnify.fleet.jobs.items import OK, SENT, SKIPPED, WAITING, Finish
from aioemnify.fleet.jobs.job import Job
from aioemnify.fleet.jobs.journal import Journal
from aioemnify.fleet.jobs.records import ItemError
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
    wanted = _pending(journal) if journal.fact("added") else list(by_id)
    if not wanted:
        return  # the job is done
    # Read first: the first call says which workspace this is, and until then nothing is kept.
    there = dict(zip(wanted, await get_many(client, LIST, GET, wanted), strict=True))
    check_organisation()
    for operation, some in entries.items():
        await job.add(operation, some)
    journal.note("added", 1)
    for part in journal.parts():
        ended = []
        for state in (WAITING, SENT):
            for one in journal.items(part, state):
                item = by_id[int(one.key)]
                verdict = item.verdict(there[item.id])
                if verdict == "done":
                    ended.append(Finish(one, OK))
                elif verdict is not None:
                    error = ItemError(message=f"{_CHANGED}: {verdict}")
                    ended.append(Finish(one, SKIPPED, error.to_json()))
        if ended:
            await journal.run(journal.finish, part, ended)


def _pending(journal: Journal) -> list[int]:
    return [
        int(one.key)
        for part in journal.parts()
        for state in (WAITING, SENT)
        for one in journal.items(part, state)
    ]
