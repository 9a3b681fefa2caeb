"""What the edge in front of the API adds to every response: CORS and security headers, and preflights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

_REQUEST_HEADERS = (
    "Authorization,DNT,X-CustomHeader,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,"
    "Cache-Control,Content-Type,X-Count-Per-Page,X-Current-Page,X-Sort,X-Total-Count,X-Total-Pages"
)
_HEADERS: Mapping[str, str] = {  # as recorded; Link, Retry-After and X-Filter are not exposed
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PATCH, PUT, DELETE",
    "Access-Control-Allow-Headers": _REQUEST_HEADERS,
    "Access-Control-Expose-Headers": f"{_REQUEST_HEADERS},Location,X-Count,X-Per-Page,X-Pages,X-Page",
    "Access-Control-Max-Age": "86400",
    "Cache-Control": "max-age=0",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
}
_STRICT_HEADERS = {**_HEADERS, "Strict-Transport-Security": "max-age=31536000"}
_SLASHES = re.compile("//+")


def with_edge_headers(path: str, headers: Mapping[str, str], *, strict_transport: bool) -> Mapping[str, str]:
    """Return response headers with those of the edge, which a header of the response itself replaces.

    Only paths below ``/api/`` have them: the control interface must not be open to other web pages.

    Args:
        path: the path of the request.
        headers: the headers of the response.
        strict_transport: also send ``Strict-Transport-Security``.
    """
    return _merged(tuple(headers.items()), strict_transport) if is_api_path(path) else headers


@lru_cache(maxsize=256)  # most responses have the same headers
def _merged(headers: tuple[tuple[str, str], ...], strict_transport: bool) -> Mapping[str, str]:
    added = _STRICT_HEADERS if strict_transport else _HEADERS
    own = {name.lower() for name, _ in headers}
    return MappingProxyType(
        dict(headers) | {name: value for name, value in added.items() if name.lower() not in own}
    )


def is_preflight(request: Request) -> bool:
    """Return whether a browser asks if a page may send a request."""
    return (
        request.method == "OPTIONS"
        and "origin" in request.headers
        and "access-control-request-method" in request.headers
        and is_api_path(request.scope["path"])
    )


def is_api_path(path: str) -> bool:
    """Return whether the edge serves a path for the API."""
    return path.startswith("/api/")


def without_empty_segments(path: str) -> str:
    """Return a path in which repeated slashes are one.

    Choice: repeated slashes count as one, because many clients join a base URL and a path that way.
    """
    return _SLASHES.sub("/", path) if "//" in path else path
