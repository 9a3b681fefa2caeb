"""Find the bad items of a refused call by bisection, or by the server's own hints.

The API says what is wrong with a call, and not always with which item. One half is sent: if it passes,
the bad item is in the other half, which is not sent whole. What is left over is pooled into the next try,
so ``k`` bad items among ``n`` take at most ``k * (log2(n) + 2)`` further calls; with a 409, one more each
and one more for all, to see whether it is over. Where many in a row are bad, they are sent one by one, which
takes a call for each.

Nobody knows whether the real API undoes all of a refused call. Changes are simply sent again. Of
creations and deletions, a look shows which have happened, until it is known that the API undoes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from attrs import define, field

from aioemnify.errors import APIError
from aioemnify.fleet.jobs.sending import MOST_FORBIDDEN, Sender
from aioemnify.fleet.jobs.target import Target
from aioemnify.fleet.journals.items import OK, SENT, Finish, Item

_POSITION = re.compile(r"(?:^|[.\[])(\d+)(?=[.\]]|$)")
_NAMED = re.compile(r"with id (\d+)")

_BAD_ITEM = (400, 404, 410, 422)
"""Statuses that are always about an item, so that it is refused again; a 409 may be over by now."""

_HOLDS = (404, 409, 410)
"""Statuses that can mean that what an item asks for is so already."""

_MANY = 3
"""Items that fail in a row, after which they are sent one by one until one passes."""

_BUSY = 1.0
"""Seconds before a call that may have overlapped another one of its lane is sent again."""


@define(eq=False)
class Bisection:
    """Finds the bad items of the refused calls of one part.

    ``undone`` is whether the server undoes a refused call, ``None`` while that is not known.
    """

    sender: Sender
    target: Target
    undone: bool | None = None
    _hints: bool = field(default=True, init=False)
    _failed: int = field(default=0, init=False)

    async def run(self, items: list[Item], error: APIError) -> None:
        """Send again what can pass, and record the items that the server refuses.

        Args:
            items: the items of a call that was refused.
            error: how it was refused.
        """
        refused: APIError | None = error
        pool: list[Item] = []
        if error.status == 409 and self.target.route.call.lane is not None:
            items, _ = await self._left(_open(items), error)
            await self.sender.pause(_BUSY, "another call of the lane")
            refused = await self.sender.send(self.target, items)
        while refused is not None or pool:
            if refused is not None:
                items, more, refused = await self._narrow(items, refused)
                pool = more + pool
            if refused is None:
                items, pool = self._next_try(items + pool)
                refused = await self._send(items)
                items = items if refused is not None else []

    async def _narrow(
        self, items: list[Item], refused: APIError
    ) -> tuple[list[Item], list[Item], APIError | None]:
        """Record what a refused call tells about its items.

        Returns:
            Items, others of which nothing is known, and how the former were refused. Without an error they
            have not been sent again yet.
        """
        sent = _open(items)
        named = self._named(refused, sent)
        items, error = await self._left(sent, refused)
        if error is None or not items:
            return items, [], None
        if len(items) == 1 and (len(sent) == 1 or error.status in _BAD_ITEM):
            await self._fail(items[0], error)
            return [], [], None
        if named := [one for one in named if one in items]:
            await self._try_each(named)
            return _split(items, lambda item: item in named)[1], [], None
        if len(items) > 1 and self._failed < _MANY:
            return await self._halve(items, error)
        return await self._refused_part(items[:1], items[1:])

    def _next_try(self, items: list[Item]) -> tuple[list[Item], list[Item]]:
        """Return the items to send now, and the others: all at once, unless it seems that all are bad."""
        count = 1 if self._failed >= _MANY else len(items)
        return items[:count], items[count:]

    async def _send(self, items: list[Item]) -> APIError | None:
        refused = await self.sender.send(self.target, items)
        if items and refused is None:
            self._passed()
        return refused

    async def _halve(
        self, items: list[Item], error: APIError
    ) -> tuple[list[Item], list[Item], APIError | None]:
        """Send one half, and return where the bad item is, what is not known, and the error for the former.

        Without an error there is no bad item any more.
        """
        half, rest = items[: len(items) // 2], items[len(items) // 2 :]
        refused = await self._send(half)
        if refused is not None:
            return half, rest, refused
        if len(rest) > 1 or error.status in _BAD_ITEM:
            return rest, [], error
        # Other refusals may be over by now.
        return await self._refused_part(rest, [])

    async def _refused_part(
        self, items: list[Item], rest: list[Item]
    ) -> tuple[list[Item], list[Item], APIError | None]:
        refused = await self._send(items)
        return (items, rest, refused) if refused is not None else ([], rest, None)

    async def _try_each(self, named: Sequence[Item]) -> None:
        """Send the items that the server has named one by one."""
        for item in named:
            refused = await self._send([item])
            if refused is None:
                self._hints = False
            else:
                await self._fail(item, refused)

    async def _fail(self, item: Item, error: APIError) -> None:
        """Record an item that was refused alone, unless a look shows that nothing is left to do for it."""
        shown = self.target.route.shown_by is not None and error.status in _HOLDS
        if shown and not await self.sender.find(self.target, [item]):
            self.undone = False  # perhaps a refused call has done it
        else:
            await self.sender.fail(self.target, item, error)
            self._failed += 1

    def _passed(self) -> None:
        """Note that items pass now which a refused call had not brought about."""
        self._failed = 0
        if self.undone is None:
            self.undone = True

    async def _left(self, items: list[Item], error: APIError) -> tuple[list[Item], APIError | None]:
        """Record what a refused call has brought about all the same.

        Returns:
            The other items, and the error if it is about them.
        """
        route, sender = self.target.route, self.sender
        if self.undone or len(items) == 1:
            return items, error
        if route.deletes and route.look is not None:
            return await self._not_deleted(items, error)
        if not (route.once or route.shown_by) or not sender.looks.can_find(route, self.target.part):
            return items, error
        if route.shown_by is not None and self.undone is None:
            return items, error  # it takes a call for each item, so only where there is a reason
        left = await sender.find(self.target, items)
        if route.shown_by is not None:
            self.undone = None if len(left) == len(items) else False
            return left, None
        if len(left) < len(items):
            self.undone = False
        return left, error

    async def _not_deleted(self, items: list[Item], error: APIError) -> tuple[list[Item], APIError | None]:
        """Record the items that are gone, unless they were never there; return the others."""
        ids = [item.key for item in items if isinstance(item.key, int)]
        there = await self.sender.there(self.target.route, ids)
        if there is None:
            for item in items:
                item.uncertain = True
            return items, error
        # One that the server cannot find, although nothing has deleted it before, never existed.
        named = _split(self._by_id(error, items), lambda item: item.uncertain)[1]
        here, others = _split(items, lambda item: item.key in there)
        missing, gone = _split(others, lambda item: item in named)
        if not gone:
            return items, error
        left: APIError | None = error if named else None
        if here and self.undone is None:
            refused = await self.sender.send(self.target, here)
            self.undone = refused is None
            if self.undone:
                return others, error  # the refused call has deleted nothing, so they were not there before it
            left = left if missing else refused
        await self.sender.finish(self.target, [Finish(item, OK) for item in gone])
        return here + missing, left

    def _named(self, error: APIError, items: list[Item]) -> list[Item]:
        """Return the items that the error names, or that have to be tried one by one."""
        if error.status == 403 and not self.sender.succeeded:
            return items[:MOST_FORBIDDEN]  # is it these items, or everything?
        if not self._hints:
            return []
        positions = [
            int(found[1]) for detail in error.details if (found := _POSITION.search(detail.field or ""))
        ]
        by_position = [items[one] for one in dict.fromkeys(positions) if one < len(items)]
        return by_position or self._by_id(error, items)

    def _by_id(self, error: APIError, items: Sequence[Item]) -> list[Item]:
        """Return the items whose object is in the texts or references of an error."""
        ids: set[int | str] = {int(one) for one in _NAMED.findall(error.message)}
        for detail in error.details:
            ids.update(int(one) for one in _NAMED.findall(detail.message))
            ids.update(ref["id"] for ref in detail.refs if isinstance(ref.get("id"), int))
        return [item for item in items if ids and self.target.route.values(item.key)[0] in ids]


def _open(items: Sequence[Item]) -> list[Item]:
    """Return the items of the newest call; others may have been settled after an attempt was lost."""
    return [item for item in items if item.state == SENT]


def _split(items: Sequence[Item], wanted: Callable[[Item], bool]) -> tuple[list[Item], list[Item]]:
    """Return the items that are wanted, and the others."""
    chosen: list[Item] = []
    others: list[Item] = []
    for item in items:
        (chosen if wanted(item) else others).append(item)
    return chosen, others
