"""The connectivity of a device: whether it is reachable, through which operator, or why not."""

from __future__ import annotations

from collections.abc import Collection

from aioemnify.simulator.platform.dates import month_start
from aioemnify.simulator.platform.networks import OPERATORS, RAT_TYPES, Operator, operators_in, zones_of
from aioemnify.simulator.state.fleet import EndpointState, mix
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


def visited(world: World, organisation: Organisation, endpoint: EndpointState) -> tuple[Operator, int] | None:
    """Return the operator and the radio type that a device would use, None if it has none.

    The preference of a SIM is random but fixed.
    """
    tariff = organisation.tariff_profiles[endpoint.tariff_profile]
    service = organisation.service_profiles[endpoint.service_profile]
    barred = organisation.activity.barred.get(endpoint.id, ())
    order = sorted(covered(tariff), key=lambda each: (each.country != 74, mix(endpoint.sim or 0, each.id)))
    for operator in order:
        rats = radio_types(service, tariff, operator.id)
        if operator.id not in barred and rats:
            return OPERATORS[operator.id], rats[0]
    return None


def _since_reset(moment: float | None, now: float) -> float:
    return float("inf") if moment is None else now - moment


def registered(world: World, organisation: Organisation, endpoint: EndpointState, now: float) -> bool:
    """Return whether the device is registered in a network."""
    sim = None if endpoint.sim is None else organisation.sims.find(endpoint.sim)
    if not on_duty(sim, endpoint):
        return False
    reset = organisation.activity.resets.get(endpoint.id)
    if reset and _since_reset(reset.attachment, now) < world.settings.reset_seconds / 2:
        return False
    return visited(world, organisation, endpoint) is not None


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
