"""A job in Redis: one worker of it on this host, and how far all of them are."""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from aioemnify.cli.exit_status import DONE
from aioemnify.cli.job_places import JobInRedis
from aioemnify.cli.jobs import ask_first, check_table, dry_run, tell
from aioemnify.cli.session import run
from aioemnify.cli.settings import Settings
from aioemnify.hooks import Hooks

if TYPE_CHECKING:
    from aioemnify.fleet import Job
    from aioemnify.hooks import JobInfo, JobProgress

EVERY = 30.0
"""Seconds between the lines of a worker without a terminal."""


class SharedProgress(Hooks):
    """How far the whole job is, as this worker last heard: a bar on a terminal, else a line now and then.

    Args:
        now: the clock, in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._next = now() + EVERY
        self._show: Callable[[JobProgress], object] | None = None

    def job_progress(self, job: JobInfo, progress: JobProgress, /) -> None:
        """Hear how many items are in each state."""
        if self._show is not None:
            self._show(progress)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show it for the time of the block."""
        with self._bar() if sys.stderr.isatty() else self._lines():
            try:
                yield
            finally:
                self._show = None

    @contextmanager
    def _lines(self) -> Iterator[None]:
        def show(progress: JobProgress) -> None:
            if self._now() >= self._next:
                self._next = self._now() + EVERY
                done, total = _done(progress)
                print(f"{done:,} of {total:,} done{_troubles(progress)}", file=sys.stderr)

        self._show = show
        yield

    @contextmanager
    def _bar(self) -> Iterator[None]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=None, note="")

            def show(progress: JobProgress) -> None:
                done, total = _done(progress)
                bar.update(task, completed=done, total=total, note=_troubles(progress).removeprefix(", "))

            self._show = show
            yield


def _done(progress: JobProgress) -> tuple[int, int]:
    done = progress.ok + progress.skipped + progress.failed + progress.unknown
    return done, done + progress.waiting + progress.sent


def _troubles(progress: JobProgress) -> str:
    pairs = (("failed", progress.failed), ("unknown", progress.unknown))
    return "".join(f", {count:,} {name}" for name, count in pairs if count)


def run_worker_of(
    settings: Settings,
    place: JobInRedis,
    table: str | None,
    prepare: Callable[[Job], Awaitable[None]] | None = None,
    *,
    lease: float | None = None,
) -> int:
    """Run one worker until the job is done, and tell what became of the whole; return the exit status.

    SIGTERM and Ctrl-C end it in order.

    Args:
        settings: the options of the command.
        place: the job.
        table: where to write what became of each item, or ``None``.
        prepare: awaited with the job open, before the worker begins.
        lease: seconds of a claim, for a new job; ``None`` for the default.
    """
    check_table(table)
    progress = SharedProgress()

    async def work(emnify: Any) -> int:
        from aioemnify.fleet import Job
        from aioemnify.fleet.hosts.worker import work_on

        hint = "" if place.has_address else ": name it with --address where this host has one of its own"
        where = f"{place.name} in Redis at {place.location}"
        # Opened once: between two times somebody could remove the job, and the second would create it again.
        async with Job(emnify, place.journal(lease)) as job:
            if prepare is not None:
                await prepare(job)
            print(f"working on {where}, as address {place.address}{hint}", file=sys.stderr)
            with progress.shown():
                done = await work_on(job)
        return tell(done.job, place, table)

    return run(settings, work, store=place.store(), hooks=progress)


def run_in_redis(
    settings: Settings,
    place: JobInRedis,
    operation: str,
    items: Sequence[Any],
    *,
    lease: float | None,
    add_only: bool,
    table: str | None,
    yes: bool,
) -> int:
    """Create a job in Redis, or join the one of this name, and run a worker; return the exit status.

    Args:
        settings: the options of the command.
        place: the job.
        operation: the id of the operation.
        items: of the table.
        lease: seconds of a claim; ``None`` for the default.
        add_only: whether to leave the calls to other workers.
        table: where to write what became of each item, or ``None``.
        yes: whether nobody is asked.
    """
    if settings.dry_run:
        return run(settings, lambda emnify: dry_run(emnify, [(operation, items)]), store=place.store())
    import asyncio

    from aioemnify.fleet import JournalError

    was_there = place.is_there()

    wanted = False

    async def prepare(job: Job) -> None:
        nonlocal wanted
        await job.add(operation, items)
        ask_first(job, "row", yes=yes)
        wanted = True
        further = "" if add_only else "further "
        print(f"start {further}workers with: {place.resume}", file=sys.stderr)

    async def add(emnify: Any) -> int:
        from aioemnify.fleet import Job

        async with Job(emnify, place.journal(lease)) as job:
            await prepare(job)
        return DONE

    try:
        if add_only:
            return run(settings, add, store=place.store())
        return run_worker_of(settings, place, table, prepare, lease=lease)
    finally:
        if not (was_there or wanted):
            with suppress(JournalError):  # somebody else works on it already
                asyncio.run(place.journal().remove())
