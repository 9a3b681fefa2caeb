"""What hooks add to a call, as the client calls them: begin, one attempt, end."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from math import inf
from time import monotonic
from typing import Any

from aioemnify import OPERATIONS, Clock, Hooks
from aioemnify.hooks import CallInfo
from aioemnify.transport.hook_calls import HookCalls
from benchmarks.cases import Effort, Report, at_most
from benchmarks.interleaved import cpu_in_turns

OPERATION = OPERATIONS["sims.get"]
SPAN = "one span of the SDK with four attributes"


class Starts(Hooks):
    """The least that hooks can do."""

    def call_started(self, call: CallInfo, /) -> None:
        """Do nothing."""


class _Now(Clock):
    def monotonic(self) -> float:
        return monotonic()


def hooks(report: Report, effort: Effort) -> None:
    """Call the hooks of a call that succeeds at once."""
    if find_spec("opentelemetry") is None:
        report.leave_out("OpenTelemetry", "opentelemetry-api is not installed")
        return
    from aioemnify.telemetry import OpenTelemetry

    contestants = {
        "the seam alone": _call(Starts()),
        "OpenTelemetry, API only": _call(OpenTelemetry()),
    }
    goals = {"OpenTelemetry, API only": 5.0, "OpenTelemetry with the SDK": 60.0}
    if find_spec("opentelemetry.sdk") is None:
        report.leave_out("OpenTelemetry with the SDK", "opentelemetry-sdk is not installed")
    else:
        contestants |= _with_sdk()
    rounds, times = effort.pick((40, 300), (1, 2))
    taken = cpu_in_turns(contestants, rounds, times)
    for name, seconds in taken.items():
        goal = at_most(goals[name]) if name in goals else None
        report.add(f"{name}: CPU of a call", 1e6 * seconds, "us", goal=goal, note="garbage collector off")
    if SPAN in taken:
        ratio = taken["OpenTelemetry with the SDK"] / taken[SPAN]
        report.add("OpenTelemetry with the SDK: relative to one span", ratio, "x", goal=at_most(4))


def _with_sdk() -> dict[str, Callable[[], object]]:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import SpanKind

    from aioemnify.telemetry import OpenTelemetry

    traces = TracerProvider(shutdown_on_exit=False)
    meters = MeterProvider([InMemoryMetricReader()], shutdown_on_exit=False)
    tracer = traces.get_tracer("benchmark")
    attributes: dict[str, Any] = {
        "http.request.method": OPERATION.method,
        "url.template": OPERATION.path,
        "server.address": "cdn.emnify.net",
        "http.response.status_code": 200,
    }

    def span() -> None:
        tracer.start_span("GET", kind=SpanKind.CLIENT, attributes=attributes).end()

    both = OpenTelemetry(tracer_provider=traces, meter_provider=meters)
    return {"OpenTelemetry with the SDK": _call(both), SPAN: span}


def _call(hooks: Hooks) -> Callable[[], object]:
    """Return what the pipeline does for the hooks of one call."""
    calls = HookCalls(hooks, None, "https://cdn.emnify.net", _Now())

    def call() -> None:
        observed = calls.begin(OPERATION, "7", "normal", monotonic(), inf, "0123456789abcdef")
        observed.attempt_began(1, monotonic())
        observed.attempt_ended(200, None, monotonic())
        observed.ended(None, None)

    return call
