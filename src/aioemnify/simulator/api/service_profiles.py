"""Service profile calls, including the services that a profile allows."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.lifecycle.data_limits import watch_limits_of_profile
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.errors import Findings, duplicated, not_allowed, not_found
from aioemnify.simulator.platform.networks import BREAKOUT_REGIONS
from aioemnify.simulator.state.records.profiles import ServiceProfile
from aioemnify.simulator.state.records.traffic_policy import TrafficPolicy

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
_QUOTA_EVENTS = {"apply_data_quota": (52, 53), "apply_sms_quota": (54, 55)}
_REFERENCES = ("api_callback", "api_secret", "moc_callback", "esme_interface_type", "breakout_region", "dns")


def find_profile(call: Call) -> ServiceProfile:
    """Return the profile named in the path.

    Raises:
        Problem: 404, the organisation has no object with this id.
    """
    return call.find("profile_id", "Service profile", call.organisation.service_profiles)


def _body(call: Call, profile: ServiceProfile, *, detail: bool) -> dict[str, Any]:
    # Counts and flags are texts here, as in recorded responses.
    body: dict[str, Any] = {
        "id": profile.id,
        "name": profile.name,
        "description": profile.description,
        "organisation_id": str(call.organisation.id),
        "used_count": str(profile.used),
    }
    body |= {name: "1" if profile.flags.get(name) else "0" for name in _FLAGS}
    if detail:
        body["service"] = [dict(lookups.SERVICES[service]) for service in profile.services]
        esme = profile.references.get("esme_interface_type")
        if esme is not None:
            body["esme_interface_type"] = lookups.lookup(lookups.ESME_INTERFACE_TYPES, esme)
        region = profile.references.get("breakout_region")
        if region is not None:
            body["breakout_region"] = dict(BREAKOUT_REGIONS[region])
        dns = profile.references.get("dns")
        if dns is not None:
            body["dns"] = call.organisation.name_servers[dns].body()
        for name in ("api_callback", "moc_callback", "api_secret"):
            identity = profile.references.get(name)
            if identity is not None and call.organisation.callbacks.known(name, identity):
                body[name] = call.organisation.callbacks.body(name, identity)
    return body


def list_profiles(call: Call) -> Reply:
    """Return all profiles of the organisation, in the short form."""
    profiles = call.organisation.service_profiles.values()
    return Reply(body=[_body(call, profile, detail=False) for profile in profiles])


def get_profile(call: Call) -> Reply:
    """Return one profile with its services."""
    return Reply(body=_body(call, find_profile(call), detail=True))


def _apply(profile: ServiceProfile, body: Mapping[str, Any]) -> None:
    profile.name = body.get("name", profile.name)
    profile.description = body.get("description", profile.description)
    profile.flags |= {name: body[name] for name in _FLAGS if name in body}
    for name in _REFERENCES:
        if name in body:
            profile.references[name] = (body[name] or {}).get("id")


def _check(call: Call, *, new: bool = False) -> None:
    findings, callbacks = Findings("Service profile"), call.organisation.callbacks
    if not call.body.get("name", "" if new else "unchanged"):
        findings.required("name")
    targets: Mapping[str, Container[int]] = {
        "esme_interface_type": lookups.ESME_INTERFACE_TYPES,
        "api_callback": callbacks.urls,
        "moc_callback": callbacks.urls,
        "api_secret": callbacks.secrets,
        "breakout_region": BREAKOUT_REGIONS,
        "dns": call.organisation.name_servers,
    }
    for name in _REFERENCES:
        sent = call.body.get(name) or {}
        if sent.get("id") is not None:
            findings.reference(name, sent, targets[name])
    findings.check()


def create_profile(call: Call) -> Reply:
    """Create a profile without services.

    Raises:
        Problem: 422, a name is missing or a reference is invalid.
    """
    _check(call, new=True)
    profile = ServiceProfile(id=call.world.allot("profile"), name=call.body["name"])
    before = profile.policy(0.0)
    _apply(profile, call.body)
    profile.note(before, call.now)
    call.organisation.service_profiles[profile.id] = profile
    return call.created(f"/api/v1/service_profile/{profile.id}")


def update_profile(call: Call) -> Reply:
    """Change the members in the body; the API responds with 201."""
    profile = find_profile(call)
    _check(call)
    before, flags = profile.policy(call.now), dict(profile.flags)
    _apply(profile, call.body)
    note_policy(call, profile, before)
    for name, kinds in _QUOTA_EVENTS.items():
        enabled = bool(profile.flags.get(name))
        if enabled != bool(flags.get(name)):
            kind = kinds[0] if enabled else kinds[1]
            call.record(kind, f"{lookups.EVENT_TYPES[kind]} for service profile {profile.name}")
    return Reply(status=201)


def note_policy(call: Call, profile: ServiceProfile, before: TrafficPolicy) -> None:
    """Record a change of the data policy, and schedule the affected quotas and limits again."""
    if not profile.note(before, call.now):
        return
    watch_limits_of_profile(call.world, call.organisation, profile.id, call.now)
    for identity, quota in call.organisation.activity.data_quotas.items():
        endpoint = call.organisation.endpoints.find(identity)
        if endpoint is not None and endpoint.service_profile == profile.id:
            quota.due = call.now
            call.organisation.activity.schedule.add(quota.due, "data quota", identity)


def delete_profile(call: Call) -> Reply:
    """Delete a profile that no endpoint uses.

    Raises:
        Problem: 409, endpoints use it.
    """
    profile = find_profile(call)
    if profile.used > 0:
        raise not_allowed(f"Service profile with id {profile.id} is used by {profile.used} endpoints")
    del call.organisation.service_profiles[profile.id]
    return NO_CONTENT


def _service(call: Call) -> int:
    return int(call.find("service_id", "Service", lookups.SERVICES)["id"])


def add_service(call: Call) -> Reply:
    """Allow a service.

    Raises:
        Problem: 404 unknown service, 409 already allowed.
    """
    profile, service = find_profile(call), _service(call)
    if service in profile.services:
        raise duplicated(f"Service with id {service} is already part of the service profile")
    before = profile.policy(call.now)
    profile.services.append(service)
    note_policy(call, profile, before)
    return NO_CONTENT


def remove_service(call: Call) -> Reply:
    """Forbid a service.

    Raises:
        Problem: 404, the profile does not have it.
    """
    profile, service = find_profile(call), _service(call)
    if service not in profile.services:
        raise not_found("Service", service)
    before = profile.policy(call.now)
    profile.services.remove(service)
    profile.sms_limits.pop(service, None)
    note_policy(call, profile, before)
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
