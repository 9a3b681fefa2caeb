"""Changes to endpoints, all validated before any is applied.

A request may touch one endpoint or two thousand. All changes are planned first and all errors are
collected. Only a plan without errors is applied, so a refused request changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen
from msgspec.structs import replace

from aioemnify.simulator.answers.fleet_bodies import event_endpoint
from aioemnify.simulator.api.call import Call
from aioemnify.simulator.lifecycle.sim import ChangeContext, check_move, delete_sim, move_sim, update_duty
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.errors import Findings, Problem, duplicated
from aioemnify.simulator.state.addresses import AddressSpace, read_address, write_address
from aioemnify.simulator.state.fleet import (
    ACTIVATED,
    DISABLED,
    ENABLED,
    FACTORY_TEST,
    ISSUED,
    SUSPENDED,
    EndpointState,
    SimState,
)

_OWN_TEXT = ("name", "tags", "imei", "imei_lock")


@frozen(kw_only=True)
class Plan:
    """One endpoint before and after the change, and the new status of its SIM."""

    before: EndpointState | None
    after: EndpointState
    sim_status: int | None = None


class EndpointChanges:
    """The planned changes of one request.

    Args:
        call: the request.
        findings: where to add errors.
        extra: members added to the body of a 422.
    """

    def __init__(self, call: Call, findings: Findings | None = None, **extra: Any) -> None:
        self._call = call
        self._findings = findings or Findings("Endpoint")
        self._extra = extra
        self._conflict: Problem | None = None
        self._plans: list[Plan] = []
        self._undo: list[Callable[[], None]] = []
        self._claimed: set[int] = set()

    def create(self, body: Mapping[str, Any], prefix: str = "") -> None:
        """Plan a new endpoint.

        Args:
            body: the members of an endpoint's creation.
            prefix: its position in the request, for error texts.
        """
        call = self._call
        identity = call.world.allot("endpoint")
        now = call.now
        service, tariff = self._profiles(body)
        status = self._status(body, prefix)
        self._owner(body)
        default_space = next(iter(call.organisation.spaces))
        draft = EndpointState(
            id=identity,
            name=f"endpoint-{identity}",
            status=ENABLED if status is None else status,
            service_profile=service or 0,
            tariff_profile=tariff or 0,
            ip=0,
            ip_space=default_space,
            created=now,
            updated=now,
        )
        if "ip_address" in body and "ip_address_space" not in body:
            self._findings.required(f"{prefix}ip_address_space")
        draft = self._own_members(draft, body, prefix)
        draft = self._address(draft, body, prefix, new=True)
        wanted: int | None = None
        if "sim" in body:
            sim = self._sim(body["sim"]["id"], identity, prefix)
            if sim is not None:
                draft = replace(draft, sim=sim.id)
                wanted = self._status_at_creation(sim, body["sim"], prefix)
        self._plans.append(Plan(before=None, after=draft, sim_status=wanted))

    def update(self, endpoint: EndpointState, body: Mapping[str, Any], prefix: str = "") -> None:
        """Plan a change; members that are not in the body stay unchanged."""
        service, tariff = self._profiles(body)
        status = self._status(body, prefix)
        draft = replace(
            endpoint,
            status=endpoint.status if status is None else status,
            service_profile=service or endpoint.service_profile,
            tariff_profile=tariff or endpoint.tariff_profile,
            updated=self._call.now,
        )
        draft = self._own_members(draft, body, prefix)
        draft = self._address(draft, body, prefix, new=False)
        wanted: int | None = None
        if "sim" in body:
            identity = body["sim"]["id"]
            sim = None if identity is None else self._sim(identity, endpoint.id, prefix)
            draft = replace(draft, sim=None if sim is None else sim.id)
            if sim is not None and "status" in body["sim"]:
                wanted = self._sim_status(sim, body["sim"]["status"].get("id"), prefix)
        self._plans.append(Plan(before=endpoint, after=draft, sim_status=wanted))

    def carry_out(self) -> list[EndpointState]:
        """Apply the plan and return the endpoints.

        Raises:
            Problem: the plan has an error; nothing was changed.
        """
        try:
            self._findings.check(**self._extra)
            if self._conflict is not None:
                raise self._conflict
        except Problem:
            for undo in reversed(self._undo):
                undo()
            raise
        return [self._apply(plan) for plan in self._plans]

    def _profiles(self, body: Mapping[str, Any]) -> tuple[int | None, int | None]:
        organisation = self._call.organisation
        service = self._reference(body, "service_profile", "Service profile", organisation.service_profiles)
        tariff = self._reference(body, "tariff_profile", "Tariff profile", organisation.tariff_profiles)
        return service, tariff

    def _reference(
        self, body: Mapping[str, Any], name: str, resource: str, known: Mapping[int, object]
    ) -> int | None:
        if name not in body:
            return None
        return self._findings.reference(resource, body[name], known)

    def _status(self, body: Mapping[str, Any], prefix: str) -> int | None:
        if "status" not in body:
            return None
        identity = body["status"].get("id")
        if identity in (ENABLED, DISABLED):
            return int(identity)
        if identity in lookups.ENDPOINT_STATUSES:
            self._findings.out_of_range(f"{prefix}status")
        else:
            self._findings.dangling("EndpointStatus", identity)
        return None

    def _owner(self, body: Mapping[str, Any]) -> None:
        if "organisation" in body and body["organisation"].get("id") != self._call.organisation.id:
            self._findings.dangling("Organisation", body["organisation"].get("id"))

    def _own_members(self, draft: EndpointState, body: Mapping[str, Any], prefix: str) -> EndpointState:
        imei = body.get("imei")
        if imei and not (imei.isascii() and imei.isdigit() and 14 <= len(imei) <= 16):
            self._findings.malformed(f"{prefix}imei", "14 to 16 digits")
        return replace(draft, **{name: body[name] for name in _OWN_TEXT if name in body})

    def _address(
        self, draft: EndpointState, body: Mapping[str, Any], prefix: str, *, new: bool
    ) -> EndpointState:
        spaces = self._call.organisation.spaces
        space_id = self._reference(body, "ip_address_space", "IP address space", spaces)
        if "ip_address_space" in body and space_id is None:
            return draft
        space = spaces[space_id or draft.ip_space]
        if "ip_address" in body:
            address = self._wanted_address(draft, space, body["ip_address"], prefix)
        elif new or space.id != draft.ip_space:
            address = space.free()
            if address is None:
                self._conflict = self._conflict or Problem(404, 1601, "No IP address is available")
        else:
            return draft
        if address is None or (space.id == draft.ip_space and address == draft.ip):
            return draft
        space.take(address, draft.id)
        self._undo.append(lambda: space.release(address))
        return replace(draft, ip=address, ip_space=space.id)

    def _wanted_address(
        self, draft: EndpointState, space: AddressSpace, text: str, prefix: str
    ) -> int | None:
        address = read_address(text)
        if address is None:
            self._findings.malformed(f"{prefix}ip_address", "IPv4 address")
            return None
        if not space.contains(address):
            self._findings.out_of_range(f"{prefix}ip_address")
            return None
        owner = space.owner(address)
        if owner not in (None, draft.id):
            self._conflict = self._conflict or duplicated(
                f"IP address {write_address(address)} is already assigned"
            )
            return None
        return address

    def _sim(self, identity: int, endpoint: int, prefix: str) -> SimState | None:
        sim = self._call.organisation.sims.find(identity)
        if sim is None:
            self._findings.dangling("Sim", identity)
            return None
        if identity in self._claimed or sim.endpoint not in (None, endpoint):
            self._conflict = self._conflict or duplicated(f"Sim with id {identity} is already assigned")
            return None
        self._claimed.add(identity)
        return sim

    def _status_at_creation(self, sim: SimState, body: Mapping[str, Any], prefix: str) -> int | None:
        if "status" in body:
            identity = body["status"].get("id")
            if identity not in (ACTIVATED, FACTORY_TEST):
                self._findings.out_of_range(f"{prefix}sim.status")
                return None
            return self._sim_status(sim, identity, prefix)
        settings = self._call.world.settings
        if body.get("activate"):
            if sim.status == FACTORY_TEST:
                return None
            return FACTORY_TEST if settings.factory_test and sim.status == ISSUED else ACTIVATED
        return ACTIVATED if settings.activate_on_assign and sim.status == ISSUED else None

    def _sim_status(self, sim: SimState, wanted: Any, prefix: str) -> int | None:
        if wanted not in lookups.SIM_STATUSES:
            self._findings.dangling("SimStatus", wanted)
            return None
        try:
            check_move(self._call, sim, wanted)
        except Problem as problem:
            self._conflict = self._conflict or problem
        return int(wanted)

    def _apply(self, plan: Plan) -> EndpointState:
        call, before, after = self._call, plan.before, plan.after
        organisation = call.organisation
        _count_profiles(call, before, -1)
        _count_profiles(call, after, 1)
        if before is not None and (before.ip, before.ip_space) != (after.ip, after.ip_space):
            organisation.spaces[before.ip_space].release(before.ip)
        if before is not None and before.sim is not None and before.sim != after.sim:
            release_sim(call, before)
        organisation.endpoints.save(after)
        if after.sim is not None:
            self._settle_sim(plan)
        if before is None:
            if after.status == ENABLED:
                _record_status(call, after)
        elif before.status != after.status:
            _record_status(call, after)
        return after

    def _settle_sim(self, plan: Plan) -> None:
        call, after = self._call, plan.after
        assert after.sim is not None
        sim = call.organisation.sims.find(after.sim)
        assert sim is not None
        newly = sim.endpoint != after.id
        if newly:
            sim = replace(sim, endpoint=after.id)
            call.organisation.sims.save(sim)
        if plan.sim_status is not None:
            sim = move_sim(call, sim, plan.sim_status)
        elif plan.before is not None and plan.before.status != after.status and sim.status == FACTORY_TEST:
            # Enabling or disabling the endpoint ends Factory Test.
            sim = move_sim(call, sim, ACTIVATED, reason="The endpoint's status changed")
        if newly:
            text = f"SIM {sim.id} assigned to endpoint {after.id}"
            call.record(51, text, sim=sim, endpoint=event_endpoint(after), detail={})
        update_duty(call, sim.id)


def remove_endpoint(call: Call, endpoint: EndpointState) -> None:
    """Delete an endpoint without a SIM."""
    organisation = call.organisation
    _count_profiles(call, endpoint, -1)
    organisation.spaces[endpoint.ip_space].release(endpoint.ip)
    organisation.endpoints.remove(endpoint.id)
    organisation.tags.strip(endpoint.id)
    activity = organisation.activity
    kept: tuple[dict[int, Any], ...] = (
        activity.data_quotas,
        activity.sms_quotas,
        activity.extensions,
        activity.barred,
        activity.resets,
    )
    for store in kept:
        store.pop(endpoint.id, None)


def release_sim(call: Call, endpoint: EndpointState, *, suspend: bool = False, delete: bool = False) -> None:
    """Release the SIM of an endpoint.

    Args:
        call: the call.
        endpoint: the endpoint.
        suspend: suspend the SIM if it is activated.
        delete: delete the SIM.
    """
    sim = None if endpoint.sim is None else call.organisation.sims.find(endpoint.sim)
    if sim is None:
        return
    freed = _free(call, sim, endpoint)
    if delete:
        delete_sim(call, freed)
    elif suspend and freed.status == ACTIVATED:
        move_sim(call, freed, SUSPENDED)


def _free(context: ChangeContext, sim: SimState, endpoint: EndpointState) -> SimState:
    freed = replace(sim, endpoint=None)
    context.organisation.sims.save(freed)
    update_duty(context, sim.id)
    text = f"SIM {sim.id} released from endpoint {endpoint.id}"
    context.record(50, text, sim=freed, endpoint=event_endpoint(endpoint))
    return freed


def detach_sim(context: ChangeContext, sim: SimState) -> SimState:
    """Release a SIM from its endpoint; the endpoint stays without one."""
    assert sim.endpoint is not None
    endpoint = context.organisation.endpoints.find(sim.endpoint)
    assert endpoint is not None
    context.organisation.endpoints.save(replace(endpoint, sim=None, updated=context.now))
    return _free(context, sim, endpoint)


def _count_profiles(call: Call, endpoint: EndpointState | None, step: int) -> None:
    if endpoint is not None:
        call.organisation.service_profiles[endpoint.service_profile].used += step
        call.organisation.tariff_profiles[endpoint.tariff_profile].used += step


def _record_status(call: Call, endpoint: EndpointState) -> None:
    kind, word = (42, "enabled") if endpoint.status == ENABLED else (43, "disabled")
    call.record(kind, f"Endpoint {endpoint.name} {word}", endpoint=event_endpoint(endpoint))
