"""What is tried again, when, and how often.

A retry is a decision about one failure, made from the operation's class:

========== ============================== ===================== =====================
class      never reached the server       lost after sending    502, 503, 504
========== ============================== ===================== =====================
safe       again                          again                 again
idempotent again                          again                 again
once       again                          OutcomeUnknownError   the error is raised
========== ============================== ===================== =====================

A 429 was not processed, so every class is sent again once its limit has room.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from attrs import field, frozen
from attrs.validators import ge, gt

from aioemnify.operation import RetryClass

TRANSIENT = frozenset({502, 503, 504})
"""Statuses of a gateway that could not get an answer from the API."""


@frozen(kw_only=True)
class RetryPolicy:
    """How patient the client is.

    Args:
        attempts: how often a call is sent at the most after connection errors and 5xx.
        limit_attempts: how often a call is sent at the most when the answer is 429.
        first_delay: seconds the first backoff lasts at the most; each further one doubles.
        longest_delay: seconds no backoff exceeds.
        longest_wait: seconds of a gateway's ``Retry-After`` beyond which its error is raised instead.
    """

    attempts: int = field(default=4, validator=ge(1))
    limit_attempts: int = field(default=6, validator=ge(1))
    first_delay: float = field(default=0.5, validator=gt(0))
    longest_delay: float = field(default=20.0, validator=gt(0))
    longest_wait: float = field(default=60.0, validator=gt(0))

    def backoff(self, failures: int, chance: Callable[[], float]) -> float:
        """Return the seconds to wait after so many failures: anywhere between none and the full delay."""
        full = min(self.longest_delay, self.first_delay * 2.0 ** (failures - 1))
        return full * chance()


class RetryBudget:
    """Keeps retries from multiplying an outage: each costs one, each success earns a part back."""

    def __init__(self, *, capacity: float = 20.0, earned: float = 0.2) -> None:
        self._capacity = capacity
        self._earned = earned
        self._left = capacity

    def spend(self) -> bool:
        """Take one retry out of the budget; say whether there was one."""
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True

    def earn(self) -> None:
        """Put the part of a success back."""
        self._left = min(self._capacity, self._left + self._earned)


def may_repeat(retry_class: RetryClass, *, was_sent: bool) -> bool:
    """Say whether a call whose answer was lost may be sent again."""
    return retry_class != "once" or not was_sent


def system_chance() -> float:
    """Return a number from 0 to 1, the default source of jitter."""
    return random.random()
