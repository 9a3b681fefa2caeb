"""A program with a job, for Ctrl-C: it renames two endpoints, then many more, slowly."""

from __future__ import annotations

import signal
import sys

import anyio

from aioemnify import Emnify
from aioemnify.fleet import Job


async def main(url: str, token: str, journal: str) -> None:
    async with (
        Emnify(token, base_url=url, throttling=None, connections=2) as emnify,
        Job(emnify, journal) as job,
    ):
        await job.add("sims.get", range(1, 41))
        async for outcome in job.run():
            print(outcome.key, outcome.state, flush=True)
        print(job.report(), flush=True)
        print("the end", flush=True)


if __name__ == "__main__":
    # Programs in the background of a shell ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    anyio.run(main, *sys.argv[2:], backend=sys.argv[1])
