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

from aioemnify.operation import RetryClass

TRANSIENT = frozenset({502, 503, 504})
"""Statuses of a gateway that could not get an answer from the API."""


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
