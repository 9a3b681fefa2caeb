"""What fleet work needs of ``Emnify``, which lies above this room."""

from __future__ import annotations

from typing import Protocol

from aioemnify.clock import Clock
from aioemnify.options import CallOptions, Timeouts
from aioemnify.pagination import Caller
from aioemnify.transport.pipeline import Pipeline
from aioemnify.transport.throttle_view import ThrottleView
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.response import ResponseReader

OPTIONS = CallOptions(priority="bulk", deadline=None)
"""The options of every call of a job. A job waits for limits as long as they take."""


class FleetClient(Caller, Protocol):
    """What fleet work needs of ``Emnify``."""

    _base_url: str
    _clock: Clock
    _timeouts: Timeouts
    _codec: Codec
    _reader: ResponseReader
    _pipeline: Pipeline

    @property
    def throttle(self) -> ThrottleView:
        """Return a view of the rate limits."""
