"""What polling needs of ``Emnify``, which lies above this room."""

from __future__ import annotations

from typing import Protocol

from aioemnify.clock import Clock
from aioemnify.pagination import Caller


class PollingClient(Caller, Protocol):
    """What polling needs of ``Emnify``."""

    _clock: Clock
