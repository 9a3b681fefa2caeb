"""Zones, inclusive volumes and blocked operators of a tariff profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.api.tariff_profiles import find_profile, selected_zones
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.errors import Findings, bad_request, duplicated, not_found
from aioemnify.simulator.platform.networks import (
    COUNTRIES,
    INCLUSIVE_VOLUMES,
    OPERATORS,
    RAT_TYPES,
    RATEZONES,
    zones_of,
)
from aioemnify.simulator.state.records.profiles import BlockedRadio, TariffProfile
from aioemnify.simulator.usage.connectivity import covered


def list_coverage(call: Call) -> Reply:
    """Return the countries that a profile covers, and the number of their networks."""
    counts: dict[int, int] = {}
    for operator in covered(find_profile(call)):
        counts[operator.country] = counts.get(operator.country, 0) + 1
    return Reply(
        body=[
            {"country": dict(COUNTRIES[country]), "redundancy_count": count}
            for country, count in sorted(counts.items())
        ]
    )


def _zone(call: Call, profile: TariffProfile) -> int:
    identity = call.number("ratezone_id", "Ratezone")
    if identity not in zones_of(profile.tariff):
        raise not_found("Ratezone", identity)
    return identity


def select_zone(call: Call) -> Reply:
    """Select a zone: devices may use its countries.

    Choice: a new profile selects all zones of its price list, selecting one again changes nothing, and a
        change of the price list selects all zones of the new one.
    """
    profile = find_profile(call)
    profile.zones = sorted({*selected_zones(profile), _zone(call, profile)})
    return NO_CONTENT


def deselect_zone(call: Call) -> Reply:
    """Deselect a zone, and remove its inclusive volume."""
    profile = find_profile(call)
    zone = _zone(call, profile)
    profile.zones = [each for each in selected_zones(profile) if each != zone]
    profile.bundles = [each for each in profile.bundles if INCLUSIVE_VOLUMES[each].zone != zone]
    return NO_CONTENT


def _bundle(call: Call) -> int:
    return call.find("inclusive_volume_id", "Inclusive volume", INCLUSIVE_VOLUMES).id


def assign_bundle(call: Call) -> Reply:
    """Add an inclusive volume to a profile.

    Choice: 400 if its zone belongs to another price list or is not selected, 409 if the profile has one for
        that zone already.
    """
    profile, bundle = find_profile(call), _bundle(call)
    zone = INCLUSIVE_VOLUMES[bundle].zone
    if zone not in selected_zones(profile):
        raise bad_request(f"Inclusive volume with id {bundle} is for another ratezone")
    if any(INCLUSIVE_VOLUMES[each].zone == zone for each in profile.bundles):
        raise duplicated(f"Ratezone {RATEZONES[zone].name} has an inclusive volume already")
    profile.bundles.append(bundle)
    return NO_CONTENT


def unassign_bundle(call: Call) -> Reply:
    """Remove an inclusive volume from a profile; 404 if it does not have it."""
    profile, bundle = find_profile(call), _bundle(call)
    if bundle not in profile.bundles:
        raise not_found("Inclusive volume", bundle)
    profile.bundles.remove(bundle)
    return NO_CONTENT


def _operator(call: Call) -> int:
    return call.find("operator_id", "Operator", OPERATORS).id


def _blocklist_body(profile: TariffProfile, operator: int) -> dict[str, Any]:
    rules = profile.blocked.get(operator) or BlockedRadio()
    return {
        "operator": OPERATORS[operator].ref,
        "tariff_profile": {"id": profile.id},
        "blocklist": {
            "operator": rules.whole,
            "rat_types": [lookups.lookup(RAT_TYPES, rat) for rat in rules.rat_types],
        },
    }


def list_blocklist(call: Call) -> Reply:
    """Return the operators that are blocked, in whole or in part."""
    profile = find_profile(call)
    return Reply(body=[_blocklist_body(profile, operator) for operator in sorted(profile.blocked)])


def get_blocklist(call: Call) -> Reply:
    """Return what is blocked of an operator.

    Choice: 200 also for an operator without anything blocked.
    """
    profile, operator = find_profile(call), _operator(call)
    return Reply(body=_blocklist_body(profile, operator))


def block_operator(call: Call) -> Reply:
    """Block an operator; idempotent."""
    profile, operator = find_profile(call), _operator(call)
    profile.blocked.setdefault(operator, BlockedRadio()).whole = True
    return NO_CONTENT


def unblock_operator(call: Call) -> Reply:
    """Unblock an operator and all its radio types; 404 if nothing is blocked."""
    profile, operator = find_profile(call), _operator(call)
    if operator not in profile.blocked:
        raise not_found("Operator", operator)
    del profile.blocked[operator]
    return NO_CONTENT


def block_radio(call: Call) -> Reply:
    """Block radio types of an operator; blocked types stay blocked."""
    profile, operator = find_profile(call), _operator(call)
    findings = Findings("Tariff profile")
    named = [findings.reference("RatType", rat, RAT_TYPES) for rat in call.body["rat_types"]]
    findings.check()
    wanted = [rat for rat in named if rat is not None]
    if wanted:
        rules = profile.blocked.setdefault(operator, BlockedRadio())
        rules.rat_types = sorted({*rules.rat_types, *wanted})
    return NO_CONTENT


def unblock_radio(call: Call) -> Reply:
    """Unblock a radio type of an operator; 404 if it is not blocked."""
    profile, operator = find_profile(call), _operator(call)
    rat = call.number("rate_type_id", "Rat type")
    rules = profile.blocked.get(operator)
    if rules is None or rat not in rules.rat_types:
        raise not_found("Rat type", rat)
    rules.rat_types.remove(rat)
    if not rules.rat_types and not rules.whole:
        del profile.blocked[operator]
    return NO_CONTENT


HANDLERS: Mapping[str, Handler] = {
    "tariff_profiles.list_coverage": list_coverage,
    "tariff_profiles.select_ratezone": select_zone,
    "tariff_profiles.deselect_ratezone": deselect_zone,
    "tariff_profiles.assign_inclusive_volume": assign_bundle,
    "tariff_profiles.unassign_inclusive_volume": unassign_bundle,
    "tariff_profiles.list_operator_blocklist": list_blocklist,
    "tariff_profiles.get_operator_blocklist": get_blocklist,
    "tariff_profiles.block_operator": block_operator,
    "tariff_profiles.unblock_operator": unblock_operator,
    "tariff_profiles.block_rat_types": block_radio,
    "tariff_profiles.unblock_rat_type": unblock_radio,
}
