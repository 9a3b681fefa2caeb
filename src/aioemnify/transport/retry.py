"""Decide whether and when a failed call is sent again.

It depends on the retry class of the operation and on the failure:

========== ======================== ======================= =====================
class      request was not sent     response was lost       502, 503, 504
========== ======================== ======================= =====================
safe       sent again               sent again              sent again
idempotent sent again               sent again              sent again
once       sent again               OutcomeUnknownError     the error is raised
========== ======================== ======================= =====================

A 429 was not processed, so calls of every class are sent again, when the limit allows it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from attrs import define, evolve, field

from aioemnify.clock import Clock
from aioemnify.errors import (
    APIError,
    ConnectError,
    EmnifyError,
    OutcomeUnknownError,
    ProtocolError,
    RateLimitCause,
    TimeoutError,
)
from aioemnify.operation import RetryClass
from aioemnify.options import RetryPolicy
from aioemnify.transport.call import Call
from aioemnify.transport.http.exchange import Lost
from aioemnify.transport.retry_after import http_date, retry_after
from aioemnify.transport.throttle.deadline import reset_date
from aioemnify.transport.throttle.too_many_requests import LONGEST_WAIT, Refusal
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.response import Response, ResponseReader

TRANSIENT = frozenset({502, 503, 504})
"""Statuses of a gateway that got no response from the API."""


class RetryBudget:
    """Limits retries in an outage: each retry costs one, each success earns a part of one."""

    def __init__(self, *, capacity: float = 20.0, earned: float = 0.2) -> None:
        self._capacity = capacity
        self._earned = earned
        self._left = capacity
        self.is_full: bool = True

    def spend(self) -> bool:
        """Take one retry from the budget; return whether there was one."""
        if self._left < 1.0:
            return False
        self._left -= 1.0
        self.is_full = False
        return True

    def earn(self) -> None:
        """Add the part that a success earns."""
        self._left = min(self._capacity, self._left + self._earned)
        self.is_full = self._left == self._capacity


def may_repeat(retry_class: RetryClass, *, was_sent: bool) -> bool:
    """Return whether a call without a usable response may be sent again."""
    return retry_class != "once" or not was_sent


@define(eq=False)
class Retries:
    """Decides about the failures of one client's calls: the seconds to the next attempt, or the error.

    It sends nothing and waits for nothing.
    """

    _policy: RetryPolicy
    _reader: ResponseReader
    _codec: Codec
    _clock: Clock
    _chance: Callable[[], float]
    budget: RetryBudget = field(factory=RetryBudget)

    def with_own_budget(self) -> Retries:
        """Return the same with a budget of its own."""
        return evolve(self, budget=RetryBudget())

    def check_repeatable(self, call: Call, lost: Lost) -> None:
        """Check that a call whose response was lost may be sent again.

        Raises:
            OutcomeUnknownError: it may not, because it may have been applied.
        """
        operation = call.request.operation
        if not may_repeat(operation.retry, was_sent=lost.sent):
            raise OutcomeUnknownError(
                f"{operation.id} was sent, and its response was lost ({lost.error}); it may have been "
                "applied: look for the object before you repeat the call",
                operation=operation.id,
            ) from lost.error

    def delay_after_loss(self, call: Call, lost: Lost) -> float:
        """Return how long to wait after an attempt without a response.

        Raises:
            TransportError: the call ends with this failure, or with that of an earlier attempt.
        """
        if lost.sent:
            call.earlier = lost.error
        error = call.earlier or lost.error
        repeatable = isinstance(lost.error, (ConnectError, TimeoutError, ProtocolError))
        if not repeatable or not call.options.retry:
            raise error
        return self._back_off(call, error, at_least=0.0)

    def delay_after_refusal(self, call: Call, response: Response) -> float:
        """Return how long to wait after a response with an error status other than 429.

        Raises:
            APIError: the call ends with this response.
        """
        error = self._error(call, response)
        wait = self.retry_after(response) or 0.0
        once = call.request.operation.retry == "once" or not call.options.retry
        if response.status not in TRANSIENT or once or wait > self._policy.longest_wait:
            raise error
        call.earlier = error
        return self._back_off(call, error, at_least=wait)

    def check_limit(self, call: Call, response: Response, refusal: Refusal) -> None:
        """Check that a call can wait until its limits allow it again.

        Raises:
            RateLimitError: it cannot, or was refused too often.
        """
        call.refusals += 1
        now = self._clock.monotonic()
        text = "refused by a limit (%s), which allows calls again in %.3f s"
        call.log(logging.WARNING, now, text, refusal.cause, refusal.pause)
        hopeless = refusal.cause == "quota" or refusal.pause > LONGEST_WAIT
        out_of_time = now + refusal.pause > call.deadline
        tired = call.refusals >= self._policy.limit_attempts or not call.options.retry
        if hopeless or out_of_time or tired:
            raise self._error(call, response, cause=refusal.cause, wait=refusal.wait)

    def retry_after(self, response: Response) -> float | None:
        """Return the seconds that the server asks to wait, ``None`` if it does not say."""
        header, date = (response.headers.get(name, "") for name in ("retry-after", "date"))
        now = http_date(date)
        wait = retry_after(response.status, header, self._clock.wall() if now is None else now)
        if header and wait is None:
            self._codec.warn_once("a Retry-After that no server can mean is ignored", f": {header[:40]!r}")
        return wait

    def _back_off(self, call: Call, error: EmnifyError, *, at_least: float) -> float:
        call.failures += 1
        delay = max(at_least, self._policy.backoff(call.failures, self._chance))
        now = self._clock.monotonic()
        too_late = now + delay >= call.deadline
        if too_late or call.failures >= self._policy.attempts or not self.budget.spend():
            raise error
        call.log(logging.INFO, now, "%s; sent again in %.3f s", type(error).__name__, delay)
        return delay

    def _error(
        self, call: Call, response: Response, *, cause: RateLimitCause | None = None, wait: float = 0.0
    ) -> APIError:
        resets_at = reset_date(self._clock.wall(), wait) if cause == "quota" else None
        return self._reader.error(
            call.request.operation.id,
            response,
            cause=cause,
            retry_after=wait,
            resets_at=resets_at,
        )
