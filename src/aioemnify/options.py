"""What a caller may say about one call, whatever the operation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import fields, frozen

from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.throttling import Priority, check_priority


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
