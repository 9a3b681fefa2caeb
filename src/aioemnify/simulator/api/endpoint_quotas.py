"""Data and SMS quotas of one endpoint, and extensions of its limits until the month ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aioemnify.simulator.answers.fleet_bodies import event_endpoint
from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.api.endpoints import find_endpoint
from aioemnify.simulator.lifecycle.data_limits import watch_limit
from aioemnify.simulator.lifecycle.quotas import (
    close_window,
    count_data,
    next_data_check,
    next_sms_check,
    open_window,
)
from aioemnify.simulator.platform.dates import month_start, read_date
from aioemnify.simulator.platform.errors import Findings, Problem, bad_request, not_found
from aioemnify.simulator.state.activity import Extension
from aioemnify.simulator.state.fleet import EndpointState
from aioemnify.simulator.state.records.quotas import ACTIVE, EXHAUSTED, Quota
from aioemnify.simulator.state.world import event_time
from aioemnify.simulator.usage.endpoint_usage import MEGABYTE

_STATUSES = {1: "ACTIVE", 2: "EXHAUSTED", 3: "EXPIRED"}
_BLOCK = {"id": 1, "description": "Block"}
_LARGEST = 10**15


def _store(call: Call, name: str) -> dict[int, Quota]:
    activity = call.organisation.activity
    return activity.data_quotas if name == "data" else activity.sms_quotas


def _find(call: Call, name: str) -> tuple[EndpointState, Quota]:
    endpoint = find_endpoint(call)
    quota = _store(call, name).get(endpoint.id)
    if quota is None:
        raise Problem(404, 1201, f"Endpoint with id {endpoint.id} has no {name} quota")
    return endpoint, quota


def _date(call: Call, moment: float) -> str:
    if call.world.settings.quota_dates == "plain":
        return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return event_time(moment)


def _body(call: Call, quota: Quota, unit: int) -> dict[str, Any]:
    body: dict[str, Any] = {
        "status": {"id": quota.status, "description": _STATUSES[quota.status]},
        "volume": quota.left / unit if unit > 1 else quota.left,
        "expiry_date": _date(call, quota.expires),
        "last_volume_added": quota.volume / unit if unit > 1 else quota.volume,
        "last_status_change_date": _date(call, quota.changed),
        # Numbers for data and a boolean for SMS, as in the API.
        "auto_refill": int(quota.refill) if unit > 1 else quota.refill,
        "action_on_exhaustion": dict(_BLOCK),
    }
    if quota.percentage is not None:
        body["threshold_percentage"] = quota.percentage
    if quota.warns_below is not None:
        body["threshold_volume"] = quota.warns_below / unit if unit > 1 else quota.warns_below
    return body


def get_data_quota(call: Call) -> Reply:
    """Return a data quota with its remaining volume.

    Choice: an endpoint without a quota gets 404; the remaining volume is always exact.
    """
    endpoint, quota = _find(call, "data")
    count_data(call, endpoint.id)
    return Reply(body=_body(call, quota, MEGABYTE))


def get_sms_quota(call: Call) -> Reply:
    """Return an SMS quota with its remaining volume.

    Choice: an endpoint without a quota gets 404.
    """
    return Reply(body=_body(call, _find(call, "SMS")[1], 1))


def _read(call: Call, unit: int, name: str) -> Quota:
    body: Mapping[str, Any] = call.body
    findings, now = Findings("Quota"), call.now
    if body["status"].get("id") != ACTIVE:
        findings.out_of_range("status")
    if not 0 <= body["volume"] <= _LARGEST:
        findings.out_of_range("volume")
    expires = read_date(body["expiry_date"])
    if expires is None:
        findings.malformed("expiry_date", "Date")
    elif expires <= now:
        findings.out_of_range("expiry_date")
    action = body.get("action_on_exhaustion")
    if action is None and name == "data":
        findings.required("action_on_exhaustion")
    elif action is not None and action.get("id") != _BLOCK["id"]:
        findings.out_of_range("action_on_exhaustion")
    percentage, threshold = body.get("threshold_percentage"), body.get("threshold_volume")
    if percentage is None and name == "SMS":
        findings.required("threshold_percentage")
    elif percentage is not None and not 0 <= percentage <= 100:
        findings.out_of_range("threshold_percentage")
    if threshold is not None and not 0 <= threshold <= _LARGEST:
        findings.out_of_range("threshold_volume")
    if body.get("auto_refill") not in (None, True, False):
        findings.out_of_range("auto_refill")
    findings.check()
    assert expires is not None
    volume = int(body["volume"] * unit)
    return Quota(
        volume=volume,
        left=volume,
        counted=now,
        expires=expires,
        refill=bool(body.get("auto_refill")),
        percentage=percentage,
        threshold=None if threshold is None else int(threshold * unit),
        status=ACTIVE if volume else EXHAUSTED,
        changed=now,
    )


def _announce(call: Call, kind: int, name: str, endpoint: EndpointState, quota: Quota, unit: int) -> None:
    below = quota.warns_below
    detail = {
        "quota": {
            "status": {"id": quota.status, "description": _STATUSES[quota.status]},
            "action_on_exhaustion": dict(_BLOCK),
            "volume": quota.left / unit,
            "expiryDate": event_time(quota.expires),
            "lastVolumeAdded": quota.volume / unit,
            "lastStatusChangeDate": event_time(quota.changed),
            "autoRefill": int(quota.refill),
            "thresholdPercentage": quota.percentage,
            "thresholdVolume": None if below is None else below / unit,
        }
    }
    call.record(kind, f"{name} quota assigned", endpoint=event_endpoint(endpoint), detail=detail)


def set_data_quota(call: Call) -> Reply:
    """Set a data quota in place of the old one.

    Choice: usage is counted with or without ``apply_data_quota`` of the profile, down to zero; only with it
        does an exhausted quota block traffic.
    """
    endpoint = find_endpoint(call)
    quota = _read(call, MEGABYTE, "data")
    close_window(call.organisation, endpoint.id, call.now)
    call.organisation.activity.data_quotas[endpoint.id] = quota
    if quota.status == ACTIVE:
        open_window(call.organisation, endpoint.id, call.now)
    next_data_check(call, endpoint.id)
    watch_limit(call.world, call.organisation, endpoint.id, call.now)
    _announce(call, 56, "Data", endpoint, quota, MEGABYTE)
    return call.created(f"/api/v1/endpoint/{endpoint.id}/quota/data")


def set_sms_quota(call: Call) -> Reply:
    """Set an SMS quota in place of the old one.

    Choice: delivered messages are counted with or without ``apply_sms_quota`` of the profile; only with it
        does an exhausted quota make messages fail.
    """
    endpoint = find_endpoint(call)
    quota = _read(call, 1, "SMS")
    call.organisation.activity.sms_quotas[endpoint.id] = quota
    next_sms_check(call, endpoint.id)
    _announce(call, 58, "SMS", endpoint, quota, 1)
    return call.created(f"/api/v1/endpoint/{endpoint.id}/quota/sms")


def drop_quota(call: Call, endpoint: EndpointState, name: str) -> None:
    """Remove a quota from an endpoint that has one."""
    del _store(call, name)[endpoint.id]
    if name == "data":
        close_window(call.organisation, endpoint.id, call.now)
    kind, text = (57, "Data quota deleted") if name == "data" else (59, "SMS quota deleted")
    call.record(kind, text, endpoint=event_endpoint(endpoint))


def delete_data_quota(call: Call) -> Reply:
    """Remove the data quota; 404 without one."""
    drop_quota(call, _find(call, "data")[0], "data")
    return NO_CONTENT


def delete_sms_quota(call: Call) -> Reply:
    """Remove the SMS quota; 404 without one."""
    drop_quota(call, _find(call, "SMS")[0], "SMS")
    return NO_CONTENT


def _extension_body(endpoint: int, extension: Extension) -> dict[str, Any]:
    return {
        "id": extension.id,
        "endpoint_id": endpoint,
        "traffic_limit_id": extension.limit,
        "volume": extension.volume,
        "expiration_date": event_time(extension.expires),
        "created_at": event_time(extension.created),
    }


def list_extensions(call: Call) -> Reply:
    """Return the extensions of an endpoint's limits in this month."""
    endpoint = find_endpoint(call)
    extensions = call.organisation.activity.extensions.get(endpoint.id, ())
    return Reply(body=[_extension_body(endpoint.id, each) for each in extensions if each.expires > call.now])


def create_extension(call: Call) -> Reply:
    """Extend a data limit for one endpoint until the month ends.

    Choice: ``traffic_limit_id`` defaults to the profile's first data limit; 400 if the profile has none,
        404 if it has none with that id.
    """
    endpoint = find_endpoint(call)
    limits = call.organisation.service_profiles[endpoint.service_profile].data_limits
    volume, wanted = call.body["volume"], call.body.get("traffic_limit_id")
    if not 0 < volume <= _LARGEST:
        raise bad_request("Parameter volume is out of range")
    if wanted is not None and wanted not in {limit.id for limit in limits}:
        raise not_found("Traffic limit", wanted)
    if not limits:
        raise bad_request(f"The service profile of endpoint {endpoint.id} has no data limit")
    extension = Extension(
        id=call.world.allot("extension"),
        limit=limits[0].id if wanted is None else wanted,
        volume=int(volume),
        created=call.now,
        expires=month_start(call.now, 1),
    )
    call.organisation.activity.extensions.setdefault(endpoint.id, []).append(extension)
    watch_limit(call.world, call.organisation, endpoint.id, call.now)
    path = f"/api/v1/endpoint/{endpoint.id}/traffic_limit_extension/{extension.id}"
    return call.created(path, _extension_body(endpoint.id, extension))


def delete_extensions(call: Call) -> Reply:
    """Remove the extensions of an endpoint's limits in this month.

    Choice: 404 without an extension; past traffic stays counted.
    """
    endpoint = find_endpoint(call)
    extensions = call.organisation.activity.extensions.get(endpoint.id, [])
    current = [each for each in extensions if each.expires > call.now]
    if not current:
        raise Problem(404, 1201, f"Endpoint with id {endpoint.id} has no traffic limit extension")
    for extension in current:
        extension.expires = call.now
    watch_limit(call.world, call.organisation, endpoint.id, call.now)
    return NO_CONTENT


HANDLERS: Mapping[str, Handler] = {
    "endpoints.get_data_quota": get_data_quota,
    "endpoints.set_data_quota": set_data_quota,
    "endpoints.delete_data_quota": delete_data_quota,
    "endpoints.get_sms_quota": get_sms_quota,
    "endpoints.set_sms_quota": set_sms_quota,
    "endpoints.delete_sms_quota": delete_sms_quota,
    "endpoints.list_traffic_limit_extensions": list_extensions,
    "endpoints.create_traffic_limit_extension": create_extension,
    "endpoints.delete_traffic_limit_extensions": delete_extensions,
}
