"""Write usage records of an organisation with a usage stream, from the traffic that the statistics show."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from aioemnify.simulator.answers.usage_records import data_record, sms_record
from aioemnify.simulator.state.activity import DutySpan
from aioemnify.simulator.state.fleet import EndpointState
from aioemnify.simulator.state.records.deliveries import KEPT_SECONDS
from aioemnify.simulator.state.records.sms import Message
from aioemnify.simulator.state.world import Organisation, World
from aioemnify.simulator.usage.duty_spans import spans_of_endpoint
from aioemnify.simulator.usage.endpoint_usage import pieces, when_used

RECORD_BYTES = 100_000
PERIOD_SECONDS = 45.0
_AT_ONCE = 100
"""The most endpoints that are read in one turn, so that requests do not wait long for the lock."""
_NO_TRAFFIC_SECONDS = 900.0
"""When an endpoint without traffic is read again. A SIM needs about an hour for the bytes of a record."""
_HORIZON_SECONDS = 6 * 3_600.0


def read_meters(world: World, organisation: Organisation) -> bool:
    """Write the records that are due, of a limited number of endpoints; return whether more are due.

    Choice: a usage record is written at the first multiple of 45 seconds at which a device has transferred
        100 KB since its last one, and at the end of a session: when its SIM goes off duty.
    """
    log, now = organisation.usage, world.clock.wall()
    if log.since is None:
        return False
    more = _scan(organisation)
    changed = list(log.changed)
    log.changed.clear()
    for endpoint in changed:
        log.read_at(endpoint, now)
    written: list[tuple[float, dict[str, Any]]] = []
    for _ in range(_AT_ONCE):
        identity = log.next_due(now)
        if identity is None:
            break
        written += _read(world, organisation, identity, now)
    else:
        more = True
    for wall, body in sorted(written, key=lambda each: each[0]):
        log.add(wall, body)
    return more


def record_sms(world: World, organisation: Organisation, endpoint: EndpointState, message: Message) -> None:
    """Write the record of a message that was delivered."""
    sim = organisation.sims.find(message.sim)
    if organisation.usage.since is not None and sim is not None and message.delivered is not None:
        body = sms_record(world, organisation, endpoint, sim, message)
        organisation.usage.add(message.delivered, body)


def _scan(organisation: Organisation) -> bool:
    """Start meters of some more endpoints; the first readings are spread, as no record is due soon."""
    log, endpoints = organisation.usage, organisation.endpoints
    stop = min(endpoints.span, log.scanned + 2 * _AT_ONCE)
    for place in range(log.scanned, stop):
        identity = endpoints.at(place).id
        if identity not in log.meters:  # a deleted one is found out when it is read
            assert log.since is not None
            log.read_at(identity, log.since + _NO_TRAFFIC_SECONDS * (place + 1) / endpoints.span)
    log.scanned = stop
    return stop < endpoints.span


def _read(
    world: World, organisation: Organisation, identity: int, now: float
) -> Iterator[tuple[float, dict[str, Any]]]:
    """Yield time and body of an endpoint's records, and schedule its next reading."""
    log = organisation.usage
    endpoint, meter = organisation.endpoints.find(identity), log.meters[identity]
    spans = spans_of_endpoint(organisation, identity)
    start = max(meter.position, now - KEPT_SECONDS)
    while (stop := _end_of_record(world, organisation, identity, spans, start, now)) is not None:
        body = None if endpoint is None else _body(world, organisation, endpoint, spans, start, stop)
        if body is not None:
            yield stop, body
        start = stop
    meter.position = start
    if endpoint is None:
        del log.meters[identity]
        return
    full = when_used(world, organisation, identity, start, RECORD_BYTES, now + _HORIZON_SECONDS)
    log.read_at(identity, now + _NO_TRAFFIC_SECONDS if full is None else _next_period(full))


def _end_of_record(
    world: World,
    organisation: Organisation,
    endpoint: int,
    spans: Sequence[DutySpan],
    start: float,
    now: float,
) -> float | None:
    """Return when the next record ends, None if not before ``now``."""
    ends = [span.end for span in spans if span.end is not None and start < span.end <= now]
    last = min(ends, default=now)
    full = when_used(world, organisation, endpoint, start, RECORD_BYTES, last)
    stop = math.inf if full is None else _next_period(full)
    if stop <= last:
        return stop
    return last if ends else None


def _next_period(moment: float) -> float:
    return math.ceil(moment / PERIOD_SECONDS) * PERIOD_SECONDS


def _body(
    world: World,
    organisation: Organisation,
    endpoint: EndpointState,
    spans: Sequence[DutySpan],
    start: float,
    stop: float,
) -> dict[str, Any] | None:
    """Return the record of a period, None if there was no traffic."""
    found = list(pieces(world, organisation, endpoint.id, start, stop))
    span = _span_at(spans, start, stop)
    sim = None if span is None else organisation.sims.find(span.sim)
    if not found or span is None or sim is None:
        return None
    return data_record(
        world,
        organisation,
        endpoint,
        sim,
        span,
        start=max(start, span.start),
        stop=stop,
        rx=sum(piece.rx for piece in found),
        tx=sum(piece.tx for piece in found),
    )


def _span_at(spans: Sequence[DutySpan], start: float, stop: float) -> DutySpan | None:
    """Return the span that overlaps a period; a record ends with its span, so there is one at most."""
    for span in spans:
        if span.start < stop and (span.end is None or span.end > start):
            return span
    return None
