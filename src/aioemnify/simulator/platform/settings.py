"""Every choice that the public description of the API leaves open, each with its default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from attrs import asdict, field, fields, frozen
from attrs.validators import ge, gt, le


@frozen(kw_only=True)
class Settings:
    """How the simulator behaves where the API's description is silent or contradicts itself.

    Attributes:
        bucket: what "rate 10, burst 5" means: ``refill`` is a bucket of ``burst`` tokens refilled
            continuously; ``plus-one`` the same with one more token; ``sum`` is rate + burst calls
            in any second; ``ticks`` is a bucket of ``burst`` refilled only on whole seconds.
        window: ``sliding`` counts any 300 seconds, ``fixed`` starts anew every 300 seconds.
        count_refused: whether a refused call uses up the limits that would have admitted it.
        literal_ids: whether an ``{id}`` row also counts literal sub-paths such as ``/sim/status``.
        limits_scale: factor on every rate, burst, window and quota; below 1 is stricter.
        quota_hint: whether the 429 of a used-up month names the time until the next month.
        trust_forwarded: take the client's address from ``X-Forwarded-For`` (tests of many hosts).
        token_minutes: life of an auth token.
        refresh_days: life of a refresh token.
        trusted_device_days: how long a trusted device logs in without a code.
        invitation_hours: how long an activation key is good.
        stream_start_seconds: how long a data stream is pending before it runs, and a deletion takes.
        stream_retry_minutes: how long a data stream tries an address that does not exist.
        empty_auth_errors: answer failed logins with an empty 401, as most recordings show.
        malformed_id_status: answer to an id that is no number: 404, or 400 as once recorded.
        deleted_status: answer to an object that was deleted: 404, or 410 Gone as the table of codes has it.
        relative_location: send ``Location`` as a path, not as an absolute URL.
        endpoint_create_body: answer an endpoint's creation with the object, not an empty body.
        activate_on_assign: turn an issued SIM active when it is assigned without any flag.
        factory_test: whether the tenants' plans allow the Factory Test state.
        sms_seconds: how long an SMS takes to a device that can be reached.
        operation_seconds: how long an operation on an eUICC, or the next on many SIMs, takes.
        reset_seconds: how long a device takes to come back after its connectivity was reset.
        serial_lane: ``count`` only counts overlapping calls of a serial lane, ``conflict`` also
            answers them with 409.
        gzip_minimum: bytes below which a body is sent as it is.
        most_body_bytes: a longer request body is refused with 413.
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
    malformed_id_status: Literal[400, 404] = 404
    deleted_status: Literal[404, 410] = 404
    relative_location: bool = False
    endpoint_create_body: bool = False
    activate_on_assign: bool = False
    factory_test: bool = True
    sms_seconds: float = field(default=3.0, validator=[gt(0), le(1e5)])
    operation_seconds: float = field(default=20.0, validator=[gt(0), le(1e5)])
    reset_seconds: float = field(default=60.0, validator=[ge(0), le(1e5)])
    serial_lane: Literal["count", "conflict"] = "count"
    gzip_minimum: int = field(default=500, validator=ge(0))
    most_body_bytes: int = field(default=4 * 1024 * 1024, validator=[ge(1), le(64 * 1024 * 1024)])


def changed_settings(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """Return settings with some of them changed.

    Raises:
        ValueError: there is no such setting, or it cannot have that value.
    """
    names = {attribute.name for attribute in fields(Settings)}
    for name in changes:
        if name not in names:
            raise ValueError(f"there is no setting {name!r}")
    try:
        return msgspec.convert({**asdict(settings), **changes}, type=Settings)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None
