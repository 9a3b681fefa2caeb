"""Find the bad items of a refused call: by the server's own hints, else by halves.

The API says what is wrong with a call, and not always with which item. One half is sent: if it passes,
the bad item is in the other half, which is not sent whole. What is left over is pooled into the next try,
so ``k`` bad items among ``n`` take at most ``k * (log2(n) + 2)`` further calls.

Nobody knows whether the real API undoes all of a refused call. Changes are simply sent again. Of
creations and deletions, a look shows which have happened, until it is known that the API undoes them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import define, field

from aioemnify.errors import APIError
from aioemnify.fleet.jobs.items import OK, Finish, Item
from aioemnify.fleet.jobs.sending import MOST_FORBIDDEN, Sender, Target

_POSITION = re.compile(r"(?:^|[.\[])(\d+)(?=[.\]]|$)")
_NAMED = re.compile(r"with id (\d+)")

_BUSY = 1.0
"""Seconds before a call that may have overlapped another one of its lane is sent again."""


@define(eq=False)
class Search:
    """Finds the bad items of the refused calls of one part.

    ``undone`` is whether the server undoes a refused call, ``None`` while that is not known.
    """

    sender: Sender
    target: Target
    undone: bool | None = None
    _hints: bool = field(default=True, init=False)

    async def run(self, items: list[Item], error: APIError) -> None:
        """Send again what can pass, and record the items that the server refuses.

        Args:
            items: the items of a call that was refused.
            error: how it was refused.
        """
        refused: APIError | None = error
        if error.status == 409 and self.target.route.call.lane is not None:
            items = await self._left(items, error)
            await self.sender.pause(_BUSY, "another call of the lane")
            refused = await self.sender.send(self.target, items)
        pool: list[Item] = []
        while refused is not None:
            items = await self._left(items, refused)
            named = self._named(refused, items)
            if len(items) <= 1:
                for item in items:
                    await self.sender.fail(self.target, item, refused)
                items, pool = pool, []
            elif named:
                await self._try_each(named)
                items, pool = [one for one in items if one not in named] + pool, []
            else:
                items, more, refused = await self._halve(items, refused)
                pool += more
                if refused is not None:
                    continue
                items, pool = pool, []
            refused = await self.sender.send(self.target, items) if items else None
            if items and refused is None:
                self._passed()

    async def _halve(
        self, items: list[Item], error: APIError
    ) -> tuple[list[Item], list[Item], APIError | None]:
        """Send one half, and return where the bad item is, what is not known, and the error for the former.

        Without an error there is no bad item any more.
        """
        half, rest = items[: len(items) // 2], items[len(items) // 2 :]
        refused = await self.sender.send(self.target, half)
        if refused is not None:
            return half, rest, refused
        self._passed()
        if len(rest) > 1 or error.status in (400, 422):
            return rest, [], error
        # Other refusals may be over by now.
        return rest, [], await self.sender.send(self.target, rest)

    async def _try_each(self, named: Sequence[Item]) -> None:
        """Send the items that the server has named one by one."""
        for item in named:
            refused = await self.sender.send(self.target, [item])
            if refused is None:
                self._hints = False
                self._passed()
            else:
                await self.sender.fail(self.target, item, refused)

    def _passed(self) -> None:
        """Note that items pass now which a refused call had not brought about."""
        if self.undone is None:
            self.undone = True

    async def _left(self, items: list[Item], error: APIError) -> list[Item]:
        """Record what a refused call has brought about all the same, and return the other items."""
        route, sender = self.target.route, self.sender
        if self.undone or route.look is None or len(items) == 1:
            return items
        if route.deletes:
            return await self._not_deleted(items, error)
        if not route.once or not sender.looks.can_find(route, self.target.part):
            return items
        left = await sender.find(self.target, items)
        if len(left) < len(items):
            self.undone = False
        return left

    async def _not_deleted(self, items: list[Item], error: APIError) -> list[Item]:
        """Record the items that are gone, unless they were never there; return the others."""
        ids = [item.key for item in items if isinstance(item.key, int)]
        there = await self.sender.there(self.target.route, ids)
        if there is None:
            for item in items:
                item.uncertain = True
            return items
        # One that the server cannot find, although nothing has deleted it before, never existed.
        missing = {item.number for item in _by_id(error, items) if not item.uncertain}
        gone = [item for item in items if item.key not in there and item.number not in missing]
        rest = [item for item in items if item not in gone]
        if not gone:
            return items
        if self.undone is None and there:
            here = [item for item in rest if item.key in there]
            self.undone = await self.sender.send(self.target, here) is None
            if self.undone:
                # The refused call has deleted nothing, so the others were not there before it.
                return [item for item in items if item not in here]
        await self.sender.finish(self.target, [Finish(item, OK) for item in gone])
        return rest

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
        return by_position or _by_id(error, items)


def _by_id(error: APIError, items: Sequence[Item]) -> list[Item]:
    """Return the items whose id is in the texts or references of an error."""
    ids = {int(one) for one in _NAMED.findall(error.message)}
    for detail in error.details:
        ids.update(int(one) for one in _NAMED.findall(detail.message))
        ids.update(ref["id"] for ref in detail.refs if isinstance(ref.get("id"), int))
    return [item for item in items if item.key in ids]
