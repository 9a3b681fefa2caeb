"""The only file that names an HTTP library.

httpx is the default. Any httpx async transport or client can be brought along, and so can
those of httpx2, which has the same interface under another name. The two are never mixed:
which one is meant is read off the object that was given.
"""

from __future__ import annotations

import importlib
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from os import PathLike
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import anyio
from anyio.lowlevel import current_token
from attrs import field, frozen
from attrs.validators import gt

from aioemnify.errors import (
    ArgumentError,
    ArgumentTypeError,
    ClientStateError,
    ConnectError,
    DecodeError,
    Phase,
    ProtocolError,
    ResponseTooLargeError,
    TimeoutError,
    TransportError,
)
from aioemnify.transport.attempt import Attempt, Lost
from aioemnify.transport.base_url import is_loopback
from aioemnify.transport.request import Request
from aioemnify.transport.response import Response
from aioemnify.transport.secret import Secret

if TYPE_CHECKING:
    import ssl

    import httpx


@frozen(kw_only=True)
class Timeouts:
    """Seconds one attempt may take: to connect, and between two pieces of the answer or the request."""

    connect: float = field(default=10.0, validator=gt(0))
    read: float = field(default=30.0, validator=gt(0))
    write: float = field(default=30.0, validator=gt(0))
    pool: float = field(default=30.0, validator=gt(0))


CLOSED = "the client is closed; make a new one, or keep the calls inside its async with"


class HttpSender:
    """Sends requests over one pool of connections, made on first use."""

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
        self._loop: object = None
        self._ca_file = ca_file
        self._library: ModuleType | None = None
        if transport is not None:
            self._library = _library_of("transport", transport, "AsyncBaseTransport")
        elif client is not None:
            self._library = _library_of("http_client", client, "AsyncClient")

    def open(self) -> tuple[ModuleType, httpx.AsyncClient]:
        """Return the HTTP library and its client, made now if this is the first use.

        Raises:
            ClientStateError: the client is closed, or belongs to another event loop.
        """
        if self._closed or (self._client is not None and not self._owned and self._client.is_closed):
            raise ClientStateError(CLOSED)
        if self._library is None:
            self._library = importlib.import_module("httpx")
        loop = current_token()
        if self._client is None:
            self._client = self._make_client(self._library)
            self._loop = loop
        elif self._owned and self._loop != loop:
            raise ClientStateError(
                "the client belongs to another event loop; make one inside each loop, as in "
                "'async with Emnify(...)': they share their pace and their token all the same"
            )
        return self._library, self._client

    def _make_client(self, library: ModuleType) -> Any:
        # trust_env would send a loopback call through a proxy of the environment. What it says about
        # certificates (SSL_CERT_FILE, SSL_CERT_DIR) is heeded all the same: the context reads it itself.
        environment = not is_loopback(urlsplit(self._base_url).hostname or "")
        verify = True if self._ca_file is None and environment else _trusting(self._ca_file)
        try:
            client = library.AsyncClient(
                transport=self._transport,
                verify=verify,
                follow_redirects=False,
                trust_env=environment,
                limits=library.Limits(
                    max_connections=self._connections, max_keepalive_connections=self._connections
                ),
            )
        except (OSError, ImportError, ValueError) as error:
            raise ArgumentError(
                "the environment",
                f"(SSL_CERT_FILE, SSL_CERT_DIR or a proxy variable) cannot be used: {error}",
            ) from None
        from http.cookiejar import DefaultCookiePolicy  # loaded by the library anyway, but not before

        # A gateway's cookies are no part of the API, and would tie the calls of two workspaces together.
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return client

    def attempt(self, on_departure: Callable[[], None], on_answer: Callable[[], None]) -> Attempt:
        """Return the record of an attempt that is about to be made.

        Args:
            on_departure: called when the request begins to leave this machine.
            on_answer: called when the response headers have come.
        """
        traced = self._owned and self._transport is None
        return Attempt(traced=traced, on_departure=on_departure, on_answer=on_answer)

    async def send(
        self, request: Request, attempt: Attempt, *, token: Secret | None, timeout: float | None
    ) -> Response | Lost:
        """Send once and read the whole answer.

        The exchange runs in a task of its own: the pool of connections survives the
        cancellation of a scope, but not one that asyncio delivers straight into it.

        Args:
            request: what to send.
            attempt: takes note of how far it comes.
            token: the authentication token.
            timeout: seconds for each phase of this attempt; ``None`` for the client's own.
        """
        library, client = self.open()
        ended: list[Response | Lost | Exception] = []

        async def run() -> None:
            try:
                ended.append(await self._exchange(library, client, request, attempt, token, timeout))
            except Exception as error:
                ended.append(error)

        try:
            async with anyio.create_task_group() as group:
                group.start_soon(run)
        except BaseExceptionGroup as group_error:
            # There was one task, so there is one reason, such as a KeyboardInterrupt.
            raise _only_reason(group_error) from None
        if not ended:
            text = f"{request.operation.id}: the transport gave the exchange up"
            return Lost(ProtocolError(text, operation=request.operation.id), sent=attempt.maybe_sent)
        if isinstance(ended[0], Exception):
            raise ended[0]
        return ended[0]

    async def _exchange(
        self,
        library: ModuleType,
        client: httpx.AsyncClient,
        request: Request,
        attempt: Attempt,
        token: Secret | None,
        timeout: float | None,
    ) -> Response | Lost:
        operation = request.operation.id
        try:
            with anyio.CancelScope() as attempt.handover:
                incoming = await client.send(
                    self._outgoing(library, client, request, attempt, token, timeout),
                    stream=True,
                    auth=None,
                    follow_redirects=False,
                )
            try:
                attempt.answer()
                return await self._read(library, incoming, operation)
            finally:
                await incoming.aclose()
        except (
            library.TransportError,
            OSError,
            anyio.BrokenResourceError,
            anyio.ClosedResourceError,
        ) as error:
            # OSError: a record that TLS cannot read is not always translated by the library.
            unsent = _unsent(library, error) and not attempt.departed
            return Lost(_lost(library, error, attempt, operation), sent=attempt.maybe_sent and not unsent)
        except RuntimeError:
            if client.is_closed:
                raise ClientStateError("the client was closed while the call was under way") from None
            raise

    def _outgoing(
        self,
        library: ModuleType,
        client: httpx.AsyncClient,
        request: Request,
        attempt: Attempt,
        token: Secret | None,
        timeout: float | None,
    ) -> httpx.Request:
        own = self._timeouts
        seconds = (
            library.Timeout(connect=own.connect, read=own.read, write=own.write, pool=own.pool)
            if timeout is None
            else library.Timeout(timeout)
        )
        outgoing: httpx.Request = client.build_request(
            request.operation.method,
            self._base_url + request.target,
            headers=self._headers(request, token),
            content=request.content,
            timeout=seconds,
            extensions={"trace": attempt.trace},
        )
        if token is None and "Authorization" in outgoing.headers:
            # A client brought along may carry one of its own; it is not for the authentication call.
            del outgoing.headers["Authorization"]
        return outgoing

    def _headers(self, request: Request, token: Secret | None) -> dict[str, str]:
        headers = dict(request.headers or {})
        headers |= {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": self._user_agent,
        }
        if token is not None:
            headers["Authorization"] = f"Bearer {token.reveal()}"
        return headers

    async def _read(self, library: ModuleType, incoming: httpx.Response, operation: str) -> Response | Lost:
        headers: Mapping[str, str] = {name.lower(): value for name, value in incoming.headers.items()}
        try:
            content = await self._content(incoming)
        except (library.TransportError, library.DecodingError, OSError, anyio.BrokenResourceError) as error:
            if not incoming.is_success or "location" in headers:
                # The status, or the address of what was made, says all that matters; it is not given away.
                return Response(incoming.status_code, headers, b"")
            if isinstance(error, library.DecodingError):
                text = f"{operation}: the answer's compression is broken: {error}"
                return Lost(DecodeError(text, operation=operation), sent=True)
            raise
        if content is None:
            text = f"{operation}: the answer is larger than max_response_bytes={self._max_bytes}"
            return Lost(ResponseTooLargeError(text, operation=operation), sent=True)
        return Response(incoming.status_code, headers, content)

    async def _content(self, incoming: httpx.Response) -> bytes | None:
        pieces: list[bytes] = []
        size = 0
        # Closed here and now: an abandoned generator would be finalised by the event loop some time later.
        async with aclosing(cast("AsyncGenerator[bytes, None]", incoming.aiter_bytes())) as body:
            async for piece in body:
                size += len(piece)
                if size > self._max_bytes:
                    return None
                pieces.append(piece)
        return b"".join(pieces)

    async def aclose(self) -> None:
        """Close the pool, unless the client was brought along; nothing is sent afterwards."""
        self._closed = True
        if self._owned and self._client is not None:
            client, self._client = self._client, None
            # Connections of a loop that has ended went with it; only this loop's can be closed here.
            if self._loop == current_token():
                await client.aclose()


def in_process(app: Any) -> Any:
    """Return a transport that calls an ASGI application in this process, without a socket."""
    return importlib.import_module("httpx").ASGITransport(app=app)


def _trusting(ca_file: str | PathLike[str] | None) -> ssl.SSLContext:
    import ssl  # 10 ms that clients without a ca_file need not pay here

    try:
        return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise ArgumentError("ca_file", f"cannot be used: {error}") from None


def _only_reason(group: BaseExceptionGroup[BaseException]) -> BaseException:
    reason: BaseException = group
    while isinstance(reason, BaseExceptionGroup) and len(reason.exceptions) == 1:
        reason = reason.exceptions[0]
    return reason


def _unsent(library: ModuleType, error: BaseException) -> bool:
    """Say whether an error itself proves that the request never left."""
    return isinstance(
        error,
        (
            library.ConnectError,
            library.ConnectTimeout,
            library.PoolTimeout,
            library.ProxyError,
            library.UnsupportedProtocol,
            library.LocalProtocolError,
        ),
    )


def _lost(library: ModuleType, error: BaseException, attempt: Attempt, operation: str) -> TransportError:
    if isinstance(error, library.ConnectTimeout):
        return TimeoutError(f"{operation}: no connection in time", phase="connect", operation=operation)
    if isinstance(error, library.PoolTimeout):
        return TimeoutError(f"{operation}: no free connection in time", phase="pool", operation=operation)
    if isinstance(error, library.TimeoutException):
        phase: Phase = "send" if isinstance(error, library.WriteTimeout) else attempt.phase
        return TimeoutError(f"{operation}: no answer in time", phase=phase, operation=operation)
    if isinstance(error, (library.UnsupportedProtocol, library.LocalProtocolError)):
        return ProtocolError(f"{operation}: {error}", operation=operation)
    if _unsent(library, error) or not attempt.maybe_sent:
        return ConnectError(f"{operation}: no connection: {_reason(error)}", operation=operation)
    text = f"{operation}: the connection broke before the answer was complete ({type(error).__name__})"
    return ProtocolError(text, operation=operation)


def _reason(error: BaseException) -> str:
    """Find the words: under trio they are not on the error itself but on what it came from."""
    cause: BaseException | None = error
    while cause is not None:
        if str(cause):
            return str(cause)
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__


def _library_of(argument: str, given: object, kind: str) -> ModuleType:
    """Find the library that a transport or client belongs to, by the class it is built on."""
    for name in ("httpx", "httpx2"):
        if any(base.__module__.partition(".")[0] == name for base in type(given).__mro__):
            library = importlib.import_module(name)
            if isinstance(given, getattr(library, kind)):
                return library
    raise ArgumentTypeError(argument, f"takes an {kind} of httpx or httpx2, not {type(given).__name__}")
