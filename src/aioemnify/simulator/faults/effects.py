"""The effects of fault rules: what can go wrong with one request."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

BODILESS = frozenset({204, 304})
"""Statuses of responses that have no body: effects on the body leave them unchanged."""

_LONGEST = 3600.0
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_FRAMING = frozenset({"content-length", "transfer-encoding"})  # set by the server
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def _check_seconds(*values: float) -> None:
    if not all(0 <= value <= _LONGEST for value in values):
        raise ValueError("seconds must be from 0 to 3600")


class _Effect(msgspec.Struct, frozen=True, tag=_kebab, tag_field="kind", forbid_unknown_fields=True):
    """An effect; in JSON and TOML ``kind`` names it, such as ``close-before``."""


class Delay(_Effect, frozen=True):
    """Delay the request by ``seconds``, or by a random time between two, before it is processed."""

    seconds: float | tuple[float, float]

    def __post_init__(self) -> None:
        low, high = self.seconds if isinstance(self.seconds, tuple) else (self.seconds, self.seconds)
        _check_seconds(low, high)
        if low > high:
            raise ValueError("seconds must be (smallest, largest)")

    def draw(self, chance: random.Random) -> float:
        """Return the delay of one request in seconds."""
        return chance.uniform(*self.seconds) if isinstance(self.seconds, tuple) else self.seconds


class LognormalDelay(_Effect, frozen=True):
    """Delay the request as real networks do: about ``median`` seconds, and sometimes much more.

    Attributes:
        median: seconds; half of the requests wait less.
        sigma: the standard deviation of the logarithm; about 0.5 is a good network, above 1 a bad one.
        longest: the longest delay in seconds.
    """

    median: float
    sigma: float = 0.5
    longest: float = 60.0

    def __post_init__(self) -> None:
        _check_seconds(self.median, self.longest)
        if not self.median > 0 or not 0 <= self.sigma <= 5:
            raise ValueError("median must be above 0, and sigma from 0 to 5")

    def draw(self, chance: random.Random) -> float:
        """Return the delay of one request in seconds."""
        return min(self.longest, chance.lognormvariate(math.log(self.median), self.sigma))


class Answer(_Effect, frozen=True):
    """Respond in place of the server, as a gateway would; the request is not processed or counted.

    A ``body`` of text or bytes is sent unchanged, everything else as JSON, None as no body.
    """

    status: int
    body: Any = None
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 200 <= self.status <= 599:
            raise ValueError("status must be from 200 to 599")
        if self.status in BODILESS and self.body is not None:
            raise ValueError(f"a response with status {self.status} cannot have a body")
        for name, value in self.headers.items():
            if (
                not _HEADER_NAME.fullmatch(name)
                or not _HEADER_VALUE.fullmatch(value)
                or name.lower() in _FRAMING
            ):
                raise ValueError(f"{name!r} is not a header that can be sent")


class CloseBefore(_Effect, frozen=True):
    """Close the connection before the request is processed; with ``reset`` by a TCP reset."""

    reset: bool = False


class DropAfter(_Effect, frozen=True):
    """Process the request, then close the connection without a response; with ``reset`` by a TCP reset."""

    reset: bool = False


class MalformedBody(_Effect, frozen=True):
    """Process the request, then send JSON that is cut off in the middle; not for a 204, which has no body."""


class TruncateBody(_Effect, frozen=True):
    """Process the request, then send only ``keep`` bytes of the body and close the connection."""

    keep: int = 10
    reset: bool = False

    def __post_init__(self) -> None:
        if self.keep < 0:
            raise ValueError("keep must be at least 0 bytes")


class WrongGzip(_Effect, frozen=True):
    """Process the request, then send a body that is declared as gzip but is not valid gzip.

    A 204 has no body, and is sent unchanged.

    Attributes:
        how: ``plain`` is not compressed, ``corrupt`` has wrong bytes in the middle, ``cut`` ends early,
            with a matching Content-Length.
    """

    how: Literal["plain", "corrupt", "cut"] = "corrupt"


class SlowBody(_Effect, frozen=True):
    """Process the request, then send the body in ``pieces``, spread over ``seconds``."""

    seconds: float
    pieces: int = 10

    def __post_init__(self) -> None:
        _check_seconds(self.seconds)
        if not 1 <= self.pieces <= 10_000:
            raise ValueError("pieces must be from 1 to 10000")


class RejectToken(_Effect, frozen=True):
    """Respond with 401 (1103) as if the token had just expired; the token stays valid."""


class RevokeToken(_Effect, frozen=True):
    """Revoke the caller's auth token: 401 (1102) for this call and later ones, until a new login."""


Effect = (
    Delay
    | LognormalDelay
    | Answer
    | CloseBefore
    | DropAfter
    | MalformedBody
    | TruncateBody
    | WrongGzip
    | SlowBody
    | RejectToken
    | RevokeToken
)
