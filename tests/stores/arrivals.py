"""A server in a process of its own that judges each call by when it arrives, and answers.

A call is a datagram. The kernel stamps it, so a busy machine does not change the verdict. This module
imports nothing of the library.
"""

from __future__ import annotations

import json
import multiprocessing
import socket
import struct
import time
from collections import deque
from multiprocessing.connection import Connection

SO_TIMESTAMPNS = 35

Entry = tuple[float, int, bool, bool]
"""Moment, client, refused by the row, refused by the window."""


def judge(
    receiver: socket.socket, report: Connection, rate: float, burst: float, window: tuple[int, float]
) -> None:
    """Refill ``rate`` a second up to ``burst``, take ``count`` in any ``seconds``, refuse the rest."""
    receiver.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    receiver.settimeout(0.2)
    tokens, last = burst, 0.0
    count, seconds = window
    recent: deque[float] = deque()
    log: list[Entry] = []
    while True:
        try:
            data, extra, _, sender = receiver.recvmsg(64, 64)
        except TimeoutError:
            if report.poll():
                break
            continue
        stamp = next((struct.unpack("qq", part[2]) for part in extra if part[1] == SO_TIMESTAMPNS), None)
        now = stamp[0] + stamp[1] / 1e9 if stamp else time.time()
        if data == b"end":
            break
        tokens = min(burst, tokens + rate * max(0.0, now - last)) if last else burst
        last = max(last, now)
        while recent and recent[0] <= now - seconds:
            recent.popleft()
        by_row, by_window = tokens < 1 - 1e-9, len(recent) >= count
        wait = 0.0
        if by_row:
            wait = (1 - tokens) / rate
        if by_window:
            wait = max(wait, recent[0] + seconds - now)
        if not by_row and not by_window:
            tokens -= 1
            recent.append(now)
        client, call = json.loads(data)
        log.append((now, client, by_row, by_window))
        receiver.sendto(json.dumps([call, wait]).encode(), sender)
    report.send(log)


class Judge:
    """Starts the server, and returns its log at the end."""

    def __init__(self, rate: float, burst: float, window: tuple[int, float] = (10**9, 1.0)) -> None:
        receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        receiver.bind(("127.0.0.1", 0))
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.port = receiver.getsockname()[1]
        self._ours, theirs = multiprocessing.get_context("fork").Pipe()
        self._process = multiprocessing.get_context("fork").Process(
            target=judge, args=(receiver, theirs, rate, burst, window), daemon=True
        )
        self._process.start()
        receiver.close()

    def end(self) -> list[Entry]:
        """Stop it and return what it saw."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"end", ("127.0.0.1", self.port))
        log: list[Entry] = self._ours.recv()
        self._process.join()
        return log
