"""A user's own SIMs and endpoints, in place of the computed ones of the first organisation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network

from attrs import evolve, frozen
from msgspec.structs import replace

from aioemnify.simulator.state.activity import DutySpan
from aioemnify.simulator.state.addresses import AddressSpace
from aioemnify.simulator.state.fleet import ACTIVATED, ENABLED, EndpointState, SimNumbers, SimState
from aioemnify.simulator.state.world import Organisation, World, new_service_profile, new_tariff_profile

UNKNOWN = 0
"""Stands for a profile, an address or a space that the file does not name."""


@frozen(kw_only=True)
class OwnFleet:
    """SIMs and endpoints that a user gave, by id.

    Attributes:
        digest: identifies the content.
        sims: the SIMs.
        endpoints: the endpoints; members that the user did not name are ``UNKNOWN``.
        numbers: the identifiers of the SIMs.
        service_profiles: names of the service profiles that endpoints have.
        tariff_profiles: names of the tariff profiles that endpoints have.
        spaces: the address spaces of the endpoints.
    """

    digest: str
    sims: Mapping[int, SimState]
    endpoints: Mapping[int, EndpointState]
    numbers: Mapping[int, SimNumbers]
    service_profiles: Mapping[int, str]
    tariff_profiles: Mapping[int, str]
    spaces: Mapping[int, IPv4Network]


def settle(world: World, organisation: Organisation, own: OwnFleet) -> None:
    """Give a user's own fleet to an organisation that has no SIMs; later ids are above those of the fleet."""
    for kind, ids in (
        ("sim", own.sims),
        ("endpoint", own.endpoints),
        ("profile", {*own.service_profiles, *own.tariff_profiles}),
        ("space", own.spaces),
    ):
        world.allot_above(kind, max(ids, default=0))
    for identity, name in own.service_profiles.items():
        organisation.service_profiles[identity] = new_service_profile(identity, name, nb_iot=True)
    for identity, name in own.tariff_profiles.items():
        organisation.tariff_profiles[identity] = new_tariff_profile(identity, name, tariff=2)
    # Endpoints without an address get one of the organisation's own space, which comes first.
    (first,) = organisation.spaces.values()
    space = first.id if first.id not in own.spaces else world.allot("space")
    organisation.spaces = {space: AddressSpace(space, first.network)} | {
        identity: AddressSpace(identity, network) for identity, network in own.spaces.items()
    }
    attached = sum(sim.endpoint is not None for sim in own.sims.values())
    organisation.fleet = evolve(organisation.fleet, given=attached, ip_space=space)
    organisation.sims.load(own.sims.values())
    organisation.endpoints.load(_complete(organisation, own))
    _note_duty(organisation, own)


def _complete(organisation: Organisation, own: OwnFleet) -> Iterator[EndpointState]:
    """Yield the endpoints with the profiles and addresses that they lack."""
    service, tariff = organisation.fleet.service_profiles[0], organisation.fleet.tariff_profiles[0]
    default = organisation.fleet.ip_space
    for endpoint in own.endpoints.values():
        if endpoint.ip != UNKNOWN:
            organisation.spaces[endpoint.ip_space or default].take(endpoint.ip, endpoint.id)
    for endpoint in own.endpoints.values():
        space = organisation.spaces[endpoint.ip_space or default]
        address: int | None = endpoint.ip
        if address == UNKNOWN:
            address = space.free()
            assert address is not None  # the file was refused if there is not enough room
            space.take(address, endpoint.id)
        complete = replace(
            endpoint,
            service_profile=endpoint.service_profile or service,
            tariff_profile=endpoint.tariff_profile or tariff,
            ip=address,
            ip_space=space.id,
        )
        organisation.service_profiles[complete.service_profile].used += 1
        organisation.tariff_profiles[complete.tariff_profile].used += 1
        yield complete


def _note_duty(organisation: Organisation, own: OwnFleet) -> None:
    """Let the SIMs that are on duty have traffic, as computed ones have."""
    spans = organisation.activity.duty_spans
    for sim in own.sims.values():
        endpoint = None if sim.endpoint is None else organisation.endpoints.find(sim.endpoint)
        if endpoint is None or endpoint.status != ENABLED or sim.status != ACTIVATED:
            continue
        start = max(sim.produced if sim.activated is None else sim.activated, endpoint.created)
        spans.spans[sim.id] = [
            DutySpan(sim=sim.id, endpoint=endpoint.id, profile=endpoint.service_profile, start=start)
        ]
        spans.visitors[endpoint.id] = [sim.id]
