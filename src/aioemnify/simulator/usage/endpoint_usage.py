"""The data usage of one device, computed from the seed, the SIM and the date.

A SIM on duty transfers a random but fixed number of bytes each day, evenly spread over the day, unless its
service profile, a quota or a monthly limit blocks it. Daily, monthly and hourly figures are sums of the
same pieces, so they always agree, and an unchanged fleet costs nothing.
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
    """A period within one day in which traffic was constant.

    Attributes:
        start: seconds since 1970.
        end: seconds since 1970; earlier than the planned end if a limit stopped the traffic.
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
        """Add bytes or messages."""
        self.rx += rx
        self.tx += tx


def bytes_a_day(seed: int, sim: int, day: int) -> tuple[int, int]:
    """Return the bytes that a SIM receives and sends on a day without limits."""
    bits = mix(seed ^ 0xDA7A, sim * 1_000_003 + day)
    return _LEAST + bits % _SPREAD, _LEAST + (bits >> 32) % (_SPREAD // 4)


def _flow(seed: int, sim: int, start: float, end: float) -> tuple[int, int]:
    """Return the bytes of a period within one day; adjacent periods add up exactly."""
    midnight = day_start(start)
    first, last = start - midnight, end - midnight
    rx, tx = (
        int(rate * last / DAY_SECONDS) - int(rate * first / DAY_SECONDS)
        for rate in bytes_a_day(seed, sim, int(midnight // DAY_SECONDS))
    )
    return rx, tx


def _cuts(organisation: Organisation, span: DutySpan, start: float, end: float, also: float) -> list[float]:
    """Return the times at which the traffic may change."""
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
    """Return a monthly limit plus its extensions for one endpoint."""
    extensions = organisation.activity.extensions.get(endpoint, ())
    return limit + sum(each.volume for each in extensions if each.created <= moment < each.expires)


def _has_quota(organisation: Organisation, endpoint: int, moment: float) -> bool:
    windows = organisation.activity.windows.get(endpoint, ())
    return any(opened <= moment and (closed is None or moment < closed) for opened, closed in windows)


def _most(organisation: Organisation, profile: ServiceProfile | None, endpoint: int, at: float) -> int | None:
    """Return the monthly limit in bytes at a moment; None without a limit."""
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
    """Yield the traffic of an endpoint from ``start`` to ``stop`` in order of time."""
    spans = spans_of_endpoint(organisation, endpoint)
    profiles = [organisation.service_profiles.get(span.profile) for span in spans]
    # A limit counts the whole month. Without one, only the period itself matters.
    begin = month_start(start) if any(profile and profile.policies for profile in profiles) else start
    month, counted = month_start(begin), 0
    for span in spans:
        first, last = max(begin, span.start), min(stop, stop if span.end is None else span.end)
        if first >= last:
            continue
        profile = organisation.service_profiles.get(span.profile)
        cuts = _cuts(organisation, span, first, last, start)
        for a, b in itertools.pairwise(cuts):
            if month_start(a) != month:
                month, counted = month_start(a), 0
            left = _left(_most(organisation, profile, endpoint, a), counted)
            if left == 0:
                continue
            piece = _capped(Piece(a, b, span.sim, *_flow(world.seed, span.sim, a, b)), left)
            counted += piece.rx + piece.tx
            if a >= start and piece.rx + piece.tx:
                yield piece


def _left(most: int | None, counted: int) -> int | None:
    return None if most is None else max(0, most - counted)


def _capped(piece: Piece, left: int | None) -> Piece:
    """Return the part of a piece until ``left`` bytes have been transferred."""
    total = piece.rx + piece.tx
    if left is None or total <= left:
        return piece
    rx = piece.rx * left // total
    return Piece(
        piece.start, piece.start + (piece.end - piece.start) * left / total, piece.sim, rx, left - rx
    )


def used(world: World, organisation: Organisation, endpoint: int, start: float, stop: float) -> int:
    """Return the bytes of an endpoint from ``start`` to ``stop``."""
    return sum(piece.rx + piece.tx for piece in pieces(world, organisation, endpoint, start, stop))


def when_used(
    world: World, organisation: Organisation, endpoint: int, start: float, amount: int, horizon: float
) -> float | None:
    """Return when the bytes since ``start`` reach ``amount``; None if not before ``horizon``."""
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
    """Return the bytes of an endpoint or a SIM by day since 1970, without days that have none."""
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
    """Return the delivered SMS of an endpoint or a SIM by day; those to the device count as ``rx``."""
    days: dict[int, Volume] = {}
    for message in organisation.activity.messages.about(endpoint=endpoint, sim=sim):
        moment = message.delivered
        if message.status == DELIVERED and moment is not None and start <= moment < stop:
            days.setdefault(int(moment // DAY_SECONDS), Volume()).add(*message.volume)
    return days
