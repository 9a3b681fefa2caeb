"""The files of the page: HTML, style sheets and script modules, and the policy they are sent with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from attrs import frozen

INDEX = "index.html"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_POLICY = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
]
_HEADERS = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@frozen
class StaticFile:
    """A file's bytes and the headers it is sent with."""

    body: bytes
    headers: Mapping[str, str]


@lru_cache(maxsize=1)
def static_files() -> Mapping[str, StaticFile]:
    """Return the files of the page by name."""
    return {
        each.name: StaticFile(
            each.read_bytes(), {**_HEADERS, "Content-Type": _TYPES[f".{each.name.rpartition('.')[2]}"]}
        )
        for each in files("aioemnify.simulator.control").joinpath("static").iterdir()
    }
