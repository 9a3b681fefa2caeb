"""An ASGI application behind a real server, on a free port of this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn


@contextmanager
def served(app: Any) -> Iterator[httpx.Client]:
    """Serve an application in a thread; yields a client of it, and ends the lifespan at the end."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = threading.Thread(target=server.run, args=([listener],))
        running.start()
        port = listener.getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            try:
                yield client
            finally:
                server.should_exit = True
                running.join()
