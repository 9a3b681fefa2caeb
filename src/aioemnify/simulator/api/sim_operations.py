"""Operations on many SIMs at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from aioemnify.simulator.answers.listing import arrange
from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.api.pages import page_reply, query_of
from aioemnify.simulator.platform.errors import Problem
from aioemnify.simulator.platform.lookups import everything, lookup
from aioemnify.simulator.state.records import sim_operations as records
from aioemnify.simulator.state.records.sim_operations import SimOperation, Target
from aioemnify.simulator.state.world import event_time

_MOST_TARGETS = 10_000


def _body(operation: SimOperation) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": operation.id,
        "action": lookup(records.ACTIONS, operation.action),
        "status": lookup(records.STATUSES, operation.status),
        "creation_date": event_time(operation.created),
        "last_updated_at": event_time(operation.updated),
        "finalization_date": None if operation.finalized is None else event_time(operation.finalized),
        "target": [
            {"eid": target.eid} if target.eid is not None else {"sim": {"id": target.sim}}
            for target in operation.targets
        ],
        "total_count": len(operation.targets),
        "failed_count": len(operation.failures),
        "success_count": operation.position - len(operation.failures),
    }
    if operation.product is not None:
        body["product"] = _product(operation.product)
    if operation.failures:
        body["error"] = [{"eid": failure.eid, "message": failure.message} for failure in operation.failures]
    return body


def _product(identity: int) -> dict[str, Any]:
    return {"id": identity, "name": records.PRODUCTS[identity][0]}


def create(call: Call) -> Reply:
    """Start an operation on many SIMs.

    Choice: the actions are activate, suspend, link_product (which needs a product and an eSIM without a
        profile) and delete. An operation is pending for half of ``operation_seconds``, runs for the other
        half and then processes a hundred targets per second; targets fail one by one. Errors get 400,
        because no 422 is documented.
    """
    body: Mapping[str, Any] = call.body
    action, product = body["action"].get("id"), (body.get("product") or {}).get("id")
    faults = []
    if action not in records.ACTIONS:
        faults.append(f"unknown action {action}")
    if product is not None and product not in records.PRODUCTS:
        faults.append(f"unknown product {product}")
    if product is None and action == records.LINK_PRODUCT:
        faults.append("product is required")
    if not 1 <= len(body["target"]) <= _MOST_TARGETS:
        faults.append(f"target has 1 to {_MOST_TARGETS} items")
    targets = []
    for place, item in enumerate(body["target"]):
        target = Target(sim=(item.get("sim") or {}).get("id"), eid=item.get("eid"))
        if (target.sim is None) == (target.eid is None):
            faults.append(f"target.{place} is either a sim or an eid")
        targets.append(target)
    if faults:
        raise Problem(400, None, "; ".join(faults), extra={"status_code": 400})
    now = call.now
    operation = SimOperation(
        id=str(uuid.UUID(int=call.world.chance.getrandbits(128), version=4)),
        action=action,
        product=product,
        targets=targets,
        created=now,
        updated=now,
        user=None if call.principal is None else call.principal.user,
    )
    activity = call.organisation.activity
    activity.sim_operations[operation.id] = operation
    activity.schedule.add(now + call.world.settings.operation_seconds / 2, "cards", operation.id)
    return call.created(f"/api/v1/sim/operation/{operation.id}", _body(operation))


def get_operation(call: Call) -> Reply:
    """Return one operation."""
    operation = call.organisation.activity.sim_operations.get(call.args["operation_id"])
    if operation is None:
        message = f"Operation with id {call.args['operation_id']} not found"
        raise Problem(404, None, message, extra={"status_code": 404})
    return Reply(body=_body(operation))


def list_operations(call: Call) -> Reply:
    """Return one page of the organisation's operations, by default oldest first."""
    query = query_of(call)
    found = list(call.organisation.activity.sim_operations.values())
    for criterion in query.criteria:
        wanted = criterion.text_value() if criterion.field == "id" else criterion.number()
        found = [each for each in found if getattr(each, criterion.field) == wanted]
    keys: Mapping[str, Callable[[int], Any] | None] = {
        "id": lambda place: found[place].id,
        "action": lambda place: found[place].action,
        "status": lambda place: found[place].status,
        "creation_date": lambda place: found[place].created,
        "finalization_date": lambda place: found[place].finalized or 0.0,
    }
    places = arrange(range(len(found)), query.order, keys)
    return page_reply(call, query, places, lambda some: [_body(found[place]) for place in some])


def list_actions(call: Call) -> Reply:
    """Return the actions."""
    return Reply(body=everything(records.ACTIONS))


def list_statuses(call: Call) -> Reply:
    """Return the statuses."""
    return Reply(body=everything(records.STATUSES))


def list_unlinked(call: Call) -> Reply:
    """Return how many profiles of each product are left.

    Choice: there are two products with a fixed stock for each organisation.
    """
    linked = call.organisation.activity.linked
    return Reply(
        body=[
            {"product": _product(identity), "quantity": stock - linked.get(identity, 0)}
            for identity, (_, stock) in records.PRODUCTS.items()
        ]
    )


HANDLERS: Mapping[str, Handler] = {
    "sim_operations.create": create,
    "sim_operations.get": get_operation,
    "sim_operations.list": list_operations,
    "sim_operations.list_actions": list_actions,
    "sim_operations.list_statuses": list_statuses,
    "sims.list_unlinked_product_stats": list_unlinked,
}
