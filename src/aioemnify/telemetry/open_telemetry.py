"""``OpenTelemetry``: hooks that make spans and metrics by the conventions for HTTP clients.

Spans and HTTP metrics have the names of the stable conventions. These know no throttle in a client and no
jobs, so those metrics begin with ``emnify.``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from time import time_ns
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet, ref

from attrs import Factory, asdict, define

from aioemnify._version import __version__
from aioemnify.errors import ArgumentError
from aioemnify.hooks import CallInfo, ClientInfo, Hooks, JobInfo, JobProgress, Outcome, Throttle
from aioemnify.options import LimitKind

try:
    from opentelemetry import metrics, trace
    from opentelemetry.metrics import CallbackOptions, Observation
except ImportError:
    raise ImportError(
        "aioemnify.telemetry needs the package opentelemetry-api: pip install 'aioemnify[otel]'"
    ) from None

if TYPE_CHECKING:
    from aioemnify.transport.throttle.snapshot import LimitUse, ThrottleSnapshot

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""The bounds of ``http.client.request.duration``, which the conventions name."""

WAITS = (*SECONDS, 30.0, 60.0, 300.0)
"""The bounds of the time that calls wait: a window of the API is 300 s."""

_FAILED = trace.Status(trace.StatusCode.ERROR)

Attributes = dict[str, Any]

_Key = tuple[str, str | None, str, int]
"""Operation, template, host and port: what the calls of a kind have in common."""


@define(eq=False)
class _Kind:
    """What the calls of one operation have in common, and those that are under way."""

    name: str
    attributes: Attributes
    active: set[_Call] = Factory(set)


@define(eq=False)
class _Call:
    """A call under way."""

    span: trace.Span
    kind: _Kind
    recorded: bool
    status: int | None = None


class OpenTelemetry(Hooks):
    """Make spans and metrics of the calls of one or more clients: ``Emnify(hooks=OpenTelemetry())``.

    Each call is a span, with a child for each request and an event for each wait. Spans and metrics hold no
    token, id of an object, name, or URL: paths come as templates.

    Args:
        tracer_provider: where spans go; by default the global one.
        meter_provider: where metrics go; by default the global one.

    Raises:
        ImportError: the package opentelemetry-api is not installed (extra ``otel``).
    """

    def __init__(
        self,
        *,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
    ) -> None:
        for argument, given, kind in (
            ("tracer_provider", tracer_provider, trace.TracerProvider),
            ("meter_provider", meter_provider, metrics.MeterProvider),
        ):
            if given is not None and not isinstance(given, kind):
                raise ArgumentError(argument, f"takes a {kind.__name__}, not {type(given).__name__}")
        self._tracer = trace.get_tracer("aioemnify", __version__, tracer_provider)
        meter = metrics.get_meter("aioemnify", __version__, meter_provider)
        self._durations = meter.create_histogram(
            "http.client.request.duration",
            "s",
            "Duration of requests, without the time that they wait for a limit",
            explicit_bucket_boundaries_advisory=SECONDS,
        )
        self._waits = meter.create_histogram(
            "emnify.throttle.wait.duration",
            "s",
            "Time that calls waited for a limit",
            explicit_bucket_boundaries_advisory=WAITS,
        )
        self._refused = meter.create_counter(
            "emnify.throttle.refused", "{response}", "Responses with the status 429"
        )
        self._items = meter.create_counter(
            "emnify.job.items", "{item}", "Items of jobs that got into a state"
        )
        self._renewals = meter.create_counter("emnify.auth.renewals", "{renewal}", "Authentications")
        for name, unit, observe, description in (
            ("emnify.limit.used_ratio", "1", _used, "Part of a limit in use"),
            ("emnify.quota.month.used_ratio", "1", _used_of_month, "Part of the month's calls that is used"),
        ):
            meter.create_observable_gauge(name, [self._callback(observe)], unit, description)
        meter.create_observable_up_down_counter(
            "http.client.active_requests",
            [self._observe_active],
            "{request}",
            "Calls under way, those that wait included",
        )
        meter.create_observable_up_down_counter(
            "emnify.throttle.queued", [self._callback(_queued)], "{call}", "Calls that wait for a limit"
        )
        # Clients that share limits have the same throttle, which is observed once.
        self._throttles: WeakSet[Throttle] = WeakSet()
        self._jobs: WeakKeyDictionary[JobInfo, dict[str, int]] = WeakKeyDictionary()
        self._kinds: dict[_Key, _Kind] = {}
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=partial(_after_fork, ref(self)))

    def client_created(self, client: ClientInfo, /) -> None:
        """Observe the limits of the client."""
        self._throttles.add(client.throttle)

    def call_started(self, call: CallInfo, /) -> object:
        """Start a span."""
        key = (call.operation, call.template, call.server, call.port)
        kind = self._kinds.get(key) or self._add_kind(key, call)
        attributes = kind.attributes
        if call.request_id is not None:
            attributes = {**attributes, "emnify.request_id": call.request_id}
        span = self._tracer.start_span(kind.name, None, trace.SpanKind.CLIENT, attributes)
        started = _Call(span, kind, span.is_recording())
        kind.active.add(started)
        return started

    def _add_kind(self, key: _Key, call: CallInfo) -> _Kind:
        """Note what all calls of an operation of a server have in common."""
        attributes: Attributes = {
            "http.request.method": call.method,
            "server.address": call.server,
        }
        if call.port not in (80, 443):  # each attribute of a span takes 2 us
            attributes["server.port"] = call.port
        if call.template is not None:
            attributes["url.template"] = call.template
        name = call.method if call.template is None else f"{call.method} {call.template}"
        return self._kinds.setdefault(key, _Kind(name, attributes))

    def _forget_calls(self) -> None:
        """Forget the calls of the parent process, in a child that was forked: they never end there."""
        for kind in self._kinds.values():
            kind.active.clear()

    def _observe_active(self, _: CallbackOptions) -> Iterator[Observation]:
        for kind in list(self._kinds.values()):
            yield Observation(len(kind.active), kind.attributes)

    def waited(self, call: _Call, limit: str, kind: LimitKind, seconds: float, /) -> None:
        """Record a wait, as an event of the span."""
        self._waits.record(seconds, {"emnify.limit.kind": kind})
        if call.recorded:
            attributes: Attributes = {
                "emnify.limit.name": limit,
                "emnify.limit.kind": kind,
                "emnify.throttle.wait.duration": seconds,
            }
            call.span.add_event("emnify.throttle.wait", attributes)

    def attempt_ended(
        self, call: _Call, number: int, status: int | None, error: Outcome | None, seconds: float, /
    ) -> None:
        """Record a request, as a child of the span."""
        attributes = dict(call.kind.attributes)
        failure = error if status is None else str(status) if status >= 400 else None
        if status is not None:
            attributes["http.response.status_code"] = status
        if failure is not None:
            attributes["error.type"] = failure
        self._durations.record(seconds, attributes)
        call.status = status
        if call.recorded:
            if number > 1:
                attributes["http.request.resend_count"] = number - 1
            span = self._tracer.start_span(
                call.kind.name,
                trace.set_span_in_context(call.span),
                trace.SpanKind.CLIENT,
                attributes,
                start_time=time_ns() - int(seconds * 1e9),
            )
            if failure is not None:
                span.set_status(_FAILED)
            span.end()

    def call_ended(self, call: _Call, outcome: Outcome, seconds: float, items: int | None, /) -> None:
        """End the span."""
        call.kind.active.discard(call)
        if not call.recorded:
            return
        span, status = call.span, call.status
        if status is not None:
            span.set_attribute("http.response.status_code", status)
        if items is not None:
            span.set_attribute("emnify.items", items)
        if outcome != "ok":
            refused = status is not None and status >= 400
            span.set_attribute("error.type", str(status) if refused else outcome)
            span.set_status(_FAILED)
        span.end()

    def limit_refused(self, limit: str | None, kind: LimitKind, retry_after: float, /) -> None:
        """Count a 429."""
        self._refused.add(1, {"emnify.limit.kind": kind})

    def token_renewed(self, seconds: float, /) -> None:
        """Count an authentication."""
        self._renewals.add(1)

    def job_progress(self, job: JobInfo, progress: JobProgress, /) -> None:
        """Count the items that got into a state. Those of an earlier run of the job are not counted again."""
        now = asdict(progress)
        before = self._jobs.get(job, now)
        self._jobs[job] = now
        for state, count in now.items():
            if count > before[state] and state != "sent":
                self._items.add(count - before[state], {"emnify.job.item.state": state})

    def _callback(
        self, observe: Callable[[list[ThrottleSnapshot]], Iterable[Observation]]
    ) -> Callable[[CallbackOptions], Iterable[Observation]]:
        return lambda _: observe([throttle.snapshot() for throttle in list(self._throttles)])


def _after_fork(telemetry: ref[OpenTelemetry]) -> None:
    if (there := telemetry()) is not None:
        there._forget_calls()


def _used(snapshots: list[ThrottleSnapshot]) -> Iterator[Observation]:
    """Return the use of each limit; of several organisations, that with the fullest counts."""
    ratios: dict[tuple[str, str], float] = {}
    for limit in _limits(snapshots):
        if limit.kind in ("row", "ip"):
            key = (limit.name, limit.kind)
            ratios[key] = max(ratios.get(key, 0.0), limit.used / limit.allowed)
    for (name, kind), ratio in ratios.items():
        yield Observation(ratio, {"emnify.limit.name": name, "emnify.limit.kind": kind})


def _used_of_month(snapshots: list[ThrottleSnapshot]) -> Iterator[Observation]:
    ratios = [limit.used / limit.allowed for limit in _limits(snapshots) if limit.kind == "quota"]
    if ratios:
        yield Observation(max(ratios))


def _queued(snapshots: list[ThrottleSnapshot]) -> Iterator[Observation]:
    yield Observation(sum(snapshot.queued for snapshot in snapshots))


def _limits(snapshots: list[ThrottleSnapshot]) -> Iterator[LimitUse]:
    return (limit for snapshot in snapshots for limit in snapshot.limits if limit.allowed)
