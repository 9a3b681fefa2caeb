"""How an SMS gets to its device: tried at once, buffered while nobody answers, given up in the end."""

from __future__ import annotations

from attrs import evolve

from aioemnify.simulator.moments import month_start
from aioemnify.simulator.progress.passing import Passing
from aioemnify.simulator.progress.quota_counting import spend_sms
from aioemnify.simulator.state.devices import SMS_SERVICE, registered
from aioemnify.simulator.state.fleet import ACTIVATED, FACTORY_TEST, EndpointState
from aioemnify.simulator.state.messages import (
    BUFFERED,
    DELIVERED,
    EXPIRED,
    FAILED,
    FINAL,
    IN_PROGRESS,
    PENDING,
    Message,
)
from aioemnify.simulator.state.quotas import ACTIVE
from aioemnify.simulator.state.sim_life import Doer, move_sim
from aioemnify.simulator.usage.endpoint_usage import sms_by_day

_TEST_MESSAGES = 10
_FIRST_RETRY = 60.0
_LONGEST_RETRY = 3_600.0


def submit(doer: Doer, message: Message) -> None:
    """Take a message and begin with it."""
    doer.organisation.activity.messages.add(message)
    _appoint(doer, message, doer.world.settings.sms_seconds / 3)


def _appoint(doer: Doer, message: Message, wait: float) -> None:
    message.due = min(message.expires, doer.now + wait)
    doer.organisation.activity.agenda.add(message.due, "sms", message.id)


def carry_on(passing: Passing, about: str) -> None:
    """Do the next thing about a message; nothing when it is final."""
    message = passing.organisation.activity.messages.by_id.get(int(about))
    if message is None or message.status in FINAL or passing.now != message.due:
        return
    if passing.now >= message.expires:
        message.finish(EXPIRED, passing.now)
    elif message.status == PENDING:
        message.status = IN_PROGRESS
        _appoint(passing, message, passing.world.settings.sms_seconds * 2 / 3)
    else:
        _attempt(passing, message)


def _attempt(passing: Passing, message: Message) -> None:
    organisation, now = passing.organisation, passing.now
    endpoint = organisation.endpoints.find(message.endpoint)
    message.attempted, message.error = now, None
    if endpoint is None or endpoint.sim is None:
        message.error = "unknownSubscriber"
        message.finish(FAILED, now)
        return
    message.error = refusal(passing, endpoint)
    if message.error is not None:
        message.finish(FAILED, now)
    elif registered(passing.world, organisation, endpoint, now):
        message.finish(DELIVERED, now)
        message.delivered = now
        spend_sms(passing, endpoint)
        _end_factory_test(passing, endpoint.sim)
    else:
        wait = min(_LONGEST_RETRY, _FIRST_RETRY * 2**message.retries)
        message.status, message.error = BUFFERED, "absentSubscriber"
        message.retries += 1
        message.retry = now + wait
        _appoint(passing, message, wait)


def refusal(doer: Doer, endpoint: EndpointState) -> str | None:
    """Return why the profile or a quota does not let a message through, None when both do."""
    organisation = doer.organisation
    profile = organisation.service_profiles[endpoint.service_profile]
    if SMS_SERVICE not in profile.services:
        return "teleserviceNotProvisioned"
    flags = profile.flags
    if flags.get("allowed_nb_iot") and not (flags.get("allowed_3g") or flags.get("allowed_4g")):
        return "smsNotSupportedOnNbIot"
    if profile.flags.get("apply_sms_quota"):
        quota = organisation.activity.sms_quotas.get(endpoint.id)
        if quota is None or quota.status != ACTIVE:
            return "quotaExhausted"
    most = profile.sms_ceiling(SMS_SERVICE)
    if most is not None:
        days = sms_by_day(organisation, month_start(doer.now), doer.now, endpoint=endpoint.id)
        if sum(day.total for day in days.values()) >= most:
            return "trafficLimitReached"
    return None


def _end_factory_test(passing: Passing, identity: int) -> None:
    organisation = passing.organisation
    sim = organisation.sims.find(identity)
    if sim is None or sim.status != FACTORY_TEST:
        return
    since = organisation.activity.tested.get(identity, 0.0)
    days = sms_by_day(organisation, since, passing.now + 1e-6, sim=identity)
    if sum(day.total for day in days.values()) >= _TEST_MESSAGES:
        move_sim(
            evolve(passing, source=1),
            sim,
            ACTIVATED,
            reason="SIM reached factory test volume.",
            description="SIM activated after factory test volume reached.",
        )
