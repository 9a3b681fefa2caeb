"""What carries requests out: a transport of httpx or httpx2, or a client that was brought along.

This is the only file that names an HTTP library. httpx is the default; the two are never mixed:
which one is meant is said by name, or read off the object that was given.

Own requests go straight into transports, one for each connection. What a client of these libraries
adds on the way (redirects, cookies, hooks, proxies) is not wanted here, but for the proxies: where
the environment names one, a client is made after all.
"""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from os import PathLike
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args
from urllib.parse import urlsplit

from aioemnify._checks import check_choice
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.transport.http.base_url import is_loopback
from aioemnify.transport.http.connections import KEPT, OwnConnections
from aioemnify.transport.http.exchange import IncomingResponse, OutgoingRequest

if TYPE_CHECKING:
    import ssl

    import httpx

HttpLibrary = Literal["httpx", "httpx2"]


class HttpAdapter(Protocol):
    """A way for requests to go."""

    library: ModuleType

    cancellable: bool
    """Whether asyncio's own cancellation does it no harm; where not, exchanges need shelter from it."""

    @property
    def is_closed(self) -> bool:
        """Say whether whoever it belongs to has closed it."""
        ...

    async def send(self, outgoing: OutgoingRequest) -> IncomingResponse:
        """Send a request and return its answer, the body unread."""
        ...

    async def aclose(self) -> None:
        """Close its connections."""
        ...


class TransportAdapter:
    """Straight into a transport that was brought along."""

    cancellable: bool = False

    def __init__(self, library: ModuleType, transport: httpx.AsyncBaseTransport) -> None:
        self.library: ModuleType = library
        self._transport = transport
        self.is_closed: bool = False

    async def send(self, outgoing: OutgoingRequest) -> IncomingResponse:
        """Send a request and return its answer, the body unread."""
        request = outgoing.request(self.library)
        response: httpx.Response = await self._transport.handle_async_request(request)
        response.request = request
        return IncomingResponse(response)

    async def aclose(self) -> None:
        """Close its connections."""
        self.is_closed = True
        await self._transport.aclose()


class ClientAdapter:
    """Through a client, with all that it does on the way."""

    cancellable: bool = False

    def __init__(self, library: ModuleType, client: httpx.AsyncClient) -> None:
        self.library: ModuleType = library
        self._client = client

    @property
    def is_closed(self) -> bool:
        """Say whether whoever it belongs to has closed it."""
        return self._client.is_closed

    async def send(self, outgoing: OutgoingRequest) -> IncomingResponse:
        """Send a request and return its answer, the body unread."""
        request = self._client.build_request(
            outgoing.method,
            outgoing.url,
            headers=outgoing.headers,
            content=outgoing.content,
            timeout=self.library.Timeout(**outgoing.seconds),
            extensions={"trace": outgoing.attempt.trace},
        )
        if "Authorization" in request.headers and "Authorization" not in outgoing.headers:
            # A client brought along may carry one of its own; it is not for the authentication call.
            del request.headers["Authorization"]
        return IncomingResponse(
            await self._client.send(request, stream=True, auth=None, follow_redirects=False)
        )

    async def aclose(self) -> None:
        """Close its connections."""
        await self._client.aclose()


def check_library(name: Any) -> None:
    """Check that a library is one of the two, and installed.

    Raises:
        ArgumentError: it is not; what to do is said.
    """
    check_choice("http_library", name, get_args(HttpLibrary))
    if find_spec(name) is None:
        raise ArgumentError(
            "http_library", f"names {name}, which is not installed: pip install 'aioemnify[{name}]'"
        )


def make_adapter(
    base_url: str, *, name: HttpLibrary, connections: int, ca_file: str | PathLike[str] | None
) -> HttpAdapter:
    """Return a channel of our own: connections of the library of that name.

    Raises:
        ArgumentError: what ``ca_file`` or the environment says about certificates or proxies
            cannot be used.
    """
    library = importlib.import_module(name)
    from urllib.request import getproxies  # 10 ms, and the library has loaded it by now

    # The environment's proxies are not for loopback. What it says about certificates (SSL_CERT_FILE,
    # SSL_CERT_DIR) is heeded all the same: the context reads it itself.
    parts = urlsplit(base_url)
    environment = not is_loopback(parts.hostname or "")
    verify = True if ca_file is None and environment else _trusting(ca_file)
    limits = library.Limits(max_connections=connections, max_keepalive_connections=connections)
    try:
        proxies = getproxies() if environment else {}
        if not any(proxies.get(scheme) for scheme in (parts.scheme, "all")):
            context = library.create_ssl_context(verify=verify, trust_env=environment)  # one for all of them
            one = library.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEPT)

            return OwnConnections(library, lambda: library.AsyncHTTPTransport(verify=context, limits=one))
        client = library.AsyncClient(verify=verify, trust_env=True, limits=limits)
    except (OSError, ImportError, ValueError) as error:
        raise ArgumentError(
            "the environment",
            f"(SSL_CERT_FILE, SSL_CERT_DIR or a proxy variable) cannot be used: {error}",
        ) from None
    from http.cookiejar import DefaultCookiePolicy  # loaded by the library anyway, but not before

    # A gateway's cookies are no part of the API, and would tie the calls of two workspaces together.
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return ClientAdapter(library, client)


def given_transport(transport: Any) -> HttpAdapter:
    """Return the channel into a transport that was brought along."""
    return TransportAdapter(_library_of("transport", transport, "AsyncBaseTransport"), transport)


def given_client(client: Any) -> HttpAdapter:
    """Return the channel through a client that was brought along."""
    return ClientAdapter(_library_of("http_client", client, "AsyncClient"), client)


def _trusting(ca_file: str | PathLike[str] | None) -> ssl.SSLContext:
    import ssl  # 10 ms that clients without a ca_file need not pay here

    try:
        return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise ArgumentError("ca_file", f"cannot be used: {error}") from None


def _library_of(argument: str, given: object, kind: str) -> ModuleType:
    """Find the library that a transport or client belongs to, by the class it is built on."""
    for name in get_args(HttpLibrary):
        if any(base.__module__.partition(".")[0] == name for base in type(given).__mro__):
            library = importlib.import_module(name)
            if isinstance(given, getattr(library, kind)):
                return library
    raise ArgumentTypeError(argument, f"takes an {kind} of httpx or httpx2, not {type(given).__name__}")


def in_process(app: Any) -> Any:
    """Return a transport that calls an ASGI application in this process, without a socket."""
    return importlib.import_module("httpx").ASGITransport(app=app)
