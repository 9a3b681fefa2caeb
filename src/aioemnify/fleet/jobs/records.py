"""What a job tells about itself: the outcome of an item, the plan, and the progress."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import inf
from typing import Any, Literal

import msgspec
from attrs import define, frozen

from aioemnify.errors import APIError, EmnifyError, ErrorDetail
from aioemnify.options import duration_text

State = Literal["waiting", "sent", "ok", "failed", "unknown", "skipped"]
"""Where an item stands. Only ``waiting`` and ``sent`` are not final."""

Key = int | str | tuple[int | str, ...]


@frozen(kw_only=True)
class ItemError:
    """Why an item failed, or why its outcome is unknown.

    ``status`` is the HTTP status, ``None`` if no response came. ``code`` and ``token`` are the API's.
    """

    status: int | None = None
    code: int | None = None
    token: str | None = None
    message: str = ""

    def __str__(self) -> str:
        label = " ".join(str(part) for part in (self.status, self.code, self.token) if part is not None)
        return ": ".join(part for part in (label, self.message) if part)

    @property
    def label(self) -> str:
        """Return what errors of one kind have in common, such as ``404 1201 NotFound``."""
        parts = [str(part) for part in (self.status, self.code, self.token) if part is not None]
        return " ".join(parts) or self.message.partition(":")[0]

    @classmethod
    def of(cls, error: EmnifyError, detail: ErrorDetail | None = None) -> ItemError:
        """Return the part of an exception that belongs to one item."""
        if not isinstance(error, APIError):
            return cls(message=f"{type(error).__name__}: {error}")
        if detail is None and len(error.details) == 1:
            detail = error.details[0]
        if detail is None:
            found = (error.error_code, error.error_token, error.message or error.excerpt)
        else:
            found = (detail.error_code, detail.error_token, detail.message)
        return cls(status=error.status, code=found[0], token=found[1], message=found[2])

    def to_json(self) -> str:
        """Return it as the journal keeps it."""
        return msgspec.json.encode([self.status, self.code, self.token, self.message]).decode()

    @classmethod
    def from_json(cls, text: str) -> ItemError:
        """Return what ``to_json`` wrote."""
        status, code, token, message = msgspec.json.decode(text)
        return cls(status=status, code=code, token=token, message=message)


@define(kw_only=True)
class Outcome:
    """What became of one item.

    ``key`` is the value of its path, or the member that identifies a created object. ``result`` is the
    response of a call for this item alone, or the id of an object that was created. ``doubled`` says that
    the server has applied it more than once.
    """

    number: int
    operation: str
    key: Key
    state: State
    error: ItemError | None = None
    result: Any = None
    doubled: bool = False


@frozen(kw_only=True)
class JobPlan:
    """How the waiting items will be sent, and how long that takes.

    ``calls`` has the number of calls by operation, ``items`` the number of items. ``seconds``, ``limit``
    and ``share_of_month`` are those of an estimate (``emnify.throttle.estimate``).
    """

    items: int
    calls: Mapping[str, int]
    single_calls: int
    seconds: float
    limit: str | None
    share_of_month: float

    def __str__(self) -> str:
        if not self.items:
            return "nothing waits"
        items = counted(self.items, "item")
        if self.seconds == inf:
            return f"{items} will never be sent: {self.limit} allows no call"
        calls = [f"{counted(count, 'call')} of {name}" for name, count in self.calls.items()]
        if self.single_calls:
            calls.append(counted(self.single_calls, "single call"))
        cause = f"limited by {self.limit}" if self.limit is not None else "no limit delays it"
        return (
            f"{items}: {', '.join(calls)}; {duration_text(self.seconds)}, {cause}, "
            f"{self.share_of_month:.2%} of the month"
        )


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, such as "1 call" and "2 calls"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


@frozen(kw_only=True)
class Progress:
    """How far a job is.

    ``done`` items are ok or skipped. ``eta`` is the moment (UTC) when all is sent as of now.
    ``waiting_for`` is the limit or trouble that holds the job up, and ``resumes_at`` when it ends.
    ``share_of_month`` is the part of the monthly quota that the rest takes.
    """

    total: int
    done: int
    failed: int
    unknown: int
    eta: datetime | None
    waiting_for: str | None
    resumes_at: datetime | None
    share_of_month: float

    def __str__(self) -> str:
        parts = [f"{self.done:,} of {self.total:,} done"]
        parts += [f"{count:,} {name}" for name, count in self._troubles() if count]
        if self.waiting_for is not None:
            parts.append(f"waiting for {self.waiting_for}")
        if self.eta is not None and self.done + self.failed + self.unknown < self.total:
            parts.append(f"expected end {self.eta:%Y-%m-%d %H:%M:%S} UTC")
        return ", ".join(parts)

    def _troubles(self) -> tuple[tuple[str, int], ...]:
        return ("failed", self.failed), ("unknown", self.unknown)
