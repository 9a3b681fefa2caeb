"""A transport that joins writes: headers and body of a response are sent in one system call."""

from __future__ import annotations

import asyncio
from typing import Any

_MOST_BYTES = 64 * 1024
"""More is sent at once, so that the transport can signal back pressure."""


class WriteBuffer(asyncio.Transport):
    """A transport that collects writes until the next iteration of the event loop, then sends them together.

    So a fast response is one packet, and wakes the client once.

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
        """Buffer data to send."""
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
        """Send the rest and close the connection."""
        self._send()
        self._inner.close()

    def abort(self) -> None:
        """Close the connection without sending the rest."""
        self._held.clear()
        self._inner.abort()

    def is_closing(self) -> bool:
        """Return whether the connection is closing."""
        return self._inner.is_closing()

    def pause_reading(self) -> None:
        """Pause reading."""
        self._inner.pause_reading()

    def resume_reading(self) -> None:
        """Resume reading."""
        self._inner.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return information about the connection."""
        return self._inner.get_extra_info(name, default)
