"""What a job needs of ``Emnify``, which lies above this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from aioemnify.clock import Clock
from aioemnify.operation import Operation
from aioemnify.options import CallOptions, Timeouts
from aioemnify.transport.pipeline import Pipeline
from aioemnify.transport.throttle_view import ThrottleView
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.response import ResponseReader

OPTIONS = CallOptions(priority="bulk", deadline=None)
"""The options of every call of a job. A job waits for limits as long as they take."""


class FleetClient(Protocol):
    """What a job needs of ``Emnify``."""

    _base_url: str
    _clock: Clock
    _timeouts: Timeouts
    _codec: Codec
    _reader: ResponseReader
    _pipeline: Pipeline

    @property
    def throttle(self) -> ThrottleView:
        """Return a view of the rate limits."""

    async def _call(
        self,
        operation: Operation,
        path_args: Sequence[object] = (),
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        options: object = None,
    ) -> Any:
        """Make one call and return its decoded result."""
