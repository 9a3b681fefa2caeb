"""Adapters to the HTTP libraries httpx and httpx2, and to a user-supplied transport or client of theirs.

This is the only file that names an HTTP library. httpx is the default. The two are never mixed: the user
names one, or it follows from the class of the supplied object.

The client's own requests go directly to transports, one for each connection. Redirects, cookies and hooks,
which a client of these libraries adds, are not wanted. Proxies of the environment are.
"""

from __future__ import annotations

import importlib
import sys
from functools import partial
from importlib.util import find_spec
from os import PathLike
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args
from urllib.parse import urlsplit

from aioemnify._cancellation import run_shielded
from aioemnify._checks import check_choice, check_type
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.transport.http.base_url import is_loopback
from aioemnify.transport.http.connections import KEEPALIVE, OwnConnections, close_each
from aioemnify.transport.http.exchange import Attempt, IncomingResponse, OutgoingRequest, with_plain_body
from aioemnify.transport.http.tls import tls_context

if TYPE_CHECKING:
    import ssl

    import httpx

HttpLibrary = Literal["httpx", "httpx2"]


class HttpAdapter(Protocol):
    """Sends requests with an HTTP library."""

    library: ModuleType

    cancellable: bool
    """Whether ``task.cancel()`` does no harm; if it does, ``run_shielded`` has to protect each exchange."""

    @property
    def is_closed(self) -> bool:
        """Return whether its owner has closed it."""

    async def send(self, outgoing: OutgoingRequest) -> IncomingResponse:
        """Send a request and return the response, the body unread."""

    async def drop_idle(self) -> None:
        """Close idle connections: one failed, and what broke it may have broken all of them."""

    async def aclose(self) -> None:
        """Close its connections."""


class TransportAdapter:
    """Sends through a user-supplied transport."""

    cancellable: bool = False

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self.library: ModuleType = _library_of("transport", transport, "AsyncBaseTransport")
        self._transport = transport
        self.is_closed: bool = False
        self._unanswered: set[Attempt] = set()

    async def send(self, outgoing: OutgoingRequest) -> IncomingResponse:
        if self.is_closed:
            # A pool that is closed opens connections as before, and nobody would close them.
            raise RuntimeError("the transport is closed")
        request = outgoing.request(self.library)
        self._unanswered.add(outgoing.attempt)
        try:
            response: httpx.Response = await self._transport.handle_async_request(request)
        except BaseException:
            await _close_unused(outgoing.attempt)
            raise
        finally:
            self._unanswered.discard(outgoing.attempt)
        response.request = request
        return IncomingResponse(response)

    async def drop_idle(self) -> None:
        """Leave them: its pool belongs to the caller."""

    async def aclose(self) -> None:
        self.is_closed = True
        # A pool that is closed forgets the connections that are being opened (httpcore 1.0.9).
        for attempt in self._unanswered:
            attempt.cancel()
        # Its pool closes one connection after the other; cancelled in between, it would forget the rest.
        await run_shielded(self._transport.aclose)


class ClientAdapter:
    """Sends through a client of the library, with all that it adds."""

    cancellable: bool = False

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.library: ModuleType = _library_of("http_client", client, "AsyncClient")
        self._client = client

    @property
    def is_closed(self) -> bool:
        return self._client.is_closed

    async def send(self, outgoing: OutgoingRequest) -> IncomingResponse:
        request = self._client.build_request(
            outgoing.method,
            outgoing.url,
            headers=outgoing.headers,
            content=outgoing.content,
            timeout=self.library.Timeout(**outgoing.seconds),
            extensions={"trace": outgoing.attempt.trace},
        )
        if "Authorization" in request.headers and "Authorization" not in outgoing.headers:
            # A user-supplied client may add its own header; the authentication call must not have one.
            del request.headers["Authorization"]
        with_plain_body(request, self.library)
        try:
            response = await self._client.send(request, stream=True, auth=None, follow_redirects=False)
        except BaseException:
            await _close_unused(outgoing.attempt)
            raise
        return IncomingResponse(response)

    async def drop_idle(self) -> None:
        """Leave them: its pool belongs to the caller."""

    async def aclose(self) -> None:
        await self._client.aclose()


async def _close_unused(attempt: Attempt) -> None:
    """Close a connection that was opened for an attempt and given up before it carried the request.

    A user-supplied pool forgets one whose TLS handshake is cancelled: see ``OwnConnections.discard``.
    """
    if attempt.stream is not None and not attempt.sent:
        await close_each([attempt.stream])


def check_library(name: Any) -> None:
    """Check the name of a library, and that it is installed.

    Raises:
        ArgumentError: another name, or the library is not installed.
    """
    check_choice("http_library", name, get_args(HttpLibrary))
    if find_spec(name) is None:
        raise ArgumentError(
            "http_library", f"names {name}, which is not installed: pip install 'aioemnify[{name}]'"
        )


def load(name: HttpLibrary = "httpx") -> ModuleType:
    """Import an HTTP library, with what its first connection would import."""
    importlib.import_module(name.replace("httpx", "httpcore"))
    return importlib.import_module(name)


def check_address(given: object) -> None:
    """Check an address that connections are to come from.

    Raises:
        ArgumentError: it is not an IP address of this machine.
    """
    import socket
    from ipaddress import ip_address

    address = check_type("local_address", given, str, "an IP address of this machine, such as '192.0.2.7'")
    try:
        family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
    except ValueError:
        raise ArgumentError(
            "local_address", f"takes an IP address of this machine, such as '192.0.2.7', not {address!r}"
        ) from None
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((address, 0))
    except OSError as error:
        raise ArgumentError(
            "local_address", f"{address} cannot be used on this machine: {error.strerror or error}"
        ) from None


def make_adapter(
    base_url: str,
    *,
    name: HttpLibrary,
    ca_file: str | PathLike[str] | None,
    local_address: str | None = None,
) -> OwnConnections:
    """Return an adapter over connections of the client's own.

    Args:
        base_url: scheme and host of the server.
        name: the HTTP library.
        ca_file: a file of certificate authorities, in place of the usual ones.
        local_address: the IP address that the connections come from.

    Raises:
        ArgumentError: ``ca_file``, or a variable of the environment for certificates or proxies, is
            invalid; or ``local_address`` does not go with a proxy.
    """
    from aioemnify.transport.http.proxies import proxy_for

    library = load(name)
    proxy = proxy_for(base_url)
    context = _context_for(base_url, library, ca_file)  # shared by all
    one = library.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEPALIVE)
    make = partial(library.AsyncHTTPTransport, verify=context, limits=one)
    if local_address is not None:
        if proxy is not None:  # httpx does not bind its connections to a proxy
            text = f"does not go with {proxy.variable}: the server sees the address of the proxy"
            raise ArgumentError("local_address", text)
        make = partial(make, local_address=local_address)
    if proxy is not None:
        problem = ""
        try:
            to_proxy = context if proxy.url.lower().startswith("https:") else None
            make = partial(make, proxy=library.Proxy(proxy.url, ssl_context=to_proxy))
            make()  # a proxy that the library refuses is found now
        except ImportError as error:
            problem = f"needs a package: {error}"
        except (ValueError, library.InvalidURL):
            problem = f"holds a proxy that {name} does not accept"
        if problem:
            # Raised here, it does not keep the library's error, which may show a password.
            raise ArgumentError(proxy.variable, problem)
    return OwnConnections(library, make)


def load_library(base_url: str, *, name: HttpLibrary, ca_file: str | PathLike[str] | None) -> None:
    """Load what ``make_adapter`` and its first exchange load, and build the TLS context of the server.

    Raises:
        ArgumentError: as ``make_adapter`` does.
    """
    for module in ("concurrent.futures.thread", "encodings.idna", "socket"):  # a host is looked up with these
        importlib.import_module(module)
    make_adapter(base_url, name=name, ca_file=ca_file).load()


def _context_for(base_url: str, library: ModuleType, ca_file: str | PathLike[str] | None) -> ssl.SSLContext:
    # Proxies of the environment are not used for loopback. Its certificates (SSL_CERT_FILE, SSL_CERT_DIR)
    # are, in any case: the context reads them itself.
    environment = not is_loopback(urlsplit(base_url).hostname or "")
    return tls_context(library, ca_file=ca_file, environment=environment)


def _library_of(argument: str, given: object, kind: str) -> ModuleType:
    """Return the library of a transport or client. Whoever made it has imported the library."""
    for name in get_args(HttpLibrary):
        library = sys.modules.get(name)
        if library is not None and isinstance(given, getattr(library, kind)):
            return library
    raise ArgumentTypeError(argument, f"takes an {kind} of httpx or httpx2, not {type(given).__name__}")


def in_process(app: Any) -> Any:
    """Return a transport that calls an ASGI application directly, without a socket."""
    return importlib.import_module("httpx").ASGITransport(app=app)
