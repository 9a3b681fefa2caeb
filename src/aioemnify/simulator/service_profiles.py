"""Service profile calls, with the services a profile allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator import catalogue
from aioemnify.simulator.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.problems import Findings, duplicated, not_allowed, not_found
from aioemnify.simulator.world import ServiceProfile

_FLAGS = (
    "allowed_3g",
    "allowed_4g",
    "allowed_nb_iot",
    "allowed_nb_iot_geo",
    "apply_sms_quota",
    "apply_data_quota",
    "retail",
    "sms_p2p_int",
    "sms_p2p_ext",
    "prepaid",
    "nipdp",
)
_REFERENCES = ("api_callback", "api_secret", "moc_callback", "esme_interface_type", "breakout_region", "dns")


def _find(call: Call) -> ServiceProfile:
    identity = call.number("profile_id", "Service profile")
    profile = call.organisation.service_profiles.get(identity)
    if profile is None:
        raise not_found("Service profile", identity)
    return profile


def _body(call: Call, profile: ServiceProfile, *, detail: bool) -> dict[str, Any]:
    # Counts and flags travel as text here, as they do in the recorded answers.
    body: dict[str, Any] = {
        "id": profile.id,
        "name": profile.name,
        "description": profile.description,
        "organisation_id": str(call.organisation.id),
        "used_count": str(profile.used),
    }
    body |= {name: "1" if profile.flags.get(name) else "0" for name in _FLAGS}
    if detail:
        body["service"] = [dict(catalogue.SERVICES[service]) for service in profile.services]
        esme = profile.references.get("esme_interface_type")
        if esme is not None:
            body["esme_interface_type"] = catalogue.lookup(catalogue.ESME_INTERFACE_TYPES, esme)
    return body


def list_profiles(call: Call) -> Reply:
    """Answer all profiles of the tenant, in the short view."""
    profiles = call.organisation.service_profiles.values()
    return Reply(body=[_body(call, profile, detail=False) for profile in profiles])


def get_profile(call: Call) -> Reply:
    """Answer one profile with its services."""
    return Reply(body=_body(call, _find(call), detail=True))


def _apply(profile: ServiceProfile, body: Mapping[str, Any]) -> None:
    profile.name = body.get("name", profile.name)
    profile.description = body.get("description", profile.description)
    profile.flags |= {name: body[name] for name in _FLAGS if name in body}
    for name in _REFERENCES:
        if name in body:
            profile.references[name] = (body[name] or {}).get("id")


def _check(body: Mapping[str, Any]) -> None:
    findings = Findings("Service profile")
    for name in _REFERENCES:
        identity = (body.get(name) or {}).get("id")
        # Callbacks, secrets and the rest belong to calls that are not simulated: nothing exists to point at.
        known = catalogue.ESME_INTERFACE_TYPES if name == "esme_interface_type" else {}
        if identity is not None and identity not in known:
            findings.dangling(name, identity)
    findings.check()


def create_profile(call: Call) -> Reply:
    """Create a profile without services.

    Raises:
        Problem: 422, a name is missing or a reference leads nowhere.
    """
    _check(call.body)
    findings = Findings("Service profile")
    if not call.body.get("name"):
        findings.required("name")
    findings.check()
    profile = ServiceProfile(id=call.world.allot("profile"), name=call.body["name"])
    _apply(profile, call.body)
    call.organisation.service_profiles[profile.id] = profile
    return call.created(f"/api/v1/service_profile/{profile.id}")


def update_profile(call: Call) -> Reply:
    """Change what the body names; the API says 201 to that."""
    profile = _find(call)
    _check(call.body)
    _apply(profile, call.body)
    return Reply(status=201)


def delete_profile(call: Call) -> Reply:
    """Delete a profile that no endpoint uses.

    Raises:
        Problem: 409, endpoints use it.
    """
    profile = _find(call)
    if profile.used > 0:
        raise not_allowed(f"Service profile with id {profile.id} is used by {profile.used} endpoints")
    del call.organisation.service_profiles[profile.id]
    return NO_CONTENT


def _service(call: Call) -> int:
    identity = call.number("service_id", "Service")
    if identity not in catalogue.SERVICES:
        raise not_found("Service", identity)
    return identity


def add_service(call: Call) -> Reply:
    """Allow a service.

    Raises:
        Problem: 404 unknown service, 409 already allowed.
    """
    profile, service = _find(call), _service(call)
    if service in profile.services:
        raise duplicated(f"Service with id {service} is already part of the service profile")
    profile.services.append(service)
    return NO_CONTENT


def remove_service(call: Call) -> Reply:
    """Forbid a service.

    Raises:
        Problem: 404, the profile does not have it.
    """
    profile, service = _find(call), _service(call)
    if service not in profile.services:
        raise not_found("Service", service)
    profile.services.remove(service)
    return NO_CONTENT


HANDLERS: Mapping[str, Handler] = {
    "service_profiles.list": list_profiles,
    "service_profiles.get": get_profile,
    "service_profiles.create": create_profile,
    "service_profiles.update": update_profile,
    "service_profiles.delete": delete_profile,
    "service_profiles.add_service": add_service,
    "service_profiles.remove_service": remove_service,
}
