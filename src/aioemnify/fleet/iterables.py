"""Items that users give: from any iterable or async iterable."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Mapping
from contextlib import aclosing, nullcontext
from typing import Any

from aioemnify.errors import ArgumentError


async def each_of(items: Any) -> AsyncGenerator[Any, None]:
    """Yield the items of any iterable or async iterable.

    Raises:
        ArgumentError: it is neither, or a text or a mapping.
    """
    if isinstance(items, AsyncIterable):
        async with aclosing(items) if isinstance(items, AsyncGenerator) else nullcontext():
            async for item in items:
                yield item
        return
    if isinstance(items, (str, bytes, Mapping)) or not isinstance(items, Iterable):
        raise ArgumentError("items", f"takes any iterable of items, not {type(items).__name__}")
    for item in items:
        yield item
