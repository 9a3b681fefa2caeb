"""What a job needs of its journal, wherever that keeps the items."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

from aioemnify.fleet.journals.items import Finish, Item, Part

T = TypeVar("T")

Row = tuple[Part, int | str, bytes]
"""An item to add: its part, its key and its content."""


@runtime_checkable
class JobJournal(Protocol):
    """The items of one job and their states: a file of one process, or a Redis that many hosts share.

    A method blocks as long as its journal takes, so a job calls it through ``run``. All of them raise
    ``JournalError`` where the journal cannot be used.
    """

    name: str
    path: Path | None
    counts: dict[tuple[int, int], int]
    """How many items have a state, by part and state, as last read."""
    calls: int
    added: int
    """Items that were added through this object."""
    shared: bool
    """Whether other processes may work on the same job now."""

    @property
    def claim_again(self) -> float:
        """Return the seconds after which to claim again where others have all that is left."""

    @property
    def is_open(self) -> bool:
        """Return whether it is open."""

    def open(self, limits: str = "") -> None:
        """Open it, or create it. ``limits`` names the limits that this process keeps, if it makes calls."""

    def close(self) -> None:
        """Close it; all that was committed stays."""

    async def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do ``work`` on the journal, in a thread where that takes long."""

    async def keep_claims(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Keep what this process has claimed, until cancelled. Return at once where nobody else claims."""

    def fact(self, name: str) -> Any:
        """Return a fact about the whole job; ``None`` if it is not known."""

    def settle_fact(self, name: str, value: Any) -> Any:
        """Write a fact unless it is known; return the one that stands."""

    def parts(self) -> list[Part]:
        """Return the parts in the order they were added, and read the counts again."""

    def part(self, operation: str, key: str | None, shared: bytes) -> Part:
        """Return the part with these shared members; create it if there is none."""

    def settle_mark(self, part: Part, mark: int) -> int:
        """Keep the highest id that existed before the first item of a part was sent; return what stands."""

    def adding(self) -> AbstractAsyncContextManager[None]:
        """Keep all that the block adds, or nothing."""

    def at_once(self, work: Callable[[], None]) -> None:
        """Keep all that ``work`` adds, or nothing."""

    def add(self, rows: Sequence[Row]) -> int | None:
        """Add items; a key that is there already adds nothing.

        Returns:
            The position in ``rows`` of a key that is there with other content; ``None`` if all is well.
        """

    def count(self, state: int, part: Part | None = None) -> int:
        """Return how many items have a state, in one part or in all, as last read."""

    def free_parts(self) -> set[int]:
        """Return the ids of parts with items that nobody has claimed, as last read."""

    def sizes(self, part: Part) -> Iterator[int]:
        """Yield the bytes of each waiting item of a part."""

    def claim(
        self, part: Part, limit: int, after: int, *, single: bool, once: bool, direct: bool
    ) -> list[Item]:
        """Return items that wait, for this process alone.

        In a shared journal they may also be items that a dead worker has left as sent.

        Args:
            part: their part.
            limit: how many, at most.
            after: the number of the last item that this run has claimed.
            single: whether a call takes one item, so that any number of them will do.
            once: whether an item must not be sent twice.
            direct: whether a claimed item may be sent without another word.
        """

    def unsettled(self, part: Part, state: int) -> list[Item]:
        """Return the items that were sent, or whose outcome is unknown, for this process alone."""

    def send(self, part: Part, items: Sequence[Item], *, sync: bool) -> None:
        """Commit that items are about to be sent; those that others have taken over become ``TAKEN``."""

    def is_current(self, items: Sequence[Item]) -> bool:
        """Return whether no lease has run out since their ``send``: the process may have stood still."""

    def put_back(self, part: Part, items: Sequence[Item]) -> None:
        """Commit that items wait again, in the hands of this process."""

    def release(self, items: Sequence[Item] | None = None) -> None:
        """Let others have items, or all that this process has claimed."""

    def finish(
        self, part: Part, outcomes: Sequence[Finish], mark: int | None = None, *, once: bool = False
    ) -> list[Finish]:
        """Commit outcomes, and with them a higher mark; return those that stand."""

    def change_all(self, old: int, new: int, part: Part | None = None) -> int:
        """Move all items of a state to another, in one part or in all; return how many."""

    def errors(self) -> Iterator[tuple[str, int]]:
        """Yield the errors of failed and unknown items, and how many items have each."""

    def doubled(self) -> int:
        """Return how many items the server has applied more than once."""

    def reading(self) -> AbstractContextManager[None]:
        """Keep it open for the time of the block, also where it is closed."""

    def rows(self, states: Sequence[int] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield number, operation, key, state, doubled, tries, error, result, part and content of items.

        Args:
            states: only items in one of them; none stands for all.
        """
