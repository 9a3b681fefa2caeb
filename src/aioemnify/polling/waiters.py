"""The waiters of the resources: what each waits for, and what it can no longer become."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from attrs import frozen

from aioemnify.clock import date_of
from aioemnify.operation import Operation
from aioemnify.pagination import Caller
from aioemnify.polling.client import PollingClient
from aioemnify.polling.wait import wait_until


@frozen
class Rule:
    """What a waiter waits for: ``done`` ends it, ``failed`` is an error. Both get the value and the time."""

    done: Callable[[Any, datetime], bool]
    failed: Callable[[Any, datetime], bool]


_SMS_DELIVERED, _SMS_ENDED = 4, (5, 6, 7)
_QUOTA_ACTIVE, _QUOTA_EXPIRED = 1, 3
_BAD_ENDS = ("fail", "expire", "cancel", "abort", "error", "reject")
"""Beginnings of the words for a bad end. The ids of these statuses are not documented, nor all texts."""

_GRACE = timedelta(minutes=10)
"""After its expiry date a running operation may still end; clocks differ too."""


def _status(value: Any) -> int | None:
    return getattr(value.status, "id", None)


def _ended_badly(operation: Any) -> bool:
    told = (getattr(operation.status, "description", None) or "").casefold()
    return any(word.startswith(_BAD_ENDS) for word in told.replace("_", " ").split())


def _chip_operation_failed(operation: Any, now: datetime) -> bool:
    expired = operation.expiry_date is not None and operation.expiry_date + _GRACE <= now
    open_too_long = operation.finalization_date is None and expired
    return operation.error is not None or _ended_badly(operation) or open_too_long


def _sim_operation_failed(operation: Any, now: datetime) -> bool:
    ended = operation.finalization_date is not None
    return _ended_badly(operation) or (ended and bool(operation.failed_count or operation.error))


_DATA_OR_SMS_QUOTA = Rule(
    done=lambda quota, now: _status(quota) == _QUOTA_ACTIVE,
    failed=lambda quota, now: _status(quota) == _QUOTA_EXPIRED or quota.auto_refill is False,
)

RULES: Mapping[str, Rule] = {
    "endpoints.get_sms": Rule(
        done=lambda sms, now: _status(sms) == _SMS_DELIVERED,
        failed=lambda sms, now: _status(sms) in _SMS_ENDED,
    ),
    "endpoints.get_data_quota": _DATA_OR_SMS_QUOTA,
    "endpoints.get_sms_quota": _DATA_OR_SMS_QUOTA,
    "euiccs.get_operation": Rule(
        done=lambda operation, now: (
            operation.finalization_date is not None and not _chip_operation_failed(operation, now)
        ),
        failed=_chip_operation_failed,
    ),
    "sim_operations.get": Rule(
        done=lambda operation, now: (
            operation.finalization_date is not None and not _sim_operation_failed(operation, now)
        ),
        failed=_sim_operation_failed,
    ),
}
"""By the operation that reads the value."""


async def wait_for(
    caller: Caller,
    operation: Operation,
    path_args: Sequence[object],
    *,
    every: float,
    timeout: float,
    options: object,
) -> Any:
    """Read an object until it is what its rule waits for, and return it.

    Raises:
        WaitTimeoutError: the time ran out.
        WaitFailedError: it can no longer become that.
    """
    clock, rule = cast("PollingClient", caller)._clock, RULES[operation.id]
    return await wait_until(
        lambda: caller._call(operation, path_args, options=options),
        lambda value: rule.done(value, date_of(clock.wall())),
        every=every,
        timeout=timeout,
        failed=lambda value: rule.failed(value, date_of(clock.wall())),
        clock=clock,
    )
