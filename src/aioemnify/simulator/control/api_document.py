"""The OpenAPI document of the API at ``/openapi.json``, with this simulator as its first server."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

PATH = "/openapi.json"
# Tools that run in a browser, such as Swagger UI, read it from a page of another server. It has no secrets.
_HEADERS = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}


@lru_cache(maxsize=1)
def _document() -> dict[str, msgspec.Raw]:
    content = files("aioemnify").joinpath("openapi.json").read_bytes()
    return msgspec.json.decode(content, type=dict[str, msgspec.Raw])


async def serve_api_document(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer ``GET /openapi.json``. No token is needed, and neither limits nor the journal count it."""
    if scope["method"] not in ("GET", "HEAD"):
        await Response(status_code=405, headers={"Allow": "GET, HEAD", **_HEADERS})(scope, receive, send)
        return
    document: dict[str, Any] = dict(_document())
    own = {"url": str(Request(scope).base_url).rstrip("/"), "description": "This simulator."}
    document["servers"] = [own, *msgspec.json.decode(document["servers"])]
    content = msgspec.json.encode(document)
    await Response(content, headers=_HEADERS, media_type="application/json")(scope, receive, send)
