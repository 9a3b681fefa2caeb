"""The server of the application: its own thread, event loop and certificate."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import socket
import ssl
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import trustme
import uvicorn

from aioemnify.simulator.http.protocol import HEAD_BYTES, Protocol
from aioemnify.simulator.platform.loopback import is_loopback, is_unspecified
from aioemnify.simulator.state.state_file import write_atomically

if TYPE_CHECKING:
    from starlette.types import ASGIApp

KEEP_ALIVE_SECONDS = 75
_START_SECONDS = 30.0
_PATIENCE_SECONDS = 0.1
_STOP_SECONDS = 10.0
_GRACE_SECONDS = 1.0
"""Seconds that requests in flight may take once the server stops."""
_FAREWELL_SECONDS = 0.05
"""Seconds for clients to read the rest and close their side."""


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Give requests in flight a moment to finish, then close all connections."""
        for server in self.servers:
            server.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        if state.tasks:
            _, late = await asyncio.wait(list(state.tasks), timeout=_GRACE_SECONDS)
            for task in late:
                task.cancel()
        await asyncio.sleep(_FAREWELL_SECONDS)
        for connection in list(state.connections):
            connection.transport.abort()
        self.force_exit = True  # there is nothing left to wait for
        await super().shutdown(sockets)


class ServerThread:
    """Serve an application on a socket until it is stopped.

    Args:
        app: the ASGI application.
        host: address or name to listen on.
        port: TCP port, 0 for a free one.
        tls: serve HTTPS with a certificate of a temporary authority.
        allow_remote: allow addresses that other machines can reach.
        names: names of this machine for the certificate; the first one is in ``url`` if ``host`` stands for
            every address.
        ca_file: where to write the certificate authority; by default a temporary file of the owner.

    Raises:
        ValueError: ``host`` is not a loopback address and ``allow_remote`` is False, or ``ca_file`` is a file
            that is not a single certificate.
        OSError: the port is in use, the host does not exist, or ``ca_file`` cannot be written.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str,
        port: int,
        tls: bool,
        allow_remote: bool,
        names: Sequence[str] = (),
        ca_file: Path | None = None,
    ) -> None:
        if not allow_remote and not is_loopback(host):
            raise ValueError(
                f"{host} is reachable by other machines: pass allow_remote=True (--allow-remote) to permit "
                "that, or listen on 127.0.0.1"
            )
        self.ca_file: str | None = None
        self.ca_pem: bytes | None = None
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._socket = socket.create_server((host, port), family=family, backlog=2048)
        except OSError as error:
            reason = str(error.strerror).partition(" (")[0]
            raise OSError(error.errno, f"cannot listen on {host}, port {port}: {reason}") from None
        # Connections inherit the option. asyncio sets it only for sockets with an explicit protocol, which
        # this one has not: a body would wait 40 ms for the acknowledgement of the headers.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            name = names[0] if names and is_unspecified(host) else host
            name = f"[{name}]" if ":" in name else name
            self.url: str = f"{'https' if tls else 'http'}://{name}:{self._socket.getsockname()[1]}"
            config = uvicorn.Config(
                app,
                http=Protocol,
                h11_max_incomplete_event_size=HEAD_BYTES,
                ws="none",
                lifespan="off",
                loop="asyncio",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
            )
            config.load()
            if tls:
                config.ssl = self._secure([host, *names], ca_file)
            self._server = _Server(config)
            self._thread = threading.Thread(target=self._run, name="aioemnify-simulator", daemon=True)
            self._thread.start()
            self._await_start()
        except BaseException:
            self._socket.close()
            self._remove_ca()
            raise

    def stop(self) -> None:
        """Close all connections, stop the thread and remove the certificate file."""
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)
        self._socket.close()
        self._remove_ca()

    def _await_start(self) -> None:
        waited = 0.0
        while not self._server.ready.wait(_PATIENCE_SECONDS):
            waited += _PATIENCE_SECONDS
            if waited > _START_SECONDS or not self._thread.is_alive():
                raise RuntimeError("the simulator did not start")

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    def _secure(self, names: Sequence[str], ca_file: Path | None) -> ssl.SSLContext:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        known = dict.fromkeys(["localhost", "127.0.0.1", "::1", *names])
        authority.issue_cert(*known).configure_cert(context)
        content = authority.cert_pem.bytes()
        if ca_file is None:
            handle, path = tempfile.mkstemp(prefix="aioemnify-simulator-", suffix=".pem")
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        else:
            _check_replaceable(ca_file)
            write_atomically(ca_file, content, mode=0o644)  # other users of a shared volume read it
            path = str(ca_file)
        self.ca_file, self.ca_pem = path, content
        atexit.register(self._remove_ca)
        return context

    def _remove_ca(self) -> None:
        if self.ca_file is not None:
            path = Path(self.ca_file)
            with contextlib.suppress(OSError):
                if path.read_bytes() == self.ca_pem:  # another simulator may have replaced it
                    path.unlink()
        atexit.unregister(self._remove_ca)


def _check_replaceable(path: Path) -> None:
    """Refuse to replace anything but a single certificate, such as that of an earlier run."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    blocks = content.count(b"-----BEGIN "), content.count(b"-----BEGIN CERTIFICATE-----")
    if content.strip() and blocks != (1, 1):
        raise ValueError(
            f"ca_file {path} is not a single certificate, so it is not replaced: pass a new path"
        )
