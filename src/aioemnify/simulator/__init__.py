"""A local simulator of the emnify REST API, to try, test and rehearse a fleet without an account.

``python -m aioemnify.simulator`` runs it; ``Simulator`` embeds it. It shares the operation table
and the request models with the client, and nothing else: limits, paging and error codes are its
own, so that a mistake in one of the two shows in the other.

Needs the extra ``aioemnify[simulator]``.
"""

from __future__ import annotations

try:
    from aioemnify.simulator.clock import Clock
    from aioemnify.simulator.faults import (
        Answer,
        CloseBefore,
        Delay,
        DropAfter,
        FaultRule,
        Faults,
        MalformedBody,
        RejectToken,
        TruncateBody,
    )
    from aioemnify.simulator.handlers import HANDLERS as _HANDLERS
    from aioemnify.simulator.journal import RequestRecord
    from aioemnify.simulator.settings import Settings
    from aioemnify.simulator.simulator import Simulator
    from aioemnify.simulator.wire import ConnectionCut
except ModuleNotFoundError as _error:
    if _error.name is None or _error.name.partition(".")[0] == "aioemnify":
        raise
    raise ModuleNotFoundError(
        f"the simulator needs {_error.name}: pip install 'aioemnify[simulator]'", name=_error.name
    ) from None

STATEFUL_OPERATIONS: frozenset[str] = frozenset(_HANDLERS)
"""Ids of the operations that keep state; every other one answers 501."""

__all__ = [
    "STATEFUL_OPERATIONS",
    "Answer",
    "Clock",
    "CloseBefore",
    "ConnectionCut",
    "Delay",
    "DropAfter",
    "FaultRule",
    "Faults",
    "MalformedBody",
    "RejectToken",
    "RequestRecord",
    "Settings",
    "Simulator",
    "TruncateBody",
]
