"""The asyncio client and the blocking one, called in the same way: every test of a call runs over both."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import aioemnify
from aioemnify import blocking
from aioemnify.blocking.proxies import Blocking

CLIENTS: dict[str, Callable[..., Any]] = {
    "asyncio": aioemnify.Emnify,
    "blocking": lambda *args, **options: Awaited(blocking.Emnify(*args, **options)),
}


class Awaited:
    """What a blocking object does, to be awaited. It blocks the running event loop, as in a notebook."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if isinstance(value, Blocking):
            return Awaited(value)
        if not inspect.isfunction(value) and not inspect.ismethod(value):
            return value

        def call(*args: Any, **options: Any) -> Any:
            result = value(*args, **options)
            return Awaited(result) if isinstance(result, Blocking) else Ready(result)

        return call

    def __await__(self) -> Any:
        return Ready(self._inner.page()).__await__()

    async def __aiter__(self) -> Any:
        for item in self._inner:
            yield item

    async def __aenter__(self) -> Awaited:
        return Awaited(self._inner.__enter__())

    async def __aexit__(self, *error: Any) -> Any:
        return self._inner.__exit__(*error)


class Ready:
    """A result that is there already."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __await__(self) -> Any:
        return self._value
        yield
