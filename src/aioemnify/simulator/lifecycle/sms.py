"""SMS to devices: attempt, buffering while the device is not reachable, and expiry; and SMS from them."""

from __future__ import annotations

from attrs import evolve

from aioemnify.simulator.lifecycle.event_context import EventContext
from aioemnify.simulator.lifecycle.quotas import spend_sms
from aioemnify.simulator.lifecycle.sim import ChangeContext, move_sim
from aioemnify.simulator.lifecycle.usage_meters import record_sms
from aioemnify.simulator.platform.dates import month_start
from aioemnify.simulator.state.fleet import ACTIVATED, FACTORY_TEST, EndpointState
from aioemnify.simulator.state.records.deliveries import Notification
from aioemnify.simulator.state.records.quotas import ACTIVE
from aioemnify.simulator.state.records.sms import (
    BUFFERED,
    DELIVERED,
    EXPIRED,
    FAILED,
    FINAL,
    IN_PROGRESS,
    PENDING,
    Message,
)
from aioemnify.simulator.usage.connectivity import SMS_SERVICE, registered
from aioemnify.simulator.usage.endpoint_usage import sms_by_day

REST_API = 1
SMS_FROM_DEVICE = 21
SHORT_DIGITS = 7
"""Messages from devices to destinations with at most this many digits go to the callback."""
_TEST_MESSAGES = 10
_FIRST_RETRY = 60.0
_LONGEST_RETRY = 3_600.0


def submit(context: ChangeContext, message: Message) -> None:
    """Add a message and schedule its delivery."""
    context.organisation.activity.messages.add(message)
    _schedule(context, message, context.world.settings.sms_seconds / 3)


def originate(context: ChangeContext, endpoint_id: int, text: str, dest: str, dcs: int) -> Message:
    """Let the device of an endpoint send a message, which arrives at once.

    Choice: a message from a device to a destination of at most seven digits goes to the callback of the
        service profile. One to a longer destination goes nowhere. Both are in the endpoint's list of SMS and
        in its usage.

    Args:
        context: the context of the change.
        endpoint_id: the endpoint.
        text: the text.
        dest: the destination, digits.
        dcs: the data coding, 0 for GSM-7 and 8 for UCS-2.

    Raises:
        ValueError: there is no such endpoint, or its device cannot send a message.
    """
    organisation = context.organisation
    endpoint = organisation.endpoints.find(endpoint_id)
    if endpoint is None:
        raise ValueError(f"unknown endpoint {endpoint_id}")
    if endpoint.sim is None or not registered(context.world, organisation, endpoint, context.now):
        raise ValueError(
            f"the device of endpoint {endpoint_id} is not registered in a network: choose an endpoint whose "
            "connectivity (GET /api/v1/endpoint/{id}/connectivity) is not OFFLINE"
        )
    if SMS_FROM_DEVICE not in organisation.service_profiles[endpoint.service_profile].services:
        raise ValueError(f"the service profile of endpoint {endpoint_id} does not allow SMS from the device")
    message = Message(
        id=context.world.allot("sms"),
        endpoint=endpoint.id,
        sim=endpoint.sim,
        submitted=context.now,
        expires=context.now,
        payload=text,
        source=context.world.numbers.msisdn(endpoint.sim),
        dest=dest,
        dcs=dcs,
        sent_by_device=True,
        delivered=context.now,
    )
    organisation.activity.messages.add(message)
    message.finish(DELIVERED, context.now)
    record_sms(context.world, organisation, endpoint, message)
    if len(dest) <= SHORT_DIGITS:
        _notify(context, message)
    return message


def finish(context: ChangeContext, message: Message, status: int, moment: float) -> None:
    """Set the final status of a message to a device, and report it to the callback if there is one."""
    message.finish(status, moment)
    _notify(context, message)


def _notify(context: ChangeContext, message: Message) -> None:
    organisation = context.organisation
    endpoint = organisation.endpoints.find(message.endpoint)
    if endpoint is None:
        return
    references = organisation.service_profiles[endpoint.service_profile].references
    callback = references.get("api_callback")
    if callback is None or references.get("esme_interface_type") != REST_API:
        return
    notification = Notification(
        id=context.world.allot("notification"),
        message=message.id,
        callback=callback,
        secret=references.get("api_secret"),
    )
    organisation.callbacks.notifications[notification.id] = notification


def _schedule(context: ChangeContext, message: Message, wait: float) -> None:
    message.due = min(message.expires, context.now + wait)
    context.organisation.activity.schedule.add(message.due, "sms", message.id)


def advance_sms(context: EventContext, about: str) -> None:
    """Process the next step of a message; nothing if it is final."""
    message = context.organisation.activity.messages.by_id.get(int(about))
    if message is None or message.status in FINAL or context.now != message.due:
        return
    if context.now >= message.expires:
        finish(context, message, EXPIRED, context.now)
    elif message.status == PENDING:
        message.status = IN_PROGRESS
        _schedule(context, message, context.world.settings.sms_seconds * 2 / 3)
    else:
        _attempt(context, message)


def _attempt(context: EventContext, message: Message) -> None:
    organisation, now = context.organisation, context.now
    endpoint = organisation.endpoints.find(message.endpoint)
    message.attempted, message.error = now, None
    if endpoint is None or endpoint.sim is None:
        message.error = "unknownSubscriber"
        finish(context, message, FAILED, now)
        return
    message.error = refusal(context, endpoint)
    if message.error is not None:
        finish(context, message, FAILED, now)
    elif registered(context.world, organisation, endpoint, now):
        message.delivered = now
        finish(context, message, DELIVERED, now)
        record_sms(context.world, organisation, endpoint, message)
        spend_sms(context, endpoint)
        _end_factory_test(context, endpoint.sim)
    else:
        wait = min(_LONGEST_RETRY, _FIRST_RETRY * 2**message.retries)
        message.status, message.error = BUFFERED, "absentSubscriber"
        message.retries += 1
        message.retry = now + wait
        _schedule(context, message, wait)


def refusal(context: ChangeContext, endpoint: EndpointState) -> str | None:
    """Return the error if the profile or a quota blocks a message, else None."""
    organisation = context.organisation
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
        days = sms_by_day(organisation, month_start(context.now), context.now, endpoint=endpoint.id)
        if sum(day.total for day in days.values()) >= most:
            return "trafficLimitReached"
    return None


def _end_factory_test(context: EventContext, identity: int) -> None:
    organisation = context.organisation
    sim = organisation.sims.find(identity)
    if sim is None or sim.status != FACTORY_TEST:
        return
    since = organisation.activity.tested.get(identity, 0.0)
    days = sms_by_day(organisation, since, context.now + 1e-6, sim=identity)
    if sum(day.total for day in days.values()) >= _TEST_MESSAGES:
        move_sim(
            evolve(context, source=1),
            sim,
            ACTIVATED,
            reason="SIM reached factory test volume.",
            description="SIM activated after factory test volume reached.",
        )
