"""What one process knows of its store: whether it answers, who shares it, and when to ask it again."""

from __future__ import annotations

import logging
import threading
from copy import copy
from math import inf
from typing import Literal

from aioemnify.clock import Clock
from aioemnify.errors import StoreError
from aioemnify.stores.protocols import CLOCK_STEP, LimitStore, Reservation, UsageReport
from aioemnify.transport.throttle.shared import FIRST_RETRY, HOLD, HORIZON, LATE, MOST_SHARERS, RETRY

_logger = logging.getLogger("aioemnify.store")

Moments = tuple[float, float]
"""The monotonic and the wall clock, read together."""


class StoreSession:
    """The store as the reserved slots of all paths see it."""

    def __init__(
        self, store: LimitStore, clock: Clock, *, on_error: Literal["degrade", "raise"] = "degrade"
    ) -> None:
        self.store: LimitStore = store
        self.clock: Clock = clock
        # Re-entrant: a finaliser may give slots back while its thread has it.
        self.lock: threading.RLock = threading.RLock()
        self.generation: str = ""
        # Until the store was heard once, as many as its user expects.
        self.sharers: int = getattr(store, "sharers", 1)
        self.lost_at: float | None = None
        self.must_rejoin: bool = False
        # The store is not asked before this moment.
        self.ask_at: float = -inf
        self._on_error = on_error
        self._answered = False
        self._misses = 0
        self._said_lost = False
        self._rejoining = False
        self._reset = False
        # The store's time in its last answer, and the clocks when it had been asked.
        self._last_answer: tuple[float, Moments] | None = None
        self._failure: StoreError | None = None

    def forget_tasks(self) -> None:
        """Forget the threads of a parent process."""
        self.lock, self._rejoining = threading.RLock(), False

    def moments(self) -> Moments:
        """Read both clocks."""
        return self.clock.monotonic(), self.clock.wall()

    def check_answer(self, reservation: Reservation, limits: int) -> None:
        """Check that the numbers of an answer for so many limits can be right.

        Raises:
            StoreError: they cannot: what other processes use is not known.
        """
        numbers = (*reservation.waits, *reservation.used, reservation.retry_in, reservation.now)
        try:
            right = (
                all(0 <= number < inf for number in numbers)
                and max(reservation.waits, default=0.0) <= HORIZON + LATE
                and len(reservation.waits) == len(reservation.reservation_ids)
                and len(reservation.used) in (0, limits)
                and 1 <= reservation.sharers <= MOST_SHARERS
            )
        except TypeError:
            right = False
        if not right:
            raise StoreError(f"the store answered what cannot be right: {reservation}", lost=True)

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
            if not same or jumped:
                self.must_rejoin, self._reset = True, jumped
                return False
            self.generation, self.sharers = reservation.generation, reservation.sharers
            was_lost, self._said_lost = self._said_lost, False
        if was_lost:
            _logger.warning("store: back, and shared with the other clients again")
        return True

    def missed(self, error: StoreError, asked: float) -> None:
        """Take note that the store did not answer, or refused.

        What a user has to put right is raised at the start only: a job under way goes on.

        Args:
            error: what was raised.
            asked: when it was asked. All who asked before anybody knew have found the same.

        Raises:
            StoreError: the setting is to raise, or the store has never worked and cannot by itself.
        """
        now = self.clock.monotonic()
        with self.lock:
            if asked >= self.ask_at:
                self._misses += 1
                self.ask_at = now + (FIRST_RETRY if self._misses == 1 else RETRY)
            if self._on_error == "raise" or not (error.lost or self._answered):
                self._failure = error
                raise error
            if self._misses < 2 or self.lost_at is not None:
                return
            self.lost_at, self.must_rejoin = now, True
            said, self._said_lost = self._said_lost, True
        if said:
            return  # it only seemed to be back
        known = f"{'one' if self._answered else 'assumed to be one'} of {self.sharers} clients"
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
        generation = await self.store.rejoin(self.generation, reports, reset=self._reset)
        with self.lock:
            self.generation, self._misses = generation, 0
            if self.must_rejoin:
                self.ask_at = self.clock.monotonic() + HOLD
            self.must_rejoin, self._reset, self.lost_at = False, False, None
