"""Advance an organisation to the present time: process all scheduled events that are due."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aioemnify.simulator.answers.fleet_bodies import event_endpoint
from aioemnify.simulator.lifecycle.data_limits import check_limit
from aioemnify.simulator.lifecycle.event_context import NETWORK, POLICY, EventContext
from aioemnify.simulator.lifecycle.operations import advance_chip_operation, advance_sim_operation
from aioemnify.simulator.lifecycle.quotas import watch_data, watch_factory_test, watch_sms
from aioemnify.simulator.lifecycle.sms import advance_sms
from aioemnify.simulator.state.world import Organisation, World
from aioemnify.simulator.usage.connectivity import ONLINE, state, visited


def _open_session(context: EventContext, about: str) -> None:
    organisation = context.organisation
    endpoint = organisation.endpoints.find(int(about))
    if endpoint is None or state(context.world, organisation, endpoint, context.now) != ONLINE:
        return
    network = visited(organisation, endpoint)
    sim = None if endpoint.sim is None else organisation.sims.find(endpoint.sim)
    if network is not None:
        detail = network[0].body() | {"pdp_context": {"rat_type": network[1], "gtp_version": 1, "nsapi": 5}}
        context.record(
            3, "New PDP Context activated.", endpoint=event_endpoint(endpoint), sim=sim, detail=detail
        )


_KINDS: Mapping[str, tuple[Callable[[EventContext, str], None], int]] = {
    "sms": (advance_sms, NETWORK),
    "data quota": (watch_data, POLICY),
    "sms quota": (watch_sms, POLICY),
    "data limit": (check_limit, POLICY),
    "factory test": (watch_factory_test, POLICY),
    "chip": (advance_chip_operation, NETWORK),
    "cards": (advance_sim_operation, 2),
    "session": (_open_session, NETWORK),
}


def advance(world: World, organisation: Organisation) -> None:
    """Process all events of an organisation that are due, in order, each at its own time."""
    schedule = organisation.activity.schedule
    if not schedule.entries:
        return
    now = world.clock.wall()
    while schedule.due <= now:
        due, _, kind, about = schedule.pop()
        process, source = _KINDS[kind]
        process(EventContext(world=world, organisation=organisation, now=due, source=source), about)
