"""Describe the operations and the limits of the API: the frozen records of the generated tables.

It imports nothing of ours, so that the operation table loads no models, no HTTP library and no
network code. Models are named as text (``"sims:Sim"``) and loaded on first use.
"""

from __future__ import annotations

from typing import Literal

from attrs import Factory, field, frozen

ParamKind = Literal["integer", "string", "boolean", "date"]
"""The types a path or query parameter can have on the wire."""

RetryClass = Literal["safe", "idempotent", "once"]
"""Whether a call may be sent again after its response was lost.

``safe``: it changes nothing on the server. ``idempotent``: safe to repeat. ``once``: sending it twice could
create two objects, so it is retried only if the request certainly was not processed.
"""


@frozen
class Param:
    """One path or query parameter."""

    name: str
    kind: ParamKind
    choices: tuple[str, ...] = ()


@frozen
class Body:
    """The body of a request: a model by name, or with ``many`` a JSON array of it."""

    model: str
    many: bool = False


@frozen
class Result:
    """The body of a success.

    ``model`` names the class, or is ``"dict"`` if the API documents no shape. With ``many`` the caller
    gets a list. With ``either`` the server may send one object or an array, whichever the caller gets.
    """

    model: str
    many: bool = False
    either: bool = False


@frozen
class Envelope:
    """The members of an object that wraps a page of items, by their names on the wire.

    ``page`` and ``size`` hold the number and the size of the page.
    """

    items: str
    total: str
    pages: str
    page: str | None = None
    size: str | None = None


@frozen
class Listing:
    """How a list is paged, filtered and sorted.

    ``filter_lookups`` names the lookups of the fields that take one, ``filter_integers`` the fields of
    numbers. ``envelope`` is set if a page comes as one object instead of an array with headers; that object
    is then the result of the operation.
    """

    page_param: str = "page"
    size_param: str = "per_page"
    default_size: int | None = None
    max_size: int | None = None
    filter_fields: tuple[str, ...] = ()
    filter_lookups: tuple[tuple[str, str], ...] = ()
    filter_integers: tuple[str, ...] = ()
    multi_value_fields: tuple[str, ...] = ()
    multi_value_max: int = 1
    paired_fields: tuple[str, ...] = ()
    sort_fields: tuple[str, ...] = ()
    default_sort: str | None = None
    envelope: Envelope | None = None


@frozen
class Operation:
    """One operation of the API: all that the client and the simulator need to know about it.

    ``success`` and ``errors`` are the documented statuses; every 2xx is accepted. Operations with the
    same ``lane`` run one at a time per organisation.
    """

    id: str
    method: str
    path: str
    path_params: tuple[Param, ...] = ()
    query: tuple[Param, ...] = ()
    body: Body | None = None
    result: Result | None = None
    success: tuple[int, ...] = (200,)
    errors: tuple[int, ...] = ()
    listing: Listing | None = None
    retry: RetryClass = "safe"
    lane: str | None = None
    auth: bool = True
    creates: bool = False
    deprecated: str | None = None
    # The path with names for ids. ``None`` for a raw call of a path that the table does not have.
    template: str | None = field(
        default=Factory(lambda self: self.path, takes_self=True), repr=False, eq=False, kw_only=True
    )

    @property
    def label(self) -> str:
        """Return what logs and hooks show: the id; the method alone where the id is a path with ids."""
        return self.id if self.template is not None else self.method


@frozen
class RowLimit:
    """A token bucket of one path, per organisation. ``rate`` is in calls per second."""

    id: str
    method: str
    path: str
    rate: float
    burst: int


@frozen
class WindowLimit:
    """A sliding window of ``seconds`` with at most ``count`` calls, per client address."""

    id: str
    method: str
    path: str
    count: int
    seconds: float


@frozen
class MonthLimit:
    """A quota of ``count`` calls in a calendar month (UTC), per organisation."""

    id: str
    count: int


@frozen
class LimitTable:
    """The limits that a server enforces."""

    rows: tuple[RowLimit, ...]
    windows: tuple[WindowLimit, ...]
    month: MonthLimit

    def replace(self, *rows: RowLimit) -> LimitTable:
        """Return the table with these rows in place of those with the same ids."""
        newer = {row.id: row for row in rows}
        return LimitTable(tuple(newer.get(row.id, row) for row in self.rows), self.windows, self.month)


@frozen
class ErrorCode:
    """A documented ``error_code``: its token, its statuses, and what to do about it."""

    code: int
    token: str | None
    statuses: tuple[int, ...]
    advice: str
