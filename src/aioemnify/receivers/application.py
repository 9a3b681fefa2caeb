"""The application that receives what the platform pushes, and its arguments."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from aioemnify._checks import check_bool, check_plain, check_seconds, check_type, check_whole_number
from aioemnify.errors import ArgumentError
from aioemnify.models.endpoints import Sms
from aioemnify.models.events import Event
from aioemnify.models.pushes import CallbackSms, UsageRecord
from aioemnify.receivers.access import FROM_CALLBACKS, Access, StreamHeaders
from aioemnify.receivers.asgi import HANDLED_BY, Receiver
from aioemnify.receivers.handling import Handler, HandlerQueue, OnError
from aioemnify.receivers.records import Kind
from aioemnify.receivers.repeats import RecentRecords
from aioemnify.receivers.signatures import Secrets, checked_secrets


def app(
    *,
    on_event: Callable[[Event], object] | None = None,
    on_events: Callable[[list[Event]], object] | None = None,
    on_usage: Callable[[UsageRecord], object] | None = None,
    on_usages: Callable[[list[UsageRecord]], object] | None = None,
    on_sms: Callable[[CallbackSms], object] | None = None,
    on_sms_report: Callable[[Sms], object] | None = None,
    on_unknown: Callable[[dict[str, Any]], object] | None = None,
    on_error: OnError | None = None,
    stream_headers: Mapping[str, Secrets] | None = None,
    callback_secret: Secrets | None = None,
    allow_unsigned: bool = False,
    remember: int = 100_000,
    max_queued: int = 100_000,
    max_body_bytes: int = 32 << 20,
    drain_seconds: float = 10.0,
    now: Callable[[], float] = time.time,
) -> Receiver:
    """Return an ASGI application that receives what data streams and API callbacks push.

    It takes POST, PUT and PATCH on every path. A request is answered with 200 as soon as its records are
    read and queued, and the handlers run after that: async ones on the event loop, others in a thread. Those
    of one kind run one at a time, in order of arrival. A record that came before gets a 200 too, and no
    handler. A full queue is a 503, and the platform sends the request again.

    Args:
        on_event: Handles each event.
        on_events: Handles the events of a request at once, in place of ``on_event``.
        on_usage: Handles each usage record.
        on_usages: Handles the usage records of a request at once, in place of ``on_usage``.
        on_sms: Handles each SMS from a device.
        on_sms_report: Handles each report about an SMS to a device.
        on_unknown: Handles each record of a kind that this version does not know, as plain values. Without
            it such a request is refused with 422.
        on_error: Is called with an error and the records that were not handled because of it: a handler
            raised, or the application stopped. It must not be async, and may run in a thread.
        stream_headers: The headers that the destination of the stream is set to send, such as
            ``{"Authorization": "Bearer ..."}``; a list of values while one replaces another.
        callback_secret: The API secret of the service profile, which signs SMS callbacks; a list of secrets
            while one replaces another.
        allow_unsigned: Accept requests from anybody, for the kinds whose secret is not given.
        remember: How many ids of each kind are remembered, to leave out repeats; 0 hands out repeats. The
            time that this covers is ``remember`` by the records a second. A restart forgets them.
        max_queued: How many records may wait for their handlers. The request of a single batch that is
            larger is accepted when none waits.
        max_body_bytes: Bytes of a body, also when unpacked from gzip.
        drain_seconds: How long ``aclose()`` and the end of the lifespan wait for the handlers.
        now: The time in seconds since 1970, by which ``exp`` of a signature is judged.

    Raises:
        ArgumentError: No handler is given, or no secret for one, or an argument is out of range.
    """
    handlers = _handlers(
        {
            "on_event": ("event", on_event, False),
            "on_events": ("event", on_events, True),
            "on_usage": ("usage", on_usage, False),
            "on_usages": ("usage", on_usages, True),
            "on_sms": ("sms", on_sms, False),
            "on_sms_report": ("sms_report", on_sms_report, False),
            "on_unknown": ("unknown", on_unknown, False),
        }
    )
    if on_error is not None:
        check_type("on_error", on_error, Callable, "a function")
        check_plain("on_error", on_error)
    check_bool("allow_unsigned", allow_unsigned)
    check_type("now", now, Callable, "a function")
    access = Access(
        stream=None if stream_headers is None else StreamHeaders(stream_headers),
        secrets=None if callback_secret is None else checked_secrets("callback_secret", callback_secret),
        handled=frozenset(handlers),
        now=now,
    )
    if not allow_unsigned and (open_kinds := sorted(access.unsigned)):
        name = "callback_secret" if open_kinds[0] in FROM_CALLBACKS else "stream_headers"
        text = (
            f"is required with {HANDLED_BY[open_kinds[0]]}; allow_unsigned=True accepts requests of anybody"
        )
        raise ArgumentError(name, text)
    return Receiver(
        access,
        RecentRecords(check_whole_number("remember", remember, least=0)),
        HandlerQueue(handlers, check_whole_number("max_queued", max_queued), on_error),
        max_body_bytes=check_whole_number("max_body_bytes", max_body_bytes),
        drain_seconds=check_seconds("drain_seconds", drain_seconds),
    )


def _handlers(given: Mapping[str, tuple[Kind, Any, bool]]) -> dict[Kind, Handler]:
    found: dict[Kind, Handler] = {}
    for name, (kind, call, batches) in given.items():
        if call is not None:
            check_type(name, call, Callable, "a function")
            if kind in found:
                raise ArgumentError(name, f"cannot be combined: pass {HANDLED_BY[kind]}")
            found[kind] = Handler(call, batches)
    if not found:
        raise ArgumentError("on_event", f"or another handler is required: {', '.join(given)}")
    return found
