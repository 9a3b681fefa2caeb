"""A large set of computed objects: a pure function, overlaid with the objects that changed."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import compress
from typing import Any, Generic, Protocol, TypeVar

_RESULTS = 4
_NOTHING: Mapping[str, Callable[[int], Any]] = {}
GONE = 255
"""The code of a deleted object."""


class HasId(Protocol):
    """An object with an id."""

    @property
    def id(self) -> int:
        """Return the id."""
        ...


StateT = TypeVar("StateT", bound=HasId)


class OverlayStore(Generic[StateT]):
    """Objects in order of their ids: a computed range, and objects that were created later.

    A million objects cost nothing until the first filter. Then one byte per object is kept, which packs the
    members that are often filtered by. Searching this column with ``translate`` and ``compress`` runs in C.

    Args:
        first_id: id of the first computed object.
        count: how many objects are computed.
        base: pure function from a position below ``count`` to the initial object.
        code: returns the packed byte (0 to 254) of an object.
        codes: returns the same for all initial objects at once.
        fields: functions from a position below ``count`` to one member of the initial object, so that
            searches need not build the objects.
    """

    def __init__(
        self,
        first_id: int,
        count: int,
        base: Callable[[int], StateT],
        code: Callable[[StateT], int],
        codes: Callable[[], bytearray],
        fields: Mapping[str, Callable[[int], Any]] = _NOTHING,
    ) -> None:
        self._first = first_id
        self._count = count
        self._base = base
        self._code = code
        self._codes = codes
        self._fields = fields
        self._changed: dict[int, StateT] = {}
        self._lower: list[int] = []
        self._created: list[int] = []
        self._gone: set[int] = set()
        self._column: bytearray | None = None
        self._found: dict[Hashable, Sequence[int]] = {}
        self.revision: int = 0
        """Incremented by every change."""

    @property
    def size(self) -> int:
        """Return how many objects exist now."""
        return self.span - len(self._gone)

    @property
    def everyone(self) -> bool:
        """Return whether nothing was ever deleted, so that positions have no gaps."""
        return not self._gone

    @property
    def span(self) -> int:
        """Return the number of positions, deleted objects included."""
        return len(self._lower) + self._count + len(self._created)

    def position(self, identity: int) -> int | None:
        """Return the position of an id, None for an id that never existed."""
        offset = identity - self._first
        if 0 <= offset < self._count:
            return len(self._lower) + offset
        ids, before = (self._lower, 0) if offset < 0 else (self._created, len(self._lower) + self._count)
        index = bisect_left(ids, identity)
        return before + index if index < len(ids) and ids[index] == identity else None

    def at(self, position: int) -> StateT:
        """Return the present object at a position."""
        place = position - len(self._lower)
        if place < 0:
            return self._changed[self._lower[position]]
        if place < self._count:
            return self._changed.get(self._first + place) or self._base(place)
        return self._changed[self._created[place - self._count]]

    def find(self, identity: int) -> StateT | None:
        """Return an object by its id, None if it does not exist."""
        place = identity - self._first
        if 0 <= place < self._count and identity not in self._gone:  # the most frequent and cheapest case
            return self._changed.get(identity) or self._base(place)
        position = self.position(identity)
        return None if position is None or identity in self._gone else self.at(position)

    def reader(self, field: str) -> Callable[[int], Any]:
        """Return a function from a position to the present value of one member."""
        born, at = self._fields.get(field), self.at
        changed, first, below, count = self._changed, self._first, len(self._lower), self._count

        def made(position: int) -> Any:
            return getattr(at(position), field)

        def computed(position: int) -> Any:
            place = position - below
            if 0 <= place < count and first + place not in changed:
                return born(place)  # type: ignore[misc]
            return made(position)

        return made if born is None else computed

    def load(self, states: Iterable[StateT]) -> None:
        """Store many objects that are all new, in a store that has none so far."""
        self._forget()
        self._changed = {state.id: state for state in states}
        self._lower = sorted(identity for identity in self._changed if identity < self._first)
        self._created = sorted(identity for identity in self._changed if identity >= self._first)
        self._column = None

    def save(self, state: StateT) -> None:
        """Store an object that changed, is new, or comes back."""
        self._forget()
        self._changed[state.id] = state
        self._gone.discard(state.id)
        position = self.position(state.id)
        if position is None:
            insort(self._lower if state.id < self._first else self._created, state.id)
            position = self.position(state.id)
            assert position is not None
            if self._column is not None:
                self._column.insert(position, self._code(state))
        elif self._column is not None:
            self._column[position] = self._code(state)

    def remove(self, identity: int) -> None:
        """Delete an object for good."""
        position = self.position(identity)
        assert position is not None
        self._forget()
        self._gone.add(identity)
        if self._column is not None:
            self._column[position] = GONE

    def select(self, allowed: Callable[[int], bool] = lambda code: True) -> Sequence[int]:
        """Return the positions of existing objects whose code is allowed, in order."""
        table = bytes(1 if code != GONE and allowed(code) else 0 for code in range(256))
        return self.remember(
            table, lambda: compact(compress(range(self.span), self.column().translate(table)))
        )

    def remember(self, question: Hashable, find: Callable[[], Sequence[int]]) -> Sequence[int]:
        """Return the cached positions of a search, or run it.

        The last few results are kept until something changes, because the next page is often read soon.
        """
        found = self._found.get(question)
        if found is None:
            found = find()
            if len(self._found) >= _RESULTS:
                del self._found[next(iter(self._found))]
            self._found[question] = found
        return found

    def _forget(self) -> None:
        self._found.clear()
        self.revision += 1

    def living(self, positions: Iterable[int]) -> list[int]:
        """Return the positions that were not deleted, sorted and without duplicates."""
        return sorted({place for place in positions if self.at(place).id not in self._gone})

    def column(self) -> bytearray:
        """Return the packed codes by position, built at the first call."""
        if self._column is None:
            column = bytearray(len(self._lower)) + self._codes() + bytearray(len(self._created))
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

    def dump(self) -> dict[str, Any]:
        """Return the changed, created and deleted objects; the rest is computed."""
        return {
            "changed": self._changed,
            "created": self._lower + self._created,
            "gone": sorted(self._gone),
        }

    def overlay(self, *, changed: dict[int, StateT], created: list[int], gone: set[int]) -> None:
        """Restore the changes of a dump."""
        self._changed, self._gone = changed, gone
        self._lower = [identity for identity in created if identity < self._first]
        self._created = [identity for identity in created if identity >= self._first]
        self._column = None
        self._forget()

    def states(self, positions: Sequence[int]) -> list[StateT]:
        """Return the objects at these positions."""
        return [self.at(position) for position in positions]


def compact(positions: Iterable[int]) -> array[int]:
    """Return positions as four bytes each."""
    return array("I", positions)
