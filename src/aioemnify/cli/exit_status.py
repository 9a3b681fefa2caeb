"""The exit status and the text of each failure."""

from __future__ import annotations

import sys
from typing import Any

DONE, REFUSED, USAGE, NOT_FOUND, CREDENTIALS, LIMIT, UNKNOWN, INCOMPLETE, CHANGES, NO_ANSWER, FILE = range(11)
INTERRUPTED, PIPE_CLOSED = 130, 141

STATUSES = {
    DONE: "done",
    REFUSED: "the API refused the call",
    USAGE: "wrong arguments, an ambiguous name, or a question answered with no",
    NOT_FOUND: "no such object",
    CREDENTIALS: "the credentials are missing, refused or expired",
    LIMIT: "a rate limit or the month's quota is used up",
    UNKNOWN: "the response was lost: the call may have been applied",
    INCOMPLETE: "a job has items that are not ok",
    CHANGES: "there are changes (plan and drift)",
    NO_ANSWER: "no connection, or no answer in time",
    FILE: "a local file, or a job in Redis, cannot be read or written",
    INTERRUPTED: "Ctrl-C, or SIGTERM for a worker of a job in Redis",
    PIPE_CLOSED: "the reader of the output has closed the pipe",
}
"""What each exit status means. They are stable."""

_KINDS = (
    # The first that fits: subclasses stand before their bases.
    (UNKNOWN, ("OutcomeUnknownError",)),
    (LIMIT, ("RateLimitError", "ThrottleError")),
    (CREDENTIALS, ("AuthenticationError",)),
    (NOT_FOUND, ("NotFoundError", "GoneError", "NoResultError")),
    (USAGE, ("ArgumentError", "MultipleResultsError", "ClientStateError")),
    (NO_ANSWER, ("TransportError", "WaitTimeoutError", "RedisAwayError")),
    (
        FILE,
        ("StoreError", "ExportError", "JournalError", "MirrorError", "PlanError", "SweepError", "OSError"),
    ),
    (REFUSED, ("EmnifyError",)),
)


class CommandError(Exception):
    """A failure that the command line itself found: its text, its exit status, and how to go on."""

    def __init__(self, message: str, status: int = USAGE) -> None:
        super().__init__(message)
        self.status = status


def status_of(error: BaseException) -> int | None:
    """Return the exit status of a failure, or ``None`` if it is a fault of the program.

    Classes are found by name, so that nothing is imported for it.
    """
    if isinstance(error, CommandError):
        return error.status
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return PIPE_CLOSED
    names = {kind.__name__ for kind in type(error).__mro__}
    return next((status for status, kinds in _KINDS if names & set(kinds)), None)


def text_of(error: BaseException) -> str:
    """Return the text of a failure."""
    if isinstance(error, OSError) and error.strerror and type(error).__module__ == "builtins":
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error) or type(error).__name__


def report(error: BaseException, status: int, *, as_json: bool) -> None:
    """Write a failure to stderr: as a line of text, or as an object of JSON."""
    if not as_json:
        print(f"emnify: {printable(text_of(error))}", file=sys.stderr)
        return
    import json

    names = (
        "status",
        "error_code",
        "error_token",
        "operation",
        "argument",
        "retry_after",
        "limit",
        "wait",
        "page",
    )
    found: dict[str, Any] = {"kind": type(error).__name__, "message": text_of(error), "exit_status": status}
    for name in names:
        value = getattr(error, name, None)
        if value is not None and not (name == "status" and isinstance(error, CommandError)):
            found[name] = value
    if details := getattr(error, "details", None):
        found["details"] = [str(one) for one in details]
    if resets_at := getattr(error, "resets_at", None):
        found["resets_at"] = resets_at.isoformat()
    print(json.dumps({"error": found}, ensure_ascii=False, default=str), file=sys.stderr)


def printable(text: str) -> str:
    """Replace control characters, which would change a terminal's state; line breaks stay."""
    return "".join(
        char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text
    )
