"""The Lua scripts that run inside Redis: the rules of ``_reservations``, by Redis's own clock."""

from __future__ import annotations

from importlib.resources import files

from aioemnify.stores.protocols import CLOCK_STEP, HEARTBEAT

_CONSTANTS = f"local HEARTBEAT, CLOCK_STEP = {HEARTBEAT * 1e6:.0f}, {CLOCK_STEP * 1e6:.0f}\n"


def _read(name: str) -> str:
    # Read as a resource: the package may lie in a zip.
    return (files("aioemnify.stores") / "lua" / f"{name}.lua").read_text(encoding="utf-8")


_PRELUDE = _CONSTANTS + _read("prelude")

RESERVE = _PRELUDE + _read("reserve")
CANCEL = _PRELUDE + _read("cancel")
PAUSE = _PRELUDE + _read("pause")
REJOIN = _PRELUDE + _read("rejoin")
LEASE = _read("lease")
RELEASE = _read("release")
