"""Fetch pages ahead of their reader: in order, and at most so many of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar

import anyio
from attrs import define, field

from aioemnify.page_iterators import ANOTHER_TASK, ItemIterator, PageCursor
from aioemnify.types import Page

if TYPE_CHECKING:
    from anyio.abc import TaskGroup

T = TypeVar("T")


@define(eq=False)
class _Slot(Generic[T]):
    """A page that is being fetched; ``page`` or ``failure`` is there once ``done`` is set."""

    done: anyio.Event = field(factory=anyio.Event)
    scope: anyio.CancelScope = field(factory=anyio.CancelScope)
    page: Page[T] | None = None
    failure: Exception | None = None


class PrefetchedPages(AsyncIterator[Page[T]]):
    """Iterate over pages while the next ones are being fetched.

    Use it as ``async with emnify.sims.list().prefetch(4) as pages``, then ``async for page in pages``
    or ``async for sim in pages.items()``. Leaving the block cancels the pages in flight. The first page
    is fetched alone, because it says how many there are.

    A failure is raised when its page is next. After it the iteration continues with the page that failed.
    """

    def __init__(self, fetch: Callable[[int], Awaitable[Page[T]]], cursor: PageCursor[T], ahead: int) -> None:
        self._fetch = fetch
        self._cursor = cursor
        self._ahead = ahead
        self._slots: dict[int, _Slot[T]] = {}
        self._group: TaskGroup | None = None
        self._over = False
        self._waiting = False

    async def __aenter__(self) -> Self:
        if self._group is not None or self._over:
            raise RuntimeError("these pages have been used already; call prefetch() again")
        group = anyio.create_task_group()
        await group.__aenter__()
        self._group = group
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        group, self._group, self._over = self._entered(), None, True
        self._cancel_all()
        try:
            return await group.__aexit__(kind, error, trace)
        except BaseExceptionGroup as several:
            # Fetches keep their failures for the reader, so the group holds only what the block itself
            # raised. It leaves unwrapped: the caller's except clauses do not expect a group.
            if len(several.exceptions) == 1 and several.exceptions[0] is error:
                return False
            raise

    def items(self) -> AsyncIterator[T]:
        """Return an iterator over the items of the remaining pages."""
        return ItemIterator(self)

    async def __anext__(self) -> Page[T]:
        group = self._entered()
        number = self._cursor.number
        if number is None:
            raise StopAsyncIteration
        if self._waiting:
            raise RuntimeError(ANOTHER_TASK)
        # The next page does not count as one of those ahead.
        slot = self._launch(group, number)
        self._waiting = True
        try:
            await slot.done.wait()
        finally:
            self._waiting = False
        del self._slots[number]
        if slot.failure is not None:
            raise slot.failure
        page = slot.page
        if page is None or not self._cursor.accept(page):
            self._cancel_all()
            raise StopAsyncIteration
        if self._cursor.number is not None:
            for later in range(self._cursor.number, min(number + self._ahead, self._cursor.last) + 1):
                self._launch(group, later)
        return page

    def _launch(self, group: TaskGroup, number: int) -> _Slot[T]:
        slot = self._slots.get(number)
        if slot is None:
            slot = self._slots[number] = _Slot[T]()
            group.start_soon(self._fill, slot, number, name=f"page {number}")
        return slot

    async def _fill(self, slot: _Slot[T], number: int) -> None:
        with slot.scope:
            try:
                slot.page = await self._fetch(number)
            except Exception as failure:
                slot.failure = failure
            slot.done.set()

    def _cancel_all(self) -> None:
        for slot in self._slots.values():
            slot.scope.cancel()
        self._slots.clear()

    def _entered(self) -> TaskGroup:
        if self._group is None:
            raise RuntimeError("prefetched pages need a block: async with list().prefetch(4) as pages")
        return self._group
