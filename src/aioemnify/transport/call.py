"""The state of one call between its attempts, and the lines that it logs."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import define

from aioemnify.errors import EmnifyError, TimeoutError
from aioemnify.options import CallOptions
from aioemnify.transport.auth.tokens import AuthToken
from aioemnify.transport.http.exchange import Attempt, Lost
from aioemnify.transport.wire.request import Request
from aioemnify.transport.wire.response import Response

if TYPE_CHECKING:  # loaded where there are hooks
    from aioemnify.transport.hook_calls import ObservedCall  # noqa: TC004 - attrs needs no types

_logger = logging.getLogger("aioemnify.pipeline")


def random_request_ids(chance: Callable[[], float] | None) -> Callable[[], str]:
    """Return a function that makes request ids: 64 random bits as text.

    Args:
        chance: returns numbers from 0 to 1; ``None`` for Python's own, which is faster.
    """
    if chance is None:
        return lambda: random.getrandbits(64).to_bytes(8).hex()
    return lambda: f"{int(chance() * 2.0**64):016x}"


@define(eq=False)
class CallRecord:
    """What a successful call took: how often it was sent, and how many seconds it waited and took in all.

    A call waits for limits and between its attempts; an authentication is not a wait.
    """

    attempts: int = 0
    waited: float = 0.0
    elapsed: float = 0.0


@define(eq=False)
class Call:
    """A call and its state between its attempts.

    Attributes:
        observed: what tells the hooks of it, if there are any.
        busy: seconds of its attempts and of authentications.
        failures: attempts without a usable response.
        refusals: attempts that a limit refused.
        renewed: whether its token was replaced after a 401.
        earlier: the error of the last attempt that the server may have carried out.
        turn: its position in the queue, once it has been admitted.
    """

    request: Request
    options: CallOptions
    began: float
    deadline: float
    request_id: str | None
    observed: ObservedCall | None = None
    attempts: int = 0
    busy: float = 0.0
    failures: int = 0
    refusals: int = 0
    renewed: bool = False
    earlier: EmnifyError | None = None
    turn: int | None = None
    token: AuthToken | None = None

    def attempt_ended(self, outcome: Response | Lost, took: float, now: float) -> None:
        """Note an attempt that took so many seconds."""
        self.attempts += 1
        self.busy += took
        if self.observed is not None:
            if isinstance(outcome, Lost):
                self.observed.attempt_ended(None, outcome.error, now)
            else:
                self.observed.attempt_ended(outcome.status, None, now)
        if _logger.isEnabledFor(logging.DEBUG):
            shown = type(outcome.error).__name__ if isinstance(outcome, Lost) else outcome.status
            self.log(logging.DEBUG, now, "%s in %.3f s", shown, took)

    def out_of_time(self, attempt: Attempt) -> Lost:
        """Return the outcome of an attempt that the deadline ended."""
        operation = self.request.operation.id
        text = f"{operation}: the deadline passed before the response came"
        if not attempt.maybe_sent:
            text = f"{operation} was not sent: its deadline passed before its first byte"
        error = TimeoutError(text, phase=attempt.phase, operation=operation)
        return Lost(error, sent=attempt.maybe_sent)

    def ended(self, error: BaseException) -> None:
        """Tell the hooks of the error that ends the call, and the error of its request id."""
        if self.observed is not None:
            self.observed.ended(error)
        if isinstance(error, EmnifyError) and error.request_id is None:
            error.request_id = self.request_id

    def fill(self, record: CallRecord, now: float) -> None:
        """Record what the call took."""
        record.attempts, record.elapsed, record.waited = self.attempts, now - self.began, self._waited(now)

    def _waited(self, now: float) -> float:
        return max(0.0, now - self.began - self.busy)

    def log(self, level: int, now: float, text: str, *values: object) -> None:
        """Write a line about the call; its facts are attributes of the record, too, for loggers in JSON."""
        if not _logger.isEnabledFor(level):
            return
        operation, waited = self.request.operation, self._waited(now)
        facts = {
            "operation": operation.label,
            "template": operation.template,
            "attempt": self.attempts,
            "waited": waited,
            "request_id": self.request_id,
        }
        _logger.log(
            level,
            f"%s: {text} (attempt %d, waited %.3f s, request %s)",  # noqa: G004 - texts of this package
            operation.label,
            *values,
            self.attempts,
            waited,
            self.request_id,
            extra=facts,
        )
