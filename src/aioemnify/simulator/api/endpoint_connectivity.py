"""Connectivity of one endpoint: status, location, resets, and blacklisted operators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.answers.fleet_bodies import event_endpoint
from aioemnify.simulator.api.call import EMPTY_HTML, NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.api.endpoints import find_endpoint
from aioemnify.simulator.lifecycle.event_context import NETWORK, EventContext
from aioemnify.simulator.lifecycle.sim import move_sim
from aioemnify.simulator.platform.dates import DAY_SECONDS, day_start
from aioemnify.simulator.platform.errors import Problem, duplicated, not_found
from aioemnify.simulator.platform.networks import (
    COUNTRIES,
    OPERATORS,
    RAT_TYPES,
    RATEZONES,
    Operator,
    zones_of,
)
from aioemnify.simulator.state.activity import Reset
from aioemnify.simulator.state.addresses import write_address
from aioemnify.simulator.state.fleet import ACTIVATED, FACTORY_TEST, EndpointState, mix
from aioemnify.simulator.state.world import event_time
from aioemnify.simulator.usage.connectivity import OFFLINE, ONLINE, core_numbers, registered, state, visited
from aioemnify.simulator.usage.duty_spans import spans_of_sim


def get_connectivity(call: Call) -> Reply:
    """Return the connectivity of a device, with its location and data session if it has them.

    Choice: a device is ONLINE if its endpoint is enabled, its SIM is Activated or in Factory Test, and it
        may use a network; BLOCKED if a quota or limit stops it; ATTACHED if its profile lacks the data
        service or it reconnects after a reset; else OFFLINE. A new data session starts at 00:00 UTC.
    """
    endpoint = find_endpoint(call)
    organisation, now = call.organisation, call.now
    word = state(call.world, organisation, endpoint, now)
    body: dict[str, Any] = {"status": {"description": word}, "services": []}
    network = visited(organisation, endpoint)
    if word == OFFLINE or network is None:
        return Reply(body=body)
    body["location"] = _location(call, endpoint, network[0])
    body["services"] = ["SMS"]
    if word == ONLINE:
        body["services"] = ["GPRS", "SMS"]
        body["pdp_context"] = _session(call, endpoint, *network)
    return Reply(body=body)


def _session_start(call: Call, endpoint: EndpointState) -> float:
    reset = call.organisation.activity.resets.get(endpoint.id)
    back = call.world.settings.reset_seconds
    spans = spans_of_sim(call.organisation, endpoint.sim or 0)
    times = [day_start(call.now), spans[-1].start if spans else endpoint.created]
    times += [moment + back for moment in (reset.session, reset.attachment) if moment] if reset else []
    return min(call.now, max(times))


def _location(call: Call, endpoint: EndpointState, operator: Operator) -> dict[str, Any]:
    assert endpoint.sim is not None
    country = COUNTRIES[operator.country]
    attached = event_time(_session_start(call, endpoint))
    core = core_numbers(operator)
    return {
        "iccid": call.world.numbers.iccid(endpoint.sim),
        "imsi": call.world.numbers.imsi(endpoint.sim),
        "last_updated": attached,
        "last_updated_gprs": attached,
        "sgsn_number": core["sgsn"],
        "vlr_number": core["msc"],
        "msc": core["msc"],
        "operator": operator.ref | {"country": {"id": country["id"], "name": country["name"]}},
        "country": {
            "country_id": country["id"],
            "name": country["name"],
            "country_code": int(country["country_code"]),
            "mcc": int(country["mcc"]),
            "iso_code": country["iso_code"],
        },
        "sgsn_ip_address": core["sgsn_ip_address"],
    }


def _cell(call: Call, endpoint: EndpointState) -> tuple[int, int]:
    """Return area and cell; a device moves once a day."""
    bits = mix(call.world.seed ^ 0xCE11, endpoint.id * 100_003 + int(call.now // DAY_SECONDS))
    return 1 + bits % 65_000, 1 + (bits >> 20) % 65_000


def _session(call: Call, endpoint: EndpointState, operator: Operator, rat: int) -> dict[str, Any]:
    assert endpoint.sim is not None
    country, organisation = COUNTRIES[operator.country], call.organisation
    tariff = organisation.tariff_profiles[endpoint.tariff_profile]
    zones = [zone for zone in zones_of(tariff.tariff) if operator.country in RATEZONES[zone].countries]
    start = _session_start(call, endpoint)
    seconds = int(call.now - start)
    tunnel = mix(endpoint.id, int(start))
    area, cell = _cell(call, endpoint)
    return {
        "pdp_context_id": tunnel % 10**9,
        "endpoint_id": endpoint.id,
        "tariff_profile_id": tariff.id,
        "tariff_id": tariff.tariff,
        "ratezone_id": zones[0] if zones else None,
        "organisation_id": organisation.id,
        "imsi_id": endpoint.sim,
        "imsi": call.world.numbers.imsi(endpoint.sim),
        "sim_id": endpoint.sim,
        "teid_data_plane": tunnel >> 32 & 0xFFFF,
        "teid_control_plane": tunnel >> 32 & 0xFFFF,
        "gtp_version": 2 if rat in (6, 8) else 1,
        "nsapi": 5,
        "sgsn_control_plane_ip_address": f"198.51.100.{operator.id}",
        "sgsn_data_plane_ip_address": f"198.51.100.{operator.id}",
        "ggsn_control_plane_ip_address": "192.0.2.35",
        "ggsn_data_plane_ip_address": "192.0.2.35",
        "created": event_time(start),
        "mcc": country["mcc"],
        "mnc": operator.mnc,
        "operator_id": operator.id,
        "lac": area,
        "ci": cell,
        "sac": None,
        "rac": None,
        "ue_ip_address": write_address(endpoint.ip),
        "imeisv": endpoint.imei,
        "rat_type": {"rat_type_id": rat, "description": RAT_TYPES[rat]},
        "duration": f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}",
    }


def get_connectivity_info(call: Call) -> Reply:
    """Return what the visited network reports about a device now.

    Choice: an endpoint without a SIM gets 404 (unknown subscriber); for a device that is OFFLINE the call
        succeeds, with ``success`` false and ``error`` absentSubscriber.
    """
    endpoint = find_endpoint(call)
    if endpoint.sim is None:
        raise Problem(404, 1201, "Unknown subscriber")
    now = event_time(call.now)
    network = visited(call.organisation, endpoint)
    if network is None or not registered(call.world, call.organisation, endpoint, call.now):
        info: dict[str, Any] = {"success": False, "error": "absentSubscriber"}
    else:
        area, cell = _cell(call, endpoint)
        info = {
            "success": True,
            "state": "assumedIdle",
            "location": {
                "current_location_retrieved": True,
                "age_of_location": 0,
                "cell_global_id": {
                    "mcc": COUNTRIES[network[0].country]["mcc"],
                    "mnc": network[0].mnc,
                    "lac": area,
                    "cid": cell,
                },
            },
        }
    return Reply(body={"subscriber_info": info, "request_timestamp": now, "reply_timestamp": now})


def reset_connectivity(call: Call) -> Reply:
    """Drop the data session, the attachment, or both; the device reconnects by itself.

    Choice: the device attaches again after half of ``reset_seconds``, and has a data session again after
        all of it. A body that names neither changes nothing. The value of a member does not matter, because
        both ``null`` and ``true`` are in use.
    Choice: a reset of a data session that does not exist succeeds, or gets 404 with ``reset_offline_status``.
    """
    endpoint = find_endpoint(call)
    organisation, now = call.organisation, call.now
    named = [name for name in ("pdp_context", "location") if name in call.body]
    done = Reply(status=204, headers={"Content-Type": EMPTY_HTML})
    if not named:
        return done
    word = state(call.world, organisation, endpoint, now)
    if named == ["pdp_context"] and word != ONLINE and call.world.settings.reset_offline_status == 404:
        raise Problem(404, 1201, f"Endpoint with id {endpoint.id} has no PDP context")
    sim = None if endpoint.sim is None else organisation.sims.find(endpoint.sim)
    reset = organisation.activity.resets.setdefault(endpoint.id, Reset())
    about = event_endpoint(endpoint)
    call.record(68, "Connectivity of the endpoint reset", endpoint=about, sim=sim)
    network = EventContext(world=call.world, organisation=organisation, now=now, source=NETWORK)
    if word == ONLINE:
        network.record(5, "PDP Context deleted.", endpoint=about, sim=sim)
    if "pdp_context" in named:
        reset.session = now
    if "location" in named:
        reset.attachment = now
        if word != OFFLINE:
            network.record(16, "Purge GPRS location", endpoint=about, sim=sim)
    organisation.activity.schedule.add(now + call.world.settings.reset_seconds, "session", endpoint.id)
    if sim is not None and sim.status == FACTORY_TEST:
        move_sim(call, sim, ACTIVATED, reason="The connectivity was reset")
    return done


def list_barred(call: Call) -> Reply:
    """Return the blacklisted operators of an endpoint."""
    barred = call.organisation.activity.barred.get(find_endpoint(call).id, ())
    return Reply(body=[OPERATORS[identity].body() for identity in barred])


def _operator(call: Call) -> int:
    return call.find("operator_id", "Operator", OPERATORS).id


def bar(call: Call) -> Reply:
    """Blacklist an operator for an endpoint; a device on its network changes the network.

    Raises:
        Problem: 409, the operator is blacklisted already.
    """
    endpoint, operator = find_endpoint(call), _operator(call)
    barred = call.organisation.activity.barred.setdefault(endpoint.id, [])
    if operator in barred:
        raise duplicated(
            f"Operator with Id '{operator}' is already blacklisted on Endpoint with Id '{endpoint.id}'."
        )
    before = visited(call.organisation, endpoint)
    barred.append(operator)
    _note_move(call, endpoint, before)
    return NO_CONTENT


def unbar(call: Call) -> Reply:
    """Remove an operator from the blacklist of an endpoint.

    Raises:
        Problem: 404, the operator is not blacklisted.
    """
    endpoint, operator = find_endpoint(call), _operator(call)
    barred = call.organisation.activity.barred.get(endpoint.id, [])
    if operator not in barred:
        raise not_found("Operator", operator)
    before = visited(call.organisation, endpoint)
    barred.remove(operator)
    _note_move(call, endpoint, before)
    return NO_CONTENT


def _note_move(call: Call, endpoint: EndpointState, before: tuple[Operator, int] | None) -> None:
    after = visited(call.organisation, endpoint)
    if after == before or not registered(call.world, call.organisation, endpoint, call.now):
        return
    assert after is not None
    assert endpoint.sim is not None
    network = EventContext(world=call.world, organisation=call.organisation, now=call.now, source=NETWORK)
    network.record(
        2,
        "New location received from SGSN.",
        endpoint=event_endpoint(endpoint),
        sim=call.organisation.sims.find(endpoint.sim),
        detail=after[0].body(),
    )


HANDLERS: Mapping[str, Handler] = {
    "endpoints.get_connectivity": get_connectivity,
    "endpoints.get_connectivity_info": get_connectivity_info,
    "endpoints.reset_connectivity": reset_connectivity,
    "endpoints.list_operator_blocklist": list_barred,
    "endpoints.block_operator": bar,
    "endpoints.unblock_operator": unbar,
}
