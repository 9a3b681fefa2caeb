"""Suspend many SIMs as a job that Ctrl-C or a crash only delays: ``python examples/suspend.py 17 18 19``.

Run it again with the same ids to continue. The server and its token come from ``EMNIFY_BASE_URL`` and
``EMNIFY_APPLICATION_TOKEN``, the journal is ``suspend.job`` in the current folder.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import anyio

from aioemnify import Emnify
from aioemnify.fleet import Job

JOURNAL = "suspend.job"
EVERY = 50


async def suspend(sim_ids: Sequence[int]) -> None:
    """Suspend SIMs, and print how far that is."""
    async with Emnify() as emnify, Job(emnify, JOURNAL) as job:
        new = await job.add("sims.update", sim_ids, shared={"status": 2})
        print(f"{new} new items; {job.plan()}", flush=True)
        count = 0
        async for _ in job.run():
            count += 1
            if count % EVERY == 0:
                print(job.progress(), flush=True)
        print(job.report())


if __name__ == "__main__":
    try:
        anyio.run(suspend, [int(one) for one in sys.argv[1:]])
    except KeyboardInterrupt:
        sys.exit(f"cancelled: run it again to continue with {JOURNAL}")
