"""A server whose every connection is known: how many were made, which are open, and what each is to do."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

PATIENCE = 10.0
ONE = b'{"id":1}'


def whole(body: bytes) -> bytes:
    """Return an answer with that body."""
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def read_request(line: socket.socket) -> bytes:
    """Read one request, however many pieces it comes in; nothing once the other side has closed."""
    read = b""
    while piece := line.recv(65536):
        read += piece
        head, end, body = read.partition(b"\r\n\r\n")
        size = re.search(rb"(?i)content-length: *(\d+)", head)
        if end and len(body) == (int(size[1]) if size else 0):
            return read
    return b""


class ThreadServer:
    """Accepts connections on a port of its own, and serves each in a thread."""

    def __init__(self) -> None:
        self.made = 0
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            self._count(line)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _count(self, line: socket.socket) -> None:
        """Count a connection, before it is served."""
        self.made += 1
        line.settimeout(PATIENCE)

    def _serve(self, line: socket.socket) -> None:
        """Serve a connection until it ends."""
        raise NotImplementedError


class Lines(ThreadServer):
    """Answers requests over plain HTTP, as told: ``says`` has what it is asked for next, by request.

    ``"answer"`` is the default; ``"drop"`` closes the connection without a word, ``"silence"`` keeps it
    open without one, ``"half"`` stops in the middle of the body, ``"close"`` closes after the answer,
    without having said so.
    """

    def __init__(self) -> None:
        super().__init__()
        self.says: list[str] = []
        self.body = ONE
        self.most = 0
        self.requests: list[bytes] = []
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self.hang_up()

    @property
    def open(self) -> int:
        """Return how many connections there are."""
        return len(self._open)

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so."""
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE), (self.made, self.open, self.requests)

    def hang_up(self) -> None:
        """Close all connections, and wait until that is done."""
        for line in list(self._open):
            with self._closing(line):
                line.shutdown(socket.SHUT_RDWR)
        self.until(lambda: not self._open)

    def _count(self, line: socket.socket) -> None:
        with self._changed:
            self.made += 1
            self._open.add(line)
            self.most = max(self.most, self.open)
            self._changed.notify_all()

    @contextmanager
    def _closing(self, line: socket.socket) -> Iterator[None]:
        try:
            yield
        except OSError:
            line.close()

    def _serve(self, line: socket.socket) -> None:
        with line, self._closing(line):
            while request := read_request(line):
                with self._changed:
                    self.requests.append(request.partition(b" HTTP/")[0])
                    said = self.says.pop(0) if self.says else "answer"
                    self._changed.notify_all()
                answer = whole(self.body)
                if said == "drop":
                    break
                if said != "silence":
                    line.sendall(answer[:-3] if said == "half" else answer)
                if said == "close":
                    break
        with self._changed:
            self._open.discard(line)
            self._changed.notify_all()
