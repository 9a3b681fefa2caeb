"""Run one worker of a job: until the job is done, some time has passed, or the process is to end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

import anyio
from attrs import frozen

from aioemnify._checks import check_seconds
from aioemnify.fleet.jobs.job import Job
from aioemnify.fleet.jobs.records import Outcome
from aioemnify.fleet.jobs.report import Report


@frozen
class WorkerReport:
    """What one worker has done, and how the whole job stands.

    ``finished`` says that nothing of the job waits any more, ``outcomes`` how many items this worker has
    brought to one, and ``job`` is the report of the whole.
    """

    finished: bool
    outcomes: int
    job: Report


async def run_worker(
    job: Job,
    *,
    seconds: float | None = None,
    on_outcome: Callable[[Outcome], object] | None = None,
    signals: bool = True,
) -> WorkerReport:
    """Work on a job that is not open yet, until it is done.

    SIGTERM ends the worker in order, as Ctrl-C does: calls under way end, no further one is sent, and what
    the worker had claimed is left to the others.

    Args:
        job: the job; its items may be added by anybody, before or meanwhile.
        seconds: end in order after that time, above 0; ``None`` for no bound.
        on_outcome: called with each outcome of this worker.
        signals: whether SIGTERM is this worker's; ``False`` where something else handles it.

    Raises:
        EmnifyError: as ``Job.run`` does; the job can be continued.
    """
    if seconds is not None:
        check_seconds("seconds", seconds)
    async with job:
        return await work_on(job, seconds=seconds, on_outcome=on_outcome, signals=signals)


async def work_on(
    job: Job,
    *,
    seconds: float | None = None,
    on_outcome: Callable[[Outcome], object] | None = None,
    signals: bool = True,
) -> WorkerReport:
    """Do as ``run_worker`` does with a job that is open."""
    outcomes = 0
    async with anyio.create_task_group() as group:
        if signals and threading.current_thread() is threading.main_thread():
            group.start_soon(_stop_at_sigterm, job)
        if seconds is not None:
            group.start_soon(_stop_after, job, seconds)
        failure: Exception | None = None
        try:
            async for outcome in job.run():
                outcomes += 1
                if on_outcome is not None:
                    on_outcome(outcome)
        except Exception as error:
            failure = error
        group.cancel_scope.cancel()
    if failure is not None:
        raise failure
    report = job.report()
    finished = not report.counts["waiting"] and not report.counts["sent"]
    return WorkerReport(finished, outcomes, report)


async def _stop_at_sigterm(job: Job) -> None:
    with anyio.open_signal_receiver(signal.SIGTERM) as signals:
        async for _ in signals:
            job.interrupt()


async def _stop_after(job: Job, seconds: float) -> None:
    await anyio.sleep(seconds)
    job.interrupt()
