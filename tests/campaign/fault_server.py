"""A server of its own, over plain sockets: as much of the API as a schedule needs, and its faults.

It shares no code with the library. It knows each call by the header ``X-Call``, and records which requests
it has received and which of them it has carried out.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import socket
import struct
import threading
import time
from collections import defaultdict, deque
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from tests.campaign.faults import CONNECTION_FAULTS, FAULTS, JSON_TYPE, Answer, Fault, Step
from tests.campaign.schedule import Schedule

T = TypeVar("T")

SIMS = 23
"""SIMs that the list holds; their ids are 1 to 23."""

PAUSE = 0.002
REFUSING = 0.01
PLAIN = Fault(lambda answer: iter([answer.whole()]))
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@dataclass
class Request:
    """A request as it was received, and what the server did with it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    fault: str = ""
    applied: bool = False
    before: list[str] = field(default_factory=list)
    """The faults of the last requests before it on its connection."""
    created: int = 0


@dataclass
class Record:
    """What a server has seen: the requests of each call, the authentications, the connections."""

    calls: dict[int, list[Request]] = field(default_factory=lambda: defaultdict(list))
    authentications: int = 0
    connections: int = 0
    faults: list[str] = field(default_factory=list)


class FaultServer:
    """Serves one schedule on a port of its own."""

    def __init__(self, schedule: Schedule) -> None:
        self.record = Record()
        self._faults = {
            number: list(call.faults)
            for number, call in enumerate((call for task in schedule.tasks for call in task.calls), 1)
        }
        self._auth_faults = list(schedule.auth_faults)
        self._connection_faults = list(schedule.connection_faults)
        self._lifetime = schedule.token_lifetime
        self._generation = 0
        self._ids = count(1001)
        self._listening: socket.socket | None = None
        self._port = 0
        self._connections: set[asyncio.Task[None]] = set()
        self._refusing: asyncio.Task[None] | None = None
        self._closing = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listen; the port stays the same when the server listens again."""
        self._listening = socket.create_server(("127.0.0.1", self._port), backlog=128)
        self._listening.setblocking(False)
        self._port = self._listening.getsockname()[1]
        asyncio.get_running_loop().add_reader(self._listening, self._accept, self._listening)

    def _stop_listening(self) -> None:
        if self._listening is not None:
            asyncio.get_running_loop().remove_reader(self._listening)
            self._listening.close()
            self._listening = None

    async def close(self) -> Record:
        """Close the server and all connections; return what it has seen."""
        self._closing = True
        self._stop_listening()
        for task in list(self._connections):
            task.cancel()
            await asyncio.wait([task])
        # Last, because a connection may have begun it while the others were closed.
        if self._refusing is not None:
            self._refusing.cancel()
            await asyncio.wait([self._refusing])
        return self.record

    def _accept(self, listening: socket.socket) -> None:
        with suppress(BlockingIOError):
            line, _ = listening.accept()
            task = asyncio.create_task(self._connection(line))
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
            # Also when the task is cancelled before it begins.
            task.add_done_callback(lambda _: line.close())

    async def _connection(self, line: socket.socket) -> None:
        self.record.connections += 1
        reader, writer = await asyncio.open_connection(sock=line, limit=1 << 20)
        try:
            # A client that breaks the connection is part of the game.
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._serve(reader, writer)
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self._connection_faults.pop(0) if self._connection_faults else "-"
        if fault != "-":
            self.record.faults.append(fault)
            await self._take(CONNECTION_FAULTS[fault], reader, writer)
            return
        open_still = True
        before: deque[str] = deque(maxlen=5)
        while open_still:
            request = await _read(reader)
            request.before = list(before)
            name, answer = self._answer(request)
            if name:
                self.record.faults.append(name)
            before.append(name or "answered")
            steps = list((FAULTS[name] if name else PLAIN).steps(answer))
            open_still = await self._take(steps, reader, writer)

    async def _take(
        self, steps: Sequence[bytes | Step], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Take the steps of an answer; return whether the connection is open still."""
        for step in steps:
            if isinstance(step, bytes):
                writer.write(step)
                await writer.drain()
            elif step is Step.PAUSE:
                await asyncio.sleep(PAUSE)
            elif step is Step.REVOKE:
                self._generation += 1
            elif step is Step.REFUSE:
                if self._refusing is None or self._refusing.done():
                    self._refusing = asyncio.create_task(self._refuse_connections())
            elif step is Step.STALL:
                while await reader.read(65536):
                    pass
                return False
            else:
                if step is Step.RESET:
                    line = writer.get_extra_info("socket")
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    writer.transport.abort()
                return False
        return True

    async def _refuse_connections(self) -> None:
        self._stop_listening()
        await asyncio.sleep(REFUSING)
        if not self._closing:
            with suppress(OSError):  # another program took the port: all further connections are refused
                await self.start()

    def next_fault(self, number: int) -> str:
        """Return the fault of the next request of a call; nothing for none."""
        faults = self._faults[number]
        return faults.pop(0) if faults else ""

    def next_auth_fault(self) -> str:
        """Return the fault of the next authentication."""
        return self._auth_faults.pop(0) if self._auth_faults else ""

    # --- the API

    def _answer(self, request: Request) -> tuple[str, Answer]:
        """Carry out a request, unless its fault prevents that; return the fault and the right answer."""
        if request.path == "/api/v1/authenticate":
            self.record.authentications += 1
            return self.next_auth_fault(), self._authenticate()
        number = int(request.headers["x-call"])
        self.record.calls[number].append(request)
        if request.headers.get("authorization") != f"Bearer {self._token()}":
            request.fault = "401 for an old token"
            return "", Answer(401, b'{"error_code":1000018,"message":"invalid token"}', JSON_TYPE)
        request.fault = self.next_fault(number)
        request.applied = FAULTS[request.fault].applied if request.fault else True
        return request.fault, self._carry_out(request)

    def _token(self) -> str:
        lifetime = {"iat": 1_700_000_000, "exp": 1_700_000_000 + self._lifetime}
        claims = {**lifetime, "esc.org": 7, "jti": self._generation}
        return ".".join(_base64(part) for part in ({"alg": "HS256", "typ": "JWT"}, claims, {"sig": 1}))

    def _authenticate(self) -> Answer:
        return _json(200, {"auth_token": self._token()})

    def _carry_out(self, request: Request) -> Answer:
        group, _, rest = request.path.removeprefix("/api/v").partition("/")[2].partition("/")
        if request.method == "POST":
            # The right answer to a request that is not carried out is never sent.
            request.created = next(self._ids)
            place = {"Location": f"/api/v1/{group}/{request.created}"}
            if group == "tags":
                return _json(201, {"id": request.created, "name": request.body["name"]}, place)
            return Answer(201, b"", place)
        if request.method in ("PATCH", "DELETE"):
            return Answer(204)
        if rest:
            made = _sim if group == "sim" else _endpoint
            return _json(200, made(int(rest)))
        return self._page(int(request.query.get("page", 1)), int(request.query.get("per_page", 100)))

    def _page(self, number: int, size: int) -> Answer:
        last = -(-SIMS // size)
        number = min(number, last)
        items = [_sim(identity) for identity in range((number - 1) * size + 1, min(number * size, SIMS) + 1)]
        counts = {
            "X-Total-Count": str(SIMS),
            "X-Total-Pages": str(last),
            "X-Current-Page": str(number),
            "X-Count-Per-Page": str(size),
        }
        return _json(200, items, counts)


def _sim(identity: int) -> dict[str, Any]:
    status = {"id": 1, "description": "Activated"}
    return {"id": identity, "iccid": f"8988303000{identity:09d}", "status": status}


def _endpoint(identity: int) -> dict[str, Any]:
    return {"id": identity, "name": f"endpoint {identity}", "status": {"id": 0, "description": "Enabled"}}


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(body).encode(), JSON_TYPE | (headers or {}))


def _base64(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    body = await reader.readexactly(int(length[1])) if length else b""
    first, *lines = head.decode("ascii").split("\r\n")
    method, target, _ = first.split(" ")
    parts = urlsplit(target)
    return Request(
        method=method,
        path=parts.path,
        query={name: values[0] for name, values in parse_qs(parts.query).items()},
        headers={name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)},
        body=json.loads(body) if body else None,
    )


class ServerThread:
    """An event loop in a thread, in which the servers of all schedules run."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        # That a client breaks a connection is part of the game.
        self._loop.set_exception_handler(lambda loop, context: None)
        self._thread = threading.Thread(target=self._loop.run_forever, name="server", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], seconds: float = 30.0) -> T:
        """Run a coroutine there, and return its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        # Python closes the socket pair of a loop with it.
        while self._loop.is_running():
            time.sleep(0.001)
        self._loop.close()
