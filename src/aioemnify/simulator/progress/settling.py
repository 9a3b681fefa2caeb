"""Letting happen what is due: everything that moves with the clock is brought up to date here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aioemnify.simulator.answers.bodies import event_endpoint
from aioemnify.simulator.progress.operations import move_card_operation, move_chip_operation
from aioemnify.simulator.progress.passing import NETWORK, POLICY, Passing
from aioemnify.simulator.progress.quota_counting import watch_data, watch_factory_test, watch_sms
from aioemnify.simulator.progress.sms_delivery import carry_on
from aioemnify.simulator.state.devices import ONLINE, state, visited
from aioemnify.simulator.state.world import Organisation, World


def _open_session(passing: Passing, about: str) -> None:
    organisation = passing.organisation
    endpoint = organisation.endpoints.find(int(about))
    if endpoint is None or state(passing.world, organisation, endpoint, passing.now) != ONLINE:
        return
    network = visited(passing.world, organisation, endpoint)
    sim = None if endpoint.sim is None else organisation.sims.find(endpoint.sim)
    if network is not None:
        detail = network[0].body() | {"pdp_context": {"rat_type": network[1], "gtp_version": 1, "nsapi": 5}}
        passing.record(
            3, "New PDP Context activated.", endpoint=event_endpoint(endpoint), sim=sim, detail=detail
        )


_KINDS: Mapping[str, tuple[Callable[[Passing, str], None], int]] = {
    "sms": (carry_on, NETWORK),
    "data quota": (watch_data, POLICY),
    "sms quota": (watch_sms, POLICY),
    "factory test": (watch_factory_test, POLICY),
    "chip": (move_chip_operation, NETWORK),
    "cards": (move_card_operation, 2),
    "session": (_open_session, NETWORK),
}


def settle(world: World, organisation: Organisation) -> None:
    """Let everything happen to a tenant that was due until now, in order and each at its own moment."""
    agenda = organisation.activity.agenda
    if not agenda.entries:
        return
    now = world.clock.wall()
    while agenda.due <= now:
        due, _, kind, about = agenda.pop()
        meet, source = _KINDS[kind]
        meet(Passing(world=world, organisation=organisation, now=due, source=source), about)
