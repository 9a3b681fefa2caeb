"""Every choice that the public description of the API leaves open, each with its default."""

from __future__ import annotations

from typing import Literal

from attrs import frozen


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
        empty_auth_errors: answer failed logins with an empty 401, as most recordings show.
        malformed_id_status: answer to an id that is no number: 404, or 400 as once recorded.
        relative_location: send ``Location`` as a path, not as an absolute URL.
        endpoint_create_body: answer an endpoint's creation with the object, not an empty body.
        activate_on_assign: turn an issued SIM active when it is assigned without any flag.
        factory_test: whether the tenants' plans allow the Factory Test state.
        serial_lane: ``count`` only counts overlapping calls of a serial lane, ``conflict`` also
            answers them with 409.
        gzip_minimum: bytes below which a body is sent as it is.
    """

    bucket: Literal["refill", "plus-one", "sum", "ticks"] = "refill"
    window: Literal["sliding", "fixed"] = "sliding"
    count_refused: bool = False
    literal_ids: bool = True
    limits_scale: float = 1.0
    quota_hint: bool = True
    trust_forwarded: bool = False
    token_minutes: float = 240.0
    refresh_days: float = 7.0
    trusted_device_days: float = 30.0
    empty_auth_errors: bool = False
    malformed_id_status: Literal[400, 404] = 404
    relative_location: bool = False
    endpoint_create_body: bool = False
    activate_on_assign: bool = False
    factory_test: bool = True
    serial_lane: Literal["count", "conflict"] = "count"
    gzip_minimum: int = 500
