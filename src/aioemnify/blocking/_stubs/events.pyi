# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins
import os
from collections.abc import Sequence

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

    def list_types(self, *, options: CallOptions | None = None) -> builtins.list[EventType]:
        """List the types an event can have.

        The platform adds new types without notice.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
