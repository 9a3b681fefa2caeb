"""Types that models, requests and responses share, such as ``UNSET``, ``Timestamp``, ``Page``, ``Created``.

``UNSET`` is not ``None``. A member that is ``UNSET`` is not sent; a member that is ``None`` is sent as
JSON ``null``, which this API reads as "clear it" (``{"sim": {"id": null}}`` detaches a SIM). It is
msgspec's own ``UNSET``, which msgspec omits by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, overload

from attrs import define, field, frozen
from msgspec import UNSET, Meta, UnsetType

__all__ = ["UNSET", "CallResponse", "Created", "Date", "Page", "Timestamp", "UnsetType", "WalkReport"]


def _standard(kind: type[Any]) -> type[Any]:
    """Return the class of the standard library, also while freezegun has put its own in its place.

    Models keep their types for the life of the process, and may be loaded in a test that freezes time.
    """
    return next(one for one in kind.__mro__ if one.__module__ == "datetime")


if TYPE_CHECKING:
    Timestamp = Annotated[datetime, Meta(tz=True)]
    """A time with its zone; text without a zone is read as UTC."""

    Date = Annotated[date, Meta()]
    """A date."""
else:
    Timestamp = Annotated[_standard(datetime), Meta(tz=True)]
    Date = Annotated[_standard(date), Meta()]


@frozen
class Created:
    """The id and the address of a new object, from the ``Location`` header.

    The object itself is not fetched. ``location`` is as the server sent it; the client never follows it.
    """

    id: int | str
    location: str | None


T_co = TypeVar("T_co", covariant=True)


@frozen
class Page(Sequence[T_co]):
    """One page of a list, a sequence of its items, and what the server says about the whole list.

    ``total_count`` and ``total_pages`` are ``None`` if the server did not send them. ``filter`` and
    ``sort`` are those that the server applied. Asking for a page past the end returns the last page:
    check ``current_page``.
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

    @overload
    def __getitem__(self, place: int) -> T_co: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[T_co]: ...

    def __getitem__(self, place: int | slice) -> T_co | Sequence[T_co]:
        return self.items[place]


@frozen(kw_only=True)
class CallResponse(Generic[T_co]):
    """A successful call of ``Emnify.with_response``: its result, and the response that it came in.

    ``value`` is what the plain call returns. Names in ``headers`` are found in any case; headers that hold
    credentials are left out. ``attempts`` counts how often the call was sent. ``waited`` are the seconds in
    which it waited for limits and between attempts; where nothing was full, a few microseconds. ``elapsed``
    are those of the whole call, with the attempts and an authentication.
    """

    value: T_co
    status: int
    headers: Mapping[str, str] = field(repr=False)
    attempts: int
    waited: float
    elapsed: float


@define
class WalkReport:
    """What an iteration over a list has read so far.

    ``pages`` and ``items`` count what was handed out. ``totals`` are the numbers of items that the server
    reported, with the first page and with the newest one; ``None`` if it reports none. ``moved`` is true
    once the collection changed between two pages: items may then be skipped or come twice.
    """

    pages: int = 0
    items: int = 0
    totals: tuple[int, int] | None = None
    moved: bool = False
