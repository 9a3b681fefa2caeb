"""One page of a list: its query and its response."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from aioemnify.simulator.answers.listing import ListQuery, cut, list_headers, read_query
from aioemnify.simulator.api.call import Call, Reply

ItemT = TypeVar("ItemT")


def query_of(call: Call, *, strict: bool = False) -> ListQuery:
    """Return the query of a list call; ``strict`` refuses bad paging and sorting with 400.

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
    """Return the requested page of ``items``, with its headers.

    Args:
        call: the list call.
        query: its parsed query.
        items: all matching items, in order.
        show: returns the bodies of a slice of them.
        lower: write the headers as the event service does.
    """
    listing = call.operation.listing
    assert listing is not None
    page = cut(query, len(items))
    return Reply(
        body=show(items[page.start : page.stop]),
        headers=list_headers(query, page, f"{call.origin}{call.path}", call.params, listing, lower=lower),
    )
