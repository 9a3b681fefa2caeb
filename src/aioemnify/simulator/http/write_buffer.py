"""Writes to a connection that leave it together: head and body of an answer in one call to the system."""

from __future__ import annotations

import asyncio
from typing import Any

_MOST_BYTES = 64 * 1024
"""More is sent without waiting: the transport is to say when the client does not keep up."""


class WriteBuffer(asyncio.Transport):
    """A transport that holds back what is written until the event loop turns, and sends it at once.

    An answer that is not long in coming is one packet then, and one wake-up for the client.

    Args:
        inner: the transport that sends.
        loop: its event loop.
    """

    def __init__(self, inner: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._inner = inner
        self._loop = loop
        self._held: list[bytes] = []
        self._size = 0

    def write(self, data: Any) -> None:
        """Take bytes to be sent."""
        if not data:
            return
        self._size += len(data)
        if self._size > _MOST_BYTES:
            self._send()
            self._inner.write(data)
            return
        if not self._held:
            self._loop.call_soon(self._send)
        self._held.append(data)

    def _send(self) -> None:
        held, self._held, self._size = self._held, [], 0
        if held:
            self._inner.write(held[0] if len(held) == 1 else b"".join(held))

    def close(self) -> None:
        """Send the rest and end the connection."""
        self._send()
        self._inner.close()

    def abort(self) -> None:
        """End the connection without the rest."""
        self._held.clear()
        self._inner.abort()

    def is_closing(self) -> bool:
        """Say whether the connection ends."""
        return self._inner.is_closing()

    def pause_reading(self) -> None:
        """Let the client wait with sending."""
        self._inner.pause_reading()

    def resume_reading(self) -> None:
        """Let the client send again."""
        self._inner.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return what is known about the connection."""
        return self._inner.get_extra_info(name, default)
