"""Small types that models, requests and answers share: ``UNSET``, ``Timestamp``, ``Page``, ``Created``.

``UNSET`` is not ``None``. A member left ``UNSET`` is not sent at all; a member set to
``None`` is sent as JSON ``null``, which this API reads as "clear it" (detaching a SIM is
``{"sim": {"id": null}}``). msgspec omits its own ``UNSET`` natively, so ours is that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from attrs import frozen
from msgspec import UNSET, Meta, UnsetType

__all__ = ["UNSET", "Created", "Page", "Timestamp", "UnsetType"]

Timestamp = Annotated[datetime, Meta(tz=True)]
"""A moment with its zone. Text without a zone is not refused: the lenient reader takes it as UTC."""


@frozen
class Created:
    """The new object's id and address, read from the ``Location`` header.

    No second request is made to fetch the object. ``location`` is given as the server
    sent it; nothing ever follows it.
    """

    id: int | str
    location: str | None


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
