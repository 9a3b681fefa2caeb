"""Many processes that start at once and need one token; started by the tests.

Usage: many_processes.py STORE PROCESSES. One warm process forks them all; each makes one call. The
server counts the authentications. Prints what came of it as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import jwt

from aioemnify import Emnify, FileStore, RedisStore

SIM = {"id": 1, "iccid": "8988303000000000901", "status": {"id": 1, "description": "Activated"}}


class Handler(BaseHTTPRequestHandler):
    """Authenticates slowly, so that everybody comes while the first is at it."""

    protocol_version = "HTTP/1.1"
    counts: ClassVar[dict[str, int]] = {"logins": 0, "calls": 0}

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.counts["logins"] += 1
        time.sleep(0.3)
        now = int(time.time())
        claims = {"iat": now, "exp": now + 14400, "esc.org": 7}
        self._answer({"auth_token": jwt.encode(claims, "a-key-that-is-long-enough-for-hs256")})

    def do_GET(self) -> None:
        self.counts["calls"] += 1
        self._answer(self.counts if self.path == "/counts" else SIM)

    def _answer(self, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True


async def one_call(store: Any, port: int, token: str = "the-token") -> None:
    async with store, Emnify(token, base_url=f"http://127.0.0.1:{port}", store=store) as emnify:
        assert (await emnify.sims.get(1)).id == 1


def store_at(place: str) -> Any:
    # Patient, because many processes start on few cores: what is to be shown is who authenticates.
    return RedisStore(place, timeout=20.0) if ":" in place else FileStore(place, timeout=30.0)


def main() -> None:
    place, processes = sys.argv[1], int(sys.argv[2])
    server = Server(("127.0.0.1", 0), Handler)
    port = server.server_address[1]
    of_server = os.fork()
    if not of_server:
        server.serve_forever()
    # Everything is loaded and built once, not two hundred times.
    asyncio.run(one_call(store_at(place), port, "a-token-to-warm-up-with"))
    gc.collect()
    gc.freeze()
    gate_out, gate_in = os.pipe()
    children = []
    for _ in range(processes):
        child = os.fork()
        if not child:
            os.close(gate_in)
            os.read(gate_out, 1)  # returns for all at once, when the parent closes its end
            try:
                asyncio.run(one_call(store_at(place), port))
            except BaseException as error:
                print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        children.append(child)
    began = time.monotonic()
    os.close(gate_in)
    failed = sum(os.waitpid(child, 0)[1] != 0 for child in children)
    import urllib.request

    counts = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/counts"))
    os.kill(of_server, 9)
    counts = {"logins": counts["logins"] - 1, "calls": counts["calls"] - 2}
    print(json.dumps({**counts, "failed": failed, "seconds": round(time.monotonic() - began, 1)}))


if __name__ == "__main__":
    main()
