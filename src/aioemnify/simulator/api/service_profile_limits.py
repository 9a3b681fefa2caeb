"""Limits and quotas of a service profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.api.endpoint_quotas import drop_quota
from aioemnify.simulator.api.service_profiles import find_profile, note_policy
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.errors import Problem, bad_request, duplicated, not_found
from aioemnify.simulator.state.records.profiles import DATA_SERVICE, ServiceProfile
from aioemnify.simulator.state.records.traffic_policy import DataLimit

_MONTHLY = 2
_LARGEST = 10**15


def _limit_of(call: Call, profile: ServiceProfile) -> tuple[int, int]:
    service = call.number("service_id", "Service")
    if service not in profile.services:
        raise not_found("Service", service)
    limit = call.number("limit_id", "Traffic limit")
    known = lookups.TRAFFIC_LIMITS.get(limit)
    if known is None:
        raise not_found("Traffic limit", limit)
    if known["service"]["id"] != service:
        raise Problem(422, 1401, f"Traffic limit with id {limit} is not for service {service}")
    return service, limit


def add_sms_limit(call: Call) -> Reply:
    """Add a predefined limit to a service.

    Choice: of several limits on one service the strictest applies; the same limit twice, or one of another
        service, gets 422.
    """
    profile = find_profile(call)
    service, limit = _limit_of(call, profile)
    limits = profile.sms_limits.setdefault(service, [])
    if limit in limits:
        raise Problem(422, 1405, f"Traffic limit with id {limit} is already part of the service")
    limits.append(limit)
    return Reply()


def remove_sms_limit(call: Call) -> Reply:
    """Remove a predefined limit from a service.

    Choice: 422 if the service does not have it.
    """
    profile = find_profile(call)
    service, limit = _limit_of(call, profile)
    if limit not in profile.sms_limits.get(service, ()):
        raise Problem(422, 1401, f"Traffic limit with id {limit} is not part of the service")
    profile.sms_limits[service].remove(limit)
    return Reply()


def _body(limit: DataLimit) -> dict[str, Any]:
    body = {
        "id": limit.id,
        "service": dict(lookups.SERVICES[limit.service]),
        "satellite_only": limit.satellite,
        "period": dict(lookups.TRAFFIC_PERIOD),
        "volume": limit.volume,
    }
    return body if limit.warning is None else body | {"warning_percent": limit.warning}


def list_data_limits(call: Call) -> Reply:
    """Return the data limits of a profile."""
    return Reply(body=[_body(limit) for limit in find_profile(call).data_limits])


def add_data_limit(call: Call) -> Reply:
    """Add a monthly data limit.

    A device that reaches it is BLOCKED until the month ends or the limit is extended; an alert of type 11
    (Endpoint blocked) tells it.

    Choice: no event tells that ``warning_percent`` is reached, because the id of its type is not published.
        There is no satellite traffic.

    Raises:
        Problem: 400 for another service or period or an invalid volume, 409 if there is such a limit already.
    """
    profile, body = find_profile(call), call.body
    if body["service"].get("id") != DATA_SERVICE:
        raise bad_request(f"Parameter service must be {DATA_SERVICE}")
    if (body.get("period") or {"id": _MONTHLY}).get("id") != _MONTHLY:
        raise bad_request(f"Parameter period must be {_MONTHLY}")
    if not 0 <= body["volume"] <= _LARGEST:
        raise bad_request("Parameter volume is out of range")
    warning = body.get("warning_percent")
    if warning is not None and not 0 <= warning <= 100:
        raise bad_request("Parameter warning_percent is out of range")
    satellite = bool(body.get("satellite_only"))
    if any(limit.satellite == satellite for limit in profile.data_limits):
        raise duplicated("There is a limit for this service already")
    before = profile.policy(call.now)
    limit = DataLimit(
        id=call.world.allot("data limit"),
        service=DATA_SERVICE,
        satellite=satellite,
        volume=body["volume"],
        warning=warning,
    )
    profile.data_limits.append(limit)
    note_policy(call, profile, before)
    return call.created(f"/api/v1/service_profile/{profile.id}/traffic_limit/{limit.id}")


def delete_data_limits(call: Call) -> Reply:
    """Remove all data limits of a profile."""
    profile = find_profile(call)
    before = profile.policy(call.now)
    profile.data_limits.clear()
    note_policy(call, profile, before)
    return NO_CONTENT


def delete_data_limit(call: Call) -> Reply:
    """Remove one data limit of a profile; 404 if it does not exist."""
    profile, identity = find_profile(call), call.number("limit_id", "Traffic limit")
    found = [limit for limit in profile.data_limits if limit.id == identity]
    if not found:
        raise not_found("Traffic limit", identity)
    before = profile.policy(call.now)
    profile.data_limits.remove(found[0])
    note_policy(call, profile, before)
    return NO_CONTENT


def delete_quotas(call: Call) -> Reply:
    """Remove the quotas of one type from all endpoints with a profile.

    Choice: the types are ``data`` and ``sms``, others get 404; endpoints need not have a quota.
    """
    profile, kind = find_profile(call), call.args["quota_type"]
    if kind not in ("data", "sms"):
        raise not_found("Quota type", kind)
    activity = call.organisation.activity
    store = activity.data_quotas if kind == "data" else activity.sms_quotas
    for identity in list(store):
        endpoint = call.organisation.endpoints.find(identity)
        if endpoint is not None and endpoint.service_profile == profile.id:
            drop_quota(call, endpoint, "data" if kind == "data" else "SMS")
    return NO_CONTENT


HANDLERS: Mapping[str, Handler] = {
    "service_profiles.add_sms_limit": add_sms_limit,
    "service_profiles.remove_sms_limit": remove_sms_limit,
    "service_profiles.list_data_limits": list_data_limits,
    "service_profiles.add_data_limit": add_data_limit,
    "service_profiles.delete_data_limits": delete_data_limits,
    "service_profiles.delete_data_limit": delete_data_limit,
    "service_profiles.delete_quotas": delete_quotas,
}
