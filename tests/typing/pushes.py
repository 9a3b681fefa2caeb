"""What handlers and parsers of pushes are typed to take and give. Checked by type checkers, never run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_type

from aioemnify import receivers
from aioemnify.models import CallbackSms, Event, Sms, UsageRecord
from aioemnify.receivers import Receiver


async def on_event(event: Event) -> None: ...


def on_events(events: Sequence[Event]) -> int:
    return len(events)


async def on_usage(record: UsageRecord) -> None: ...


def on_error(error: Exception, records: Sequence[Any]) -> None: ...


def accepted(body: bytes, headers: dict[str, str]) -> None:
    assert_type(receivers.parse_events(body), list[Event])
    assert_type(receivers.parse_usage("[]"), list[UsageRecord])
    assert_type(receivers.parse_sms(body), list[CallbackSms])
    assert_type(receivers.parse_sms_reports(body), list[Sms])
    assert_type(receivers.verify_callback(headers, "secret", now=5.0), dict[str, Any])
    receivers.verify_callback([(b"authorization", b"Bearer x")], ["old", "new"])
    app = receivers.app(on_event=on_event, on_usage=on_usage, stream_headers={"X-Key": ["old", "new"]})
    assert_type(app, Receiver)
    receivers.app(on_events=on_events, on_error=on_error, allow_unsigned=True)
    receivers.app(on_sms=lambda sms: sms.payload, callback_secret="secret")


def mistakes() -> None:
    receivers.parse_events(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    receivers.app(on_usage=on_event)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    receivers.app(on_event=on_events)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    receivers.app(on_evnt=on_event)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
