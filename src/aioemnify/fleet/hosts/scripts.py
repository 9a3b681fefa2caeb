"""The Lua scripts of a journal in Redis: each is one step, which Redis makes whole or not at all."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files


@cache
def script(name: str) -> tuple[str, str]:
    """Return a script and its digest."""
    folder = files("aioemnify.fleet.hosts") / "lua"  # read as a resource: the package may lie in a zip
    text = (folder / f"{name}.lua").read_text(encoding="utf-8")
    if name != "open":
        text = (folder / "prelude.lua").read_text(encoding="utf-8") + text
    return text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
