"""One page of a list: its query and its response."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from zlib import crc32

import msgspec

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

    Choice: lists have the headers of recordings of 2022 (``X-Total-Count`` and its kin) and of 2024
        (``X-Count``, ``X-Page``, ``X-Pages``, ``X-Per-Page``, ``X-Powered-By`` and a weak ``ETag``), and
        ``Link``, which the documentation has and neither recording. ``X-Count`` counts all items, as
        ``X-Total-Count`` does. The event service has the older headers only. ``If-None-Match`` is ignored.

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
    body = msgspec.json.encode(show(items[page.start : page.stop]))
    headers = list_headers(query, page, f"{call.origin}{call.path}", call.params, listing, lower=lower)
    return Reply(body=body, headers=headers if lower else headers | _newer_headers(headers, body))


def _newer_headers(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    return {
        "X-Count": headers["X-Total-Count"],
        "X-Page": headers["X-Current-Page"],
        "X-Pages": headers["X-Total-Pages"],
        "X-Per-Page": headers["X-Count-Per-Page"],
        "X-Powered-By": "Express",
        "ETag": f'W/"{len(body):x}-{crc32(body):08x}"',
    }
