"""One attempt to send a request: how far it has come, and what is known when it is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from aioemnify.errors import DecodeError, Phase, TransportError

if TYPE_CHECKING:
    import anyio


HANDSHAKE = frozenset(
    {"connect_tcp.started", "connect_tcp.complete", "start_tls.started", "start_tls.complete"}
)
"""Steps of making a connection, whoever reports them: it itself, or the way to it through a proxy."""


@frozen
class Lost:
    """An attempt that brought no usable answer. ``sent`` says whether the server may have seen it."""

    error: TransportError | DecodeError
    sent: bool


class Attempt:
    """How far one attempt to send a request has come, as the connection tells.

    Connections report each step. A transport that was brought along may not, and then nobody
    can know whether the request left: it is taken as sent, which is never wrong.
    """

    __slots__ = ("_on_answer", "_on_departure", "_traced", "departed", "handover", "phase", "stream")

    def __init__(
        self, *, traced: bool, on_departure: Callable[[], None], on_answer: Callable[[], None]
    ) -> None:
        self._traced = traced
        self._on_departure = on_departure
        self._on_answer = on_answer
        self.departed: bool = False
        self.handover: anyio.CancelScope | None = None
        self.phase: Phase = "pool" if traced else "response"
        # What a connection made for this attempt goes through, so that it can be closed half made.
        self.stream: Any = None

    @property
    def maybe_sent(self) -> bool:
        """Say whether the server may have seen the request."""
        return self.departed or not self._traced

    async def trace(self, event: str, details: Mapping[str, Any]) -> None:
        """Take note of a step of the connection.

        A connection that has just been made counts as taken until its request begins to leave. A
        call that is cancelled between the two would leave it so for good, with nobody to close
        it: for that moment, which waits for nothing, cancellation is held back.
        """
        stage, _, step = event.partition(".")  # "http11.send_request_headers.started"
        if step == "send_request_headers.started":
            self._hold_cancellation(False)
            # What is sent to a proxy to be let through is not the request itself.
            request = details.get("request")
            if getattr(request, "method", b"") != b"CONNECT":
                self._leave()
                # What follows tells nothing more, and each step of it would be told at a price.
                getattr(request, "extensions", {}).pop("trace", None)
        elif stage == "connection" or step in HANDSHAKE:
            if step == "connect_tcp.complete":
                self.stream = details.get("return_value")
            self._connecting(step)

    def _connecting(self, step: str) -> None:
        if step in ("connect_tcp.complete", "start_tls.complete"):
            self._hold_cancellation(True)
        elif step == "start_tls.started":
            self._hold_cancellation(False)
        if not self.departed:
            self._traced, self.phase = True, "connect"

    def _hold_cancellation(self, held: bool) -> None:
        if self.handover is not None:
            self.handover.shield = held

    def _leave(self) -> None:
        if not self.departed:
            self._traced, self.departed, self.phase = True, True, "response"
            self._on_departure()

    def answer(self) -> None:
        """Take note that response headers have come."""
        self.handover = None
        self._leave()
        self._on_answer()

    def give_up(self) -> None:
        """End the attempt, unless its answer has begun to come."""
        if self.handover is not None:
            self.handover.cancel()
