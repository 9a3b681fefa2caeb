"""Tariff profile calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator import catalogue
from aioemnify.simulator.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.problems import Findings, not_allowed, not_found
from aioemnify.simulator.world import TariffProfile


def _find(call: Call) -> TariffProfile:
    identity = call.number("tariff_profile_id", "Tariff profile")
    profile = call.organisation.tariff_profiles.get(identity)
    if profile is None:
        raise not_found("Tariff profile", identity)
    return profile


def _body(call: Call, profile: TariffProfile, *, detail: bool) -> dict[str, Any]:
    tariff = catalogue.TARIFFS[profile.tariff]
    return {
        "id": profile.id,
        "name": profile.name,
        "description": profile.description,
        "used_count": profile.used,
        "organisation_id": call.organisation.id,
        "tariff": dict(tariff) if detail else {"id": tariff["id"], "name": tariff["name"]},
    }


def list_profiles(call: Call) -> Reply:
    """Answer all profiles of the tenant."""
    profiles = call.organisation.tariff_profiles.values()
    return Reply(body=[_body(call, profile, detail=False) for profile in profiles])


def get_profile(call: Call) -> Reply:
    """Answer one profile with its price list."""
    return Reply(body=_body(call, _find(call), detail=True))


def _tariff(body: Mapping[str, Any]) -> int:
    identity = body["tariff"].get("id")
    findings = Findings("Tariff profile")
    if identity not in catalogue.TARIFFS:
        findings.dangling("Tariff", identity)
    findings.check()
    assert isinstance(identity, int)
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
    """Change what the body names."""
    profile = _find(call)
    if "tariff" in call.body:
        profile.tariff = _tariff(call.body)
    profile.name = call.body.get("name", profile.name)
    profile.description = call.body.get("description", profile.description)
    return NO_CONTENT


def delete_profile(call: Call) -> Reply:
    """Delete a profile that no endpoint uses.

    Raises:
        Problem: 409, endpoints use it.
    """
    profile = _find(call)
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
