"""The methods of the control interface: their bodies and their errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec
from attrs import frozen
from starlette.requests import Request
from starlette.responses import Response

from aioemnify.simulator.http.responses import read_body
from aioemnify.simulator.platform.decoding import InvalidValueError, decode_json, shown

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

MOST_BODY_BYTES = 1024 * 1024


@frozen
class Method:
    """One HTTP method of one path.

    Attributes:
        answer: handles the request, and the body if there is one; its docstring describes the method.
        body: type of the body, None without one.
        shown: type to document instead, if the body is a plain mapping.
    """

    answer: Callable[..., Awaitable[Response]]
    body: Any = None
    shown: Any = None


class ControlError(Exception):
    """An error response of the control interface.

    Args:
        status: the HTTP status.
        message: the text for users.
        at: the member of the body, as a JSON path.
        headers: extra response headers.
    """

    def __init__(
        self, status: int, message: str, *, at: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.at = at
        self.headers: dict[str, str] = headers or {}


class Methods:
    """The methods of one path; an ASGI application, so that the router passes every method on."""

    def __init__(self, methods: dict[str, Method]) -> None:
        self._methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        method = self._methods.get(scope["method"])
        if method is None:
            allowed = ", ".join(sorted(self._methods))
            text = f"{scope['method']} is not allowed here; accepted: {allowed}"
            raise ControlError(405, text, headers={"Allow": allowed})
        request = Request(scope, receive)
        body = () if method.body is None else (await decode_body(request, method.body),)
        response = await method.answer(request, *body)
        await response(scope, receive, send)


async def decode_body(request: Request, kind: Any) -> Any:
    """Return the body, decoded and checked against a type."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        # Browsers send forms of other sites without a preflight request, but not JSON.
        raise ControlError(415, "Content-Type must be application/json")
    content = await read_body(request, MOST_BODY_BYTES)
    if content is None:
        raise ControlError(413, f"a body may have at most {MOST_BODY_BYTES} bytes")
    try:
        return decode_json(content, kind)
    except InvalidValueError as error:
        raise ControlError(422, error.message, at=shown(error.path) if error.path else None) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ControlError(400, f"the body cannot be read: {error}") from None
