"""A local simulator of the emnify REST API, to try, test and rehearse a fleet without an account.

``python -m aioemnify.simulator`` runs it; ``Simulator`` embeds it. It shares the operation table
and the request models with the client, and nothing else: limits, paging and error codes are its
own, so that a mistake in one of the two shows in the other.

Needs the extra ``aioemnify[simulator]``.
"""

from __future__ import annotations

try:
    from aioemnify.simulator.api.handlers import HANDLERS as _HANDLERS
    from aioemnify.simulator.faults.rules import (
        Answer,
        CloseBefore,
        Delay,
        DropAfter,
        FaultRule,
        Faults,
        FaultSpec,
        LognormalDelay,
        MalformedBody,
        RejectToken,
        RevokeToken,
        SlowBody,
        TruncateBody,
        WrongGzip,
    )
    from aioemnify.simulator.faults.scenario import Scenario
    from aioemnify.simulator.http.responses import ConnectionCut
    from aioemnify.simulator.platform.clock import Clock
    from aioemnify.simulator.platform.settings import Settings
    from aioemnify.simulator.recording.journal import RequestRecord
    from aioemnify.simulator.recording.request_log import RequestLog
    from aioemnify.simulator.simulator import Simulator
except ModuleNotFoundError as _error:
    if _error.name is None or _error.name.partition(".")[0] == "aioemnify":
        raise
    raise ModuleNotFoundError(
        f"the simulator needs {_error.name}: install the package with its extra, "
        "pip install '.[simulator]' in the project's folder",
        name=_error.name,
    ) from None

STATEFUL_OPERATIONS: frozenset[str] = frozenset(_HANDLERS)
"""Ids of the operations that keep state; every other one answers by its schema."""

__all__ = [
    "STATEFUL_OPERATIONS",
    "Answer",
    "Clock",
    "CloseBefore",
    "ConnectionCut",
    "Delay",
    "DropAfter",
    "FaultRule",
    "FaultSpec",
    "Faults",
    "LognormalDelay",
    "MalformedBody",
    "RejectToken",
    "RequestLog",
    "RequestRecord",
    "RevokeToken",
    "Scenario",
    "Settings",
    "Simulator",
    "SlowBody",
    "TruncateBody",
    "WrongGzip",
]
