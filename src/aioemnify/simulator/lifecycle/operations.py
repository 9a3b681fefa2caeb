"""Progress of operations on eUICCs and on many SIMs."""

from __future__ import annotations

from aioemnify.simulator.lifecycle.event_context import EventContext
from aioemnify.simulator.lifecycle.sim import ChangeContext, check_move, delete_sim, move_sim
from aioemnify.simulator.platform.errors import Problem
from aioemnify.simulator.state.fleet import ACTIVATED, SUSPENDED, Identifiers, SimState, with_luhn
from aioemnify.simulator.state.records.euiccs import (
    ENABLED,
    EXPIRED,
    FAILED,
    IN_PROGRESS,
    SUCCEEDED,
    Chip,
    ChipOperation,
    ChipProfile,
    act,
    chip_id,
    sim_of_chip,
)
from aioemnify.simulator.state.records.sim_operations import (
    ACTIVATE,
    DELETE,
    DONE,
    PENDING,
    PRODUCTS,
    RUNNING,
    SUSPEND,
    Failure,
    SimOperation,
    Target,
)
from aioemnify.simulator.state.world import Organisation
from aioemnify.simulator.usage.connectivity import registered

_POLL_SECONDS = 60.0
_AT_ONCE = 100


def chip_of(organisation: Organisation, numbers: Identifiers, sim: SimState) -> Chip:
    """Return the chip in a SIM: the stored one or the initial one, which is not stored yet."""
    identity = chip_id(sim.id)
    kept = organisation.activity.chips.get(identity)
    if kept is not None:
        return kept
    profile = ChipProfile(
        iccid_with_luhn=numbers.iccid_with_luhn(sim.id), status=ENABLED, preloaded=True, fallback=True
    )
    return Chip(id=identity, sim=sim.id, profiles=[profile], audited=sim.produced, changed=sim.produced)


def submit_chip_operation(context: ChangeContext, operation: ChipOperation) -> None:
    """Add an operation; operations on one chip are carried out one after the other."""
    activity = context.organisation.activity
    waiting = _open(context.organisation, operation.chip)
    activity.chip_operations[operation.id] = operation
    activity.schedule.add(operation.expires, "chip", operation.id)
    if not waiting:
        activity.schedule.add(
            context.now + context.world.settings.operation_seconds / 2, "chip", operation.id
        )


def _open(organisation: Organisation, chip: int) -> list[ChipOperation]:
    operations = organisation.activity.chip_operations.values()
    return [each for each in operations if each.chip == chip and each.open]


def begin_next(context: ChangeContext, chip: int) -> None:
    """Start the next operation of a chip after one ended."""
    waiting = _open(context.organisation, chip)
    if waiting:
        pause = context.world.settings.operation_seconds / 2
        context.organisation.activity.schedule.add(context.now + pause, "chip", waiting[0].id)


def advance_chip_operation(context: EventContext, about: str) -> None:
    """Process the next step of an operation on a chip."""
    organisation, now = context.organisation, context.now
    operation = organisation.activity.chip_operations.get(about)
    if operation is None or not operation.open:
        return
    sim = organisation.sims.find(sim_of_chip(operation.chip))
    half = context.world.settings.operation_seconds / 2
    if operation.status == IN_PROGRESS:
        if now - operation.updated < half:
            return
        _finish(context, operation, sim)
    elif now >= operation.expires:
        operation.finish(EXPIRED, now)
    elif _open(organisation, operation.chip)[0] is not operation:
        return
    else:
        endpoint = None if sim is None or sim.endpoint is None else organisation.endpoints.find(sim.endpoint)
        if endpoint is None or not registered(context.world, organisation, endpoint, now):
            organisation.activity.schedule.add(now + _POLL_SECONDS, "chip", about)
            return
        operation.status, operation.updated = IN_PROGRESS, now
        organisation.activity.schedule.add(now + half, "chip", about)
        return
    begin_next(context, operation.chip)


def _finish(context: EventContext, operation: ChipOperation, sim: SimState | None) -> None:
    organisation, now = context.organisation, context.now
    if sim is None:
        operation.finish(FAILED, now, "The SIM is gone")
        return
    chip = chip_of(organisation, context.world.numbers, sim)
    serial = context.world.allot("profile iccid")
    iccid = f"89001019{context.world.seed % 100:02d}{serial:09d}"
    error = act(chip, operation, now, with_luhn(iccid))
    organisation.activity.chips[chip.id] = chip
    operation.finish(SUCCEEDED if error is None else FAILED, now, error)


def advance_sim_operation(context: EventContext, about: str) -> None:
    """Process the next step of an operation on many SIMs: start it, or process its next targets."""
    organisation, now = context.organisation, context.now
    operation = organisation.activity.sim_operations.get(about)
    if operation is None or operation.status == DONE:
        return
    half = context.world.settings.operation_seconds / 2
    operation.updated = now
    if operation.status == PENDING:
        operation.status = RUNNING
        organisation.activity.schedule.add(now + half, "cards", about)
        return
    for target in operation.targets[operation.position : operation.position + _AT_ONCE]:
        try:
            error = _treat(context, operation, target)
        except Problem as problem:
            error = problem.message
        if error is not None:
            sim = target.sim
            eid = target.eid or (None if sim is None else context.world.numbers.eid(sim))
            operation.failures.append(Failure(eid=eid or "", message=error))
        operation.position += 1
    if operation.position < len(operation.targets):
        organisation.activity.schedule.add(now + 1.0, "cards", about)
    else:
        operation.status, operation.finalized = DONE, now


def _treat(context: EventContext, operation: SimOperation, target: Target) -> str | None:
    organisation, numbers = context.organisation, context.world.numbers
    identity = target.sim
    if identity is None and target.eid is not None:
        identity = numbers.candidates("eid", target.eid)
    sim = None if identity is None else organisation.sims.find(identity)
    if sim is None:
        return "The SIM does not exist"
    if operation.action == DELETE:
        if sim.endpoint is not None:
            return f"Sim with id {sim.id} is assigned to endpoint {sim.endpoint}"
        delete_sim(context, sim)
    elif operation.action in (ACTIVATE, SUSPEND):
        wanted = ACTIVATED if operation.action == ACTIVATE else SUSPENDED
        check_move(context, sim, wanted)
        move_sim(context, sim, wanted)
    else:
        return _link(context, operation, sim)
    return None


def _link(context: EventContext, operation: SimOperation, sim: SimState) -> str | None:
    activity = context.organisation.activity
    product = operation.product or 0
    if context.world.numbers.eid(sim.id) is None:
        return "The SIM has no eUICC"
    chip = chip_of(context.organisation, context.world.numbers, sim)
    if chip.profiles:
        return "The eUICC has a profile already"
    if activity.linked.get(product, 0) >= PRODUCTS[product][1]:
        return "No profile of this product is left"
    activity.linked[product] = activity.linked.get(product, 0) + 1
    chip.profiles.append(
        ChipProfile(
            iccid_with_luhn=context.world.numbers.iccid_with_luhn(sim.id), status=ENABLED, preloaded=False
        )
    )
    chip.changed = context.now
    activity.chips[chip.id] = chip
    return None
