"""The process that is killed: it opens a job, adds its items, and runs it to the end."""

from __future__ import annotations

import logging
import sys
from typing import Any

import anyio
from attrs import frozen

from aioemnify import Emnify, RetryPolicy, Timeouts
from aioemnify.fleet import Job
from aioemnify.fleet.jobs import looks, routes

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
    routes.BULK = {name: {**facts, "size": task.chunk} for name, facts in routes.BULK.items()}  # type: ignore[misc]
    try:
        anyio.run(_run, task, backend=task.backend)
    except Exception as error:
        sys.stderr.write(f"stopped: {error!r}\n")
        raise SystemExit(1) from None


async def _run(task: Task) -> None:
    async with (
        Emnify(
            task.token,
            base_url=task.url,
            throttling=None,
            timeouts=Timeouts(read=READ_TIMEOUT),
            retry=RetryPolicy(first_delay=0.01, longest_delay=0.05, limit_attempts=4),
        ) as emnify,
        Job(emnify, task.journal) as job,
    ):
        await job.add(task.operation, task.items, **task.options)
        async for _ in job.run():
            pass
        job.report().to_jsonl(f"{task.journal}.jsonl")
