"""What a service profile lets through, and since when: needed to know what flowed in the past."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from attrs import define, frozen


@define(kw_only=True)
class DataLimit:
    """A monthly ceiling on the bytes of each endpoint.

    Attributes:
        id: counted over all profiles.
        service: 38, data.
        satellite: whether it counts satellite traffic only, of which the simulator has none.
        volume: bytes.
        warning: share of the volume at which to warn, 0 to 100.
    """

    id: int
    service: int
    satellite: bool
    volume: int
    warning: int | None = None


@frozen(kw_only=True)
class TrafficPolicy:
    """What held for data from a moment on.

    Attributes:
        since: seconds since 1970.
        data: whether the service was allowed at all.
        quota: whether only endpoints with a quota had data.
        limit: bytes in a month; None without a ceiling.
    """

    since: float
    data: bool
    quota: bool
    limit: int | None


def policy_at(policies: Sequence[TrafficPolicy], moment: float) -> TrafficPolicy:
    """Return what held at a moment; the first of the policies held before it, too."""
    return policies[max(0, bisect_right(policies, moment, key=lambda policy: policy.since) - 1)]
