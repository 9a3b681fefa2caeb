"""``Job``: thousands of calls that are made once each, whatever happens to the process."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

import anyio

from aioemnify._checks import check_choice, check_number, check_type
from aioemnify.errors import ClientStateError
from aioemnify.fleet.client import FleetClient, limits_of
from aioemnify.fleet.jobs.adding import Adding
from aioemnify.fleet.jobs.interrupts import two_steps
from aioemnify.fleet.jobs.planning import Planner
from aioemnify.fleet.jobs.records import ItemError, JobPlan, Outcome, Progress, State
from aioemnify.fleet.jobs.report import Report
from aioemnify.fleet.jobs.routes import ItemReader, route_of
from aioemnify.fleet.jobs.runner import OutcomeIterator, Run, Runner
from aioemnify.fleet.jobs.sending import Sender
from aioemnify.fleet.jobs.share import WINDOW, WindowShare
from aioemnify.fleet.journals.items import SKIPPED, STATES, UNKNOWN, WAITING
from aioemnify.fleet.journals.journal import Journal
from aioemnify.fleet.journals.journal_file import JournalError
from aioemnify.fleet.journals.protocol import JobJournal
from aioemnify.hooks import JobInfo, JobProgress
from aioemnify.operation import Operation

if TYPE_CHECKING:
    from anyio.abc import TaskGroup
    from anyio.streams.memory import MemoryObjectReceiveStream

UnknownPolicy = Literal["look", "keep", "repeat"]


class Job:
    """Make one call for each of many items, on bulk routes where there are any, and each once.

    Use it as ``async with Job(emnify, "rename.job") as job``. The file is the job: opened again after a
    crash, it continues. Calls go with the priority ``bulk`` and keep all rate limits.

    Args:
        emnify: the client that makes the calls.
        journal: the path of the journal, on a local disk, or a ``RedisJournal``, with which the job is the
            same on many hosts; ``None`` keeps it in memory, where it ends with the process.
        window_share: the part of the 2,000 calls in 300 s that this job may take, above 0 and up to 1. A
            part below 1 leaves the rest to others: priority does not bring back a spent window.
        unknown: what to do where the response to a call that must not be repeated was lost: ``look``
            whether the object exists, ``keep`` it as unknown, or ``repeat`` the call all the same.

    Raises:
        ArgumentError: an argument cannot work.
    """

    def __init__(
        self,
        emnify: FleetClient,
        journal: str | os.PathLike[str] | JobJournal | None,
        *,
        window_share: float = 1.0,
        unknown: UnknownPolicy = "look",
    ) -> None:
        self._client = emnify
        if not isinstance(journal, JobJournal):
            if journal is not None:
                accepted = "a path, a RedisJournal, or None for memory"
                check_type("journal", journal, (str, os.PathLike), accepted)
            journal = Journal(journal)
        self._journal: JobJournal = journal
        check_number("window_share", window_share, above=0.0, most=1.0)
        check_choice("unknown", unknown, get_args(UnknownPolicy))
        most = max(1, int(WINDOW.count * window_share))
        self._window_share = window_share
        self._share = WindowShare(most) if window_share < 1 else None
        self._unknown = unknown
        self._planner = Planner(emnify, journal, self._share)
        self._group: TaskGroup | None = None
        self._runner: Runner | None = None
        self._output: MemoryObjectReceiveStream[list[Outcome]] | None = None
        self._outcomes: OutcomeIterator | None = None
        self._busy: Literal["", "adding", "streaming", "settling"] = ""
        self._waits: dict[str, float] = {}
        self._interrupted = False
        self._info: JobInfo = JobInfo(name=journal.name)

    def __repr__(self) -> str:
        return f"<Job of {self._journal!r}>"

    async def __aenter__(self) -> Self:
        """Open the journal.

        Raises:
            JournalError: it is not the journal of a job, or of another server, or cannot be used.
        """
        if self._group is not None:
            raise ClientStateError("the job is open already")
        await self._journal.run(self._journal.open, limits_of(self._client))
        try:
            await self._journal.run(self._check_server)
            group = anyio.create_task_group()
            await group.__aenter__()
        except BaseException:
            self._journal.close()
            raise
        self._group = group
        self._info = JobInfo(name=self._journal.name)
        self._tell()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        group, self._group = self._entered(), None
        if self._outcomes is not None:
            self._outcomes.end("the job was closed before all outcomes were read; open it again to continue")
        group.cancel_scope.cancel()
        try:
            return await group.__aexit__(kind, error, trace)
        except BaseExceptionGroup as several:
            # The run keeps its errors for the reader, so this one is what the block itself raised.
            if len(several.exceptions) == 1 and several.exceptions[0] is error:
                return False
            raise
        finally:
            self._close_output()
            self._journal.close()
            if self._runner is not None:
                self._runner.done.set()  # also where it had not begun
            self._runner = self._outcomes = self._output = None

    def _close_output(self) -> None:
        if self._output is not None:
            self._output.close()

    def _check_server(self) -> None:
        server = self._journal.settle_fact("server", self._client._base_url)
        if server != self._client._base_url:
            raise JournalError(
                f"{self._journal.name} is the journal of a job on {server}, and this client calls "
                f"{self._client._base_url}: use another {'name' if self._journal.shared else 'file'}"
            )

    async def add(
        self,
        operation: Operation | str,
        items: Iterable[Any] | AsyncIterable[Any],
        *,
        key: str | None = None,
        shared: Mapping[str, Any] | None = None,
        streaming: bool = False,
    ) -> int:
        """Add one call for each item; an item whose key is there already adds nothing.

        All items are read and checked before the first is kept, so after an error none of them is.

        Args:
            operation: any operation with items, such as ``"endpoints.update"`` or ``"sims.get"``.
            items: for each call its path values and its body, ``(endpoint_id, body)``; a bare value where
                the call takes one; the body alone for creations.
            key: for creations the member that identifies an object; default: ``name`` for endpoints.
            shared: members that all bodies have, or query parameters.
            streaming: keep items while they are read, so that ``run`` may send the first before the last
                is there. After an error the items before it stay.

        Returns:
            The number of items that are new.

        Raises:
            ArgumentError: an item has the wrong shape, or its key is there with another body; the message
                has its number. Or the journal is that of another job.
            JournalError: the journal cannot be written.
        """
        self._check_idle("add items", running=streaming)
        route = route_of(operation)
        reader = ItemReader(route, self._client._codec, key, shared)
        adding = Adding(self._journal, reader, self._wake)
        await self._journal.run(adding.check_same_job)
        before = self._journal.added
        self._busy = "streaming" if streaming else "adding"
        try:
            await (adding.add_as_they_come if streaming else adding.add)(items)
        finally:
            self._busy = ""
            self._wake()
            self._tell()
        return self._journal.added - before

    def plan(self) -> JobPlan:
        """Return how the waiting items will be sent, and how long that takes as of now.

        It is exact for the documented limits as long as nobody else uses them. How long a call takes is
        known after the first ones.
        """
        self._entered()
        return self._planner.plan()

    def run(self) -> AsyncIterator[Outcome]:
        """Send all that waits, and iterate over the outcomes. Stop reading, and it stops sending.

        The first Ctrl-C ends the calls under way and sends no further one; the second cancels.

        Raises:
            AuthenticationError: the credentials are refused.
            QuotaExhaustedError: the month's calls are used up.
            PermissionDeniedError: the first 20 items were all forbidden.
            EmnifyError: the server or the network failed too often in a row.
            JournalError: the journal cannot be written, or is that of another organisation.

        After each of them the job can be continued with ``run``, in another process too.
        """
        self._check_idle("run", running=True)
        return OutcomeIterator(self._start)

    async def _start(self, outcomes: OutcomeIterator) -> Run:
        group = self._entered()
        self._check_idle("run", running=True)
        before, self._outcomes = self._outcomes, outcomes
        if before is not None and before is not outcomes:
            if before.reading:
                self._outcomes = before
                raise ClientStateError("the job runs in another task; read that run() to its end first")
            before.end("a later run() of this job has taken over; read that one")
        if self._runner is not None:
            # An iterator that was left behind.
            self._runner.scope.cancel()
            await self._runner.done.wait()
        self._close_output()
        self._runner, self._output = self._make_runner(self._unknown)
        group.start_soon(self._carry_out, self._runner)
        return self._runner, self._output

    def _make_runner(self, unknown: UnknownPolicy) -> Run:
        send, receive = anyio.create_memory_object_stream[list[Outcome]](0)
        self._interrupted = False

        async def emit(outcomes: list[Outcome]) -> None:
            self._tell()
            await send.send(outcomes)

        sender = Sender(self._client, self._journal, unknown, self._share, emit, self._waits)
        runner = Runner(
            sender, self._journal, self._client._pipeline.connections.size, send, lambda: bool(self._busy)
        )
        return runner, receive

    async def _carry_out(self, runner: Runner) -> None:
        with two_steps(runner.sender.interrupt, self._journal.name):
            await runner.run()
        self._interrupted = runner.sender.interrupted and runner.error is None

    def interrupt(self) -> None:
        """End the run in order, such as when a service stops: no further call is sent.

        ``run`` ends when the calls under way have ended, and can be called again. This is what the first
        Ctrl-C does in a program of your own; servers such as uvicorn have their own handler of it. Nothing
        happens if the job does not run.
        """
        if self._runner is not None:
            self._runner.sender.interrupt()

    def progress(self) -> Progress:
        """Return how far the job is, and when it will be finished as of now."""
        self._entered()
        return self._planner.progress(self._runner.sender if self._runner is not None else None)

    def report(self) -> Report:
        """Return what the job has done so far; outside the block, what its file says.

        Raises:
            ClientStateError: the job has no file, and was not opened yet.
            JournalError: the file does not exist, is in use, or cannot be read.
        """
        if self._journal.path is None and not (self._journal.is_open or self._journal.shared):
            self._entered()
        with self._journal.reading():
            errors: dict[str, int] = {}
            for text, count in self._journal.errors():
                label = ItemError.from_json(text).label
                errors[label] = errors.get(label, 0) + count
            return Report(
                counts=self._counts(),
                errors=dict(sorted(errors.items(), key=lambda pair: -pair[1])),
                calls=self._journal.calls,
                waits=dict(self._waits),
                doubled=self._journal.doubled(),
                interrupted=self._interrupted,
                journal=self._journal,
            )

    def retry(self, state: Literal["failed", "unknown", "skipped"] = "failed") -> int:
        """Put back all items of a state, so that the next ``run`` sends them; return how many."""
        return self._change(state, WAITING, ("failed", "unknown", "skipped"))

    def skip(self, state: Literal["waiting", "failed", "unknown"] = "waiting") -> int:
        """Take all items of a state out of the job; return how many. ``retry("skipped")`` puts them back."""
        return self._change(state, SKIPPED, ("waiting", "failed", "unknown"))

    def _change(self, state: State, to: int, accepted: tuple[str, ...]) -> int:
        check_choice("state", state, accepted)
        self._check_idle("change items")
        changed = self._journal.change_all(STATES.index(state), to)
        self._tell()
        return changed

    async def settle(self) -> int:
        """Look again for the items whose outcome is unknown; return how many still are.

        Those that certainly do not exist wait for the next ``run``.

        Raises:
            EmnifyError: a call failed.
        """
        self._check_idle("settle")
        runner, output = self._make_runner("look")
        self._busy = "settling"
        try:
            failure: Exception | None = None
            async with output, anyio.create_task_group() as group:
                group.start_soon(_drain, output)
                try:
                    await runner.settle()
                except Exception as error:
                    failure = error
                finally:
                    runner.output.close()
        finally:
            self._busy = ""
        if failure is not None:  # raised here, for a task group would wrap it
            raise failure
        return self._journal.count(UNKNOWN)

    def _tell(self) -> None:
        """Call the hook of jobs with the counts as they are now."""
        hooks = self._client._pipeline.hooks
        if hooks is not None:
            hooks.job_progress(self._info, JobProgress(**self._counts()))

    def _counts(self) -> dict[Any, int]:
        return {name: self._journal.count(at) for at, name in enumerate(STATES)}

    def _wake(self) -> None:
        if self._runner is not None:
            self._runner.added.set()

    def _entered(self) -> TaskGroup:
        if self._group is None:
            raise ClientStateError("the job is not open: use it as 'async with Job(emnify, path) as job'")
        return self._group

    def _check_idle(self, what: str, *, running: bool = False) -> None:
        """Check that the job is open, and that nothing is under way that this would disturb."""
        self._entered()
        if self._busy == "settling":
            raise ClientStateError(f"cannot {what} while unknown items are looked for; await settle() first")
        if self._busy and (what != "run" or self._busy != "streaming"):
            raise ClientStateError(f"cannot {what} while items are being added; await add() first")
        if not running and self._runner is not None and not self._runner.done.is_set():
            raise ClientStateError(f"cannot {what} while the job runs; read run() to its end first")


async def _drain(output: MemoryObjectReceiveStream[list[Outcome]]) -> None:
    async for _ in output:
        pass
