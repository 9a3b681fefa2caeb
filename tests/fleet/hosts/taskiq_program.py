"""What ``taskiq worker`` imports: a broker, and the task of a job. Run by itself, it begins the job."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from taskiq_redis import RedisStreamBroker

from aioemnify import Emnify
from aioemnify.fleet import Job, RedisJournal
from aioemnify.fleet.taskiq import job_task
from aioemnify.stores import RedisStore

REDIS = os.environ["JOB_REDIS"]

broker = RedisStreamBroker(REDIS, maxlen=1000, unacknowledged_lock_timeout=10, idle_timeout=120_000)


@asynccontextmanager
async def connect(name: str) -> AsyncIterator[Job]:
    store = RedisStore(REDIS, address="here")
    async with Emnify(os.environ["JOB_TOKEN"], base_url=os.environ["JOB_SERVER"], store=store) as emnify:
        yield Job(emnify, RedisJournal(REDIS, name, lease=float(os.environ["JOB_LEASE"])))


work = job_task(broker, connect, seconds=60)


async def begin() -> None:
    """Add the items, and send a message for each worker."""
    name, operation, items, workers = json.loads(os.environ["JOB_BEGIN"])
    async with connect(name) as job, job:
        await job.add(operation, [tuple(one) if isinstance(one, list) else one for one in items])
    await broker.startup()
    for _ in range(workers):
        await work.kiq(name)
    await broker.shutdown()


if __name__ == "__main__":
    asyncio.run(begin())
