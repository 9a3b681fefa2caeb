"""The Lua scripts that run inside Redis: the rules of ``_reservations``, by Redis's own clock."""

from __future__ import annotations

from importlib.resources import files

from aioemnify.stores._reservations import HEARTBEAT, QUIET, RECENT, SETTLE

BEYOND = 60.0
"""Seconds further than which nothing is booked ahead: what is, was written before the clock was put back."""

_CONSTANTS = "".join(
    f"local {name} = {seconds * 1e6:.0f}\n"
    for name, seconds in {
        "SETTLE": SETTLE,
        "QUIET": QUIET,
        "RECENT": RECENT,
        "HEARTBEAT": HEARTBEAT,
        "BEYOND": BEYOND,
    }.items()
)


def _read(name: str) -> str:
    # Read as a resource: the package may lie in a zip.
    return (files("aioemnify.stores") / "lua" / f"{name}.lua").read_text(encoding="utf-8")


_PRELUDE = _CONSTANTS + _read("prelude")

BOOK = _PRELUDE + _read("book")
GIVE_BACK = _read("give_back")
PAUSE = _PRELUDE + _read("pause")
REJOIN = _PRELUDE + _read("rejoin")
LEASE = _read("lease")
RELEASE = _read("release")
