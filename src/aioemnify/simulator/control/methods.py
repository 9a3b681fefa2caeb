"""The manners of the control interface: one method of one address, its body, and how mistakes are told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec
from attrs import frozen
from starlette.requests import Request
from starlette.responses import Response

from aioemnify.simulator.http.responses import read_body

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

MOST_BODY_BYTES = 1024 * 1024


@frozen
class Method:
    """One thing the control interface can do.

    Attributes:
        answer: takes the request, and the body if there is one; its docstring says what is done.
        body: kind of the body, None without one.
        shown: kind to describe in the body's place, when that is a plain mapping.
    """

    answer: Callable[..., Awaitable[Response]]
    body: Any = None
    shown: Any = None


class ControlError(Exception):
    """A request to the control interface that cannot be carried out.

    Args:
        status: the HTTP status.
        message: what is wrong, for a human.
        at: which member of the body it is, as a JSON path.
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
    """The methods of one address; an ASGI application, so that the router passes every method."""

    def __init__(self, methods: dict[str, Method]) -> None:
        self._methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry out the method of the request's method."""
        method = self._methods.get(scope["method"])
        if method is None:
            allowed = ", ".join(sorted(self._methods))
            raise ControlError(405, f"{scope['method']} is not allowed here", headers={"Allow": allowed})
        request = Request(scope, receive)
        body = () if method.body is None else (await decode_body(request, method.body),)
        response = await method.answer(request, *body)
        await response(scope, receive, send)


async def unknown_path(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse an address that the control interface does not have."""
    raise ControlError(404, f"the control interface has no {scope['path']}")


async def decode_body(request: Request, kind: Any) -> Any:
    """Return the body as a value of a kind; everything else about it is a mistake of the caller."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        # Forms of other sites could be sent without asking; JSON could not.
        raise ControlError(415, "Content-Type must be application/json")
    content = await read_body(request, MOST_BODY_BYTES)
    if content is None:
        raise ControlError(413, f"a body has {MOST_BODY_BYTES} bytes at the most")
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        message, _, at = str(error).partition(" - at ")
        raise ControlError(422, message, at=at.strip("`") or None) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ControlError(400, f"the body cannot be read: {error}") from None
