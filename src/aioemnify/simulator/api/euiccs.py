"""eUICC calls: chips, their profiles, and operations on them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aioemnify.simulator.answers.listing import Criterion, Search, arrange, sort_key
from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.api.pages import page_reply, query_of
from aioemnify.simulator.lifecycle.operations import begin_next, chip_of, submit_chip_operation
from aioemnify.simulator.platform.dates import DAY_SECONDS
from aioemnify.simulator.platform.errors import Problem
from aioemnify.simulator.platform.lookups import ISSUER_ORG, everything, lookup
from aioemnify.simulator.state.fleet import HAS_EUICC, SimState
from aioemnify.simulator.state.records import euiccs as chips
from aioemnify.simulator.state.records.euiccs import Chip, ChipOperation, chip_id, profile_type, sim_of_chip
from aioemnify.simulator.state.world import event_time

_IOT = 5
_ICCID = re.compile(r"[0-9]{19,20}")


def _plain(status: int, message: str) -> Problem:
    """Return an error in the format of this group of calls."""
    return Problem(status, None, message, extra={"status_code": status})


def _body(call: Call, sim: SimState) -> dict[str, Any]:
    organisation = call.organisation
    chip = chip_of(organisation, call.world.numbers, sim)
    kind = lookup(chips.PROFILE_TYPES, profile_type(sim.id))
    customer = {"id": organisation.id, "name": organisation.name}
    endpoint = None if sim.endpoint is None else organisation.endpoints.find(sim.endpoint)
    profiles = []
    for profile in chip.profiles:
        body: dict[str, Any] = {
            "iccid_with_luhn": profile.iccid_with_luhn,
            "status": lookup(chips.PROFILE_STATUSES, profile.status),
            "customer_org": customer,
            "name": "Preloaded profile" if profile.preloaded else "Downloaded profile",
            "operator": {"id": ISSUER_ORG["id"], "name": ISSUER_ORG["name"]},
            "preloaded": profile.preloaded,
            "fallback_allowed": True,
            "fallback_attribute": profile.fallback,
            "profile_type": kind,
        }
        if endpoint is not None and profile.status == chips.ENABLED:
            body["endpoint"] = {"id": endpoint.id, "name": endpoint.name}
        profiles.append(body)
    return {
        "id": chip.id,
        "eid": call.world.numbers.eid(sim.id),
        "created": event_time(sim.produced),
        "profile": profiles,
        "issuer_org": {"id": ISSUER_ORG["id"], "name": ISSUER_ORG["name"]},
        "customer_org": customer,
        "supported_profile_type": kind,
        "status": lookup(chips.STATUSES, 1),
        "last_audited": event_time(chip.audited),
        "last_polled": event_time(chip.changed),
        "last_synced": event_time(chip.changed),
        "eim": dict(chips.EIM),
    }


def list_chips(call: Call) -> Reply:
    """Return one page of the organisation's eUICCs.

    Choice: every tenth SIM is an eSIM; one of four is for consumers, the others for IoT. ``modified`` sorts
        by the last change of a chip's profiles.
    """
    query = query_of(call)
    sims = call.organisation.sims
    search = Search(sims)
    search.code(lambda code: bool(code & HAS_EUICC))
    for criterion in query.criteria:
        _filter(call, search, criterion)
    places = arrange(search.positions(), query.order, _keys(call))
    return page_reply(call, query, places, lambda some: [_body(call, sim) for sim in sims.states(some)])


def _filter(call: Call, search: Search[SimState], criterion: Criterion) -> None:
    match criterion.field:
        case "id":
            search.only(sim_of_chip(criterion.number()))
        case "eid":
            search.only(call.world.numbers.candidates("eid", criterion.text_value()))
        case "supported_profile_type":
            kind = criterion.number()
            search.test(lambda sim: profile_type(sim.id) == kind)
        case _:  # status and eim: there is one of each
            if criterion.number() != 1:
                search.only(None)


def _keys(call: Call) -> Mapping[str, Callable[[int], Any] | None]:
    sims, organisation = call.organisation.sims, call.organisation

    def modified(place: int) -> float:
        return chip_of(organisation, call.world.numbers, sims.at(place)).changed

    def same(place: int) -> int:
        return 0

    return {
        "id": None,
        "eid": sort_key(call.world.numbers, "eid", sims),
        "modified": modified,
        "supported_profile_type": lambda place: profile_type(sims.at(place).id),
        "status": same,
        "eim": same,
    }


def _find(call: Call, *, iot: bool = False) -> SimState:
    text = call.args["euicc_id"]
    if re.fullmatch(r"-?[0-9]{1,30}", text):
        sim = call.organisation.sims.find(sim_of_chip(int(text)))
        if (
            sim is not None
            and call.world.numbers.has_euicc(sim.id)
            and (not iot or profile_type(sim.id) == _IOT)
        ):
            return sim
    raise _plain(404, f"eUICC with id {text} not found")


def get_chip(call: Call) -> Reply:
    """Return one eUICC with its profiles.

    Choice: a chip has one profile at the start: enabled, the fallback, with the ICCID of its SIM.
    """
    return Reply(body=_body(call, _find(call)))


def _operation_body(call: Call, operation: ChipOperation) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": operation.id,
        "action": lookup(chips.ACTIONS, operation.action),
        "status": lookup(chips.OPERATION_STATUSES, operation.status),
        "creation_date": event_time(operation.created),
        "expiry_date": event_time(operation.expires),
        "last_updated_at": event_time(operation.updated),
    }
    user = None if operation.user is None else call.world.user(operation.user)
    if user is not None:
        body["user"] = user.ref
    if operation.iccid_with_luhn is not None:
        body["iccid_with_luhn"] = operation.iccid_with_luhn
    if operation.finalized is not None:
        body["finalization_date"] = event_time(operation.finalized)
    if operation.error is not None:
        body["error"] = {"reason": 1, "message": operation.error}
    return body


def schedule_operations(call: Call) -> Reply:
    """Schedule operations on an eUICC, to run one after the other: the whole list or none.

    Choice: an operation starts half of ``operation_seconds`` after the one before it ended, if the device
        is registered, and takes the other half; else it is tried every minute until it expires. A download
        needs an activation code and gives the new profile the ICCID in the body, or an invented one; all
        others except the audit need an ICCID.
    """
    sim = _find(call, iot=True)
    items: Sequence[Mapping[str, Any]] = call.body
    if not items:
        raise _plain(400, "The request has no operation")
    faults, made = [], []
    for place, item in enumerate(items):
        faults += [f"{place}: {fault}" for fault in _faults(item)]
    if faults:
        raise _plain(400, "; ".join(faults))
    now = call.now
    for item in items:
        operation = ChipOperation(
            id=str(uuid.UUID(int=call.world.chance.getrandbits(128), version=4)),
            chip=chip_id(sim.id),
            action=item["action"]["id"],
            user=None if call.principal is None else call.principal.user,
            created=now,
            updated=now,
            expires=now + item.get("validity_period", int(DAY_SECONDS)),
            iccid_with_luhn=item.get("iccid_with_luhn"),
            activation_code=item.get("activation_code"),
            enable=bool(item.get("enable")),
        )
        submit_chip_operation(call, operation)
        made.append(operation)
    links = [f'<{call.origin}{call.path}/{operation.id}>; rel="item"' for operation in made]
    return Reply(
        status=201,
        body=[_operation_body(call, operation) for operation in made],
        headers={"Link": ", ".join(links)},
    )


def _faults(item: Mapping[str, Any]) -> list[str]:
    action = item["action"].get("id")
    if action not in chips.ACTIONS:
        return [f"unknown action {action}"]
    faults = []
    if not 1 <= item.get("validity_period", 1) <= DAY_SECONDS:
        faults.append("validity_period is from 1 to 86400")
    iccid = item.get("iccid_with_luhn")
    if iccid is None and action not in (chips.AUDIT, chips.DOWNLOAD):
        faults.append("iccid_with_luhn is required")
    elif iccid is not None and not _ICCID.fullmatch(iccid):
        faults.append("iccid_with_luhn has 20 digits")
    if action == chips.DOWNLOAD and not item.get("activation_code"):
        faults.append("activation_code is required")
    return faults


def list_operations(call: Call) -> Reply:
    """Return one page of the operations of an eUICC, by default oldest first."""
    chip = chip_id(_find(call, iot=True).id)
    query = query_of(call)
    operations = [each for each in call.organisation.activity.chip_operations.values() if each.chip == chip]
    for criterion in query.criteria:
        if criterion.field in ("action", "status"):
            operations = [each for each in operations if getattr(each, criterion.field) == criterion.number()]
        else:
            operations = [each for each in operations if getattr(each, criterion.field) == criterion.value]
    places = arrange(range(len(operations)), query.order, _operation_keys(operations))
    return page_reply(
        call, query, places, lambda some: [_operation_body(call, operations[place]) for place in some]
    )


def _operation_keys(operations: Sequence[ChipOperation]) -> Mapping[str, Callable[[int], Any] | None]:
    def by(name: str, missing: Any) -> Callable[[int], Any]:
        return lambda place: (
            missing if getattr(operations[place], name) is None else getattr(operations[place], name)
        )

    return {
        "id": by("id", ""),
        "action": by("action", 0),
        "status": by("status", 0),
        "iccid_with_luhn": by("iccid_with_luhn", ""),
        "creation_date": by("created", 0.0),
        "expiry_date": by("expires", 0.0),
        "finalization_date": by("finalized", 0.0),
    }


def _find_operation(call: Call) -> ChipOperation:
    chip = chip_id(_find(call, iot=True).id)
    operation = call.organisation.activity.chip_operations.get(call.args["operation_id"])
    if operation is None or operation.chip != chip:
        raise _plain(404, f"Operation with id {call.args['operation_id']} not found")
    return operation


def get_operation(call: Call) -> Reply:
    """Return one operation."""
    return Reply(body=_operation_body(call, _find_operation(call)))


def cancel_operation(call: Call) -> Reply:
    """Cancel an operation that has not started.

    Choice: 409 once it has started or ended.
    """
    operation = _find_operation(call)
    if operation.status != chips.SCHEDULED:
        raise _plain(409, f"Operation with id {operation.id} is not scheduled any more")
    operation.finish(chips.CANCELED, call.now)
    begin_next(call, operation.chip)
    return NO_CONTENT


def validate_unlinked(call: Call) -> Reply:
    """Return which eUICCs have a profile already.

    Choice: an EID that the organisation does not have gets 404.
    """
    found = []
    for item in call.body["target"]:
        identity = call.world.numbers.candidates("eid", item["eid"])
        sim = None if identity is None else call.organisation.sims.find(identity)
        if sim is None:
            raise _plain(404, f"eUICC with EID {item['eid']} not found")
        chip: Chip = chip_of(call.organisation, call.world.numbers, sim)
        if chip.profiles:
            found.append({"eid": item["eid"]})
    return Reply(body=found)


def _list(values: Mapping[int, str]) -> Handler:
    def answer(call: Call) -> Reply:
        """Return a lookup."""
        return Reply(body=everything(values))

    return answer


HANDLERS: Mapping[str, Handler] = {
    "euiccs.list": list_chips,
    "euiccs.get": get_chip,
    "euiccs.list_statuses": _list(chips.STATUSES),
    "euiccs.list_profile_statuses": _list(chips.PROFILE_STATUSES),
    "euiccs.list_operation_actions": _list(chips.ACTIONS),
    "euiccs.list_operation_statuses": _list(chips.OPERATION_STATUSES),
    "euiccs.validate_unlinked": validate_unlinked,
    "euiccs.list_operations": list_operations,
    "euiccs.schedule_operations": schedule_operations,
    "euiccs.get_operation": get_operation,
    "euiccs.cancel_operation": cancel_operation,
}
