# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins
import os
from collections.abc import Sequence
from datetime import datetime

from aioemnify.blocking._stubs.follower import EventFollower
from aioemnify.blocking._stubs.pagination import Pages
from aioemnify.blocking._stubs.sweep import Sweep
from aioemnify.models.events import Event, EventType
from aioemnify.options import CallOptions
from aioemnify.resources.filters import EventFilter, EventSort

class Events:
    """Events."""

    def list(
        self,
        *,
        filter: EventFilter | None = None,
        q: str | None = None,
        sort: EventSort | Sequence[EventSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Event]:
        """List the events of the organisation.

        The history covers 30 days. Use from and until together.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: retried if the response is lost.

        Args:
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            q: The filter as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, timestamp, source, severity, alert,
                organisation, user, endpoint, tags, ip_address, iccid, imsi, type.
            page: The first page to return, from 1.
            per_page: Items per page: 100 by default.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: Invalid paging or sort values.
            ValidationError: An invalid filter."""

    def sweep(
        self,
        *,
        filter: EventFilter | None = None,
        per_page: int | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
        strict: bool = False,
        options: CallOptions | None = None,
    ) -> Sweep[Event]:
        """List the events of the organisation, all of them, and miss nothing while the list changes.

        The sweep reads backward, each item once, in no particular order. Its report says when it is
        complete. Without options, calls have the priority bulk.

        Limit: 10 calls/s, burst 5, per organisation.

        Args:
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            per_page: Items per page; the most that the server gives by default.
            checkpoint: A file to continue from after a crash. It is removed when the sweep is
                finished.
            strict: Read one page at a time, instead of several at once.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            SweepError: While it is read: the checkpoint is that of another sweep or cannot be used,
                or the list changes too fast."""

    def follow(
        self,
        *,
        since: datetime | str | None = None,
        types: Sequence[EventType | int] | None = None,
        lateness: float = 300.0,
        every: float = 5.0,
        options: CallOptions | None = None,
    ) -> EventFollower:
        """Follow the events as they come, without a gap and without a repeat.

        for never ends by itself. Store position after an event is processed, and pass it as
        since to continue there. Calls that fail for a reason that may pass (no connection, 5xx, 429,
        a deadline) are repeated after a pause that doubles up to a minute, and logged.

        Events come sorted by time within a read, not over all reads. The API documents neither how
        late an event can be in the list nor an order of the ids. Assumed: it is there lateness
        seconds after its timestamp, by the server's clock, at the latest; ids are unique; the clocks
        differ by less than ten minutes; events stay for 30 days. Memory: the ids of the events of the
        last lateness seconds, and one page.

        Calls: 1 a read, as long as the events of lateness fit into one page (1,000).

        Limit: 10 calls/s, burst 5, per organisation.

        Args:
            since: A time with a zone, or a position; None begins now, by the client's clock.
            types: The event types; None for all.
            lateness: Seconds that an event may take into the list, at most.
            every: Seconds between two reads when nothing is left to read.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ArgumentError: since is more than 30 days ago, or the position of other types.
            EmnifyError: While it is read: a call failed for a reason that does not pass."""

    def list_types(self, *, options: CallOptions | None = None) -> builtins.list[EventType]:
        """List the types an event can have.

        The platform adds new types without notice.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
