"""The connectivity of a device: whether it is reachable, through which operator, or why not."""

from __future__ import annotations

from collections.abc import Collection

from aioemnify.simulator.platform.dates import month_start
from aioemnify.simulator.platform.networks import COUNTRIES, RAT_TYPES, Operator, operators_in, zones_of
from aioemnify.simulator.state.fleet import EndpointState, SimState, mix
from aioemnify.simulator.state.records.profiles import DATA_SERVICE, ServiceProfile, TariffProfile
from aioemnify.simulator.state.records.quotas import ACTIVE
from aioemnify.simulator.state.records.traffic_policy import policy_at
from aioemnify.simulator.state.world import Organisation, World
from aioemnify.simulator.usage.duty_spans import on_duty
from aioemnify.simulator.usage.endpoint_usage import ceiling, used

ATTACHED, ONLINE, OFFLINE, BLOCKED = "ATTACHED", "ONLINE", "OFFLINE", "BLOCKED"
SMS_SERVICE = 22
_RAT_FLAGS = {2: None, 1: "allowed_3g", 6: "allowed_4g", 8: "allowed_nb_iot"}
_PREFERRED = (6, 1, 2, 8)
_HOME = 74
"""The country whose networks every device prefers."""


def covered(profile: TariffProfile) -> list[Operator]:
    """Return the operators of the zones that a tariff profile selects, without those it blocks."""
    zones = [zone for zone in zones_of(profile.tariff) if profile.zones is None or zone in profile.zones]
    return [
        operator
        for operator in operators_in(zones)
        if not ((rules := profile.blocked.get(operator.id)) and rules.whole)
    ]


def radio_types(service: ServiceProfile, tariff: TariffProfile, operator: int) -> list[int]:
    """Return the radio types of an operator that the profiles allow, the preferred one first."""
    rules = tariff.blocked.get(operator)
    barred: Collection[int] = rules.rat_types if rules else ()
    return [
        rat
        for rat in _PREFERRED
        if rat in RAT_TYPES
        and rat not in barred
        and (_RAT_FLAGS[rat] is None or service.flags.get(str(_RAT_FLAGS[rat])))
    ]


Networks = list[tuple[Operator, int]]
"""Operators, each with the radio type that a device would use."""


def networks(organisation: Organisation, service_profile: int, tariff_profile: int) -> Networks:
    """Return the operators that two profiles allow."""
    tariff = organisation.tariff_profiles[tariff_profile]
    service = organisation.service_profiles[service_profile]
    allowed = ((operator, radio_types(service, tariff, operator.id)) for operator in covered(tariff))
    return [(operator, rats[0]) for operator, rats in allowed if rats]


def visited(
    organisation: Organisation, endpoint: EndpointState, known: Networks | None = None
) -> tuple[Operator, int] | None:
    """Return the operator and the radio type that a device would use, None if it has none.

    The preference of a SIM is random but fixed.

    Args:
        organisation: the owner of the endpoint.
        endpoint: the endpoint of the device.
        known: what its profiles allow, if the caller knows it.
    """
    if known is None:
        known = networks(organisation, endpoint.service_profile, endpoint.tariff_profile)
    barred = organisation.activity.barred.get(endpoint.id)
    if barred:
        known = [network for network in known if network[0].id not in barred]
    sim = endpoint.sim or 0
    home = [network for network in known if network[0].country == _HOME]
    return min(home or known, key=lambda network: mix(sim, network[0].id), default=None)


def _since_reset(moment: float | None, now: float) -> float:
    return float("inf") if moment is None else now - moment


def serving(
    world: World,
    organisation: Organisation,
    endpoint: EndpointState,
    sim: SimState | None,
    now: float,
    known: Networks | None = None,
) -> Operator | None:
    """Return the operator in whose network a device is registered, None if it is in none.

    Args:
        world: the state of the simulator.
        organisation: the owner of the endpoint.
        endpoint: the endpoint of the device.
        sim: its SIM.
        now: the time.
        known: what its profiles allow, if the caller knows it.
    """
    if not on_duty(sim, endpoint):
        return None
    reset = organisation.activity.resets.get(endpoint.id)
    if reset and _since_reset(reset.attachment, now) < world.settings.reset_seconds / 2:
        return None
    network = visited(organisation, endpoint, known)
    return None if network is None else network[0]


def registered(world: World, organisation: Organisation, endpoint: EndpointState, now: float) -> bool:
    """Return whether the device is registered in a network."""
    sim = None if endpoint.sim is None else organisation.sims.find(endpoint.sim)
    return serving(world, organisation, endpoint, sim, now) is not None


def core_numbers(operator: Operator) -> dict[str, str]:
    """Return the addresses of the network elements of an operator: of calls, and of data."""
    number = f"{COUNTRIES[operator.country]['country_code']}177{operator.id:07d}"
    return {"msc": f"{number}1", "sgsn": f"{number}0", "sgsn_ip_address": f"198.51.100.{operator.id}"}


def blocked(world: World, organisation: Organisation, endpoint: EndpointState, now: float) -> bool:
    """Return whether a quota or a monthly limit blocks the device's data."""
    profile = organisation.service_profiles[endpoint.service_profile]
    if not profile.policies:
        return False
    policy = policy_at(profile.policies, now)
    quota = organisation.activity.data_quotas.get(endpoint.id)
    if policy.quota and (quota is None or quota.status != ACTIVE):
        return True
    if policy.limit is None:
        return False
    most = ceiling(organisation, endpoint.id, policy.limit, now)
    return used(world, organisation, endpoint.id, month_start(now), now) >= most


def state(world: World, organisation: Organisation, endpoint: EndpointState, now: float) -> str:
    """Return the device's connectivity as the API names it."""
    if not registered(world, organisation, endpoint, now):
        return OFFLINE
    profile = organisation.service_profiles[endpoint.service_profile]
    if DATA_SERVICE not in profile.services:
        return ATTACHED
    if blocked(world, organisation, endpoint, now):
        return BLOCKED
    reset = organisation.activity.resets.get(endpoint.id)
    if reset and min(_since_reset(reset.session, now), _since_reset(reset.attachment, now)) < (
        world.settings.reset_seconds
    ):
        return ATTACHED
    return ONLINE
