"""Calls about the private address ranges of an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.platform.errors import Findings, duplicated, not_allowed, not_found
from aioemnify.simulator.state.addresses import AddressSpace

_RANGES = tuple(map(IPv4Network, ("10.192.0.0/12", "100.64.0.0/10", "10.112.0.0/12", "10.176.0.0/12")))
_RESERVED = IPv4Network("100.64.0.0/24")
_OFFERED = _RANGES[1]
_OFFERED_BITS = 28
_FIRST_OFFER = 1_000_000
_OFFERS = 2 ** (_OFFERED_BITS - _OFFERED.prefixlen)
_SHOWN = 10


def _body(space: AddressSpace) -> dict[str, Any]:
    return {
        "id": space.id,
        "ip_address_space": str(space.network),
        "ip_address_version": 4,
        "used_count": space.used,
        "available_count": space.size - space.used,
    }


def list_spaces(call: Call) -> Reply:
    """Return the ranges of the organisation."""
    return Reply(body=[_body(space) for space in call.organisation.spaces.values()])


def create_space(call: Call) -> Reply:
    """Allocate a range.

    Choice: only IPv4 ranges of at least one usable address are available; others get 422.
    Choice: a range that overlaps another one of the organisation gets 409.

    Raises:
        Problem: 422 not a range or not an available one, 409 it overlaps.
    """
    findings = Findings("Ip address space")
    network = _network(call.body["ip_address_space"])
    if call.body["ip_address_version"] != 4:
        findings.out_of_range("ip_address_version")
    if network is None:
        findings.malformed("ip_address_space", "range in CIDR notation")
    elif network.prefixlen > 30 or network.overlaps(_RESERVED) or not any(map(network.subnet_of, _RANGES)):
        findings.out_of_range("ip_address_space")
    findings.check()
    assert network is not None
    if not _is_free(call, network):
        raise duplicated(f"IP address space {network} overlaps another one")
    space = call.world.add_space(call.organisation, network)
    return call.created(f"/api/v1/ip_address_space/{space.id}", _body(space))


def list_available(call: Call) -> Reply:
    """Return ten available ranges.

    Choice: they are random ranges of 16 addresses within 100.64.0.0/10, new ones for each call; there are
        no IPv6 ranges.
    """
    version = call.params.get("ip_address_version", "")
    found = []
    for place in call.world.chance.sample(range(_OFFERS), _SHOWN * 5) if version in ("", "4") else ():
        space = AddressSpace(_FIRST_OFFER + place, _offer(place))
        if _is_free(call, space.network):
            found.append(_body(space))
    return Reply(body=found[:_SHOWN])


def assign_space(call: Call) -> Reply:
    """Allocate one of the offered ranges.

    Raises:
        Problem: 404 it was not offered, 409 the organisation has it or an overlapping one.
    """
    identity = call.number("address_space_id", "IP address space")
    place = identity - _FIRST_OFFER
    if not 0 <= place < _OFFERS or _offer(place).overlaps(_RESERVED):
        raise not_found("IP address space", identity)
    network = _offer(place)
    if not _is_free(call, network):
        raise duplicated(f"IP address space {network} overlaps another one")
    call.organisation.spaces[identity] = AddressSpace(identity, network)
    return NO_CONTENT


def release_space(call: Call) -> Reply:
    """Release a range that no endpoint uses.

    Choice: the last range of an organisation cannot be released, because new endpoints need one.

    Raises:
        Problem: 404 unknown range, 409 it is in use or the last one.
    """
    identity = call.number("address_space_id", "IP address space")
    spaces = call.organisation.spaces
    if identity not in spaces:
        raise not_found("IP address space", identity)
    if spaces[identity].used:
        raise not_allowed(f"IP address space with id {identity} is used by endpoints")
    if len(spaces) == 1:
        raise not_allowed(f"IP address space with id {identity} is the last one")
    del spaces[identity]
    return NO_CONTENT


def _network(text: str) -> IPv4Network | None:
    try:
        return IPv4Network(text)
    except ValueError:
        return None


def _offer(place: int) -> IPv4Network:
    step = 2 ** (32 - _OFFERED_BITS)
    return IPv4Network((int(_OFFERED.network_address) + place * step, _OFFERED_BITS))


def _is_free(call: Call, network: IPv4Network) -> bool:
    taken = (space.network for space in call.organisation.spaces.values())
    return not any(network.overlaps(other) for other in (_RESERVED, *taken))


HANDLERS: Mapping[str, Handler] = {
    "ip_address_spaces.assign": assign_space,
    "ip_address_spaces.create": create_space,
    "ip_address_spaces.list": list_spaces,
    "ip_address_spaces.list_available": list_available,
    "ip_address_spaces.release": release_space,
}
