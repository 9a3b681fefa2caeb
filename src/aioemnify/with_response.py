"""``Emnify.with_response``: the calls of the client, each with its response. Loaded when it is first used.

The generated methods stay as they are. For each call they get a copy of the client whose pipeline keeps the
response, so a plain call does no work for it. ``resources/_with_response.py`` has the types.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from copy import copy
from functools import wraps
from itertools import groupby
from typing import Any, Protocol

from attrs import frozen

from aioemnify._checks import did_you_mean
from aioemnify.operation import Operation
from aioemnify.options import CallOptions
from aioemnify.tables.operations import OPERATIONS
from aioemnify.transport.call import CallRecord
from aioemnify.transport.pipeline import Pipeline
from aioemnify.transport.wire.request import Request
from aioemnify.transport.wire.response import Response, kept_headers
from aioemnify.types import CallResponse

_GROUPS: dict[str, list[str]] = {
    group: [operation.partition(".")[2] for operation in operations]
    for group, operations in groupby(OPERATIONS, key=lambda operation: operation.partition(".")[0])
}
"""The names of the calls of each group."""


class _Client(Protocol):
    """What this needs of ``Emnify``, which lies above this room."""

    _pipeline: Any

    async def request(self, method: str, path: str, **arguments: Any) -> Any:
        """Call any path."""


class _RecordingPipeline:
    """The pipeline of one call: keeps its response."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._record = CallRecord()
        self._response: Response | None = None

    async def call(
        self, request: Request, options: CallOptions, read: Callable[[Operation, Response], Any]
    ) -> Any:
        def keep(operation: Operation, response: Response) -> Any:
            self._response = response
            return read(operation, response)

        return await self._pipeline.call(request, options, keep, record=self._record)

    def unclosed(self) -> None:
        """Say nothing: the client itself has the connections."""

    def response_to(self, value: Any) -> CallResponse[Any]:
        """Return the response of the call, with its result."""
        response, record = self._response, self._record
        assert response is not None
        return CallResponse(
            value=value,
            status=response.status,
            headers=Headers(kept_headers(response)),
            attempts=record.attempts,
            waited=record.waited,
            elapsed=record.elapsed,
        )


async def _with_response(client: _Client, call: Callable[[Any], Awaitable[Any]]) -> CallResponse[Any]:
    there = copy(client)
    there._pipeline = pipeline = _RecordingPipeline(client._pipeline)
    return pipeline.response_to(await call(there))


@frozen
class CallsWithResponse:
    """The groups of the API, for calls with their responses."""

    _client: Any

    def __getattr__(self, name: str) -> GroupWithResponse:
        if name not in _GROUPS:
            # Also a name that copy or pickle looks for.
            raise AttributeError(f"with_response has no group {name!r}{did_you_mean(name, _GROUPS)}")
        return GroupWithResponse(self._client, name)

    def __dir__(self) -> list[str]:
        return sorted([*_GROUPS, "request"])

    async def request(self, method: str, path: str, **arguments: Any) -> CallResponse[Any]:
        """Call any path of the API, as ``Emnify.request`` does."""
        return await _with_response(self._client, lambda there: there.request(method, path, **arguments))


@frozen
class GroupWithResponse:
    """The calls of one group."""

    _client: Any
    _group: str

    def __getattr__(self, name: str) -> Callable[..., Awaitable[CallResponse[Any]]]:
        if name.startswith("_"):  # copy and pickle look for methods that are not there
            raise AttributeError(name)
        names = _GROUPS[self._group]
        resource = getattr(self._client, self._group)
        if name not in names:
            if hasattr(resource, name):
                raise AttributeError(
                    f"{self._group}.{name} is not one call, so it has no response; with_response has "
                    f"{', '.join(names)}"
                )
            hint = did_you_mean(name, names)
            raise AttributeError(f"with_response.{self._group} has no {name!r}{hint}")

        @wraps(getattr(resource, name))
        async def call(*args: Any, **kwargs: Any) -> CallResponse[Any]:
            return await _with_response(
                self._client, lambda there: getattr(getattr(there, self._group), name)(*args, **kwargs)
            )

        return call

    def __dir__(self) -> list[str]:
        return sorted(_GROUPS[self._group])


class Headers(Mapping[str, str]):
    """Headers of a response; a name is found in any case, and iterated in lower case."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({self._values!r})"
