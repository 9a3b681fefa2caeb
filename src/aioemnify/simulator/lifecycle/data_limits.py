"""The event of an endpoint that reaches the monthly data limit of its service profile."""

from __future__ import annotations

from itertools import islice

from aioemnify.simulator.answers.fleet_bodies import event_endpoint
from aioemnify.simulator.lifecycle.event_context import EventContext
from aioemnify.simulator.platform.dates import month_start
from aioemnify.simulator.state.records.traffic_policy import policy_at
from aioemnify.simulator.state.world import Organisation, World
from aioemnify.simulator.usage.duty_spans import spans_of_endpoint
from aioemnify.simulator.usage.endpoint_usage import ceiling, used, when_used

_BLOCKED = 11
_TICK = 1.0
WATCHED = 1000
"""How many endpoints of a profile are watched from the moment its limit changes."""


def watch_limits_of_profile(world: World, organisation: Organisation, profile: int, now: float) -> None:
    """Schedule the events of the endpoints with a profile whose data policy has changed.

    Choice: when the data policy of a profile changes, the first 1000 endpoints with the profile are watched
        for the event of its limit, the others once their SIM goes on duty again or their limit is extended.
    """
    store = organisation.endpoints
    expected = min(WATCHED, organisation.service_profiles[profile].used)
    if expected and organisation.service_profiles[profile].policy(now).limit is not None:
        of = store.reader("service_profile")
        places = (place for place in store.select() if of(place) == profile)
        for endpoint in store.states(list(islice(places, expected))):
            watch_limit(world, organisation, endpoint.id, now)


def watch_limit(world: World, organisation: Organisation, identity: int, now: float) -> None:
    """Schedule when an endpoint reaches its data limit, if it has one and its SIM is on duty."""
    checks = organisation.activity.limit_checks
    most = _most(organisation, identity, now)
    spans = spans_of_endpoint(organisation, identity)
    if most is None or not spans or spans[-1].end is not None:
        checks.pop(identity, None)
        return
    following = month_start(now, 1)
    spent = used(world, organisation, identity, month_start(now), now)
    when: float | None = following
    if spent < most:
        when = when_used(world, organisation, identity, now, most - spent, following)
        when = following if when is None else when + _TICK
    elif organisation.activity.limits_reached.get(identity) != (month_start(now), most):
        when = now
    assert when is not None
    checks[identity] = when
    organisation.activity.schedule.add(when, "data limit", identity)


def check_limit(context: EventContext, about: str) -> None:
    """Record the event of an endpoint that has reached its data limit, once for each limit and month."""
    identity, organisation, now = int(about), context.organisation, context.now
    endpoint = organisation.endpoints.find(identity)
    if endpoint is None or organisation.activity.limit_checks.get(identity) != now:
        return
    most = _most(organisation, identity, now)
    reached = (month_start(now), most or 0)
    if (
        most is not None
        and organisation.activity.limits_reached.get(identity) != reached
        and used(context.world, organisation, identity, month_start(now), now) >= most
    ):
        organisation.activity.limits_reached[identity] = reached
        context.record(
            _BLOCKED,
            "Blocking data access for endpoint, traffic limit exceeded.",
            severity=1,
            alert=True,
            endpoint=event_endpoint(endpoint),
        )
    watch_limit(context.world, organisation, identity, now)


def _most(organisation: Organisation, identity: int, now: float) -> int | None:
    """Return the bytes that an endpoint may have this month, None without a limit."""
    endpoint = organisation.endpoints.find(identity)
    profile = None if endpoint is None else organisation.service_profiles.get(endpoint.service_profile)
    if profile is None or not profile.policies:
        return None
    limit = policy_at(profile.policies, now).limit
    return None if limit is None else ceiling(organisation, identity, limit, now)
