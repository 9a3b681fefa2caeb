"""Response bodies of SIMs and endpoints."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec

from aioemnify.simulator.platform import lookups
from aioemnify.simulator.state.addresses import write_address
from aioemnify.simulator.state.fleet import EndpointState, SimState, with_luhn
from aioemnify.simulator.state.world import Organisation, World, object_time
from aioemnify.simulator.usage.connectivity import Networks, core_numbers, networks, serving

_shared_time = lru_cache(maxsize=1024)(object_time)
"""Writes a time that hundreds of SIMs or endpoints of a page have in common."""


def _encoded(value: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


# Most of a SIM is the same for all: encoded once, it costs a page nothing.
_ISSUER = _encoded(lookups.ISSUER_ORG)
_MODEL, _ESIM_MODEL = _encoded(lookups.SIM_MODEL), _encoded(lookups.ESIM_MODEL)
_SIM_STATUSES = {identity: _encoded(lookups.lookup(lookups.SIM_STATUSES, identity)) for identity in range(5)}


def sim_body(world: World, organisation: Organisation, sim: SimState) -> dict[str, Any]:
    """Return a SIM; ``activation_date`` and ``endpoint`` are left out if there is none."""
    return sim_page(world, organisation, [sim])[0]


def sim_page(world: World, organisation: Organisation, sims: Iterable[SimState]) -> list[dict[str, Any]]:
    """Return SIMs as lists show them."""
    customer, find = _encoded(organisation.ref), organisation.endpoints.find
    return [
        _sim(world, organisation.id, customer, sim, None if sim.endpoint is None else find(sim.endpoint))
        for sim in sims
    ]


def _sim(
    world: World, owner: int, customer: msgspec.Raw, sim: SimState, endpoint: EndpointState | None
) -> dict[str, Any]:
    iccid, imsi, msisdn, eid = world.numbers.of(sim.id)
    body: dict[str, Any] = {
        "id": sim.id,
        "iccid": iccid,
        "iccid_with_luhn": with_luhn(iccid),
        "production_date": _shared_time(sim.produced),
        "status": _SIM_STATUSES[sim.status],
        "customer_org": customer,
        "issuer_org": _ISSUER,
        "imsi": imsi,
        "msisdn": msisdn,
        "model": _MODEL,
    }
    if eid is not None:
        body["eid"] = eid
        body["model"] = _ESIM_MODEL
    if sim.activated is not None:
        body["activation_date"] = object_time(sim.activated)
    if endpoint is not None:
        body["endpoint"] = {
            "id": endpoint.id,
            "name": endpoint.name,
            "imei": endpoint.imei,
            "created": _shared_time(endpoint.created),
            "last_updated": object_time(endpoint.updated),
            "organisation_id": owner,
            "service_profile_id": endpoint.service_profile,
            "tariff_profile_id": endpoint.tariff_profile,
            "tags": endpoint.tags,
            "ip_address": write_address(endpoint.ip),
            "ip_address_space_id": endpoint.ip_space,
        }
    return body


def endpoint_page(
    world: World, organisation: Organisation, endpoints: Iterable[EndpointState]
) -> list[dict[str, Any]]:
    """Return endpoints as lists show them."""
    known: dict[tuple[int, int], Networks] = {}
    now, bodies = world.clock.wall(), []
    for endpoint in endpoints:
        profiles = endpoint.service_profile, endpoint.tariff_profile
        if profiles not in known:
            known[profiles] = networks(organisation, *profiles)
        bodies.append(_endpoint(world, organisation, endpoint, now, known[profiles]))
    return bodies


def endpoint_body(world: World, organisation: Organisation, endpoint: EndpointState) -> dict[str, Any]:
    """Return one endpoint with its whole address space, which lists do not have."""
    body = _endpoint(world, organisation, endpoint, world.clock.wall(), None)
    space = organisation.spaces[endpoint.ip_space]
    body["ip_address_space"] = {
        "id": space.id,
        "ip_address_space": str(space.network),
        "ip_address_version": 4,
    }
    body["tariff_profile"]["satellite_capable"] = False
    if endpoint.imei is not None and len(endpoint.imei) >= 14:
        body["imei_with_luhn"] = with_luhn(endpoint.imei[:14])
    return body


def _endpoint(
    world: World, organisation: Organisation, endpoint: EndpointState, now: float, known: Networks | None
) -> dict[str, Any]:
    service = organisation.service_profiles[endpoint.service_profile]
    tariff = organisation.tariff_profiles[endpoint.tariff_profile]
    body: dict[str, Any] = {
        "id": endpoint.id,
        "name": endpoint.name,
        "tags": endpoint.tags,
        "created": _shared_time(endpoint.created),
        "last_updated": object_time(endpoint.updated),
        "status": lookups.lookup(lookups.ENDPOINT_STATUSES, endpoint.status),
        "service_profile": {"id": service.id, "name": service.name},
        "tariff_profile": {"id": tariff.id, "name": tariff.name},
        "ip_address": write_address(endpoint.ip),
        "ip_address_space": {"id": endpoint.ip_space},
        "imei": endpoint.imei,
        "imei_lock": endpoint.imei_lock,
    }
    tags = organisation.tags.of(endpoint.id)
    if tags:
        body["tag_assignments"] = [tag.body() for tag in tags]
    sim = None if endpoint.sim is None else organisation.sims.find(endpoint.sim)
    operator = serving(world, organisation, endpoint, sim, now, known)
    if operator is not None:
        body["runtime_data"] = core_numbers(operator)
    if sim is not None:
        iccid, imsi, msisdn, eid = world.numbers.of(sim.id)
        body["sim"] = {
            "id": sim.id,
            "iccid": iccid,
            "iccid_with_luhn": with_luhn(iccid),
            "imsi": imsi,
            "msisdn": msisdn,
            "status": _SIM_STATUSES[sim.status],
            "sim_profile_type_id": 1,
        }
        if eid is not None:
            body["sim"]["eid"] = eid
    return body


def event_endpoint(endpoint: EndpointState) -> dict[str, Any]:
    """Return an endpoint as it appears inside an event."""
    return {
        "id": endpoint.id,
        "name": endpoint.name,
        "imei": endpoint.imei,
        "ip_address": write_address(endpoint.ip),
        "tags": endpoint.tags,
    }
