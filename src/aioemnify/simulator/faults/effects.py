"""What can go wrong with one request: the effects that fault rules name."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

_LONGEST = 3600.0
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_FRAMING = frozenset({"content-length", "transfer-encoding"})  # the server's own business
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def _check_seconds(*values: float) -> None:
    if not all(0 <= value <= _LONGEST for value in values):
        raise ValueError("seconds are from 0 to 3600")


class _Effect(msgspec.Struct, frozen=True, tag=_kebab, tag_field="kind", forbid_unknown_fields=True):
    """An effect; in JSON and TOML ``kind`` says which, such as ``close-before``."""


class Delay(_Effect, frozen=True):
    """Hold the request back for ``seconds``, or for a random time between two, before it is judged."""

    seconds: float | tuple[float, float]

    def __post_init__(self) -> None:
        low, high = self.seconds if isinstance(self.seconds, tuple) else (self.seconds, self.seconds)
        _check_seconds(low, high)
        if low > high:
            raise ValueError("the smaller number of seconds comes first")

    def draw(self, chance: random.Random) -> float:
        """Return the seconds of one request."""
        return chance.uniform(*self.seconds) if isinstance(self.seconds, tuple) else self.seconds


class LognormalDelay(_Effect, frozen=True):
    """Hold the request back as long as real networks do: mostly ``median`` seconds, at times far more.

    Attributes:
        median: half of the requests wait less.
        sigma: the deviation of the logarithm; about 0.5 is a fair network, above 1 a bad one.
        longest: no request waits more.
    """

    median: float
    sigma: float = 0.5
    longest: float = 60.0

    def __post_init__(self) -> None:
        _check_seconds(self.median, self.longest)
        if not self.median > 0 or not 0 <= self.sigma <= 5:
            raise ValueError("the median is above 0, and sigma from 0 to 5")

    def draw(self, chance: random.Random) -> float:
        """Return the seconds of one request."""
        return min(self.longest, chance.lognormvariate(math.log(self.median), self.sigma))


class Answer(_Effect, frozen=True):
    """Answer in the server's place, as a gateway would; nothing is processed or counted.

    A ``body`` of text or bytes is sent as it is, everything else as JSON, None as no body.
    """

    status: int
    body: Any = None
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 200 <= self.status <= 599:
            raise ValueError("a status is from 200 to 599")
        if self.status in (204, 304) and self.body is not None:
            raise ValueError(f"an answer {self.status} has no body")
        for name, value in self.headers.items():
            if (
                not _HEADER_NAME.fullmatch(name)
                or not _HEADER_VALUE.fullmatch(value)
                or name.lower() in _FRAMING
            ):
                raise ValueError(f"{name!r} is no header that can be sent")


class CloseBefore(_Effect, frozen=True):
    """Cut the connection before the request is processed; with ``reset`` the hard way (TCP RST)."""

    reset: bool = False


class DropAfter(_Effect, frozen=True):
    """Process the request, then cut the connection instead of answering; ``reset`` as above."""

    reset: bool = False


class MalformedBody(_Effect, frozen=True):
    """Process the request, then answer with JSON that breaks off in the middle."""


class TruncateBody(_Effect, frozen=True):
    """Process the request, then send only ``keep`` bytes of the body and cut the connection."""

    keep: int = 10
    reset: bool = False

    def __post_init__(self) -> None:
        if self.keep < 0:
            raise ValueError("keep is a number of bytes")


class WrongGzip(_Effect, frozen=True):
    """Process the request, then call a body gzip that is none.

    Attributes:
        how: ``plain`` is not compressed at all, ``corrupt`` has wrong bytes in the middle, ``cut``
            ends early although its length is announced right.
    """

    how: Literal["plain", "corrupt", "cut"] = "corrupt"


class SlowBody(_Effect, frozen=True):
    """Process the request, then send the body in ``pieces``, spread over ``seconds``."""

    seconds: float
    pieces: int = 10

    def __post_init__(self) -> None:
        _check_seconds(self.seconds)
        if not 1 <= self.pieces <= 10_000:
            raise ValueError("pieces are from 1 to 10000")


class RejectToken(_Effect, frozen=True):
    """Answer 401 (1103) as if the token had just expired; the token itself stays good."""


class RevokeToken(_Effect, frozen=True):
    """Take the caller's auth token out of force for good: 401 (1102) now and later, until a new login."""


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
