"""Fetch pages ahead of their reader: in order, and at most so many of them.

The pages are fetched in tasks of the event loop. A task group would be the usual owner, but it belongs to
the task that opens it. An async generator that holds the block open is closed by another task when its
consumer leaves it early, and a group that is closed there cancels the consumer instead (PEP 789,
agronholm/anyio#1111).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Generic, Self, TypeVar

import anyio
from attrs import define, field

from aioemnify._event_loop import start_task
from aioemnify.errors import ClientStateError
from aioemnify.page_iterators import ANOTHER_TASK, AsyncOnly, ItemIterator, PageCursor, note_position
from aioemnify.types import Page

T = TypeVar("T")


@define(eq=False)
class _Slot(Generic[T]):
    """A page that is being fetched; ``page`` or ``failure`` is there once ``done`` is set."""

    done: anyio.Event = field(factory=anyio.Event)
    scope: anyio.CancelScope = field(factory=anyio.CancelScope)
    page: Page[T] | None = None
    failure: Exception | None = None
    task: object = None


class PrefetchedPages(AsyncOnly, AsyncIterator[Page[T]]):
    """Iterate over pages while the next ones are being fetched.

    Use it as ``async with emnify.sims.list().prefetch(4) as pages``, then ``async for page in pages``
    or ``async for sim in pages.items()``. Leaving the block, from any task, cancels the pages in flight
    and nothing else. The first page is fetched alone, because it says how many there are.

    A failure is raised when its page is next. After it the iteration continues with the page that failed.
    """

    def __init__(self, fetch: Callable[[int], Awaitable[Page[T]]], cursor: PageCursor[T], ahead: int) -> None:
        self._fetch = fetch
        self._cursor = cursor
        self._ahead = ahead
        self._slots: dict[int, _Slot[T]] = {}
        self._used = False
        self._open = False
        self._waiting = False

    async def __aenter__(self) -> Self:
        if self._used:
            raise RuntimeError("these pages have been used already; call prefetch() again")
        self._used = self._open = True
        return self

    async def __aexit__(self, *_: object) -> None:
        self._open = False
        self._cancel_all()
        # Also if this task is being cancelled: no fetch outlives the block.
        with anyio.CancelScope(shield=True):
            for slot in self._slots.values():
                await slot.done.wait()

    def items(self) -> AsyncIterator[T]:
        """Return an iterator over the items of the remaining pages."""
        return ItemIterator(self)

    async def __anext__(self) -> Page[T]:
        if not self._open:
            raise RuntimeError("prefetched pages need a block: async with list().prefetch(4) as pages")
        number = self._cursor.number
        if number is None:
            raise StopAsyncIteration
        if self._waiting:
            raise RuntimeError(ANOTHER_TASK)
        # The next page does not count as one of those ahead.
        slot = self._launch(number)
        self._waiting = True
        try:
            await slot.done.wait()
        finally:
            self._waiting = False
        del self._slots[number]
        if slot.page is None:
            error = slot.failure or ClientStateError("the task that fetched the page was cancelled")
            note_position(error, number, self._cursor.report.items)
            raise error
        if not self._cursor.accept(slot.page):
            self._cancel_all()
            raise StopAsyncIteration
        if self._cursor.number is not None:
            for later in range(self._cursor.number, min(number + self._ahead, self._cursor.last) + 1):
                self._launch(later)
        return slot.page

    def _launch(self, number: int) -> _Slot[T]:
        slot = self._slots.get(number)
        if slot is None:
            slot = self._slots[number] = _Slot[T]()
            slot.task = start_task(partial(self._fill, slot, number), slot.done.set, f"page {number}")
        return slot

    async def _fill(self, slot: _Slot[T], number: int) -> None:
        try:
            with slot.scope:
                slot.page = await self._fetch(number)
        except Exception as failure:
            slot.failure = failure

    def _cancel_all(self) -> None:
        for slot in self._slots.values():
            slot.scope.cancel()
