"""A large set of objects that is computed, not stored: a pure function plus what was changed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from typing import Generic, Protocol, TypeVar

GONE = 255
"""The code of an object that was deleted."""


class HasId(Protocol):
    """Anything with a number."""

    @property
    def id(self) -> int:
        """Return the number."""
        ...


StateT = TypeVar("StateT", bound=HasId)


class Population(Generic[StateT]):
    """Objects in the order of their ids: a computed range first, then those created later.

    A million objects cost nothing until somebody filters them; then one byte each is kept: a
    code in which everything cheap to filter by is packed. Searching a column of bytes with
    ``translate`` and ``compress`` runs in C.

    Args:
        first_id: id of the first computed object.
        count: how many objects are computed.
        base: the pure function from a position below ``count`` to an object as it was born.
        code: the packed byte (0 to 254) of an object.
        codes: the same for all computed objects at once, as they were born.
    """

    def __init__(
        self,
        first_id: int,
        count: int,
        base: Callable[[int], StateT],
        code: Callable[[StateT], int],
        codes: Callable[[], bytearray],
    ) -> None:
        self._first = first_id
        self._count = count
        self._base = base
        self._code = code
        self._codes = codes
        self._changed: dict[int, StateT] = {}
        self._created: list[int] = []
        self._gone: set[int] = set()
        self._column: bytearray | None = None

    @property
    def size(self) -> int:
        """Return how many objects exist now."""
        return self._count + len(self._created) - len(self._gone)

    @property
    def everyone(self) -> bool:
        """Say whether nothing was ever deleted, so that positions run without gaps."""
        return not self._gone

    @property
    def span(self) -> int:
        """Return how many positions there are, deleted objects included."""
        return self._count + len(self._created)

    def position(self, identity: int) -> int | None:
        """Return the place of an id in the order, None for an id that never existed."""
        offset = identity - self._first
        if 0 <= offset < self._count:
            return offset
        index = bisect_left(self._created, identity)
        if index < len(self._created) and self._created[index] == identity:
            return self._count + index
        return None

    def at(self, position: int) -> StateT:
        """Return the object at a position as it is now."""
        if position < self._count:
            return self._changed.get(self._first + position) or self._base(position)
        return self._changed[self._created[position - self._count]]

    def find(self, identity: int) -> StateT | None:
        """Return a living object by its id."""
        position = self.position(identity)
        return None if position is None or identity in self._gone else self.at(position)

    def save(self, state: StateT) -> None:
        """Keep a changed object, or a new one whose id is above every other."""
        position = self.position(state.id)
        self._changed[state.id] = state
        if position is None:
            self._created.append(state.id)
            if self._column is not None:
                self._column.append(self._code(state))
        elif self._column is not None:
            self._column[position] = self._code(state)

    def remove(self, identity: int) -> None:
        """Delete an object for good."""
        position = self.position(identity)
        assert position is not None
        self._gone.add(identity)
        if self._column is not None:
            self._column[position] = GONE

    def select(self, allowed: Callable[[int], bool] = lambda code: True) -> list[int]:
        """Return the positions of living objects whose code is allowed, in order."""
        table = bytes(1 if code != GONE and allowed(code) else 0 for code in range(256))
        return list(compress(range(self.span), self.column().translate(table)))

    def living(self, positions: Iterable[int]) -> list[int]:
        """Return those of some positions that were not deleted, in order and once each."""
        return sorted({place for place in positions if self.at(place).id not in self._gone})

    def column(self) -> bytearray:
        """Return the packed codes by position, built at the first call."""
        if self._column is None:
            column = self._codes() + bytearray(len(self._created))
            for identity, state in self._changed.items():
                position = self.position(identity)
                assert position is not None
                column[position] = self._code(state)
            for identity in self._gone:
                position = self.position(identity)
                assert position is not None
                column[position] = GONE
            self._column = column
        return self._column

    def states(self, positions: Sequence[int]) -> list[StateT]:
        """Return the objects at some positions."""
        return [self.at(position) for position in positions]
