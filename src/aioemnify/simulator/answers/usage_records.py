"""Usage records as data streams push them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.networks import COUNTRIES, RATEZONES, Operator, zones_of
from aioemnify.simulator.state.activity import DutySpan
from aioemnify.simulator.state.addresses import write_address
from aioemnify.simulator.state.fleet import EndpointState, SimState, mix
from aioemnify.simulator.state.records.sms import Message
from aioemnify.simulator.state.world import Organisation, World, event_time
from aioemnify.simulator.usage.connectivity import visited

_MEGABYTE = 10**6


def data_record(
    world: World,
    organisation: Organisation,
    endpoint: EndpointState,
    sim: SimState,
    span: DutySpan,
    *,
    start: float,
    stop: float,
    rx: int,
    tx: int,
) -> dict[str, Any]:
    """Return the record of a period of a data session, without its id.

    Args:
        world: the state.
        organisation: the organisation.
        endpoint: the endpoint.
        sim: its SIM in that period.
        span: the time on duty that contains the period; it stands for the session.
        start: start of the period.
        stop: end of the period.
        rx: bytes to the device.
        tx: bytes from it.
    """
    zone = RATEZONES[_zone(organisation, endpoint)]
    volume = {name: count / _MEGABYTE for name, count in (("rx", rx), ("tx", tx), ("total", rx + tx))}
    cost = Decimal(rx + tx) / _MEGABYTE * Decimal(zone.rate)
    high, low = mix(span.sim, int(span.start * 1000)), mix(span.endpoint, int(span.start * 1000))
    return _record(world, organisation, endpoint, sim, start, stop, volume, cost, 5) | {
        "session_id": str(UUID(int=high << 64 | low, version=4))
    }


def sms_record(
    world: World, organisation: Organisation, endpoint: EndpointState, sim: SimState, message: Message
) -> dict[str, Any]:
    """Return the record of an SMS, without its id; ``rx`` is 1 if the device sent it, else ``tx``."""
    rx = int(message.sent_by_device)
    tariff = lookups.TARIFFS[organisation.tariff_profiles[endpoint.tariff_profile].tariff]
    rate = tariff["default_sms_mo_rate" if rx else "default_sms_mt_rate"]
    assert message.delivered is not None
    return _record(
        world,
        organisation,
        endpoint,
        sim,
        message.submitted,
        message.delivered,
        {"rx": rx, "tx": 1 - rx, "total": 1},
        Decimal(str(rate)),
        6,
    )


def record_time(wall: float) -> str:
    """Return a time as records write it: in whole seconds, with milliseconds only if there are any."""
    return event_time(wall).replace(".000Z", "Z")


def _zone(organisation: Organisation, endpoint: EndpointState) -> int:
    """Return the rate zone of the visited network: the first one, which the statistics use too."""
    return zones_of(organisation.tariff_profiles[endpoint.tariff_profile].tariff)[0]


def _record(
    world: World,
    organisation: Organisation,
    endpoint: EndpointState,
    sim: SimState,
    start: float,
    stop: float,
    volume: dict[str, float],
    cost: Decimal,
    traffic_type: int,
) -> dict[str, Any]:
    profile = organisation.tariff_profiles[endpoint.tariff_profile]
    zone, numbers = RATEZONES[_zone(organisation, endpoint)], world.numbers
    network = visited(organisation, endpoint)
    return {
        "start_timestamp": record_time(start),
        "end_timestamp": record_time(stop),
        "volume": volume,
        "cost": float(cost),
        "currency": dict(lookups.EURO),
        "traffic_type": {"id": traffic_type, "description": "Data" if traffic_type == 5 else "SMS"},
        "endpoint": {
            "id": endpoint.id,
            "name": endpoint.name,
            "ip_address": write_address(endpoint.ip),
            "tags": endpoint.tags,
            "imei": endpoint.imei,
            "balance": None,
        },
        "sim": {
            "id": sim.id,
            "iccid": numbers.iccid(sim.id),
            "msisdn": numbers.msisdn(sim.id),
            "production_date": record_time(sim.produced),
        },
        "imsi": numbers.imsi(sim.id),
        "imsi_id": sim.id,
        "organisation": {"id": organisation.id, "name": organisation.name},
        "operator": None if network is None else _operator(network[0]),
        "tariff": {
            "id": profile.tariff,
            "name": lookups.TARIFFS[profile.tariff]["name"],
            "ratezone": {"id": zone.id, "name": zone.name},
        },
    }


def _operator(operator: Operator) -> dict[str, Any]:
    country = COUNTRIES[operator.country]
    return {
        "id": operator.id,
        "name": operator.name,
        "mnc": operator.mnc,
        "country": {name: country[name] for name in ("id", "name", "mcc")},
    }
