"""One worker of a job on many hosts, which all of them run: see docs/hosts.md."""

import asyncio
import os
from collections.abc import Iterable

from aioemnify import Emnify
from aioemnify.fleet import Job, RedisJournal, run_worker
from aioemnify.stores import RedisStore


async def main(sim_ids: Iterable[int]) -> None:
    """Add the items of the job, and work until all are done."""
    redis = os.environ["EMNIFY_REDIS"]
    store = RedisStore(redis, address=os.environ["EMNIFY_ADDRESS"])
    async with Emnify(store=store) as emnify:
        job = Job(emnify, RedisJournal(redis, "read-sims"))
        async with job:
            await job.add("sims.get", sim_ids)  # adds nothing where another host has added them
        done = await run_worker(job)
        print(done.job)


if __name__ == "__main__":
    asyncio.run(main(range(1, 1001)))
