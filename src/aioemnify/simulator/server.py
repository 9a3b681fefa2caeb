"""A real server around the application: its own thread, its own event loop, its own certificate."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import ipaddress
import os
import socket
import ssl
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import trustme
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from aioemnify.simulator.wire import ABORT

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

KEEP_ALIVE_SECONDS = 75
_START_SECONDS = 30.0
_PATIENCE_SECONDS = 0.1
_STOP_SECONDS = 10.0


class _CuttingProtocol(H11Protocol):
    """HTTP/1.1 that lets the application cut its client's connection."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        inner: Any = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[ABORT] = self._cut
            await inner(scope, receive, send)

        self.app = app

    def _cut(self, after_sending: bool) -> None:
        if after_sending:
            self.transport.close()
        else:
            self.transport.abort()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class ServerThread:
    """Serves an application on a socket until it is stopped.

    Args:
        app: the ASGI application.
        host: address or name to listen on.
        port: TCP port, 0 for any free one.
        tls: serve HTTPS with a certificate of a throw-away authority.
        allow_remote: permit addresses that other machines can reach.

    Raises:
        ValueError: ``host`` is no loopback address and ``allow_remote`` is False.
        OSError: the port is taken.
    """

    def __init__(self, app: ASGIApp, *, host: str, port: int, tls: bool, allow_remote: bool) -> None:
        if not allow_remote and not is_loopback(host):
            raise ValueError(f"{host} is reachable by other machines; allow that explicitly or use 127.0.0.1")
        self.ca_file: str | None = None
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=2048)
        try:
            name = f"[{host}]" if ":" in host else host
            self.url: str = f"{'https' if tls else 'http'}://{name}:{self._socket.getsockname()[1]}"
            config = uvicorn.Config(
                app,
                http=_CuttingProtocol,
                ws="none",
                lifespan="off",
                loop="asyncio",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=1,
            )
            config.load()
            if tls:
                config.ssl = self._secure(host)
            self._server = _Server(config)
            self._thread = threading.Thread(target=self._run, name="aioemnify-simulator", daemon=True)
            self._thread.start()
            self._await_start()
        except BaseException:
            self._socket.close()
            self._remove_ca()
            raise

    def stop(self) -> None:
        """Close every connection, end the thread and remove the certificate file."""
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

    def _secure(self, host: str) -> ssl.SSLContext:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        names = dict.fromkeys(["localhost", "127.0.0.1", "::1", host])
        authority.issue_cert(*names).configure_cert(context)
        handle, self.ca_file = tempfile.mkstemp(prefix="aioemnify-simulator-", suffix=".pem")
        with os.fdopen(handle, "wb") as file:
            file.write(authority.cert_pem.bytes())
        atexit.register(self._remove_ca)
        return context

    def _remove_ca(self) -> None:
        if self.ca_file is not None:
            with contextlib.suppress(FileNotFoundError):
                Path(self.ca_file).unlink()
        atexit.unregister(self._remove_ca)


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
