"""The client for blocking code: scripts, notebooks, Django, Airflow, threads.

The names, models, errors and rate limits are those of the asyncio client::

    from aioemnify.blocking import Emnify

    with Emnify() as emnify:
        for sim in emnify.sims.list(filter={"status": 1}):
            print(sim.iccid)

All blocking clients of a process make their calls in one thread, which the first call starts.
"""

from __future__ import annotations

from aioemnify.blocking.proxies import Emnify, Job, Pages, PrefetchedPages, Sweep

__all__ = ["Emnify", "Job", "Pages", "PrefetchedPages", "Sweep"]
