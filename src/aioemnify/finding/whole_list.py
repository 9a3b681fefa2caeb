"""Compare all items of a list with an identifier, and again if the list became shorter meanwhile.

The API numbers pages by position: an item that leaves the list moves a later one from the next page to one
that was read already. The totals of the pages show it, unless another item came in between the same two
pages.
"""

from __future__ import annotations

import logging
from itertools import pairwise
from typing import Any

from aioemnify.finding.identifiers import Identifier
from aioemnify.operation import Operation
from aioemnify.pagination import Caller, Pages

_logger = logging.getLogger("aioemnify.finding")

_TRIES = 3
"""Readings of a list that becomes shorter each time."""


async def matching(
    caller: Caller, listing: Operation, wanted: Identifier, options: object, **criteria: Any
) -> tuple[list[Any], bool]:
    """Return the items of a list that have an identifier, and whether no other item can have it.

    An item may come more than once.

    Args:
        caller: makes the calls.
        listing: the list.
        wanted: the identifier.
        options: the options of each call.
        criteria: filter and order of the list.
    """
    pages = Pages[Any](caller, listing, options=options, **criteria)
    found: list[Any] = []
    is_complete = True
    for _ in range(_TRIES):
        totals: list[int | None] = []
        async for page in pages.pages():
            totals.append(page.total_count)
            fits = [wanted.fits(item) for item in page]
            is_complete = is_complete and None not in fits
            found += [item for item, it_fits in zip(page, fits, strict=True) if it_fits]
        if pages.report.totals is not None:  # also that of a page that does not exist any more
            totals.append(pages.report.totals[1])
        known = [total for total in totals if total is not None]
        if all(former <= later for former, later in pairwise(known)):
            return found, is_complete
    _logger.warning("%s became shorter each time it was read: an item may be missed", listing.id)
    return found, is_complete
