"""What a caller may set: options of one call, pacing, timeouts and retries, each checked here."""

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
    check_number,
    check_seconds,
    check_type,
    check_whole_number,
    did_you_mean,
)
from aioemnify.errors import ArgumentError, ArgumentTypeError

Priority = Literal["interactive", "normal", "bulk"]
"""Who goes first where calls wait. Within one priority it is first come, first served."""

Reading = Literal["refill", "plus-one", "sum", "ticks"]
"""What "10 calls a second, burst 5" may mean; the API's description leaves it open."""

StoreLoss = Literal["degrade", "raise"]

MONTHLY_QUOTA = "monthly_quota"
"""The name under which an override gives another count for the month."""

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
    """How the server's limits are mirrored. The defaults are the strictest usual reading.

    Args:
        transit: Seconds after which a request that was sent has surely been counted by the server,
            whether or not its answer has come.
        jitter: ``None`` counts a call in full until it has surely arrived, however long the network
            takes. A number of seconds keeps a fixed margin instead: the burst shrinks by ``rate x jitter``
            and windows grow by ``jitter``; calls then count from the moment they are let through.
        reading: ``refill``: ``rate`` a second into a bucket of ``burst``. ``plus-one``: the same with
            room for ``burst + 1``. ``sum``: ``rate + burst`` in any second. ``ticks``: the smaller of
            the two in any second, which suits a server that refills once a second.
        literal_ids: Whether a limit of ``/sim/{id}`` also counts calls of literal paths in that place,
            such as ``/sim/status``. Counting them is the cautious choice.
        overrides: Other limits than the documented ones: organisation id to row id to
            ``(rate, burst)``, or to a count for ``monthly_quota``.
        floor: The share of the places that each lower priority gets at least while it waits.
        adapt: Whether a refusal lowers the rate of its path for a while. Refusals come when somebody
            else spends from the same limits.
        on_store_error: When the shared store is lost: ``degrade`` to this process's share, or ``raise``.
            A store that has never worked, and cannot by itself, is raised in any case.

    Raises:
        ArgumentError: a setting that cannot work, named.
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
    """A call that is about to wait for its turn.

    ``seconds`` is what the wait takes at least, as things stand; ``limit`` names what is full, and
    ``position`` counts the calls that go before it, 0 for the next one.
    """

    operation: str | None
    limit: str
    seconds: float
    priority: Priority
    position: int


@frozen(kw_only=True)
class Estimate:
    """How long a number of calls would take, were they started now.

    ``seconds`` pass until the last of them is let through, and has been answered where it is known how
    long that takes. ``limit`` names what decides it, ``None`` where nothing holds them up.
    ``share_of_month`` is the part of the month's quota they use, and ``finishes_at`` the moment (UTC)
    they would be done, ``None`` if that is never.
    """

    seconds: float
    limit: str | None
    share_of_month: float
    finishes_at: datetime | None

    def __str__(self) -> str:
        """Return it as one line, fit for a progress bar."""
        if self.finishes_at is None:
            return f"never done, held up by {self.limit}"
        cause = f", held up by {self.limit}" if self.limit is not None else ""
        return f"{_duration(self.seconds)}, done {self.finishes_at:%Y-%m-%d %H:%M:%S} UTC{cause}"


def _duration(seconds: float) -> str:
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
    """Bound, mark or restrain a single call. Every member left out keeps the client's setting.

    Args:
        timeout: Seconds each attempt may take on the network (connect, write, read).
        deadline: Seconds for the whole call: waiting for its turn, sending and retrying.
            A wait that is known to be longer is refused at once with ``ThrottleError``.
        headers: Extra request headers. ``Authorization``, ``Content-Type``, ``Accept``, ``User-Agent`` and
            ``Accept-Encoding`` belong to the client and are refused.
        retry: ``False`` sends the request once and hands every failure to the caller. Only after
            a 401, which means that nothing was processed, is it sent again with a fresh token.
        priority: Whose turn is first where calls wait: ``interactive`` before ``normal`` before
            ``bulk``. Those behind are never shut out altogether.
    """

    timeout: float | None = None
    deadline: float | None = None
    headers: Mapping[str, str] | None = None
    retry: bool = True
    priority: Priority = "normal"

    def __attrs_post_init__(self) -> None:
        for name, seconds in (("timeout", self.timeout), ("deadline", self.deadline)):
            if seconds is not None:
                check_seconds(f"options.{name}", seconds, most=LONGEST)
        if self.headers is not None:
            check_type("options.headers", self.headers, Mapping, "a mapping of name to text")
        for name, value in (self.headers or {}).items():
            if not isinstance(name, str):
                raise ArgumentTypeError("options.headers", f"takes names as text, not {name!r}")
            if name.lower() in OWN_HEADERS:
                raise ArgumentError("options.headers", f"may not set {name!r}: the client writes that header")
            if not isinstance(value, str):
                raise ArgumentTypeError("options.headers", f"takes text for {name!r}")
            if not _HEADER_NAME.fullmatch(name) or not value.isprintable() or not value.isascii():
                raise ArgumentError("options.headers", f"has characters no header may hold in {name!r}")
        check_choice("options.priority", self.priority, get_args(Priority))


_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")

LONGEST = 366 * 86400.0
"""Seconds no wait of a caller exceeds."""

OWN_HEADERS = frozenset(
    {
        "authorization",
        "content-type",
        "content-length",
        "user-agent",
        "host",
        "accept",
        "accept-encoding",
        "transfer-encoding",
    }
)

DEFAULT = CallOptions()


def call_options(value: CallOptions | Mapping[str, Any] | None) -> CallOptions:
    """Read the ``options=`` argument: the record itself, a mapping of its members, or nothing."""
    if value is None:
        return DEFAULT
    if isinstance(value, CallOptions):
        return value
    check_type("options", value, Mapping, "CallOptions or a mapping")
    known = [member.name for member in fields(CallOptions)]
    for name in value:
        if name not in known:
            raise ArgumentError(
                "options", f"has no member {name!r}; it has {', '.join(known)}{did_you_mean(name, known)}"
            )
    return CallOptions(**value)


def _seconds(settings: object, member: Attribute[float], value: object) -> None:
    check_seconds(f"{type(settings).__name__}.{member.name}", value)


def _count(settings: object, member: Attribute[int], value: object) -> None:
    check_whole_number(f"{type(settings).__name__}.{member.name}", value)


@frozen(kw_only=True)
class Timeouts:
    """Seconds one attempt may take: to connect, and between two pieces of the answer or the request."""

    connect: float = field(default=10.0, validator=_seconds)
    read: float = field(default=30.0, validator=_seconds)
    write: float = field(default=30.0, validator=_seconds)
    pool: float = field(default=30.0, validator=_seconds)


@frozen(kw_only=True)
class RetryPolicy:
    """How patient the client is.

    Args:
        attempts: how often a call is sent at the most after connection errors and 5xx.
        limit_attempts: how often a call is sent at the most when the answer is 429.
        first_delay: seconds the first backoff lasts at the most; each further one doubles.
        longest_delay: seconds no backoff exceeds.
        longest_wait: seconds of a gateway's ``Retry-After`` beyond which its error is raised instead.
    """

    attempts: int = field(default=4, validator=_count)
    limit_attempts: int = field(default=6, validator=_count)
    first_delay: float = field(default=0.5, validator=_seconds)
    longest_delay: float = field(default=20.0, validator=_seconds)
    longest_wait: float = field(default=60.0, validator=_seconds)

    def backoff(self, failures: int, chance: Callable[[], float]) -> float:
        """Return the seconds to wait after so many failures: anywhere between none and the full delay."""
        full = min(self.longest_delay, self.first_delay * 2.0 ** (failures - 1))
        return full * chance()
