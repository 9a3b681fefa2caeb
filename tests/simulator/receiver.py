"""A customer's server on this machine: it records what is pushed to it."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import anyio.to_thread
from attrs import frozen

from aioemnify.simulator import Simulator


@frozen
class Received:
    """One request."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known.lower() == name.lower()]


class Receiver:
    """A server that answers with ``status``; ``before`` is called with each request before the answer."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.connections = 0
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b""
        self.before: Callable[[Received], None] = lambda request: None
        self.arrived = threading.Event()
        self._server = _Server(("127.0.0.1", 0), partial(_Handler, self))
        self._server.daemon_threads = True
        self.port: int = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook"
        threading.Thread(target=partial(self._server.serve_forever, 0.01), daemon=True).start()

    def __enter__(self) -> Receiver:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def items(self) -> list[Any]:
        """Return the records of all bodies."""
        found = []
        for each in self.received:
            found += each.json if isinstance(each.json, list) else [each.json]
        return found


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # the simulator stopped meanwhile
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, receiver: Receiver, *args: Any) -> None:
        self.receiver = receiver
        super().__init__(*args)

    def setup(self) -> None:
        self.receiver.connections += 1
        super().setup()

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        request = Received(self.command, self.path, self.headers.items(), body)
        self.receiver.before(request)
        self.receiver.received.append(request)
        self.receiver.arrived.set()
        self.send_response_only(self.receiver.status)
        for name, value in ({"Content-Length": str(len(self.receiver.body))} | self.receiver.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.receiver.body)

    do_POST = do_PUT = do_PATCH = handle_any  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


async def deliver(sim: Simulator) -> None:
    """Deliver what is due, beside the event loop."""
    await anyio.to_thread.run_sync(sim.deliver)
