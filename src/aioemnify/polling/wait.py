"""Wait until a value that has to be fetched is what it should be."""

from __future__ import annotations

import reprlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aioemnify._checks import check_seconds, check_type
from aioemnify.clock import Clock
from aioemnify.errors import EmnifyError, WaitFailedError, WaitTimeoutError
from aioemnify.options import LONGEST
from aioemnify.polling.backoff import Backoff, is_temporary

T = TypeVar("T")

GROWTH = 1.5
LONGER = 10.0
"""The longest pause, as a multiple of ``every``."""


async def wait_until(
    fetch: Callable[[], Awaitable[T]],
    when: Callable[[T], bool],
    *,
    every: float = 2.0,
    timeout: float = 300.0,
    failed: Callable[[T], bool] | None = None,
    clock: Clock | None = None,
) -> T:
    """Fetch a value again and again until it is as wanted, and return it.

    ``emnify.wait_until`` is the same on the client's clock::

        await emnify.wait_until(lambda: emnify.sims.get(7), lambda sim: sim.status == SimStatus.ACTIVATED)

    Each fetch is a call with its limits and retries. A fetch that fails for a reason that may pass (no
    connection, 5xx, 429, a deadline) is repeated like one that brought another value. The last fetch is
    made when the time runs out, and is not interrupted.

    Args:
        fetch: makes the call.
        when: says whether a value is as wanted.
        every: seconds to the second fetch; each pause is half as long again as the one before, up to ten
            times ``every``.
        timeout: seconds until the last fetch.
        failed: says whether a value can no longer become as wanted.
        clock: the clock to wait on, by default the machine's.

    Raises:
        ArgumentError: an argument cannot work; nothing was fetched.
        WaitTimeoutError: the time ran out; ``last`` is the last value.
        WaitFailedError: ``failed`` is true for a value, which is ``last``.
        EmnifyError: a fetch failed for a reason that does not pass.
    """
    check_type("fetch", fetch, Callable, "a function")
    check_type("when", when, Callable, "a function")
    check_type("failed", failed, Callable | None, "a function")
    check_seconds("every", every, most=LONGEST)
    check_seconds("timeout", timeout, most=LONGEST)
    clock = clock or Clock()
    end = clock.monotonic() + timeout
    backoff = Backoff(every, GROWTH, every * LONGER)
    last: T | None = None
    while True:
        is_last = clock.monotonic() >= end
        cause: EmnifyError | None = None
        try:
            last = value = await fetch()
        except EmnifyError as error:
            if not is_temporary(error):
                raise
            cause = error
        else:
            if when(value):
                return value
            if failed is not None and failed(value):
                raise WaitFailedError(f"the wait cannot succeed: {_shown(value)}", last=value)
        if is_last:
            raise _timeout_error(timeout, last, cause) from cause
        await clock.sleep(max(0.0, min(backoff.pause(), end - clock.monotonic())))


def _timeout_error(seconds: float, last: object, cause: EmnifyError | None) -> WaitTimeoutError:
    told = f"the last call failed: {cause}" if cause else _shown(last)
    return WaitTimeoutError(f"{seconds:g} s were not enough: {told}", last=last)


def _shown(value: object) -> str:
    status = getattr(value, "status", None)
    return f"the value is {reprlib.repr(value)}" if status is None else f"its status is {status!r}"
