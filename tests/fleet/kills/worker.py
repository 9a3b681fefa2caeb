"""The processes that are killed: a job that adds its items and runs, a sweep, a mirror, and a plan."""

from __future__ import annotations

import logging
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio
from attrs import evolve, frozen

from aioemnify import Emnify, RetryPolicy, Timeouts
from aioemnify.fleet import Job, Mirror, Plan
from aioemnify.fleet.jobs import looks, routes
from aioemnify.fleet.mirror import schema
from aioemnify.tables.bulk import BULK

T = TypeVar("T")

PER_PAGE = 20
"""Items on a page of a sweep."""

END = "end\n"
"""The last line of a finished sweep."""

READ_TIMEOUT = 1.5
"""Seconds after which a response is certainly lost. The simulator answers within a fraction of it."""


@frozen
class Task:
    """What one job has to do, and where."""

    url: str
    token: str
    journal: str
    operation: str
    items: list[Any]
    options: dict[str, Any]
    chunk: int
    page: int
    backend: str


def work(task: Task) -> None:
    """Run the job; the exit status is 0 if it came to its end."""
    logging.disable(logging.WARNING)  # that rate limiting is off is meant
    # Small chunks and pages, so that a job of few items has many calls, and a look many pages.
    looks.PER_PAGE = task.page
    vars(routes)["BULK"] = {name: {**facts, "size": task.chunk} for name, facts in BULK.items()}
    _carry_out(_run, task, task.backend)


@frozen
class SweepTask:
    """What one sweep has to do, and where."""

    url: str
    token: str
    checkpoint: str
    strict: bool
    backend: str


def sweep(task: SweepTask) -> None:
    """Run the sweep; each page is a line of ids in a file beside the checkpoint."""
    logging.disable(logging.WARNING)
    ids = Path(f"{task.checkpoint}.ids")
    if ids.exists() and ids.read_text(encoding="ascii").endswith(END):
        return  # a finished sweep has no checkpoint, so it would begin again
    _carry_out(_sweep, task, task.backend)


@frozen
class MirrorTask:
    """What one mirror has to do, and where."""

    url: str
    token: str
    file: str
    full: bool
    backend: str


def mirror(task: MirrorTask) -> None:
    """Synchronise a mirror, in small pages."""
    logging.disable(logging.WARNING)
    vars(schema)["COLLECTIONS"].update(
        {
            name: evolve(
                one,
                operation=evolve(
                    one.operation,
                    listing=evolve(one.operation.listing, default_size=PER_PAGE, max_size=PER_PAGE),
                ),
            )
            for name, one in schema.COLLECTIONS.items()
            if one.operation.listing is not None
        }
    )
    _carry_out(_mirror, task, task.backend)


async def _mirror(task: MirrorTask) -> None:
    async with (
        Emnify(task.token, base_url=task.url, throttling=None) as emnify,
        Mirror(emnify, task.file) as one,
    ):
        await one.sync("endpoints", "sims", full=task.full)


@frozen
class PlanTask:
    """Which plan to apply, and where."""

    url: str
    token: str
    plan: str
    journal: str
    chunk: int
    backend: str


def plan(task: PlanTask) -> None:
    """Apply the plan, in small calls; the exit status is 0 if it came to its end."""
    logging.disable(logging.WARNING)
    vars(routes)["BULK"] = {name: {**facts, "size": task.chunk} for name, facts in BULK.items()}
    _carry_out(_plan, task, task.backend)


async def _plan(task: PlanTask) -> None:
    async with _impatient(task.url, task.token) as emnify:
        report = await Plan.load(emnify, task.plan).apply(task.journal)
        report.to_jsonl(f"{task.journal}.jsonl")


def _impatient(url: str, token: str) -> Emnify:
    """Return a client that soon knows that a response is lost."""
    return Emnify(
        token,
        base_url=url,
        throttling=None,
        timeouts=Timeouts(read=READ_TIMEOUT),
        retry=RetryPolicy(first_delay=0.01, longest_delay=0.05, limit_attempts=4),
    )


def _carry_out(run: Callable[[T], Awaitable[None]], task: T, backend: str) -> None:
    try:
        anyio.run(run, task, backend=backend)
    except Exception as error:
        sys.stderr.write(f"stopped: {error!r}\n")
        raise SystemExit(1) from None


async def _sweep(task: SweepTask) -> None:
    async with Emnify(task.token, base_url=task.url, throttling=None) as emnify:
        reading = emnify.endpoints.sweep(
            per_page=PER_PAGE, checkpoint=task.checkpoint, strict=task.strict
        ).pages()
        _append(task, "\n")  # ends a line that a kill has cut off
        async for page in reading:
            _append(task, ",".join(str(one.id) for one in page) + ";\n")
        _append(task, END)


def _append(task: SweepTask, text: str) -> None:
    with Path(f"{task.checkpoint}.ids").open("a", encoding="ascii") as file:
        file.write(text)


async def _run(task: Task) -> None:
    async with _impatient(task.url, task.token) as emnify, Job(emnify, task.journal) as job:
        await job.add(task.operation, task.items, **task.options)
        async for _ in job.run():
            pass
        job.report().to_jsonl(f"{task.journal}.jsonl")
