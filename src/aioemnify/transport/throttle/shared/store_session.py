"""A client's contact with its store: what it knows of the others, and how it does without.

When the store is lost, nobody can know at once what the others still send. Places are booked
two seconds ahead at the most, so for that long after the loss only those already booked are
used. Then each client sends its share: in a bucket its own time slots, one after the other
by rank on the store's clock; of a window its part of what was left, and of the whole window
once all that was used before has left it. Coming back is just as careful: the first to reach the
store again sets a moment from which it books for all, and until then each sends its share.
"""

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
from aioemnify.stores._reservations import HEARTBEAT
from aioemnify.stores.protocols import LimitStore, Reservation, UsageReport

_logger = logging.getLogger("aioemnify.store")

T = TypeVar("T")

HORIZON = 2.0
"""Seconds that a place may be booked ahead."""

FIRST_TRIES, LATER_TRIES = 0.25, 1.0
"""Seconds between attempts to reach the store: before the share is used, and after."""

REPORT = 0.3
"""Seconds before the store opens at which a process stops sending its share and reports it."""


class StoreSession:
    """What one process knows of a store and of those who share it."""

    def __init__(
        self, store: LimitStore, clock: Clock, *, on_error: Literal["degrade", "raise"] = "degrade"
    ) -> None:
        self.store: LimitStore = store
        self.on_error: Literal["degrade", "raise"] = on_error
        self.lock: threading.Lock = threading.Lock()
        self.generation: str = ""
        self.rank: int = 0
        # Store time minus monotonic time.
        self.offset: float = 0.0
        self.heard_at: float = -inf
        self.lost_at: float | None = None
        self.opens_at: float | None = None
        self._clock = clock
        self._sharers = 1
        self._try_at = -inf
        self._told = False
        self._reason = ""
        self._trying = False
        self._failure: StoreError | None = None
        self._fails_until = -inf

    @property
    def sharers(self) -> int:
        """Return how many clients share the store, this one included."""
        if self.lost_at is not None and inf > self.lost_at - self.heard_at > HEARTBEAT:
            return self._sharers + 1  # it was silent for so long that the others do not count it
        return self._sharers

    @property
    def alone_from(self) -> float:
        """Return the moment from which nobody has a place booked in the lost store; ``inf`` unless lost."""
        return inf if self.lost_at is None else self.lost_at + HORIZON

    async def within(self, call: Awaitable[T]) -> T:
        """Await a call of the store to its end, which is near: what it books must not get lost."""
        with anyio.CancelScope(shield=True):
            return await call
        raise AssertionError("a shield lets nothing through")

    def heard(self, booking: Reservation, now: float) -> bool:
        """Take note of an answer; say whether the store is still the one that was known."""
        with self.lock:
            same = booking.generation == self.generation or not self.generation
            if same:
                self.generation = booking.generation
            self.heard_at = now
            self.offset = booking.now - now
            self._sharers = max(1, booking.sharers)
            if booking.rank is not None:
                self.rank = booking.rank
            self._found()
            return same

    def missed(self, error: StoreError, now: float) -> None:
        """Take note that the store did not answer, or refused.

        What has to be put right is raised at the start only: a job under way goes on without the
        store, whatever has befallen it.

        Raises:
            StoreError: the setting is to raise, or the store has never worked and cannot by itself.
        """
        with self.lock:
            if error.lost and self.on_error == "raise":
                self._failure, self._fails_until = error, now + FIRST_TRIES
            if self.on_error == "raise" or (not error.lost and self.heard_at == -inf):
                raise error
            if self.lost_at is None or (self.opens_at is not None and now >= self.opens_at):
                self.lost_at = now
            self.opens_at = None
            self._reason = str(error)
            self._try_at = now + (FIRST_TRIES if now < self.alone_from else LATER_TRIES)

    def check(self, now: float) -> None:
        """Raise what the store was found to be just now, so that not every waiter finds out by itself.

        Raises:
            StoreError: it did not answer a moment ago, and the setting is to raise.
        """
        if self._failure is not None and now < self._fails_until:
            raise copy(self._failure)

    def going_alone(self) -> None:
        """Log, once for each loss, that from now on this process sends its share."""
        if self._told:
            return
        self._told = True
        known = "no other client is known" if self.heard_at == -inf else f"one of {self.sharers} clients"
        _logger.warning(
            "store: lost, and on_store_error is 'degrade': going on with the share of this process (%s): %s",
            known,
            self._reason,
        )

    def may_try(self, now: float) -> bool:
        """Say whether it is time to talk to the lost store again, and leave that to the caller."""
        with self.lock:
            if self._trying or now < self._try_at:
                return False
            self._trying = True
            return True

    async def rejoin(self, spent: tuple[UsageReport, ...], *, alone: bool) -> bool:
        """Tell the store what was used without it; say whether it took that."""
        try:
            opens_in = await self.within(self.store.rejoin(self.generation, spent, alone=alone))
        except StoreError as error:
            self.missed(error, self._clock.monotonic())
            return False
        with self.lock:
            now = self._clock.monotonic()
            self.generation = ""
            self.opens_at = now + opens_in
            # Once more before it opens: what is sent until then has to be known to it by then.
            last_report = self.opens_at - REPORT
            self._try_at = last_report if now < last_report else inf
        return True

    def tried(self) -> None:
        """Let somebody else try the next time."""
        self._trying = False

    def asks_again_at(self, now: float) -> float:
        """Return until when this process goes on by itself, at the least."""
        if self.opens_at is not None:
            return min(self._try_at, self.opens_at)
        return max(self._try_at, now + FIRST_TRIES / 5)

    @property
    def has_reported(self) -> bool:
        """Say whether the store is about to open and knows all: nothing is sent without it any more."""
        return self.opens_at is not None and self._try_at == inf

    def is_shared(self, now: float) -> bool:
        """Say whether places are to be had from the store now."""
        if self.opens_at is not None:
            return now >= self.opens_at
        return self.lost_at is None

    def _found(self) -> None:
        self.lost_at, self.opens_at, self._try_at = None, None, -inf
        if self._told:
            self._told = False
            _logger.warning("store: back, and shared with the other clients again")
