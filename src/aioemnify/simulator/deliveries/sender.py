"""Send one delivery over HTTP, to this machine only unless more is allowed."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, quote, urlsplit

from aioemnify.simulator.deliveries.target import Result
from aioemnify.simulator.platform.loopback import DELIVERY_AGENT, is_loopback_address
from aioemnify.simulator.recording.delivery_record import DeliveryRecord, without_sent_values

IDLE_SECONDS = 10.0
"""Real seconds without a byte after which an attempt fails."""
WHOLE_SECONDS = 30.0
"""Real seconds after which an attempt fails in any case."""
_BODY_BYTES = 64 * 1024
_KEPT_BYTES = 4 * 1024
_ERROR_LENGTH = 200
_URL = "/?%:@!$&'()*+,;=~"  # not quoted; a percent sign is part of what is quoted already
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # a library's error would show the value
_OWN_HEADERS = frozenset({"connection", "content-length", "host", "transfer-encoding"})


class OtherMachineError(Exception):
    """The receiver is not this machine, so nothing is sent to it."""


class Sender:
    """Make sessions, and end attempts that take too long.

    Args:
        remote: also send to other machines.
    """

    def __init__(self, *, remote: bool) -> None:
        self.remote = remote
        self._lock = threading.Lock()
        self._attempts: dict[_Connection, float] = {}

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Return a session whose connections are closed at the end."""
        session = Session(self)
        try:
            yield session
        finally:
            session.close()

    @contextmanager
    def attempt(self, connection: _Connection) -> Iterator[None]:
        """Watch one attempt."""
        with self._lock:
            self._attempts[connection] = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                del self._attempts[connection]

    def end(self, *, after: float | None = None) -> None:
        """End attempts that take longer than ``after`` real seconds, by default :data:`WHOLE_SECONDS`."""
        now, after = time.monotonic(), WHOLE_SECONDS if after is None else after
        with self._lock:
            late = [connection for connection, began in self._attempts.items() if now - began >= after]
        for connection in late:
            connection.end()


class Session:
    """Send the deliveries of one receiver, one after the other, and keep the connection between them.

    The address is checked at each connection, after the name was resolved, and the connection is made to the
    checked address: a name that later resolves to another machine gets nothing. Redirects are not followed,
    and proxies of the environment are not used.

    Args:
        sender: where attempts are watched.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._kept: tuple[str, _Connection] | None = None

    def close(self) -> None:
        """Close the connection."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept[1].close()

    def send(self, record: DeliveryRecord) -> Result:
        """Send a delivery and return its result."""
        try:
            parts = urlsplit(record.url)
            _check_headers(record)
            connection = self._connection(record.url, parts)
            with self._sender.attempt(connection):
                result = _exchange(connection, record, parts)
            if not connection.ended:  # else its response may be cut off
                return result
            error: Exception = TimeoutError()
        except OtherMachineError as other:
            self.close()
            return Result(outcome="withheld", error=_short(str(other)))
        except (ValueError, http.client.InvalidURL) as wrong:
            self.close()
            return Result(
                outcome="failed", error=_short(f"the configuration cannot work: {wrong}"), final=True
            )
        except (OSError, http.client.HTTPException) as failure:
            error = failure
        self.close()
        told = without_sent_values(_told(error, connection), record.headers)
        return Result(outcome="failed", error=_short(told))

    def _connection(self, url: str, parts: SplitResult) -> _Connection:
        if self._kept is None or self._kept[0] != url:
            self.close()
            tls = parts.scheme == "https"
            context = ssl.create_default_context() if tls else None
            host, port = parts.hostname or "", _port(parts)
            self._kept = url, _Connection(host, port, context, self._sender.remote)
        return self._kept[1]


def _port(parts: SplitResult) -> int:
    default = 443 if parts.scheme == "https" else 80
    with suppress(ValueError):
        port = default if parts.port is None else parts.port
        if port:
            return port
    raise ValueError("the port must be a number from 1 to 65535")


def _exchange(connection: _Connection, record: DeliveryRecord, parts: SplitResult) -> Result:
    query = f"?{quote(parts.query, safe=_URL)}" if parts.query else ""
    target = f"{quote(parts.path or '/', safe=_URL)}{query}"
    reused = connection.sock is not None
    try:
        connection.send_request(record, target)
        response = connection.getresponse()
    except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
        if not reused or connection.ended:
            raise
        connection.close()  # the receiver closed an idle connection; it may get a batch twice
        connection.send_request(record, target)
        response = connection.getresponse()
    body = response.read(_BODY_BYTES)
    if not response.isclosed():
        connection.close()
    good = 200 <= response.status < 300
    return Result(
        outcome="delivered" if good else "failed",
        status=response.status,
        body=without_sent_values(body.decode("latin-1"), record.headers).encode("latin-1")[:_KEPT_BYTES],
        error=None if good else f"the receiver answered {response.status}; 2xx accepts a delivery",
    )


class _Connection(http.client.HTTPConnection):
    """A connection to a checked address."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, remote: bool) -> None:
        super().__init__(host, port, timeout=IDLE_SECONDS)
        self.default_port = 80 if context is None else 443  # left out of the Host header
        self._context = context
        self._remote = remote
        self.ended = False

    def connect(self) -> None:
        """Resolve the name, check the addresses, and connect to one that is allowed."""
        bare = _connect(self.host, self.port, self._remote)
        if self._context is None:
            self.sock = bare
            return
        try:
            self.sock = self._context.wrap_socket(bare, server_hostname=self.host)
        except BaseException:
            bare.close()
            raise

    def send_request(self, record: DeliveryRecord, target: str) -> None:
        """Send the request."""
        content = record.request_body or b""
        self.putrequest(record.method, target, skip_accept_encoding=True)
        self.putheader("User-Agent", DELIVERY_AGENT)
        for name, value in record.headers:
            self.putheader(name, value)
        self.putheader("Content-Length", str(len(content)))
        self.endheaders(content)

    def end(self) -> None:
        """End the connection from another thread."""
        self.ended = True
        connection = self.sock
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _connect(host: str, port: int, remote: bool) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        if not remote:
            raise OtherMachineError(f"{host} is not this machine, and deliveries to others are off") from None
        raise OSError(f"{host} does not resolve: {error.strerror}") from None
    allowed = [entry for entry in found if remote or is_loopback_address(str(entry[4][0]))]
    if not allowed:
        address = found[0][4][0]
        raise OtherMachineError(f"{host} ({address}) is another machine, and deliveries to others are off")
    problem = OSError(f"{host} has no address")
    for family, kind, protocol, _, place in allowed:
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(IDLE_SECONDS)
        try:
            connection.connect(place)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            connection.close()
            problem = error
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise problem


def _check_headers(record: DeliveryRecord) -> None:
    for name, value in record.headers:
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not the name of a header")
        if name.lower() in _OWN_HEADERS:
            raise ValueError(f"the header {name} is set by the sender")
        if not _HEADER_VALUE.fullmatch(value):
            raise ValueError(f"the value of the header {name} has characters that cannot be sent")


def _short(text: str) -> str:
    return text if len(text) <= _ERROR_LENGTH else f"{text[:_ERROR_LENGTH]}..."


def _told(error: Exception, connection: _Connection) -> str:
    if connection.ended:
        return f"the receiver did not answer within {WHOLE_SECONDS:.0f} seconds"
    if isinstance(error, TimeoutError):
        return f"the receiver did not answer for {IDLE_SECONDS:.0f} seconds"
    return str(error) or type(error).__name__
