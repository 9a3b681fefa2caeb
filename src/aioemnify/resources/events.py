# Generated from schema/resources/events.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Events: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.pagination import Pages
from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Sequence

    from aioemnify.models.events import Event, EventType
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller
    from aioemnify.resources.criteria import EventFilter, EventSort


class Events:
    """Events."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

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

        History reaches back 30 days. from and until belong together.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            filter: What to narrow the list to; an unknown field is refused before sending.
            q: The same as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, timestamp, source, severity, alert,
                organisation, user, endpoint, tags, ip_address, iccid, imsi, type.
            page: The page to begin with, from 1.
            per_page: Items per page: 100 by default.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: Bad paging or sort values.
            ValidationError: A bad filter.
        """
        return Pages(
            self._caller,
            OPERATIONS["events.list"],
            (),
            filter=filter,
            q=q,
            sort=sort,
            page=page,
            size=per_page,
            options=options,
        )

    async def list_types(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[EventType]:
        """List the types an event can have.

        New types appear without notice.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[EventType] = await self._caller._call(
            OPERATIONS["events.list_types"], (), options=options
        )
        return result
