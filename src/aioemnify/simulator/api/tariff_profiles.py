"""Tariff profile calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.errors import Findings, not_allowed
from aioemnify.simulator.platform.networks import INCLUSIVE_VOLUMES, RATEZONES, zones_of
from aioemnify.simulator.state.records.profiles import TariffProfile


def find_profile(call: Call) -> TariffProfile:
    """Return the profile named in the path.

    Raises:
        Problem: 404, the organisation has no object with this id.
    """
    return call.find("tariff_profile_id", "Tariff profile", call.organisation.tariff_profiles)


def selected_zones(profile: TariffProfile) -> list[int]:
    """Return the zones of the price list that a profile selects."""
    zones = zones_of(profile.tariff)
    return zones if profile.zones is None else [zone for zone in zones if zone in profile.zones]


def _body(call: Call, profile: TariffProfile, *, detail: bool) -> dict[str, Any]:
    tariff = lookups.TARIFFS[profile.tariff]
    body = {
        "id": profile.id,
        "name": profile.name,
        "description": profile.description,
        "used_count": profile.used,
        "organisation_id": call.organisation.id,
        "tariff": dict(tariff) if detail else {"id": tariff["id"], "name": tariff["name"]},
    }
    if detail:
        body["ratezone"] = [RATEZONES[zone].ref for zone in selected_zones(profile)]
    if profile.bundles:
        # The API shows one, but a profile may have one for each zone.
        body["inclusive_volume"] = INCLUSIVE_VOLUMES[profile.bundles[0]].body()
    return body


def list_profiles(call: Call) -> Reply:
    """Return all profiles of the organisation."""
    profiles = call.organisation.tariff_profiles.values()
    return Reply(body=[_body(call, profile, detail=False) for profile in profiles])


def get_profile(call: Call) -> Reply:
    """Return one profile with its price list."""
    return Reply(body=_body(call, find_profile(call), detail=True))


def _tariff(body: Mapping[str, Any]) -> int:
    findings = Findings("Tariff profile")
    identity = findings.reference("Tariff", body["tariff"], lookups.TARIFFS)
    findings.check()
    assert identity is not None
    return identity


def create_profile(call: Call) -> Reply:
    """Create a profile on a price list.

    Raises:
        Problem: 422, there is no such price list.
    """
    profile = TariffProfile(
        tariff=_tariff(call.body),
        id=call.world.allot("profile"),
        name=call.body["name"],
        description=call.body["description"],
    )
    call.organisation.tariff_profiles[profile.id] = profile
    return call.created(f"/api/v1/tariff_profile/{profile.id}")


def update_profile(call: Call) -> Reply:
    """Change the members in the body."""
    profile = find_profile(call)
    tariff = _tariff(call.body) if "tariff" in call.body else profile.tariff
    if tariff != profile.tariff:
        profile.tariff, profile.zones, profile.bundles = tariff, None, []
    profile.name = call.body.get("name", profile.name)
    profile.description = call.body.get("description", profile.description)
    return NO_CONTENT


def delete_profile(call: Call) -> Reply:
    """Delete a profile that no endpoint uses.

    Raises:
        Problem: 409, endpoints use it.
    """
    profile = find_profile(call)
    if profile.used > 0:
        raise not_allowed(f"Tariff profile with id {profile.id} is used by {profile.used} endpoints")
    del call.organisation.tariff_profiles[profile.id]
    return NO_CONTENT


HANDLERS: Mapping[str, Handler] = {
    "tariff_profiles.list": list_profiles,
    "tariff_profiles.get": get_profile,
    "tariff_profiles.create": create_profile,
    "tariff_profiles.update": update_profile,
    "tariff_profiles.delete": delete_profile,
}
