"""One page of a collection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from attrs import frozen

T_co = TypeVar("T_co", covariant=True)


@frozen
class Page(Generic[T_co]):
    """One page of a collection, and what the server said about the whole.

    ``total_count`` and ``total_pages`` are ``None`` where the server did not send them.
    ``filter`` and ``sort`` are the criteria in force, as the server echoes them.
    """

    items: Sequence[T_co]
    total_count: int | None = None
    total_pages: int | None = None
    current_page: int | None = None
    per_page: int | None = None
    filter: str | None = None
    sort: str | None = None
    has_next: bool = False

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        # A page is an answer, even an empty one; ``if page:`` must not mean "has items".
        return True
