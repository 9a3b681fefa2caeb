"""What is still to be delivered to the customer's servers: back-off after failures, and SMS notifications."""

from __future__ import annotations

from attrs import define, field

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 300.0
KEPT_SECONDS = 7 * 86_400.0
"""Records that were not delivered are kept this long."""


@define(kw_only=True)
class BackOff:
    """The state of repeated deliveries to one receiver. Times are seconds since 1970.

    Attributes:
        failures: deliveries that failed since the last success.
        since: when the first of them failed.
        due: when the next one is made.
        exhausted: whether no more are made.
    """

    failures: int = 0
    since: float = 0.0
    due: float = 0.0
    exhausted: bool = False

    def waits(self, now: float) -> bool:
        """Return whether the next attempt is not due yet."""
        return self.failures > 0 and self.due > now

    def time_of_attempt(self, now: float) -> float:
        """Return when the attempt that is due now was due: a clock that jumped has passed that moment."""
        return min(now, self.due) if self.failures else now

    def fail(self, at: float, longest: float) -> None:
        """Record a failure: the wait doubles each time, until ``longest`` seconds after the first one.

        Choice: deliveries to webhooks and callbacks are repeated after 1, 2, 4, ... seconds, at most 300,
            until they failed for ``stream_retry_minutes``.
        """
        if not self.failures:
            self.since = at
        wait = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** min(self.failures, 20))
        self.failures += 1
        self.due = at + wait
        self.exhausted = self.due > self.since + longest


@define(kw_only=True)
class Notification:
    """A call to an API callback: an SMS from a device, or the final status of one to it.

    Attributes:
        message: id of the SMS.
        callback: id of the callback.
        secret: id of the secret that signs it; None for no signature.
    """

    id: int
    message: int
    callback: int
    secret: int | None = None
    back_off: BackOff = field(factory=BackOff)
