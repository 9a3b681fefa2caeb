"""When each SIM could carry data in an endpoint. All traffic is computed from these spans.

Nothing is stored for a SIM that never changed: its one span follows from its initial state.
"""

from __future__ import annotations

from aioemnify.simulator.state.activity import DutySpan
from aioemnify.simulator.state.fleet import ACTIVATED, ENABLED, FACTORY_TEST, EndpointState, SimState
from aioemnify.simulator.state.world import Organisation


def on_duty(sim: SimState | None, endpoint: EndpointState | None) -> bool:
    """Return whether a SIM in an endpoint can use the network."""
    return (
        sim is not None
        and endpoint is not None
        and sim.endpoint == endpoint.id
        and endpoint.status == ENABLED
        and sim.status in (ACTIVATED, FACTORY_TEST)
    )


def _born(organisation: Organisation, identity: int) -> list[DutySpan]:
    fleet = organisation.fleet
    place = identity - fleet.first_sim
    if not 0 <= place < fleet.sims:
        return []
    sim = fleet.sim(place)
    # A SIM that starts in Factory Test has not been switched on.
    if sim.endpoint is None or sim.status != ACTIVATED or sim.activated is None:
        return []
    endpoint = fleet.endpoint(sim.endpoint - fleet.first_endpoint)
    if endpoint.status != ENABLED:
        return []
    return [
        DutySpan(
            sim=sim.id,
            endpoint=endpoint.id,
            profile=endpoint.service_profile,
            start=max(sim.activated, endpoint.created),
        )
    ]


def spans_of_sim(organisation: Organisation, sim: int) -> list[DutySpan]:
    """Return the duty spans of a SIM in order."""
    kept = organisation.activity.duty_spans.spans.get(sim)
    return _born(organisation, sim) if kept is None else kept


def spans_of_endpoint(organisation: Organisation, endpoint: int) -> list[DutySpan]:
    """Return the duty spans of an endpoint in order."""
    fleet = organisation.fleet
    sims = list(organisation.activity.duty_spans.visitors.get(endpoint, ()))
    place = endpoint - fleet.first_endpoint
    if 0 <= place < fleet.endpoints:
        born = fleet.endpoint(place).sim
        if born is not None and born not in sims:
            sims.append(born)
    found = [span for sim in sims for span in spans_of_sim(organisation, sim) if span.endpoint == endpoint]
    return sorted(found, key=lambda span: span.start)


def note_duty(organisation: Organisation, sim_id: int, now: float) -> bool:
    """Record whether a SIM is on duty from now on. Call it after every change of the SIM or its endpoint.

    Returns:
        Whether the SIM has just gone on duty.
    """
    duty_spans = organisation.activity.duty_spans
    sim = organisation.sims.find(sim_id)
    endpoint = None if sim is None or sim.endpoint is None else organisation.endpoints.find(sim.endpoint)
    if sim_id not in duty_spans.spans:
        duty_spans.spans[sim_id] = _born(organisation, sim_id)
    spans = duty_spans.spans[sim_id]
    last = spans[-1] if spans and spans[-1].end is None else None
    if not on_duty(sim, endpoint):
        if last is not None:
            last.end = max(now, last.start)
            organisation.usage.note_duty(last.endpoint)
        return False
    assert endpoint is not None
    if last is not None:
        if (last.endpoint, last.profile) == (endpoint.id, endpoint.service_profile):
            return False
        last.end = max(now, last.start)
        organisation.usage.note_duty(last.endpoint)
    organisation.usage.note_duty(endpoint.id)
    visitors = duty_spans.visitors.setdefault(endpoint.id, [])
    if sim_id not in visitors:
        visitors.append(sim_id)
    spans.append(DutySpan(sim=sim_id, endpoint=endpoint.id, profile=endpoint.service_profile, start=now))
    return True
