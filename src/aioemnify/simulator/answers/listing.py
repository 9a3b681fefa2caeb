"""Lists: the query of a list call, its page, and the headers of the response."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import compress
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from attrs import frozen

from aioemnify.operation import Listing
from aioemnify.simulator.platform.errors import Problem, bad_request
from aioemnify.simulator.state.fleet import Identifiers, SimState
from aioemnify.simulator.state.overlay_store import HasId, OverlayStore, compact

_DEFAULT_SIZE = 100
_DEFAULT_MAXIMUM = 1000

StateT = TypeVar("StateT", bound=HasId)


@frozen
class Criterion:
    """One ``field:value`` of ``q``; several values only where ``|`` is allowed. None stands for ``null``.

    Choice: ``null`` matches objects without that reference or value; for a member that every object has it
        matches none.
    """

    field: str
    values: tuple[str | None, ...]
    text: str

    @property
    def value(self) -> str | None:
        """Return the first value."""
        return self.values[0]

    def bad(self) -> Problem:
        """Return the error for this criterion."""
        return Problem(422, 1301, f"Search criteria {self.text} is invalid")

    def number(self) -> int:
        """Return the value as a number; for ``null`` a number that no object has.

        Raises:
            Problem: 422, the value has another type.
        """
        try:
            return -1 if self.value is None else int(self.value)
        except ValueError:
            raise self.bad() from None

    def numbers(self) -> list[int | None]:
        """Return all values as numbers, ``null`` as None.

        Raises:
            Problem: 422, a value is not a number.
        """
        try:
            return [None if value is None else int(value) for value in self.values]
        except ValueError:
            raise self.bad() from None

    def text_value(self) -> str:
        """Return the value as text; for ``null`` a text that no object has."""
        return "\0" if self.value is None else self.value

    def truth(self) -> bool | None:
        """Return the value as a boolean, ``null`` as None.

        Raises:
            Problem: 422, the value has another type.
        """
        if self.value is None:
            return None
        known = {"true": True, "1": True, "false": False, "0": False}
        if self.value.lower() not in known:
            raise self.bad()
        return known[self.value.lower()]


@frozen
class ListQuery:
    """The parsed query of a list call."""

    page: int
    size: int
    criteria: tuple[Criterion, ...]
    order: tuple[tuple[str, bool], ...]
    filter_text: str
    sort_text: str


def read_query(listing: Listing, params: Mapping[str, str], *, strict: bool = False) -> ListQuery:
    """Parse the paging, filter and sort parameters of a list call.

    Choice: a ``q`` without ``field:`` gets 422; one program has seen that the API then returns all objects.
    Choice: an unknown query parameter is ignored, such as ``status=1``.
    Choice: the largest page of a list that publishes none has 1000 items.

    Args:
        listing: the parameters that the operation allows.
        params: the query parameters.
        strict: refuse bad paging and sorting with 400, as the event calls do.

    Raises:
        Problem: 400 for a value that is not a number, 422 for an unknown field of ``q`` or ``sort``.
    """
    page = _number(params, listing.page_param, 1)
    default = listing.default_size or _DEFAULT_SIZE
    size = _number(params, listing.size_param, default)
    if strict and (page < 1 or size < 1):
        raise bad_request(f"{listing.page_param} and {listing.size_param} must be positive")
    maximum = listing.max_size or max(default, _DEFAULT_MAXIMUM)
    filter_text = params.get("q", "").strip()
    sort_text = params.get("sort", "").strip()
    return ListQuery(
        page=max(1, page),
        size=min(size, maximum) if size >= 1 else default,
        criteria=tuple(_criteria(listing, filter_text)),
        order=tuple(_order(listing, sort_text, 400 if strict else 422)),
        filter_text=filter_text,
        sort_text=sort_text or listing.default_sort or "id",
    )


def _number(params: Mapping[str, str], name: str, default: int) -> int:
    text = params.get(name)
    if text is None or text == "":
        return default
    try:
        return int(text)
    except ValueError:
        raise bad_request(f'Cannot parse parameter {name} as Integer: For input string: "{text}"') from None


def _criteria(listing: Listing, text: str) -> list[Criterion]:
    found = []
    for part in text.split(",") if text else ():
        field, colon, value = part.partition(":")  # only the first colon: timestamps have more
        values: tuple[str, ...] = (value,)
        if field in listing.multi_value_fields:
            values = tuple(value.split("|"))
        criterion = Criterion(field, tuple(None if item == "null" else item for item in values), part)
        if not colon or field not in listing.filter_fields or "" in values:
            raise criterion.bad()
        if len(values) > listing.multi_value_max:
            raise criterion.bad()
        found.append(criterion)
    paired = {criterion.field for criterion in found if criterion.field in listing.paired_fields}
    if paired and len(paired) < len(listing.paired_fields):
        raise Problem(422, 1301, f"Search criteria {text} is invalid")
    return found


def _order(listing: Listing, text: str, status: int) -> list[tuple[str, bool]]:
    found = []
    # A literal "+" in a query string is decoded to a space: both mean ascending.
    for part in text.split(",") if text else ():
        descending = part.startswith("-")
        field = part.lstrip("-+ ")
        if field not in listing.sort_fields:
            raise Problem(status, 1302, f"Sort criteria {part} is invalid")
        found.append((field, descending))
    return found


@frozen
class PageCut:
    """The slice of a collection that a call gets."""

    page: int
    pages: int
    size: int
    total: int

    @property
    def start(self) -> int:
        """Return the index of the first item."""
        return (self.page - 1) * self.size

    @property
    def stop(self) -> int:
        """Return the index after the last item."""
        return min(self.total, self.start + self.size)


def cut(query: ListQuery, total: int) -> PageCut:
    """Return the page of a query; past the end that is the last page."""
    pages = max(1, -(-total // query.size))
    return PageCut(min(query.page, pages), pages, query.size, total)


def list_headers(
    query: ListQuery,
    page: PageCut,
    url: str,
    params: Mapping[str, str],
    listing: Listing,
    *,
    lower: bool = False,
) -> dict[str, str]:
    """Return the response headers of one page.

    Args:
        query: the parsed query.
        page: the page of the response.
        url: URL of the collection without a query.
        params: the query parameters, repeated in the links.
        listing: names the paging parameters.
        lower: write lower-case names and an empty ``Link``, as the event service does.
    """

    def link(number: int, rel: str) -> str:
        numbers = {listing.page_param: str(number), listing.size_param: str(page.size)}
        return f'<{quoted(url)}?{urlencode({**params, **numbers})}>; rel="{rel}"'

    links = [link(1, "first")]
    if page.page > 1:
        links.append(link(page.page - 1, "prev"))
    if page.page < page.pages:
        links.append(link(page.page + 1, "next"))
    links.append(link(page.pages, "last"))
    headers = {
        "Link": "" if lower else ", ".join(links),
        "X-Total-Count": str(page.total),
        "X-Total-Pages": str(page.pages),
        "X-Current-Page": str(page.page),
        "X-Count-Per-Page": str(page.size),
        "X-Sort": _printable(query.sort_text),
    }
    if query.filter_text:
        headers["X-Filter"] = _printable(query.filter_text)
    return {name.lower(): value for name, value in headers.items()} if lower else headers


def quoted(url: str) -> str:
    """Return a URL quoted for headers; the router works with decoded paths."""
    return quote(url, safe="/:@!$&'()*+,;=[]")


def _printable(text: str) -> str:
    return quote(text, safe=" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class Search(Generic[StateT]):
    """A search in an overlay store: collects conditions, then evaluates them in the cheapest order."""

    def __init__(self, store: OverlayStore[StateT]) -> None:
        self._store = store
        self._codes: list[Callable[[int], bool]] = []
        self._tests: list[tuple[Callable[[int], Any], Callable[[Any], bool]]] = []
        self._only: set[int] | None = None

    def code(self, allowed: Callable[[int], bool]) -> None:
        """Add a condition on the packed byte."""
        self._codes.append(allowed)

    def test(self, wanted: Callable[[StateT], bool]) -> None:
        """Add a condition on the object."""
        self._tests.append((self._store.at, wanted))

    def member(self, field: str, wanted: Callable[[Any], bool]) -> None:
        """Add a condition on one member of the objects."""
        self._tests.append((self._store.reader(field), wanted))

    def only(self, identity: int | None) -> None:
        """Require one id; None matches nothing."""
        position = None if identity is None else self._store.position(identity)
        found = set() if position is None else {position}
        self._only = found if self._only is None else self._only & found

    def positions(self) -> Sequence[int]:
        """Return the positions of all objects that meet every condition, in order of id."""
        store = self._store
        codes, tests = self._codes, self._tests
        if self._only is not None:
            column = store.living(self._only)
            if codes:
                column = [
                    place for place in column if all(allowed(store.column()[place]) for allowed in codes)
                ]
            return [place for place in column if all(wanted(read(place)) for read, wanted in tests)]
        if not codes and store.everyone:
            positions: Sequence[int] = range(store.span)
        else:
            positions = store.select(lambda code: all(allowed(code) for allowed in codes))
        for read, wanted in tests:
            positions = compact(compress(positions, map(wanted, map(read, positions))))
        return positions


def arrange(
    positions: Sequence[int],
    order: Sequence[tuple[str, bool]],
    keys: Mapping[str, Callable[[int], Any] | None],
) -> Sequence[int]:
    """Sort positions by several fields, ties by ascending id.

    Args:
        positions: in ascending order.
        order: field and whether it descends.
        keys: returns a field's value at a position; None for a field that is in order of id.
    """
    for field, descending in reversed(order):
        key = keys[field]
        if key is not None:
            # A reversed sort is stable too: what is equal keeps the order of the fields after it.
            positions = compact(sorted(positions, key=key, reverse=descending))
        elif isinstance(positions, range):
            positions = positions[::-1] if descending == (positions.step > 0) else positions
        else:
            positions = compact(sorted(positions, reverse=descending))
    return positions


def sort_key(numbers: Identifiers, name: str, sims: OverlayStore[SimState]) -> Callable[[int], str] | None:
    """Return the key of an identifier of SIMs; None if it is computed from the id, and so in its order."""
    if not numbers.given:
        return None
    number: Callable[[int], str | None] = getattr(numbers, name)
    return lambda place: number(sims.at(place).id) or ""


def nulls_first(value: Any) -> tuple[bool, Any]:
    """Return a sort key in which a missing value comes before every other."""
    return (value is not None, "" if value is None else value)
