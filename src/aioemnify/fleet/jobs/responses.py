"""What a successful response says about the items of its call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from aioemnify.fleet.jobs.records import ItemError, Outcome
from aioemnify.fleet.jobs.routes import Route
from aioemnify.fleet.journals.items import FAILED, OK, UNKNOWN, Finish, Item
from aioemnify.transport.wire.response import Response, ResponseReader


def read_response(
    route: Route, items: Sequence[Item], response: Response, reader: ResponseReader
) -> tuple[Any, list[bytes | None]]:
    """Return the decoded response of a single call, and what the journal keeps of it for each item.

    Raises:
        DecodeError: it is not a response of this API, so that nobody knows what it says.
        OutcomeUnknownError: the same, for a call that must not be repeated.
    """
    read = reader.value if route.call.listing is None else reader.page
    value = read(route.call, response)
    if route.bulk:
        return None, _ids_made(route, items, response)
    if route.call.creates:
        made = getattr(value, "id", None)
        return value, [None if made is None else msgspec.json.encode(made)]
    content = response.content.strip()
    # Without line breaks, which would end a line of a report.
    return value, [msgspec.json.format(content, indent=-1) if content else None]


def _ids_made(route: Route, items: Sequence[Item], response: Response) -> list[bytes | None]:
    """Return the ids of the objects that a bulk call has made, where its response has them."""
    nothing: list[bytes | None] = [None] * len(items)
    if route.look is None:
        return nothing
    try:
        made = msgspec.json.decode(response.content, type=list[dict[str, Any]])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return nothing
    if len(made) != len(items):
        return nothing
    return [msgspec.json.encode(one["id"]) if "id" in one else None for one in made]


def outcome_of(route: Route, finish: Finish, value: Any) -> Outcome:
    """Return the outcome of an item as users see it."""
    key, result = finish.item.key, value
    if value is None and finish.result is not None:
        result = msgspec.json.decode(finish.result)
    return Outcome(
        number=finish.item.number,
        operation=route.operation.id,
        key=route.values(key) if route.several else key,
        state=_NAMES[finish.state],
        error=None if finish.error is None else ItemError.from_json(finish.error),
        result=result,
        doubled=finish.doubled,
    )


_NAMES: dict[int, Any] = {OK: "ok", FAILED: "failed", UNKNOWN: "unknown"}
