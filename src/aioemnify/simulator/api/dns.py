"""Calls about pairs of name servers."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address

from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.platform.errors import Findings, not_allowed, not_found
from aioemnify.simulator.state.records.name_servers import NameServers

_VERSIONS = (4, 6)
_FIRST_ID = 100


def list_pairs(call: Call) -> Reply:
    """Return the pairs of the organisation.

    Choice: an organisation has one pair at the start.
    """
    return Reply(body=[pair.body() for pair in call.organisation.name_servers.values()])


def create_pair(call: Call) -> Reply:
    """Add a pair.

    Choice: both addresses must have the IP version that the body names.

    Raises:
        Problem: 422 with all errors.
    """
    findings = Findings("Dns")
    version = call.body["ip_address_version"]
    if version not in _VERSIONS:
        findings.out_of_range("ip_address_version")
    for name in ("primary", "secondary"):
        if _version(call.body[name]) not in ((version,) if version in _VERSIONS else _VERSIONS):
            findings.malformed(name, "IP address")
    findings.check()
    pair = NameServers(
        id=_FIRST_ID + call.world.allot("dns"),
        primary=call.body["primary"],
        secondary=call.body["secondary"],
        version=version,
    )
    call.organisation.name_servers[pair.id] = pair
    return call.created(f"/api/v1/dns/{pair.id}")


def delete_pair(call: Call) -> Reply:
    """Delete a pair.

    Choice: a pair that a service profile uses cannot be deleted: 409.

    Raises:
        Problem: 404 unknown pair, 409 a service profile uses it.
    """
    identity = call.number("dns_id", "Dns")
    if identity not in call.organisation.name_servers:
        raise not_found("Dns", identity)
    profiles = call.organisation.service_profiles.values()
    if any(profile.references.get("dns") == identity for profile in profiles):
        raise not_allowed(f"Dns with id {identity} is used by a service profile")
    del call.organisation.name_servers[identity]
    return NO_CONTENT


def _version(text: str) -> int | None:
    try:
        return ip_address(text).version
    except ValueError:
        return None


HANDLERS: Mapping[str, Handler] = {
    "dns.create": create_pair,
    "dns.delete": delete_pair,
    "dns.list": list_pairs,
}
