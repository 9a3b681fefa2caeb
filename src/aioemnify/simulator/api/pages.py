"""One page of a list: what a call asks for, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from aioemnify.simulator.answers.listing import ListQuery, cut, list_headers, read_query
from aioemnify.simulator.api.call import Call, Reply

ItemT = TypeVar("ItemT")


def query_of(call: Call, *, strict: bool = False) -> ListQuery:
    """Return what a list call asks for; ``strict`` refuses bad paging and sorting with 400.

    Raises:
        Problem: 400 or 422, the query cannot be read.
    """
    listing = call.operation.listing
    assert listing is not None
    return read_query(listing, call.params, strict=strict)


def page_reply(
    call: Call,
    query: ListQuery,
    items: Sequence[ItemT],
    show: Callable[[Sequence[ItemT]], list[Any]],
    *,
    lower: bool = False,
) -> Reply:
    """Return the page of ``items`` that a call asks for, with the headers that describe it.

    Args:
        call: the list call.
        query: what it asks for.
        items: everything that was found, in order.
        show: makes the bodies of a slice of them.
        lower: write the headers as the event service does.
    """
    listing = call.operation.listing
    assert listing is not None
    page = cut(query, len(items))
    return Reply(
        body=show(items[page.start : page.stop]),
        headers=list_headers(query, page, f"{call.origin}{call.path}", call.params, listing, lower=lower),
    )
