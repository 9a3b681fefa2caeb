"""The processes of a job on many hosts: each has an address of its own."""

from __future__ import annotations

import logging
import sys
from typing import Any

import anyio
from attrs import frozen

from aioemnify import Emnify, RetryPolicy, Timeouts
from aioemnify.fleet import Job, RedisJournal
from aioemnify.fleet.jobs import looks, routes
from aioemnify.stores import RedisStore
from aioemnify.tables.bulk import BULK
from tests.fleet.kills.worker import READ_TIMEOUT


@frozen
class HostTask:
    """What one worker has to do, and from which address."""

    url: str
    token: str
    redis_url: str
    name: str
    address: str
    operation: str
    items: list[Any]
    options: dict[str, Any]
    lease: float
    limits: bool
    chunk: int = 2000
    page: int = 1000
    figures: str = ""


def work_on_host(task: HostTask) -> None:
    """Work on the job to its end; the exit status is 0 if it came there."""
    logging.disable(logging.WARNING)
    looks.PER_PAGE = task.page
    vars(routes)["BULK"] = {name: {**facts, "size": task.chunk} for name, facts in BULK.items()}
    try:
        anyio.run(_work, task)
    except Exception as error:
        sys.stderr.write(f"stopped: {error!r}\n")
        raise SystemExit(1) from None


async def _work(task: HostTask) -> None:
    journal = RedisJournal(task.redis_url, task.name, lease=task.lease)
    limits: dict[str, Any] = {"throttling": None}
    store = None
    if task.limits:
        store = CountingStore(task.redis_url, deployment=task.name, address=task.address)
        limits = {"store": store}
    async with Emnify(
        task.token,
        base_url=task.url,
        local_address=task.address,
        timeouts=Timeouts(read=READ_TIMEOUT),
        retry=RetryPolicy(first_delay=0.01, longest_delay=0.05, limit_attempts=4),
        **limits,
    ) as emnify:
        async with Job(emnify, journal) as job:
            await job.add(task.operation, task.items, **task.options)
            before = journal.redis_calls
            outcomes = 0
            async for _ in job.run():
                outcomes += 1
            asked = journal.redis_calls - before
        if task.figures:
            text = f"{outcomes} {asked} {0 if store is None else store.asked}"
            await anyio.Path(task.figures).write_text(text, encoding="ascii")


class CountingStore(RedisStore):
    """Counts how often the limits are asked for."""

    asked = 0

    async def reserve(self, *arguments: Any) -> Any:
        self.asked += 1
        return await super().reserve(*arguments)

    async def cancel(self, *arguments: Any) -> Any:
        self.asked += 1
        return await super().cancel(*arguments)
