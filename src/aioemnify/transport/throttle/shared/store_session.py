"""What one process knows of its store: whether it answers, who shares it, and when to ask it again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Awaitable
from copy import copy
from math import inf
from typing import Literal, TypeVar

import anyio

from aioemnify.clock import Clock
from aioemnify.errors import StoreError
from aioemnify.stores._reservations import CLOCK_STEP
from aioemnify.stores.protocols import LimitStore, Reservation, UsageReport
from aioemnify.transport.throttle.shared import FIRST_RETRY, HOLD, RETRY

_logger = logging.getLogger("aioemnify.store")

T = TypeVar("T")

Moments = tuple[float, float]
"""The monotonic and the wall clock, read together."""


class StoreSession:
    """The store as the reserved slots of all paths see it."""

    def __init__(
        self, store: LimitStore, clock: Clock, *, on_error: Literal["degrade", "raise"] = "degrade"
    ) -> None:
        self.store: LimitStore = store
        self.clock: Clock = clock
        self.lock: threading.Lock = threading.Lock()
        self.generation: str = ""
        self.sharers: int = 1
        self.lost_at: float | None = None
        self.must_rejoin: bool = False
        # The store is not asked before this moment.
        self.ask_at: float = -inf
        self._on_error = on_error
        self._answered = False
        self._misses = 0
        self._rejoining = False
        self._reset = False
        # The store's time in its last answer, and the clocks when it had been asked.
        self._last_answer: tuple[float, Moments] | None = None
        self._failure: StoreError | None = None

    def moments(self) -> Moments:
        """Read both clocks."""
        return self.clock.monotonic(), self.clock.wall()

    async def complete(self, call: Awaitable[T]) -> T:
        """Await a call of the store to its end, which is near: what it reserves must not get lost."""
        with anyio.CancelScope(shield=True):
            return await call
        raise AssertionError("a shield lets nothing through")

    def heard(self, reservation: Reservation, asked: Moments) -> bool:
        """Take note of an answer, and return whether its slots can be used."""
        now = self.moments()
        with self.lock:
            self._answered, self._misses, self._failure = True, 0, None
            same = self.generation in ("", reservation.generation)
            jumped = False
            if self._last_answer is not None:
                store_before, before = self._last_answer
                # Either clock may have stood still while the machine was suspended.
                passed = max(now[0] - before[0], now[1] - before[1])
                jumped = reservation.now - store_before > passed + CLOCK_STEP
            self._last_answer = (reservation.now, asked)
            if same and not jumped:
                self.generation = reservation.generation
                self.sharers = max(1, reservation.sharers)
                return True
            self.must_rejoin, self._reset = True, jumped
            return False

    def missed(self, error: StoreError) -> None:
        """Take note that the store did not answer, or refused.

        What a user has to put right is raised at the start only: a job under way goes on.

        Raises:
            StoreError: the setting is to raise, or the store has never worked and cannot by itself.
        """
        now = self.clock.monotonic()
        with self.lock:
            self._misses += 1
            self.ask_at = now + (FIRST_RETRY if self._misses == 1 else RETRY)
            if self._on_error == "raise" or not (error.lost or self._answered):
                self._failure = error
                raise error
            if self._misses < 2 or self.lost_at is not None:
                return
            self.lost_at, self.must_rejoin = now, True
        known = f"one of {self.sharers} clients" if self._answered else "no other client is known"
        _logger.warning(
            "store: lost, and on_store_error is 'degrade': going on with the share of this process (%s): %s",
            known,
            error,
        )

    def check(self, now: float) -> None:
        """Raise how the store was found just now, so that not every waiter finds out by itself.

        Raises:
            StoreError: it failed a moment ago, and that is to be raised.
        """
        failure = self._failure
        if failure is not None and now < self.ask_at:
            raise copy(failure)

    def begin_rejoin(self) -> bool:
        """Say whether nobody else is rejoining, and leave that to the caller."""
        with self.lock:
            begun, self._rejoining = not self._rejoining, True
            return begun

    def end_rejoin(self) -> None:
        """Let somebody else rejoin the next time."""
        self._rejoining = False

    async def rejoin(self, reports: tuple[UsageReport, ...]) -> None:
        """Tell the store what was used without it.

        Raises:
            StoreError: it does not answer.
        """
        generation = await self.complete(self.store.rejoin(self.generation, reports, reset=self._reset))
        with self.lock:
            self.generation, self._misses = generation, 0
            was_lost = self.lost_at is not None
            if self.must_rejoin:
                self.ask_at = self.clock.monotonic() + HOLD
            self.must_rejoin, self._reset, self.lost_at = False, False, None
        if was_lost:
            _logger.warning("store: back, and shared with the other clients again")
