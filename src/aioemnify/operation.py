"""What one API operation is: the frozen records that generated code is made of.

This module stands on the ground. It imports nothing of ours, so that reading the
whole operation table costs no model, no HTTP library and no network code. Models are
named as text (``"sims:Sim"``) and looked up on first use.
"""

from __future__ import annotations

from typing import Literal

from attrs import frozen

ParamKind = Literal["integer", "string", "boolean", "date"]
"""The types a path or query parameter can have on the wire."""

RetryClass = Literal["safe", "idempotent", "once"]
"""How a lost answer may be treated.

``safe``: nothing changes on the server. ``idempotent``: saying it twice equals saying it
once. ``once``: a second send could make a second object, so it happens only when the
first was surely not processed.
"""


@frozen
class Param:
    """One path or query parameter."""

    name: str
    kind: ParamKind
    choices: tuple[str, ...] = ()


@frozen
class Body:
    """What an operation sends: a model by name, or a JSON array of it."""

    model: str
    many: bool = False


@frozen
class Result:
    """What a success carries.

    ``model`` names the class, or is ``"dict"`` where the API publishes no shape.
    ``many`` says whether the caller gets a list. With ``either`` the server may send one
    object or an array, whatever the caller gets.
    """

    model: str
    many: bool = False
    either: bool = False


@frozen
class Envelope:
    """The members of an answer that wraps a page of items, by their names on the wire.

    ``page`` and ``size`` hold the page and the page size in force.
    """

    items: str
    total: str
    pages: str
    page: str | None = None
    size: str | None = None


@frozen
class Listing:
    """How a collection is paged, filtered and sorted.

    ``filter_lookups`` names the lookup that a field takes, for those that take one.
    ``envelope`` is set where a page comes as one object instead of an array with headers;
    the result of the operation is that object then.
    """

    page_param: str = "page"
    size_param: str = "per_page"
    default_size: int | None = None
    max_size: int | None = None
    filter_fields: tuple[str, ...] = ()
    filter_lookups: tuple[tuple[str, str], ...] = ()
    multi_value_fields: tuple[str, ...] = ()
    multi_value_max: int = 1
    paired_fields: tuple[str, ...] = ()
    sort_fields: tuple[str, ...] = ()
    default_sort: str | None = None
    envelope: Envelope | None = None


@frozen
class Operation:
    """One call of the API, complete enough to be carried, retried, paced and simulated.

    ``success`` and ``errors`` are the documented statuses; every 2xx is accepted.
    ``lane`` names calls that the server wants one at a time per organisation.
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


@frozen
class RowLimit:
    """A token bucket of one path, kept per organisation. ``rate`` is calls per second."""

    id: str
    method: str
    path: str
    rate: float
    burst: int


@frozen
class WindowLimit:
    """A count of calls in a moving window, kept per client address. ``seconds`` is its length."""

    id: str
    method: str
    path: str
    count: int
    seconds: float


@frozen
class MonthLimit:
    """A count of calls in a calendar month (UTC), kept per organisation."""

    id: str
    count: int


@frozen
class LimitTable:
    """Every limit the server is documented to enforce."""

    rows: tuple[RowLimit, ...]
    windows: tuple[WindowLimit, ...]
    month: MonthLimit


@frozen
class ErrorCode:
    """A documented ``error_code``: its token, where it occurs, and what to do about it."""

    code: int
    token: str | None
    statuses: tuple[int, ...]
    advice: str
