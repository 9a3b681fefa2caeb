"""Send one request over HTTP, and tell from a failure whether the server may have received it."""

from __future__ import annotations

from functools import partial
from os import PathLike
from types import ModuleType
from typing import Any

import anyio
from anyio.lowlevel import current_token
from attrs import asdict

from aioemnify._cancellation import run_shielded
from aioemnify._secret import Concealer, Secret
from aioemnify.errors import (
    ArgumentError,
    ClientStateError,
    ConnectError,
    DecodeError,
    Phase,
    ProtocolError,
    ResponseTooLargeError,
    TimeoutError,
    TransportError,
)
from aioemnify.options import Timeouts
from aioemnify.transport.http.adapters import (
    ClientAdapter,
    HttpAdapter,
    HttpLibrary,
    TransportAdapter,
    make_adapter,
)
from aioemnify.transport.http.exchange import (
    Attempt,
    CompressionError,
    IncomingResponse,
    Lost,
    OutgoingRequest,
)
from aioemnify.transport.throttle.grant import Grant
from aioemnify.transport.wire.request import Request
from aioemnify.transport.wire.response import Response, without_repeats

CLOSED = "the client is closed; create a new one, or make the calls inside its async with block"


MAX_ERROR_BYTES = 1 << 20
"""Longest body of an error that is read. Its status says more."""

_of_parents: list[HttpAdapter] = []


class HttpSender:
    """Sends requests through one adapter, created on first use."""

    def __init__(
        self,
        base_url: str,
        *,
        timeouts: Timeouts,
        max_response_bytes: int,
        user_agent: str,
        transport: Any = None,
        client: Any = None,
        library: HttpLibrary = "httpx",
        ca_file: str | PathLike[str] | None = None,
        local_address: str | None = None,
    ) -> None:
        self._base_url = base_url
        self._seconds = asdict(timeouts)
        self._max_bytes = max_response_bytes
        self._user_agent = user_agent
        self._make = partial(
            make_adapter, base_url, name=library, ca_file=ca_file, local_address=local_address
        )
        self._owned = client is None
        self._traced = transport is None and client is None
        self._closed = False
        self._loop: object = None
        self._adapter: HttpAdapter | None = None
        if transport is not None:
            self._adapter = TransportAdapter(transport)
        elif client is not None:
            self._adapter = ClientAdapter(client)

    def check_open(self) -> None:
        """Check that requests can still be sent.

        Raises:
            ClientStateError: the client is closed.
        """
        if self._closed or (self._adapter is not None and self._adapter.is_closed):
            raise ClientStateError(CLOSED)

    @property
    def has_connections(self) -> bool:
        """Return whether there may be open connections; those of a user-supplied transport do not count."""
        return self._traced and self._loop is not None and not self._closed

    def _open(self) -> HttpAdapter:
        """Return the adapter; the first call creates it."""
        self.check_open()
        if not self._owned:
            assert self._adapter is not None
            return self._adapter
        loop = current_token()
        if self._adapter is None:
            self._adapter = self._make()
        if self._loop is None:
            self._loop = loop
        elif self._loop != loop:
            raise ClientStateError(
                "the client belongs to another event loop; create one in each loop with "
                "'async with Emnify(...)': they share rate limits and tokens"
            )
        return self._adapter

    def attempt(self, grant: Grant) -> Attempt:
        """Return the record of a new attempt of a call that was admitted."""
        return Attempt(grant, traced=self._traced)

    async def send(
        self,
        request: Request,
        attempt: Attempt,
        token: Secret | None,
        timeout: float | None,
        request_id: str | None = None,
    ) -> Response | Lost:
        """Send once and read the whole response.

        Args:
            request: what to send.
            attempt: records how far it comes.
            token: the authentication token.
            timeout: seconds for each phase of this attempt; ``None`` for those of the client.
            request_id: the value of ``X-Request-Id``; ``None`` leaves it out.

        Raises:
            ClientStateError: the client is closed, or belongs to another event loop.
            ArgumentError: the environment is invalid, or no HTTP library accepts the URL.
        """
        adapter, operation = self._open(), request.operation.id
        outgoing = OutgoingRequest(
            request.operation.method,
            self._base_url + request.target,
            self._headers(request, token, request_id),
            request.content,
            self._seconds if timeout is None else dict.fromkeys(self._seconds, timeout),
            attempt,
            request.secrets if token is None else (*request.secrets, token),
        )
        if adapter.cancellable:
            return await self._exchange(adapter, outgoing, operation)
        outcome = await run_shielded(partial(self._exchange, adapter, outgoing, operation))
        if outcome is None:
            text = f"{operation}: the transport cancelled the exchange"
            return Lost(ProtocolError(text, operation=operation), sent=attempt.maybe_sent)
        return outcome

    async def _exchange(
        self, adapter: HttpAdapter, outgoing: OutgoingRequest, operation: str
    ) -> Response | Lost:
        attempt, library = outgoing.attempt, adapter.library
        response: IncomingResponse | None = None
        try:
            with anyio.CancelScope() as attempt.scope:
                if not self._traced:
                    await attempt.give_away()
                response = await adapter.send(outgoing)
            if response is None:  # only an adapter that is closed cancels its attempts
                text = f"{operation}: the client was closed during the call"
                return Lost(ProtocolError(text, operation=operation), sent=attempt.maybe_sent)
            try:
                attempt.headers_received()
                return await self._read(library, response, outgoing, operation)
            finally:
                await response.aclose()
        except TransportError as error:  # the grant is not good any more
            return Lost(error, sent=False)
        except (
            library.RequestError,
            OSError,
            anyio.BrokenResourceError,
            anyio.ClosedResourceError,
        ) as error:
            # httpcore 1.0.9 passes some errors on as they are: ssl.SSLError, an OSError, while it reads or
            # writes, and ClosedResourceError during the TLS handshake (see also encode/httpx#2337).
            unsent = _unsent(library, error) and not attempt.sent
            lost = _lost(library, error, attempt, operation, self._base_url)
            await adapter.drop_idle()
            return Lost(lost, sent=attempt.maybe_sent and not unsent)
        except (library.InvalidURL, UnicodeError) as error:
            problem = f"of {operation} at {self._base_url} cannot be sent: {error}"
            raise ArgumentError("the URL", problem) from None
        except RuntimeError:
            if adapter.is_closed:
                raise ClientStateError("the client was closed during the call") from None
            raise

    def _headers(self, request: Request, token: Secret | None, request_id: str | None) -> dict[str, str]:
        headers = dict(request.headers or {})
        headers |= {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": self._user_agent,
        }
        if token is not None:
            headers["Authorization"] = f"Bearer {token.reveal()}"
        if request_id is not None:
            headers["X-Request-Id"] = request_id
        return headers

    async def _read(
        self, library: ModuleType, incoming: IncomingResponse, outgoing: OutgoingRequest, operation: str
    ) -> Response | Lost:
        # Names in lower case, values of a repeated header joined.
        headers = {name: without_repeats(value) for name, value in incoming.headers.items()}
        status = incoming.status_code
        refused = not 200 <= status < 300
        content: bytes | None
        try:
            if refused:
                content = await self._read_error(incoming, outgoing.seconds["read"])
            else:
                content = await incoming.read(self._max_bytes)
        except (library.TransportError, CompressionError, OSError, anyio.BrokenResourceError) as error:
            if refused or "location" in headers:
                # The status, or the address of the created object, is what matters: it is kept.
                return Response(status, headers, b"", outgoing.secrets)
            if not isinstance(error, CompressionError):
                raise
            text = f"{operation}: the compression of the response cannot be read: {error}"
            return Lost(DecodeError(text, operation=operation), sent=True)
        if content is None and "location" not in headers:
            text = f"{operation}: the response is larger than max_response_bytes={self._max_bytes}"
            return Lost(ResponseTooLargeError(text, operation=operation), sent=True)
        return Response(status, headers, content or b"", outgoing.secrets)

    async def _read_error(self, incoming: IncomingResponse, seconds: float) -> bytes:
        """Return the body of an error, empty if it is too long or not complete after ``seconds``."""
        content: bytes | None = None
        with anyio.move_on_after(seconds):
            content = await incoming.read(min(self._max_bytes, MAX_ERROR_BYTES))
        return content or b""

    async def drop_idle(self) -> None:
        """Close the idle connections; those of a user-supplied transport or client stay."""
        if self._adapter is not None:
            await self._adapter.drop_idle()

    def forget_tasks(self) -> None:
        """Forget the connections of the parent process, in a child that was forked.

        They stay referenced: closing them here would reach into the event loop of the parent.
        """
        self._loop = None
        if self._traced and self._adapter is not None:
            _of_parents.append(self._adapter)
            self._adapter = None

    async def aclose(self) -> None:
        """Close the connections, unless the HTTP client is user-supplied. Nothing is sent afterwards."""
        self._closed = True
        # Connections of another event loop cannot be closed from here; those of an ended loop are gone.
        if self._owned and self._adapter is not None and self._loop == current_token():
            await self._adapter.aclose()


def _unsent(library: ModuleType, error: BaseException) -> bool:
    """Return whether the error itself proves that the request was not sent."""
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


def _lost(
    library: ModuleType, error: BaseException, attempt: Attempt, operation: str, server: str
) -> TransportError:
    if isinstance(error, library.ConnectTimeout):
        return TimeoutError(f"{operation}: no connection in time", phase="connect", operation=operation)
    if isinstance(error, library.PoolTimeout):
        return TimeoutError(f"{operation}: no free connection in time", phase="pool", operation=operation)
    if isinstance(error, library.TimeoutException):
        phase: Phase = "send" if isinstance(error, library.WriteTimeout) else attempt.phase
        return TimeoutError(f"{operation}: no response in time", phase=phase, operation=operation)
    if isinstance(error, (library.UnsupportedProtocol, library.LocalProtocolError)):
        # h11 quotes the header that it refuses.
        return ProtocolError(f"{operation}: {Concealer().conceal(str(error), 300)}", operation=operation)
    if _unsent(library, error) or not attempt.maybe_sent:
        reason = _reason(error)
        if "certificate" in reason:
            reason += "; to trust another authority, set ca_file= or SSL_CERT_FILE"
        text = f"{operation}: no connection to {server}: {reason}"
        return ConnectError(text, operation=operation)
    text = f"{operation}: the connection broke before the response was complete ({type(error).__name__})"
    return ProtocolError(text, operation=operation)


def _reason(error: BaseException) -> str:
    """Return the message of an error, or of its cause: httpx often raises without one (encode/httpx#683)."""
    cause: BaseException | None = error
    while cause is not None:
        if str(cause):
            return str(cause)
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__
