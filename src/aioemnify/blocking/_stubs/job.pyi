# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
import os
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Literal, Self

from aioemnify.blocking._stubs.client import Emnify
from aioemnify.fleet.jobs.job import UnknownPolicy
from aioemnify.fleet.jobs.records import JobPlan, Outcome, Progress
from aioemnify.fleet.jobs.report import Report
from aioemnify.fleet.journals.protocol import JobJournal
from aioemnify.operation import Operation

class Job:
    """Make one call for each of many items, on bulk routes where there are any, and each once.

    Use it as ``with Job(emnify, "rename.job") as job``. The file is the job: opened again after a
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
        emnify: Emnify,
        journal: str | os.PathLike[str] | JobJournal | None,
        *,
        window_share: float = 1.0,
        unknown: UnknownPolicy = "look",
    ) -> None: ...
    def __repr__(self) -> str: ...
    def __enter__(self) -> Self:
        """Open the journal.

        Raises:
            JournalError: it is not the journal of a job, or of another server, or cannot be used."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None: ...
    def add(
        self,
        operation: Operation | str,
        items: Iterable[Any],
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
            JournalError: the journal cannot be written."""

    def plan(self) -> JobPlan:
        """Return how the waiting items will be sent, and how long that takes as of now.

        It is exact for the documented limits as long as nobody else uses them. How long a call takes is
        known after the first ones."""

    def run(self) -> Iterator[Outcome]:
        """Send all that waits, and iterate over the outcomes. Stop reading, and it stops sending.

        Ctrl-C cancels the calls under way.

        Raises:
            AuthenticationError: the credentials are refused.
            QuotaExhaustedError: the month's calls are used up.
            PermissionDeniedError: the first 20 items were all forbidden.
            EmnifyError: the server or the network failed too often in a row.
            JournalError: the journal cannot be written, or is that of another organisation.

        After each of them the job can be continued with ``run``, in another process too."""

    def interrupt(self) -> None:
        """End the run in order, such as when a service stops: no further call is sent.

        ``run`` ends when the calls under way have ended, and can be called again. This is what the first
        Ctrl-C does in a program of your own; servers such as uvicorn have their own handler of it. Nothing
        happens if the job does not run."""

    def progress(self) -> Progress:
        """Return how far the job is, and when it will be finished as of now."""

    def report(self) -> Report:
        """Return what the job has done so far; outside the block, what its file says.

        Raises:
            ClientStateError: the job has no file, and was not opened yet.
            JournalError: the file does not exist, is in use, or cannot be read."""

    def retry(self, state: Literal["failed", "unknown", "skipped"] = "failed") -> int:
        """Put back all items of a state, so that the next ``run`` sends them; return how many."""

    def skip(self, state: Literal["waiting", "failed", "unknown"] = "waiting") -> int:
        """Take all items of a state out of the job; return how many. ``retry("skipped")`` puts them back."""

    def settle(self) -> int:
        """Look again for the items whose outcome is unknown; return how many still are.

        Those that certainly do not exist wait for the next ``run``.

        Raises:
            EmnifyError: a call failed."""
