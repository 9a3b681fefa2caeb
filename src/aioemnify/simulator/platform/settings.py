"""Choices for behaviour that the API does not document, each with its default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import asdict, field, fields, frozen
from attrs.validators import ge, gt, le

from aioemnify.simulator.platform.decoding import convert, did_you_mean


@frozen(kw_only=True)
class Settings:
    """How the simulator behaves where the API documentation is silent or contradicts itself.

    Attributes:
        bucket: what "rate 10, burst 5" means: ``refill`` is a bucket of ``burst`` tokens refilled
            continuously; ``plus-one`` the same with one more token; ``sum`` is rate + burst calls
            in any second; ``ticks`` is a bucket of ``burst`` refilled only on whole seconds.
        window: ``sliding`` counts the last 300 seconds, ``fixed`` starts a new window every 300 seconds.
        count_refused: whether a refused call counts against the other limits.
        literal_ids: whether an ``{id}`` row also counts literal sub-paths such as ``/sim/status``.
        limits_scale: factor on every rate, burst, window and quota; below 1 is stricter.
        quota_hint: whether the 429 of an exhausted monthly quota names the time until the next month.
        trust_forwarded: read the client's address from ``X-Forwarded-For`` (tests of many hosts).
        token_minutes: lifetime of an auth token.
        refresh_days: lifetime of a refresh token.
        trusted_device_days: how long a trusted device can log in without a code.
        invitation_hours: how long an activation key is valid.
        stream_start_seconds: how long a data stream stays pending before it runs, and how long a deletion
            takes.
        stream_retry_minutes: how long deliveries to a webhook that fails are repeated. Then a data stream is
            in Error, and a notification of a callback is dropped.
        empty_auth_errors: send an empty 401 for failed logins, as in most recordings.
        quota_dates: ``iso`` sends the dates of quotas as ``2026-12-06T07:39:59.000Z``, ``plain`` as
            ``2026-12-06 07:39:59``, which old clients read. Both are read in requests.
        undocumented_bodies: accept bodies that the documentation does not have and programs in production
            send: a SIM of a new endpoint by ``iccid`` or ``iccid_with_luhn``, ``{"status": 1}`` and
            ``{"sim": null}`` in changes of an endpoint. Off, they get 422.
        reset_offline_status: status of a reset of the data session if there is none: 204, or 404 as one
            program has seen.
        malformed_id_status: status for an id that is not a number: 404, or 400 as in one recording.
        deleted_status: status for a deleted object: 404, or 410 (Gone) as in the documented table of codes.
        relative_location: send ``Location`` as a path, not as an absolute URL.
        endpoint_create_body: respond to the creation of an endpoint with the object instead of an empty body.
        activate_on_assign: activate an issued SIM when it is assigned without a flag.
        factory_test: whether tariff plans allow the status Factory Test.
        sms_seconds: how long the delivery of an SMS to a reachable device takes.
        event_delay_seconds: how long an event may take until it is in the lists; each takes another part of
            that, so they come in another order than they happen.
        operation_seconds: how long an operation on an eUICC takes, or one on many SIMs.
        reset_seconds: how long a device takes to reconnect after a connectivity reset.
        serial_lane: ``count`` only counts overlapping calls of a serial lane, ``conflict`` also refuses
            them with 409.
        bulk_rollback: whether one bad item undoes the rest of its call, on all bulk routes.
        strict_transport: send ``Strict-Transport-Security``, as the real API does. Browsers then refuse plain
            HTTP to this host for a year, on every port.
        gzip_minimum: bodies below this many bytes are sent uncompressed.
        most_body_bytes: longer request bodies are refused with 413.
    """

    bucket: Literal["refill", "plus-one", "sum", "ticks"] = "refill"
    window: Literal["sliding", "fixed"] = "sliding"
    count_refused: bool = False
    literal_ids: bool = True
    limits_scale: float = field(default=1.0, validator=[gt(0), le(1e6)])
    quota_hint: bool = True
    trust_forwarded: bool = False
    token_minutes: float = field(default=240.0, validator=[gt(0), le(1e8)])
    refresh_days: float = field(default=7.0, validator=[gt(0), le(1e5)])
    trusted_device_days: float = field(default=30.0, validator=[ge(0), le(1e5)])
    invitation_hours: float = field(default=72.0, validator=[gt(0), le(1e6)])
    stream_start_seconds: float = field(default=5.0, validator=[ge(0), le(1e6)])
    stream_retry_minutes: float = field(default=60.0, validator=[ge(0), le(1e6)])
    empty_auth_errors: bool = False
    quota_dates: Literal["iso", "plain"] = "iso"
    undocumented_bodies: bool = True
    reset_offline_status: Literal[204, 404] = 204
    malformed_id_status: Literal[400, 404] = 404
    deleted_status: Literal[404, 410] = 404
    relative_location: bool = False
    endpoint_create_body: bool = False
    activate_on_assign: bool = False
    factory_test: bool = True
    sms_seconds: float = field(default=3.0, validator=[gt(0), le(1e5)])
    event_delay_seconds: float = field(default=0.0, validator=[ge(0), le(1e6)])
    operation_seconds: float = field(default=20.0, validator=[gt(0), le(1e5)])
    reset_seconds: float = field(default=60.0, validator=[ge(0), le(1e5)])
    serial_lane: Literal["count", "conflict"] = "count"
    bulk_rollback: bool = True
    strict_transport: bool = False
    gzip_minimum: int = field(default=500, validator=ge(0))
    most_body_bytes: int = field(default=4 * 1024 * 1024, validator=[ge(1), le(64 * 1024 * 1024)])


def changed_settings(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """Return a copy of the settings with some changed.

    Raises:
        ValueError: there is no such setting, or it cannot have that value.
    """
    names = {attribute.name for attribute in fields(Settings)}
    for name in changes:
        if name not in names:
            raise ValueError(f"unknown setting {name!r}{did_you_mean(name, names)}")
    return convert({**asdict(settings), **changes}, Settings)
