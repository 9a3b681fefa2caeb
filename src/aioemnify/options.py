"""Settings of a client and of one call: rate limiting, timeouts, retries, priority."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from math import ceil, inf
from types import MappingProxyType
from typing import Any, Literal, get_args

from attrs import Attribute, field, fields, frozen

from aioemnify._checks import (
    check_bool,
    check_choice,
    check_known,
    check_number,
    check_seconds,
    check_type,
    check_whole_number,
)
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.types import UNSET, UnsetType

Priority = Literal["interactive", "normal", "bulk"]
"""Which waiting calls go first. Within one priority it is first come, first served."""

Reading = Literal["refill", "ticks"]
"""What "10 calls a second, burst 5" may mean; the API's documentation does not say."""

StoreLoss = Literal["degrade", "raise"]

LimitKind = Literal["row", "ip", "quota", "lane", "connections", "store"]
"""What a limit counts: the calls of a path, of this address, of a month, of a group of writes that go one at
a time, or the connections of the client; ``store`` is the wait for a shared store."""

MONTHLY_QUOTA = "monthly_quota"
"""The name of the monthly quota in ``Throttling(overrides=)``."""

Override = Mapping[str, tuple[float, float] | int]
Overrides = Mapping[int, Override]

NO_OVERRIDES: Overrides = MappingProxyType({})


def _frozen(given: Any) -> Overrides:
    """Check overrides and return a copy that nobody else can change."""
    checked: dict[int, Override] = {}
    check_type("throttling.overrides", given, Mapping, "a mapping of organisation ids")
    for organisation, limits in given.items():
        check_whole_number("throttling.overrides", organisation, -inf)
        argument = f"throttling.overrides[{organisation}]"
        check_type(argument, limits, Mapping, "a mapping of limit names")
        checked[organisation] = MappingProxyType(
            {name: _limit(f"{argument}[{name!r}]", name, value) for name, value in limits.items()}
        )
    return MappingProxyType(checked)


def _limit(argument: str, name: object, value: Any) -> tuple[float, float] | int:
    if name == MONTHLY_QUOTA:
        return check_whole_number(argument, value)
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise ArgumentTypeError(argument, f"takes (rate, burst), not {value!r}")
    rate, burst = value
    return (
        float(check_number(f"{argument} rate", rate, above=0.0)),
        float(check_number(f"{argument} burst", burst, least=1.0)),
    )


@frozen(kw_only=True)
class Throttling:
    """Set how to keep the server's limits. The defaults are the strictest usual reading.

    Args:
        transit: Seconds after which the server has certainly counted a request that was sent,
            even if its response has not come.
        jitter: ``None`` counts a call as in flight until it has certainly arrived, however long the network
            takes. A number of seconds keeps a fixed margin instead: the burst shrinks by ``rate x jitter``,
            windows grow by ``jitter``, and calls count from the moment they are admitted.
        reading: ``refill``: ``rate`` a second into a bucket of ``burst``. ``ticks``: the smaller of the
            two in any second, which suits a server that refills once a second.
        literal_ids: Whether a limit of ``/sim/{id}`` also counts calls of literal paths such as
            ``/sim/status``. Counting them is the safe side.
        overrides: Limits that differ from the documented ones: organisation id to limit id to
            ``(rate, burst)``, or to a count for ``monthly_quota``.
        floor: The least share of the places for each lower priority while it waits, up to 1/3.
        adapt: Whether a 429 lowers the rate of its path for a while. A 429 comes when somebody else
            uses the same limits.
        on_store_error: What to do when the shared store is lost: ``degrade`` to this process's share of
            the limits, or ``raise``. A store that refuses from the start is always raised.

    Raises:
        ArgumentError: a setting cannot work.
    """

    transit: float = 0.35
    jitter: float | None = None
    reading: Reading = "refill"
    literal_ids: bool = True
    overrides: Overrides = field(default=NO_OVERRIDES, converter=_frozen)
    floor: float = 0.1
    adapt: bool = True
    on_store_error: StoreLoss = "degrade"

    def __attrs_post_init__(self) -> None:
        check_seconds("throttling.transit", self.transit, most=60.0)
        if self.jitter is not None:
            check_number("throttling.jitter", self.jitter, least=0.0, most=60.0)
        check_number("throttling.floor", self.floor, least=0.0, most=1 / 3)
        check_choice("throttling.reading", self.reading, get_args(Reading))
        check_choice("throttling.on_store_error", self.on_store_error, get_args(StoreLoss))
        check_bool("throttling.literal_ids", self.literal_ids)
        check_bool("throttling.adapt", self.adapt)


@frozen(kw_only=True)
class Wait:
    """A call that is about to wait for a limit; ``Emnify(on_wait=)`` gets it.

    ``seconds`` is the least time the wait takes as of now, ``limit`` the name of the limit that is full and
    ``kind`` what it counts (``LimitKind``), ``position`` the number of calls before this one.
    """

    operation: str | None
    limit: str
    kind: LimitKind
    seconds: float
    priority: Priority
    position: int


@frozen(kw_only=True)
class Estimate:
    """How long a number of calls would take from now.

    ``seconds`` pass until the last call is admitted, or answered if the duration of a call is known.
    ``limit`` is the name of the limit that decides it, ``None`` if no limit does. ``share_of_month`` is
    the part of the monthly quota that the calls use. ``finishes_at`` is the moment (UTC) when they are
    done, ``None`` for never.
    """

    seconds: float
    limit: str | None
    share_of_month: float
    finishes_at: datetime | None

    def __str__(self) -> str:
        """Return one line, short enough for a progress bar."""
        if self.finishes_at is None:
            return f"never done, held up by {self.limit}"
        cause = f", held up by {self.limit}" if self.limit is not None else ""
        return f"{duration_text(self.seconds)}, done {self.finishes_at:%Y-%m-%d %H:%M:%S} UTC{cause}"


def duration_text(seconds: float) -> str:
    """Write a number of seconds in at most two units."""
    whole = ceil(seconds)
    days, rest = divmod(whole, 86400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"


@frozen(kw_only=True)
class CallOptions:
    """Set how one call is made. A member that is left out keeps the client's setting.

    Args:
        timeout: Seconds for each attempt on the network (connect, write, read), above 0.
        deadline: Seconds for the whole call: waiting, sending and retrying, above 0; ``None`` for no
            deadline. A wait that is known to be longer raises ``ThrottleError`` at once. Left out, it is
            the client's ``Emnify(deadline=)``.
        headers: Extra request headers. Those that the client or the HTTP library writes, or that would
            change how the message is read, are refused, with the reason.
        retry: ``False`` sends the request once and raises every failure. A 401 means that nothing was
            processed, so the request is still sent again with a new token.
        priority: ``interactive`` calls go before ``normal`` before ``bulk`` ones. A lower priority is
            never starved.
        request_id: The ``X-Request-Id`` of the call, such as that of the request your service is answering:
            up to 128 visible ASCII characters. ``None`` sends none. Left out, the client makes one.

    Raises:
        ArgumentError: a member has a value that is not accepted.
    """

    timeout: float | None = None
    deadline: float | UnsetType | None = UNSET
    headers: Mapping[str, str] | None = None
    retry: bool = True
    priority: Priority = "normal"
    request_id: str | UnsetType | None = UNSET

    def __attrs_post_init__(self) -> None:
        for name, seconds in (("timeout", self.timeout), ("deadline", self.deadline)):
            if seconds is not None and seconds is not UNSET:
                check_seconds(f"options.{name}", seconds, most=LONGEST)
        if self.headers is not None:
            check_type("options.headers", self.headers, Mapping, "a mapping of name to text")
            for name, value in self.headers.items():
                _check_header(name, value)
        check_bool("options.retry", self.retry)
        check_choice("options.priority", self.priority, get_args(Priority))
        if self.request_id is not None and self.request_id is not UNSET:
            check_request_id("options.request_id", self.request_id)


def check_request_id(argument: str, value: object) -> str:
    """Return a request id, if a header and a line of a log can hold it."""
    if not isinstance(value, str):
        raise ArgumentTypeError(argument, f"takes text, not {type(value).__name__}")
    if not _REQUEST_ID.fullmatch(value):
        raise ArgumentError(argument, "takes 1 to 128 visible ASCII characters, without blanks")
    return value


_REQUEST_ID = re.compile(r"[!-~]{1,128}")


def _check_header(name: object, value: object) -> None:
    if not isinstance(name, str):
        raise ArgumentTypeError("options.headers", f"takes names as text, not {name!r}")
    reason = REFUSED_HEADERS.get(name.lower())
    if reason is not None:
        raise ArgumentError("options.headers", f"cannot set {name!r}: {reason}")
    if not isinstance(value, str):
        raise ArgumentTypeError("options.headers", f"takes text for {name!r}, not {type(value).__name__}")
    sendable = value.isprintable() and value.isascii() and value == value.strip()
    if not sendable or not HEADER_NAME.fullmatch(name):
        raise ArgumentError("options.headers", f"has characters that a header cannot hold in {name!r}")


HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""A token of RFC 9110."""

LONGEST = 366 * 86400.0
"""The longest timeout or deadline in seconds: a year."""

_REASONS = {
    "the client writes that header": "accept accept-encoding authorization content-type host user-agent",
    "it says how the connection carries the message, which the HTTP library decides": (
        "connection content-length expect http2-settings keep-alive proxy-connection te trailer "
        "transfer-encoding upgrade"
    ),
    "pass it as request_id=, so that logs and errors show it": "x-request-id",
    "bodies are sent whole and uncompressed": "content-encoding content-range",
    "a part of a response would be taken for all of it": "if-range range",
    "the call would no longer be the one that limits and retries are chosen for": (
        "x-http-method x-http-method-override x-method-override"
    ),
    "the server would get it; pass it in the URL of the proxy, such as HTTPS_PROXY": "proxy-authorization",
}

REFUSED_HEADERS: Mapping[str, str] = {
    name: reason for reason, names in _REASONS.items() for name in names.split()
}
"""Headers that a call cannot set, in lower case, and why."""

DEFAULT = CallOptions()


def call_options(value: CallOptions | Mapping[str, Any]) -> CallOptions:
    """Return the ``options=`` argument as a record; it may also be a mapping of members."""
    if isinstance(value, CallOptions):
        return value
    check_type("options", value, Mapping, "CallOptions or a mapping")
    for name in value:
        check_known("options", name, [member.name for member in fields(CallOptions)], "member")
    return CallOptions(**value)


def _seconds(settings: object, member: Attribute[float], value: object) -> None:
    check_seconds(f"{type(settings).__name__}.{member.name}", value)


def _count(settings: object, member: Attribute[int], value: object) -> None:
    check_whole_number(f"{type(settings).__name__}.{member.name}", value)


@frozen(kw_only=True)
class Timeouts:
    """Set the seconds of one attempt: to connect, to get a connection, between two reads or two writes."""

    connect: float = field(default=10.0, validator=_seconds)
    read: float = field(default=30.0, validator=_seconds)
    write: float = field(default=30.0, validator=_seconds)
    pool: float = field(default=30.0, validator=_seconds)


@frozen(kw_only=True)
class RetryPolicy:
    """Set how often and how soon failed calls are sent again.

    Args:
        attempts: how often a call is sent at most when connections fail or the status is 502, 503 or 504.
        limit_attempts: how often a call is sent at most when the status is 429.
        first_delay: the longest first backoff in seconds; each further one doubles.
        longest_delay: the longest backoff in seconds.
        longest_wait: the longest ``Retry-After`` of a gateway, in seconds, that is waited for; a longer one
            raises the gateway's error.

    Raises:
        ArgumentError: a value is not above 0.
    """

    attempts: int = field(default=4, validator=_count)
    limit_attempts: int = field(default=6, validator=_count)
    first_delay: float = field(default=0.5, validator=_seconds)
    longest_delay: float = field(default=20.0, validator=_seconds)
    longest_wait: float = field(default=60.0, validator=_seconds)

    def backoff(self, failures: int, chance: Callable[[], float]) -> float:
        """Return the seconds to wait after so many failures: a random part of the full delay."""
        full = min(self.longest_delay, self.first_delay * 2.0 ** (failures - 1))
        return full * chance()
