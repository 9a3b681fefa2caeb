"""What fleet work needs of ``Emnify``, which lies above this room."""

from __future__ import annotations

import hashlib
from typing import Protocol

from aioemnify.clock import Clock
from aioemnify.options import CallOptions, Timeouts
from aioemnify.pagination import Caller
from aioemnify.tables.limits import LIMIT_TABLES
from aioemnify.transport.pipeline import Pipeline
from aioemnify.transport.shared_state import SharedState
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
    _shared_state: SharedState

    @property
    def throttle(self) -> ThrottleView:
        """Return a view of the rate limits."""


def limits_of(client: FleetClient) -> str:
    """Return which limits a client keeps: the name of their table, ``own`` and a digest, or ``none``."""
    table = client._shared_state.table
    if table is None:
        return "none"
    digest = hashlib.sha256(repr(table).encode()).hexdigest()[:8]
    return next((name for name, known in LIMIT_TABLES.items() if known == table), f"own {digest}")
