"""Migration of SIMs from one workspace to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen
from msgspec.structs import replace

from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.api.endpoint_changes import detach_sim
from aioemnify.simulator.lifecycle.event_context import EventContext
from aioemnify.simulator.lifecycle.sim import move_sim, update_duty
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.errors import Problem, bad_request, forbidden, not_found
from aioemnify.simulator.state.fleet import ACTIVATED, SUSPENDED, SimState
from aioemnify.simulator.state.records.euiccs import chip_id
from aioemnify.simulator.state.records.users import ADMINISTRATOR, SUPER_ADMIN
from aioemnify.simulator.state.world import Organisation

_MOST = 500
_WAYS = ("sims", "iccids", "iccid_range")


@frozen
class _Found:
    """A SIM and its workspace."""

    sim: SimState
    home: Organisation

    def body(self, call: Call) -> dict[str, Any]:
        """Return the SIM as it appears in migrations."""
        numbers = call.world.numbers
        body: dict[str, Any] = {
            "id": self.sim.id,
            "iccid": numbers.iccid(self.sim.id),
            "iccid_with_luhn": numbers.iccid_with_luhn(self.sim.id),
            "status": lookups.lookup(lookups.SIM_STATUSES, self.sim.status),
            "source_workspace": {"id": self.home.id, "name": self.home.name},
        }
        endpoint = None if self.sim.endpoint is None else self.home.endpoints.find(self.sim.endpoint)
        if endpoint is not None:
            body["endpoint"] = {"id": endpoint.id, "name": endpoint.name}
        return body


def _workspaces(call: Call) -> list[Organisation]:
    user = call.user
    if user is None:
        raise forbidden("SIMs are migrated with the credentials of a user")
    known = call.world.organisations
    entered = [known[each] for each in user.organisations if each in known]
    return sorted(entered, key=lambda each: each.id != call.organisation.id)


def _identities(call: Call) -> Sequence[tuple[int | None, object]]:
    """Return the requested SIMs: their ids, and their names in the request."""
    body: Mapping[str, Any] = call.body
    if sum(name in body for name in _WAYS) != 1:
        raise bad_request("Exactly one of sims, iccids and iccid_range is needed")
    numbers = call.world.numbers
    found: list[tuple[int | None, object]]
    if "sims" in body:
        found = [(item["id"], item["id"]) for item in body["sims"]]
    elif "iccids" in body:
        found = [(numbers.candidates("iccid", iccid), iccid) for iccid in body["iccids"]]
    else:
        edges = [numbers.candidates("iccid", body["iccid_range"][name]) for name in ("start", "end")]
        first, last = edges
        if first is None or last is None or last < first:
            raise bad_request("Parameter iccid_range is not a range")
        if last - first >= _MOST:
            raise bad_request(f"At most {_MOST} SIMs are migrated at once")
        found = [(identity, numbers.iccid(identity)) for identity in range(first, last + 1)]
    if not 1 <= len(found) <= _MOST:
        raise bad_request(f"1 to {_MOST} SIMs are migrated at once")
    if len({identity for identity, _ in found}) < len(found):
        raise bad_request("A SIM is named twice")
    return found


def _find(call: Call, workspaces: Sequence[Organisation]) -> list[_Found]:
    found = []
    for identity, name in _identities(call):
        for home in workspaces:
            sim = None if identity is None else home.sims.find(identity)
            if sim is not None:
                found.append(_Found(sim, home))
                break
        else:
            raise not_found("Sim", name)
    return found


def _allowed(call: Call) -> list[int]:
    wanted = call.body.get("allowed_sim_statuses")
    if wanted is None:
        return [status for status in lookups.SIM_STATUSES if status != 3]
    for item in wanted:
        if item["id"] not in lookups.SIM_STATUSES:
            raise bad_request(f"Unknown SIM status {item['id']}")
    return [item["id"] for item in wanted]


def migrate(call: Call) -> Reply:
    """Move SIMs to another workspace of the user; without ``dry_run: false`` only check.

    Choice: SIMs can be in any workspace of the user and keep id, identifiers and status, except that
        activated ones are suspended. Without a list all statuses are allowed. The user must be an
        administrator of each source (409, 1504) and of the target (403); no SIM is Brazilian (1505). An
        endpoint that loses its SIM stays in its workspace.

    Raises:
        Problem: 403 for an application, 404 unknown SIM or workspace, 400 an invalid selection of SIMs, 409
            some of them cannot be moved.
    """
    workspaces, user = _workspaces(call), call.user
    assert user is not None
    wanted = call.body["target_workspace"].get("id")
    target = next((each for each in workspaces if each.id == wanted), None)
    if target is None:
        raise not_found("Workspace", wanted)
    managed = {
        each.id
        for each in workspaces
        if user.roles_in(each.id, each.account.parent) & {ADMINISTRATOR, SUPER_ADMIN}
    }
    if target.id not in managed:
        raise forbidden()
    found, allowed = _find(call, workspaces), _allowed(call)
    if any(each.home.id == target.id for each in found):
        raise bad_request("A SIM is in the target workspace already")
    detach, dry = bool(call.body.get("auto_detach_devices")), call.body.get("dry_run", True)
    issues = [
        (1502, "SIM(s) attached to devices", [e for e in found if e.sim.endpoint and not detach]),
        (1503, "SIM(s) in disallowed status", [e for e in found if e.sim.status not in allowed]),
        (1504, "No admin access on the source workspace", [e for e in found if e.home.id not in managed]),
    ]
    errors = [
        {"error_code": code, "message": message, "sims": [each.body(call) for each in concerned]}
        for code, message, concerned in issues
        if concerned
    ]
    if errors:
        raise Problem(409, None, "SIM migration failed", extra={"status_code": 409, "errors": errors})
    body = {
        "sim_count": len(found),
        "dry_run": dry,
        "allowed_sim_statuses": [lookups.lookup(lookups.SIM_STATUSES, each) for each in allowed],
        "target_workspace": {"id": target.id, "name": target.name},
        "auto_detach_devices": detach,
        "sims": [each.body(call) for each in found],
    }
    if not dry:
        for each in found:
            _move(call, each, target)
    return Reply(body=body)


def _move(call: Call, found: _Found, target: Organisation) -> None:
    sim, world, now = found.sim, call.world, call.now
    user = None if call.user is None else call.user.ref
    source = EventContext(world=world, organisation=found.home, now=now, source=2)
    if sim.endpoint is not None:
        sim = detach_sim(source, sim)
    if sim.status == ACTIVATED:
        sim = move_sim(source, sim, SUSPENDED, reason="SIM migration")
    found.home.sims.remove(sim.id)
    found.home.activity.tested.pop(sim.id, None)
    target.sims.save(replace(sim, endpoint=None))
    update_duty(EventContext(world=world, organisation=target, now=now), sim.id)
    chip = found.home.activity.chips.pop(chip_id(sim.id), None)
    if chip is not None:
        target.activity.chips[chip.id] = chip
    detail = {
        "source_workspace": {"id": found.home.id, "name": found.home.name},
        "target_workspace": {"id": target.id, "name": target.name},
    }
    for organisation in (found.home, target):
        world.record(
            organisation,
            69,
            f"SIM {sim.id} migrated from {found.home.name} to {target.name}",
            sim=sim,
            user=user,
            detail=detail,
        )


HANDLERS: Mapping[str, Handler] = {"sims.migrate_workspace": migrate}
