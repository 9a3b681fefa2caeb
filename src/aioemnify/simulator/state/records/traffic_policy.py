"""The data policy of a service profile over time, needed to compute past traffic."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from attrs import define, frozen


@define(kw_only=True)
class DataLimit:
    """A monthly limit on the bytes of each endpoint.

    Attributes:
        id: unique across all profiles.
        service: 38, data.
        satellite: whether it counts satellite traffic only; the simulator has none.
        volume: bytes.
        warning: percentage of the volume at which to warn.
    """

    id: int
    service: int
    satellite: bool
    volume: int
    warning: int | None = None


@frozen(kw_only=True)
class TrafficPolicy:
    """The data policy from a moment on.

    Attributes:
        since: seconds since 1970.
        data: whether the data service was allowed.
        quota: whether endpoints needed a data quota.
        limit: bytes in a month; None without a limit.
    """

    since: float
    data: bool
    quota: bool
    limit: int | None


def policy_at(policies: Sequence[TrafficPolicy], moment: float) -> TrafficPolicy:
    """Return the policy at a moment; the first policy also applies to the time before it."""
    return policies[max(0, bisect_right(policies, moment, key=lambda policy: policy.since) - 1)]
