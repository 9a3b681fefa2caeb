"""How much data one device moved: computed from seed, SIM and date, cut down to when it could flow.

A SIM on duty moves a random but fixed number of bytes each day, evenly spread over it. What its
service profile, a quota or a monthly limit stops does not flow. Daily, monthly and hourly figures
are sums over the same pieces, so they always agree, and an untouched fleet costs nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from attrs import define, frozen

from aioemnify.simulator.platform.dates import DAY_SECONDS, day_start, month_start
from aioemnify.simulator.state.activity import DutySpan
from aioemnify.simulator.state.fleet import mix
from aioemnify.simulator.state.records.profiles import DATA_SERVICE, ServiceProfile
from aioemnify.simulator.state.records.sms import DELIVERED
from aioemnify.simulator.state.records.traffic_policy import policy_at
from aioemnify.simulator.state.world import Organisation, World
from aioemnify.simulator.usage.duty_spans import spans_of_endpoint, spans_of_sim

_LEAST = 20_000
_SPREAD = 2_000_000
MEGABYTE = 1_000_000


@frozen
class Piece:
    """A stretch of time within one day in which traffic was steady.

    Attributes:
        start: seconds since 1970.
        end: likewise; earlier than planned when a limit stopped the traffic.
        sim: id of the SIM.
        rx: bytes to the device.
        tx: bytes from it.
    """

    start: float
    end: float
    sim: int
    rx: int
    tx: int


@define
class Volume:
    """Bytes or messages to the device (``rx``) and from it (``tx``)."""

    rx: int = 0
    tx: int = 0

    @property
    def total(self) -> int:
        """Return both directions."""
        return self.rx + self.tx

    def add(self, rx: int, tx: int) -> None:
        """Count more."""
        self.rx += rx
        self.tx += tx


def bytes_a_day(seed: int, sim: int, day: int) -> tuple[int, int]:
    """Return what a SIM receives and sends on a day on which nothing stops it."""
    bits = mix(seed ^ 0xDA7A, sim * 1_000_003 + day)
    return _LEAST + bits % _SPREAD, _LEAST + (bits >> 32) % (_SPREAD // 4)


def _flow(seed: int, sim: int, start: float, end: float) -> tuple[int, int]:
    """Return the bytes of a stretch within one day; neighbouring stretches add up to the byte."""
    midnight = day_start(start)
    first, last = start - midnight, end - midnight
    rx, tx = (
        int(rate * last / DAY_SECONDS) - int(rate * first / DAY_SECONDS)
        for rate in bytes_a_day(seed, sim, int(midnight // DAY_SECONDS))
    )
    return rx, tx


def _cuts(organisation: Organisation, span: DutySpan, start: float, end: float, also: float) -> list[float]:
    """Return the moments at which something about the traffic may change."""
    activity = organisation.activity
    profile = organisation.service_profiles.get(span.profile)
    found = {start, end, also}
    found.update(policy.since for policy in (profile.policies if profile else ()))
    for extension in activity.extensions.get(span.endpoint, ()):
        found.update((extension.created, extension.expires))
    for opened, closed in activity.windows.get(span.endpoint, ()):
        found.update((opened, end if closed is None else closed))
    midnight = day_start(start) + DAY_SECONDS
    while midnight < end:
        found.add(midnight)
        midnight += DAY_SECONDS
    return sorted(cut for cut in found if start <= cut <= end)


def ceiling(organisation: Organisation, endpoint: int, limit: int, moment: float) -> int:
    """Return a monthly limit with what was added to it for one endpoint."""
    extensions = organisation.activity.extensions.get(endpoint, ())
    return limit + sum(each.volume for each in extensions if each.created <= moment < each.expires)


def _has_quota(organisation: Organisation, endpoint: int, moment: float) -> bool:
    windows = organisation.activity.windows.get(endpoint, ())
    return any(opened <= moment and (closed is None or moment < closed) for opened, closed in windows)


def _most(organisation: Organisation, profile: ServiceProfile | None, endpoint: int, at: float) -> int | None:
    """Return how many bytes of a month may have flowed from a moment on; None without a limit."""
    if profile is None:
        return None
    if not profile.policies:
        return None if DATA_SERVICE in profile.services else 0
    policy = policy_at(profile.policies, at)
    if not policy.data or (policy.quota and not _has_quota(organisation, endpoint, at)):
        return 0
    return None if policy.limit is None else ceiling(organisation, endpoint, policy.limit, at)


def pieces(
    world: World, organisation: Organisation, endpoint: int, start: float, stop: float
) -> Iterator[Piece]:
    """Yield the traffic of an endpoint from ``start`` to ``stop`` in order."""
    begin = month_start(start)
    month, counted = begin, 0
    for span in spans_of_endpoint(organisation, endpoint):
        first, last = max(begin, span.start), min(stop, stop if span.end is None else span.end)
        if first >= last:
            continue
        profile = organisation.service_profiles.get(span.profile)
        cuts = _cuts(organisation, span, first, last, start)
        for a, b in itertools.pairwise(cuts):
            if month_start(a) != month:
                month, counted = month_start(a), 0
            most = _most(organisation, profile, endpoint, a)
            if most is not None and counted >= most:
                continue
            rx, tx = _flow(world.seed, span.sim, a, b)
            end, both = b, rx + tx
            if most is not None and both > most - counted:
                left = most - counted
                end = a + (b - a) * left / both
                rx = rx * left // both
                tx = left - rx
            counted += rx + tx
            if a >= start and rx + tx:
                yield Piece(a, end, span.sim, rx, tx)


def used(world: World, organisation: Organisation, endpoint: int, start: float, stop: float) -> int:
    """Return the bytes of an endpoint in a time."""
    return sum(piece.rx + piece.tx for piece in pieces(world, organisation, endpoint, start, stop))


def when_used(
    world: World, organisation: Organisation, endpoint: int, start: float, amount: int, horizon: float
) -> float | None:
    """Return when the bytes since ``start`` reach ``amount`` if nothing changes; None past the horizon."""
    total = 0
    for piece in pieces(world, organisation, endpoint, start, horizon):
        volume = piece.rx + piece.tx
        if total + volume >= amount:
            return piece.start + (piece.end - piece.start) * (amount - total) / volume
        total += volume
    return None


def data_by_day(
    world: World,
    organisation: Organisation,
    start: float,
    stop: float,
    *,
    endpoint: int | None = None,
    sim: int | None = None,
) -> dict[int, Volume]:
    """Return the bytes of an endpoint or a SIM by day, counted from 1970; days without any are left out."""
    if endpoint is not None:
        endpoints = {endpoint}
    else:
        assert sim is not None
        endpoints = {span.endpoint for span in spans_of_sim(organisation, sim)}
    days: dict[int, Volume] = {}
    for each in endpoints:
        for piece in pieces(world, organisation, each, start, stop):
            if sim is None or piece.sim == sim:
                days.setdefault(int(piece.start // DAY_SECONDS), Volume()).add(piece.rx, piece.tx)
    return days


def sms_by_day(
    organisation: Organisation,
    start: float,
    stop: float,
    *,
    endpoint: int | None = None,
    sim: int | None = None,
) -> dict[int, Volume]:
    """Return the delivered SMS of an endpoint or a SIM by day; to the device counts as ``rx``."""
    days: dict[int, Volume] = {}
    for message in organisation.activity.messages.about(endpoint=endpoint, sim=sim):
        moment = message.delivered
        if message.status == DELIVERED and moment is not None and start <= moment < stop:
            days.setdefault(int(moment // DAY_SECONDS), Volume()).add(1, 0)
    return days
