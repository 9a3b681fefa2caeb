"""A local simulator of the emnify REST API: try, test and rehearse a fleet without an account.

``python -m aioemnify.simulator`` runs it; ``Simulator`` embeds it. It shares the operation table
and the request models with the client, and nothing else: it has its own code for limits, paging and
error codes, so that a mistake in one of the two shows in the other.

Needs the extra ``aioemnify[simulator]``. Names are loaded on first use, so that the command can say
what is missing where the extra is not installed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aioemnify.simulator.api.handlers import STATEFUL_OPERATIONS
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
    from aioemnify.simulator.recording.delivery_record import DeliveryRecord
    from aioemnify.simulator.recording.journal import RequestRecord
    from aioemnify.simulator.recording.request_log import RequestLog
    from aioemnify.simulator.simulator import Simulator

_MODULES = {
    "STATEFUL_OPERATIONS": "api.handlers",
    "Answer": "faults.rules",
    "Clock": "platform.clock",
    "CloseBefore": "faults.rules",
    "ConnectionCut": "http.responses",
    "Delay": "faults.rules",
    "DeliveryRecord": "recording.delivery_record",
    "DropAfter": "faults.rules",
    "FaultRule": "faults.rules",
    "FaultSpec": "faults.rules",
    "Faults": "faults.rules",
    "LognormalDelay": "faults.rules",
    "MalformedBody": "faults.rules",
    "RejectToken": "faults.rules",
    "RequestLog": "recording.request_log",
    "RequestRecord": "recording.journal",
    "RevokeToken": "faults.rules",
    "Scenario": "faults.scenario",
    "Settings": "platform.settings",
    "Simulator": "simulator",
    "SlowBody": "faults.rules",
    "TruncateBody": "faults.rules",
    "WrongGzip": "faults.rules",
}

__all__ = [
    "STATEFUL_OPERATIONS",
    "Answer",
    "Clock",
    "CloseBefore",
    "ConnectionCut",
    "Delay",
    "DeliveryRecord",
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


if not TYPE_CHECKING:  # type checkers find misspelt names without it

    def __getattr__(name: str) -> Any:
        module = _MODULES.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            value = getattr(import_module(f"{__name__}.{module}"), name)
        except ModuleNotFoundError as error:
            missing = (error.name or "aioemnify").partition(".")[0]
            if missing == "aioemnify":
                raise
            raise ModuleNotFoundError(
                f"the simulator needs {missing}: install the package with its extra, "
                "pip install 'aioemnify[simulator]'",
                name=error.name,
            ) from None
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
