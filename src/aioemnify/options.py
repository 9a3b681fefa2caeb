"""What a caller may set: options of one call, pacing, timeouts and retries, each checked here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from math import ceil, inf, isfinite
from types import MappingProxyType
from typing import Any, Literal, get_args

from attrs import field, fields, frozen
from attrs.validators import ge, gt

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


def check_priority(argument: str, value: object) -> None:
    """Refuse what is no priority."""
    _check_choice(argument, value, get_args(Priority))


def check_count(argument: str, value: object, *, least: int = 1) -> None:
    """Refuse what is no whole number of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ArgumentTypeError(argument, f"takes a whole number, not {value!r}")
    if value < least:
        raise ArgumentError(argument, f"is at least {least}, not {value}")


def _check_choice(argument: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ArgumentError(argument, f"is one of {', '.join(choices)}, not {value!r}")


def _check_number(
    argument: str, value: object, *, above: float = -inf, least: float = -inf, most: float = inf
) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ArgumentTypeError(argument, f"takes a number, not {value!r}")
    if not (isfinite(value) and above < value and least <= value <= most):
        low = f"above {above:g}" if above > -inf else f"at least {least:g}"
        high = f" and at most {most:.3g}" if most < inf else ""
        raise ArgumentError(argument, f"is {low}{high}, not {value!r}")


def _frozen(given: Any) -> Overrides:
    """Check overrides and return a copy that nobody else can change."""
    if not isinstance(given, Mapping):
        raise ArgumentTypeError("throttling.overrides", f"takes a mapping, not {type(given).__name__}")
    checked: dict[int, Override] = {}
    for organisation, rows in given.items():
        if isinstance(organisation, bool) or not isinstance(organisation, int):
            raise ArgumentTypeError(
                "throttling.overrides", f"takes organisation ids as whole numbers, not {organisation!r}"
            )
        if not isinstance(rows, Mapping):
            raise ArgumentTypeError(
                f"throttling.overrides[{organisation}]", f"takes a mapping, not {type(rows).__name__}"
            )
        checked[organisation] = MappingProxyType(
            {
                name: _limit(f"throttling.overrides[{organisation}][{name!r}]", name, value)
                for name, value in rows.items()
            }
        )
    return MappingProxyType(checked)


def _limit(argument: str, name: object, value: Any) -> tuple[float, float] | int:
    if name == MONTHLY_QUOTA:
        check_count(argument, value)
        return int(value)
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise ArgumentTypeError(argument, f"takes (rate, burst), not {value!r}")
    rate, burst = value
    _check_number(f"{argument} rate", rate, above=0.0)
    _check_number(f"{argument} burst", burst, least=1.0)
    return (float(rate), float(burst))


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
        _check_number("throttling.transit", self.transit, above=0.0, most=60.0)
        if self.jitter is not None:
            _check_number("throttling.jitter", self.jitter, least=0.0, most=60.0)
        _check_number("throttling.floor", self.floor, least=0.0, most=1 / 3)
        _check_choice("throttling.reading", self.reading, get_args(Reading))
        _check_choice("throttling.on_store_error", self.on_store_error, get_args(StoreLoss))
        for name in ("literal_ids", "adapt"):
            if not isinstance(getattr(self, name), bool):
                raise ArgumentTypeError(
                    f"throttling.{name}", f"takes True or False, not {getattr(self, name)!r}"
                )


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
        for name in ("timeout", "deadline"):
            seconds = getattr(self, name)
            if seconds is None:
                continue
            if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
                raise ArgumentTypeError(f"options.{name}", f"takes seconds as a number, not {seconds!r}")
            if not 0 < seconds <= LONGEST:
                raise ArgumentError(
                    f"options.{name}", f"takes seconds above 0, and a year at most, not {seconds!r}"
                )
        if self.headers is not None and not isinstance(self.headers, Mapping):
            raise ArgumentTypeError(
                "options.headers", f"takes a mapping of name to text, not {type(self.headers).__name__}"
            )
        for name, value in (self.headers or {}).items():
            if not isinstance(name, str):
                raise ArgumentTypeError("options.headers", f"takes names as text, not {name!r}")
            if name.lower() in OWN_HEADERS:
                raise ArgumentError("options.headers", f"may not set {name!r}: the client writes that header")
            if not isinstance(value, str):
                raise ArgumentTypeError("options.headers", f"takes text for {name!r}")
            if not _HEADER_NAME.fullmatch(name) or not value.isprintable() or not value.isascii():
                raise ArgumentError("options.headers", f"has characters no header may hold in {name!r}")
        check_priority("options.priority", self.priority)


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
    if not isinstance(value, Mapping):
        raise ArgumentTypeError("options", f"takes CallOptions or a mapping, not {type(value).__name__}")
    known = [member.name for member in fields(CallOptions)]
    unknown = sorted(set(value) - set(known))
    if unknown:
        raise ArgumentError("options", f"has no member {unknown[0]!r}; it has {', '.join(known)}")
    return CallOptions(**value)


@frozen(kw_only=True)
class Timeouts:
    """Seconds one attempt may take: to connect, and between two pieces of the answer or the request."""

    connect: float = field(default=10.0, validator=gt(0))
    read: float = field(default=30.0, validator=gt(0))
    write: float = field(default=30.0, validator=gt(0))
    pool: float = field(default=30.0, validator=gt(0))


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

    attempts: int = field(default=4, validator=ge(1))
    limit_attempts: int = field(default=6, validator=ge(1))
    first_delay: float = field(default=0.5, validator=gt(0))
    longest_delay: float = field(default=20.0, validator=gt(0))
    longest_wait: float = field(default=60.0, validator=gt(0))

    def backoff(self, failures: int, chance: Callable[[], float]) -> float:
        """Return the seconds to wait after so many failures: anywhere between none and the full delay."""
        full = min(self.longest_delay, self.first_delay * 2.0 ** (failures - 1))
        return full * chance()
