"""Response bodies of SIMs and endpoints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aioemnify.simulator.platform import lookups
from aioemnify.simulator.state.addresses import write_address
from aioemnify.simulator.state.fleet import EndpointState, SimState, with_luhn
from aioemnify.simulator.state.world import Organisation, World, object_time
from aioemnify.simulator.usage.connectivity import Networks, core_numbers, networks, serving


def sim_body(world: World, organisation: Organisation, sim: SimState) -> dict[str, Any]:
    """Return a SIM; ``activation_date`` and ``endpoint`` are left out if there is none."""
    numbers = world.numbers
    iccid = numbers.iccid(sim.id)
    body: dict[str, Any] = {
        "id": sim.id,
        "iccid": iccid,
        "iccid_with_luhn": with_luhn(iccid),
        "production_date": object_time(sim.produced),
        "status": lookups.lookup(lookups.SIM_STATUSES, sim.status),
        "customer_org": organisation.ref,
        "issuer_org": lookups.ISSUER_ORG,
        "imsi": numbers.imsi(sim.id),
        "msisdn": numbers.msisdn(sim.id),
        "model": lookups.SIM_MODEL,
    }
    eid = numbers.eid(sim.id)
    if eid is not None:
        body |= {"eid": eid, "model": lookups.ESIM_MODEL}
    if sim.activated is not None:
        body["activation_date"] = object_time(sim.activated)
    endpoint = None if sim.endpoint is None else organisation.endpoints.find(sim.endpoint)
    if endpoint is not None:
        body["endpoint"] = {
            "id": endpoint.id,
            "name": endpoint.name,
            "imei": endpoint.imei,
            "created": object_time(endpoint.created),
            "last_updated": object_time(endpoint.updated),
            "organisation_id": organisation.id,
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
    bodies = []
    for endpoint in endpoints:
        profiles = endpoint.service_profile, endpoint.tariff_profile
        if profiles not in known:
            known[profiles] = networks(organisation, *profiles)
        bodies.append(_endpoint(world, organisation, endpoint, known[profiles]))
    return bodies


def endpoint_body(world: World, organisation: Organisation, endpoint: EndpointState) -> dict[str, Any]:
    """Return one endpoint with its whole address space, which lists do not have."""
    body = _endpoint(world, organisation, endpoint, None)
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
    world: World, organisation: Organisation, endpoint: EndpointState, known: Networks | None
) -> dict[str, Any]:
    service = organisation.service_profiles[endpoint.service_profile]
    tariff = organisation.tariff_profiles[endpoint.tariff_profile]
    body: dict[str, Any] = {
        "id": endpoint.id,
        "name": endpoint.name,
        "tags": endpoint.tags,
        "created": object_time(endpoint.created),
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
    operator = serving(world, organisation, endpoint, world.clock.wall(), known)
    if operator is not None:
        body["runtime_data"] = core_numbers(operator)
    sim = None if endpoint.sim is None else organisation.sims.find(endpoint.sim)
    if sim is not None:
        iccid = world.numbers.iccid(sim.id)
        body["sim"] = {
            "id": sim.id,
            "iccid": iccid,
            "iccid_with_luhn": with_luhn(iccid),
            "imsi": world.numbers.imsi(sim.id),
            "msisdn": world.numbers.msisdn(sim.id),
            "status": lookups.lookup(lookups.SIM_STATUSES, sim.status),
            "sim_profile_type_id": 1,
        }
        eid = world.numbers.eid(sim.id)
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
