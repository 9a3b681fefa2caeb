"""The only file that names an HTTP library.

httpx is the default. Any httpx async transport or client can be brought along, and so can
those of httpx2, which has the same interface under another name. The two are never mixed:
which one is meant is read off the object that was given.
"""

from __future__ import annotations

import importlib
import ipaddress
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from os import PathLike
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from attrs import frozen

from aioemnify.errors import (
    ArgumentError,
    ArgumentTypeError,
    ConnectError,
    DecodeError,
    Phase,
    ProtocolError,
    ResponseTooLargeError,
    TimeoutError,
    TransportError,
)
from aioemnify.transport.request import Request
from aioemnify.transport.response import Response

if TYPE_CHECKING:
    import ssl

    import httpx


@frozen(kw_only=True)
class Timeouts:
    """Seconds one attempt may take: to connect, and between two pieces of the answer or the request."""

    connect: float = 10.0
    read: float = 30.0
    write: float = 30.0
    pool: float = 30.0


@frozen
class Lost:
    """An attempt that brought no usable answer. ``sent`` says whether the server may have seen it."""

    error: TransportError | DecodeError
    sent: bool


_NO_HOST = re.compile(r"[\s\\%]")
"""What no installation's address holds, and what others read differently than we do."""


def check_base_url(base_url: object, argument: str = "base_url") -> str:
    """Return scheme, host and port of an installation.

    Raises:
        ArgumentError: anything but ``https://host[:port]``; plain HTTP is for loopback alone.
    """
    if not isinstance(base_url, str):
        raise ArgumentTypeError(argument, f"takes text such as https://cdn.emnify.net, not {base_url!r}")
    if "@" in base_url:  # before anything that shows the text
        raise ArgumentError(argument, "holds a user name or password; credentials are given apart")
    try:
        parts = urlsplit(base_url.strip())
    except ValueError:
        raise ArgumentError(argument, f"takes https://host[:port], not {base_url!r}") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or _NO_HOST.search(base_url.strip()):
        raise ArgumentError(argument, f"takes https://host[:port], not {base_url!r}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ArgumentError(argument, f"takes scheme and host only, not {base_url!r}: paths are the client's")
    try:
        port = parts.port
    except ValueError:
        raise ArgumentError(argument, f"has no valid port in {base_url!r}") from None
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ArgumentError(
            argument,
            f"is plain http to {parts.hostname!r}: tokens travel over https; http is for this machine alone",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, without asking any name server."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class HttpSender:
    """Sends one request at a time over one pool of connections, made on first use."""

    def __init__(
        self,
        base_url: str,
        *,
        timeouts: Timeouts,
        connections: int,
        max_response_bytes: int,
        user_agent: str,
        transport: Any = None,
        client: Any = None,
        ca_file: str | PathLike[str] | None = None,
    ) -> None:
        self._base_url = base_url
        self._timeouts = timeouts
        self._connections = connections
        self._max_bytes = max_response_bytes
        self._user_agent = user_agent
        self._transport = transport
        self._client = client
        self._owned = client is None
        self._closed = False
        self._ca_file = ca_file
        self._library: ModuleType | None = _library_of(client if client is not None else transport)

    def _open(self) -> tuple[ModuleType, httpx.AsyncClient]:
        if self._closed:
            raise ArgumentError(
                "client", "is closed; make a new one, or keep the calls inside its async with"
            )
        if self._library is None:
            self._library = importlib.import_module("httpx")
        if self._client is None:
            # trust_env would send a loopback call through a proxy of the environment.
            environment = not is_loopback(urlsplit(self._base_url).hostname or "")
            verify: Any = True if self._ca_file is None else _trusting(self._ca_file)
            self._client = self._library.AsyncClient(
                transport=self._transport,
                verify=verify,
                follow_redirects=False,
                trust_env=environment,
                limits=self._library.Limits(
                    max_connections=self._connections, max_keepalive_connections=self._connections
                ),
            )
        return self._library, self._client

    def _timeout(self, library: ModuleType, seconds: float | None) -> Any:
        own = self._timeouts
        if seconds is None:
            return library.Timeout(connect=own.connect, read=own.read, write=own.write, pool=own.pool)
        return library.Timeout(seconds)

    async def send(
        self,
        request: Request,
        *,
        token: str | None,
        timeout: float | None,
        on_headers: Callable[[], None],
    ) -> Response | Lost:
        """Send once and read the whole answer.

        Args:
            request: what to send.
            token: the authentication token, revealed.
            timeout: seconds for each phase of this attempt; ``None`` for the client's own.
            on_headers: called when the response headers have come.
        """
        library, client = self._open()
        operation = request.operation.id
        headers = dict(request.headers or {})
        headers |= {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": self._user_agent,
        }
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        outgoing = client.build_request(
            request.operation.method,
            self._base_url + request.target,
            headers=headers,
            content=request.content,
            timeout=self._timeout(library, timeout),
        )
        if token is None and "Authorization" in outgoing.headers:
            # A client brought along may carry one of its own; it is not for the authentication call.
            del outgoing.headers["Authorization"]
        try:
            incoming = await client.send(outgoing, stream=True, auth=None, follow_redirects=False)
            try:
                on_headers()
                return await self._read(incoming, operation)
            finally:
                await incoming.aclose()
        except (
            library.ConnectError,
            library.ConnectTimeout,
            library.PoolTimeout,
            library.ProxyError,
        ) as error:
            return Lost(_unsent(library, error, operation), sent=False)
        except library.TimeoutException as error:
            phase: Phase = "send" if isinstance(error, library.WriteTimeout) else "response"
            return Lost(
                TimeoutError(f"{operation}: no answer in time", phase=phase, operation=operation), sent=True
            )
        except library.DecodingError as error:
            text = f"{operation}: the answer's compression is broken: {error}"
            return Lost(DecodeError(text, operation=operation), sent=True)
        except (library.UnsupportedProtocol, library.LocalProtocolError) as error:
            return Lost(ProtocolError(f"{operation}: {error}", operation=operation), sent=False)
        except library.TransportError as error:
            text = (
                f"{operation}: the connection broke before the answer was complete ({type(error).__name__})"
            )
            return Lost(ProtocolError(text, operation=operation), sent=True)

    async def _read(self, incoming: httpx.Response, operation: str) -> Response | Lost:
        pieces: list[bytes] = []
        size = 0
        # Closed here and now: an abandoned generator would be finalised by the event loop some time later.
        async with aclosing(cast("AsyncGenerator[bytes, None]", incoming.aiter_bytes())) as body:
            async for piece in body:
                size += len(piece)
                if size > self._max_bytes:
                    text = f"{operation}: the answer is larger than max_response_bytes={self._max_bytes}"
                    return Lost(ResponseTooLargeError(text, operation=operation), sent=True)
                pieces.append(piece)
        headers: Mapping[str, str] = {name.lower(): value for name, value in incoming.headers.items()}
        return Response(incoming.status_code, headers, b"".join(pieces))

    async def aclose(self) -> None:
        """Close the pool, unless the client was brought along; nothing is sent afterwards."""
        self._closed = True
        if self._owned and self._client is not None:
            client, self._client = self._client, None
            await client.aclose()


def _trusting(ca_file: str | PathLike[str]) -> ssl.SSLContext:
    import ssl  # 10 ms that clients without a ca_file need not pay here

    try:
        return ssl.create_default_context(cafile=str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise ArgumentError("ca_file", f"cannot be used: {error}") from None


def _unsent(library: ModuleType, error: Exception, operation: str) -> TransportError:
    if isinstance(error, library.ConnectTimeout):
        return TimeoutError(f"{operation}: no connection in time", phase="connect", operation=operation)
    if isinstance(error, library.PoolTimeout):
        return TimeoutError(f"{operation}: no free connection in time", phase="pool", operation=operation)
    return ConnectError(f"{operation}: no connection: {_reason(error)}", operation=operation)


def _reason(error: BaseException) -> str:
    """Find the words: under trio they are not on the error itself but on what it came from."""
    cause: BaseException | None = error
    while cause is not None:
        if str(cause):
            return str(cause)
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__


def _library_of(given: object) -> ModuleType | None:
    """Find the library that a transport or client belongs to, by the classes it is built on."""
    if given is None:
        return None
    for name in ("httpx", "httpx2"):
        if any(kind.__module__.partition(".")[0] == name for kind in type(given).__mro__):
            return importlib.import_module(name)
    raise ArgumentTypeError(
        "transport", f"and http_client take objects built on httpx or httpx2, not {type(given).__name__}"
    )
