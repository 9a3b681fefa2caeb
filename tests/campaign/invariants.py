"""What must be true after a schedule, whatever went wrong in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aioemnify.errors import (
    ArgumentError,
    ClientStateError,
    ConnectError,
    EmnifyError,
    ProtocolError,
    QuotaExhaustedError,
    ResponseTooLargeError,
    StoreError,
    ThrottleError,
    TimeoutError,
)
from tests.campaign.calls import PER_PAGE, Outcome
from tests.campaign.fault_server import SIMS, Record, Request
from tests.campaign.faults import CROSSING, FAULTS
from tests.campaign.schedule import CREATES, WRITES, Schedule


@dataclass(frozen=True)
class Violation:
    """A broken rule. ``kind`` is the same for every case of it; ``text`` tells this one."""

    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


def judge(schedule: Schedule, outcomes: Iterable[Outcome], record: Record) -> Iterator[Violation]:
    """Compare how the calls have ended with what the server has seen."""
    tellable = CROSSING not in record.faults
    for outcome in outcomes:
        requests = record.calls.get(outcome.number, [])
        for kind, text in _judged(schedule, outcome, requests, tellable):
            yield Violation(kind, f"call {outcome.number} ({outcome.plan.kind}): {text}")


def _judged(
    schedule: Schedule, outcome: Outcome, requests: list[Request], tellable: bool
) -> Iterator[tuple[str, str]]:
    applied = sum(request.applied for request in requests)
    faults = [request.fault or "answered" for request in requests]
    if outcome.end == "not ended":
        yield "never ended", f"requests: {faults}"
    if outcome.plan.kind in CREATES and applied > 1 and tellable:
        yield "applied twice", f"{applied} times; requests: {faults}"
    if outcome.error is not None:
        problem = _undocumented(schedule, outcome.error)
        if problem:
            yield f"undocumented error: {type(outcome.error).__name__}", f"{problem}; requests: {faults}"
        if outcome.plan.kind in WRITES and applied and _says_not_sent(outcome):
            yield "not sent, but applied", f"{shown(outcome.error)}; requests: {faults}"
    if outcome.end == "value" and tellable:
        if outcome.plan.kind in WRITES and not applied:
            yield "success, but not applied", f"{outcome.value!r}; requests: {faults}"
        lies = any(FAULTS[request.fault].lies for request in requests if request.fault in FAULTS)
        if not lies and not _is_right(outcome, requests):
            before = [request.before for request in requests]
            yield "wrong value", f"{outcome.value!r}; requests: {faults}, on connections with {before}"


def _undocumented(schedule: Schedule, error: BaseException) -> str:
    """Say what is wrong with an error that a call raised; nothing if it is documented."""
    if not isinstance(error, EmnifyError) or isinstance(error, ArgumentError):
        return shown(error)
    if isinstance(error, ClientStateError) and schedule.closed is None:
        return f"{shown(error)}, but nobody has closed the client"
    return ""


def _says_not_sent(outcome: Outcome) -> bool:
    """Say whether the error promises, by its documentation, that the call was not sent or not processed."""
    error = outcome.error
    if isinstance(error, QuotaExhaustedError):
        return not error.sent
    if isinstance(error, (ConnectError, ThrottleError, StoreError)) or "not sent" in str(error):
        return True
    if outcome.plan.kind not in CREATES:
        return False
    # A create that was sent, and whose answer was lost, has an error of its own.
    return isinstance(error, (ClientStateError, ProtocolError, ResponseTooLargeError, TimeoutError))


def _is_right(outcome: Outcome, requests: list[Request]) -> bool:
    """Say whether a call returned what the server has for it."""
    value, kind, identity = outcome.value, outcome.plan.kind, 100 + outcome.number
    match kind:
        case "sims.get" | "endpoints.get":
            return getattr(value, "id", None) == identity
        case "sims.page":
            return bool(value == list(range(PER_PAGE + 1, 2 * PER_PAGE + 1)))
        case "sims.walk" | "sims.prefetch":
            return bool(value == list(range(1, SIMS + 1)))
        case "sims.walk left early" | "sims.prefetch left early":
            return bool(value == [1])
        case "endpoints.create" | "tags.create":
            created = [request.created for request in requests if request.applied]
            return getattr(value, "id", None) in created
    return value is None


def shown(error: BaseException) -> str:
    """Return an error with its type, and the errors in it if it is a group."""
    if isinstance(error, BaseExceptionGroup):
        return f"{type(error).__name__}[{', '.join(map(shown, error.exceptions))}]"
    return f"{type(error).__name__}: {str(error)[:300]}"


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and all that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
