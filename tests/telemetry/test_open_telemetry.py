"""Spans and metrics as an exporter gets them."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

import anyio
import httpx
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from aioemnify import Clock, UserPassword
from aioemnify.errors import ArgumentError, EmnifyError, NotFoundError
from aioemnify.fleet import Job
from aioemnify.telemetry import OpenTelemetry
from tests.fleet.fleet_server import FleetServer
from tests.scripted_api import ScriptedApi, sim
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio

CANARY = "canary-7d1e"
SERVER = {"server.address": "cdn.emnify.net"}
SIM = {"http.request.method": "GET", "url.template": "/api/v1/sim/{sim_id}", **SERVER}


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


class Exported:
    """An in-memory exporter with hooks that feed it."""

    def __init__(self) -> None:
        self._spans, self._metrics = InMemorySpanExporter(), InMemoryMetricReader()
        traces = TracerProvider()
        traces.add_span_processor(SimpleSpanProcessor(self._spans))
        self.hooks = OpenTelemetry(
            tracer_provider=traces, meter_provider=MeterProvider([self._metrics], shutdown_on_exit=False)
        )

    def spans(self, template: str = "/sim") -> list[ReadableSpan]:
        """Return the spans that have ended, of paths with this text."""
        return [span for span in self._spans.get_finished_spans() if template in span.name]

    def everything(self) -> str:
        """Return all that leaves the process, as text."""
        spans = [span.to_json() for span in self._spans.get_finished_spans()]
        return "".join([*spans, str(self._metrics.get_metrics_data())])

    def metrics(self) -> dict[str, tuple[str, list[tuple[dict[str, Any], float]]]]:
        """Return each metric's unit, and its points: attributes, and the value or the sum of the values."""
        data = self._metrics.get_metrics_data()
        return {
            metric.name: (
                metric.unit or "",
                [
                    (dict(point.attributes or {}), getattr(point, "sum", None) or getattr(point, "value", 0))
                    for point in metric.data.data_points
                ],
            )
            for resource in (data.resource_metrics if data is not None else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }


@pytest.fixture
def exported() -> Exported:
    return Exported()


async def test_a_call_is_a_span_with_a_child_for_each_request(exported: Exported) -> None:
    api = ScriptedApi([httpx.Response(503), httpx.Response(429, headers={"Retry-After": "200"}), sim()])
    async with api.client(hooks=exported.hooks) as emnify:
        await emnify.sims.get(1, options={"request_id": "req-1"})
    *children, call = exported.spans()
    assert {(span.name, span.kind) for span in (*children, call)} == {
        ("GET /api/v1/sim/{sim_id}", SpanKind.CLIENT)
    }
    assert call.parent is None
    assert call.attributes == {
        **SIM,
        "emnify.request_id": "req-1",
        "http.response.status_code": 200,
    }
    assert [child.parent.span_id for child in children if child.parent] == [call.context.span_id] * 3
    assert [dict(child.attributes or {}) for child in children] == [
        {**SIM, "http.response.status_code": 503, "error.type": "503"},
        {**SIM, "http.response.status_code": 429, "error.type": "429", "http.request.resend_count": 1},
        {**SIM, "http.response.status_code": 200, "http.request.resend_count": 2},
    ]
    error, unset = StatusCode.ERROR, StatusCode.UNSET
    assert [span.status.status_code for span in (*children, call)] == [error, error, unset, unset]
    ((name, attributes),) = [(event.name, dict(event.attributes or {})) for event in call.events]
    assert name == "emnify.throttle.wait"
    assert attributes == {
        "emnify.limit.name": "GET /api/v1/sim/{id}",
        "emnify.limit.kind": "row",
        "emnify.throttle.wait.duration": pytest.approx(0.2, abs=1e-5),
    }


async def test_servers_of_one_host_are_told_apart_by_their_ports(exported: Exported) -> None:
    for port in (8001, 8002):
        api = ScriptedApi([sim()])
        async with api.client(hooks=exported.hooks, base_url=f"http://127.0.0.1:{port}") as emnify:
            await emnify.sims.get(1)
    ports = [(span.attributes or {}).get("server.port") for span in exported.spans()]
    assert ports == [8001, 8001, 8002, 8002]  # each call and its request


async def test_each_metric_has_its_name_unit_and_attributes(exported: Exported) -> None:
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": "200"}), sim()])
    async with api.client(hooks=exported.hooks) as emnify:
        await emnify.sims.get(1)
        metrics = exported.metrics()
    log_in = {"http.request.method": "POST", "url.template": "/api/v1/authenticate", **SERVER}
    assert metrics.pop("http.client.request.duration") == (
        "s",
        [
            ({**log_in, "http.response.status_code": 200}, pytest.approx(0.1)),
            ({**SIM, "http.response.status_code": 429, "error.type": "429"}, pytest.approx(0.0)),
            ({**SIM, "http.response.status_code": 200}, pytest.approx(0.0)),
        ],
    )
    assert metrics.pop("http.client.active_requests") == ("{request}", [(SIM, 0), (log_in, 0)])
    assert metrics.pop("emnify.throttle.wait.duration") == (
        "s",
        [({"emnify.limit.kind": "row"}, pytest.approx(0.2, abs=1e-5))],
    )
    assert metrics.pop("emnify.throttle.refused") == ("{response}", [({"emnify.limit.kind": "row"}, 1)])
    assert metrics.pop("emnify.throttle.queued") == ("{call}", [({}, 0)])
    assert metrics.pop("emnify.auth.renewals") == ("{renewal}", [({}, 1)])
    _, used = metrics.pop("emnify.limit.used_ratio")
    assert {attributes["emnify.limit.name"]: attributes["emnify.limit.kind"] for attributes, _ in used} == {
        "GET /api/v1/sim/{id}": "row",
        "ip_general": "ip",
        "ip_authenticate": "ip",
    }
    assert all(0 < ratio <= 1 for _, ratio in used)
    ((_, of_month),) = metrics.pop("emnify.quota.month.used_ratio")[1]
    assert 0 < of_month < 0.001
    assert not metrics


async def test_calls_that_wait_are_queued_and_active(exported: Exported) -> None:
    async def slow(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep(1.0)
        return sim()

    api = ScriptedApi([slow])
    async with api.client(hooks=exported.hooks, connections=1) as emnify, anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(emnify.sims.get, 1)
        await anyio.sleep(0.5)
        metrics = exported.metrics()
    assert metrics["emnify.throttle.queued"][1] == [({}, 2)]
    assert (SIM, 3) in metrics["http.client.active_requests"][1]
    assert (SIM, 0) in exported.metrics()["http.client.active_requests"][1]


async def test_spans_end_where_a_call_is_cancelled(exported: Exported) -> None:
    async def never(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep(1000.0)
        raise AssertionError

    api = ScriptedApi([never])
    async with api.client(hooks=exported.hooks) as emnify:
        with anyio.move_on_after(2.0):
            await emnify.sims.get(1)
    child, call = exported.spans()
    for span in (child, call):
        assert span.end_time is not None and span.status.status_code is StatusCode.ERROR
        assert (span.attributes or {})["error.type"] == "cancelled"
    assert (SIM, 0) in exported.metrics()["http.client.active_requests"][1]


@pytest.mark.parametrize(
    ("answer", "error", "items"),
    [
        (httpx.Response(404, json={}), "404", None),
        (httpx.Response(200, text="<html>"), "DecodeError", None),
        (httpx.ConnectError("refused"), "ConnectError", None),
        (httpx.Response(200, json=[{"id": 1}, {"id": 2}]), None, 2),
    ],
)
async def test_a_span_says_how_its_call_has_ended(
    exported: Exported, answer: Any, error: str | None, items: int | None
) -> None:
    async with ScriptedApi([answer]).client(hooks=exported.hooks) as emnify:
        try:
            await emnify.sims.list()
        except EmnifyError:
            assert error is not None
    attributes = exported.spans()[-1].attributes or {}
    assert (attributes.get("error.type"), attributes.get("emnify.items")) == (error, items)


async def test_clients_of_workspaces_are_seen_and_their_limits_are_observed_once(exported: Exported) -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        return sim() if request.method == "GET" else httpx.Response(200, json={"auth_token": api.token()})

    api = ScriptedApi([answer])
    async with api.client(None, auth=UserPassword("me", "secret"), hooks=exported.hooks) as emnify:
        await emnify.sims.get(1)
        await emnify.workspace(5).sims.get(1)
        metrics = exported.metrics()
    assert len(exported.spans()) == 4
    names = [attributes["emnify.limit.name"] for attributes, _ in metrics["emnify.limit.used_ratio"][1]]
    assert len(names) == len(set(names)) and len(metrics["emnify.quota.month.used_ratio"][1]) == 1


async def test_items_of_jobs_are_counted_where_they_get_into_a_state(
    exported: Exported, tmp_path: Any
) -> None:
    server = FleetServer(rollback=True)
    rows = [(number, {"name": f"pump-{number}"}) for number in (1, 2, 3, 999_999)]
    async with server.client(hooks=exported.hooks) as emnify:
        for _ in range(2):  # opened again, nothing of it is counted again
            async with Job(emnify, tmp_path / "rename.job") as job:
                await job.add("endpoints.update", rows)
                async for _ in job.run():
                    pass
    _, points = exported.metrics()["emnify.job.items"]
    assert {attributes["emnify.job.item.state"]: count for attributes, count in points} == {
        "waiting": 4,
        "ok": 3,
        "failed": 1,
    }


async def test_no_span_metric_or_log_has_a_secret_an_id_or_a_url(
    exported: Exported, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def text(name: str) -> str:
        return f"{CANARY}-{name}"

    answers: list[Any] = [
        httpx.Response(404, json={"message": text("message"), "error_token": text("token")}),
        httpx.Response(429, headers={"Retry-After": "200", "X-Secret": text("header")}),
        httpx.Response(503, text=text("body")),
        httpx.ReadError(text("reason")),
        httpx.Response(200, text=text("html")),
    ]
    api = ScriptedApi(answers)
    credential = UserPassword(text("user"), text("password"))
    async with api.client(None, auth=credential, hooks=exported.hooks) as emnify:
        calls: list[Any] = [
            lambda: emnify.sims.get(777123777),
            lambda: emnify.sims.list(filter={"iccid": text("filter")}),  # type: ignore[typeddict-item]
            lambda: emnify.request("GET", f"/api/v9/{text('path')}/777123777", params={"q": text("query")}),
            lambda: emnify.request("POST", f"/api/v1/{text('raw')}", json={"name": text("member")}),
            lambda: emnify.users.get(777123777),
        ]
        for call in calls:
            for answer in answers:
                api.answers = [answer, answer, sim()]
                with suppress(EmnifyError):
                    await call()
        bearer = api.requests[0].headers["Authorization"].removeprefix("Bearer ")
        seen = exported.everything()
    logs = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert len(exported.spans("")) > 50 and len(caplog.records) > 50
    for shown in (seen, logs):
        for secret in (CANARY, bearer, "777123777", "https://"):
            assert secret not in shown


async def test_without_an_sdk_nothing_is_recorded_and_all_works() -> None:
    api = ScriptedApi([httpx.Response(404, json={})])
    async with api.client(hooks=OpenTelemetry()) as emnify:
        with pytest.raises(NotFoundError):
            await emnify.sims.get(1)


@pytest.mark.parametrize("argument", ["tracer_provider", "meter_provider"])
async def test_what_is_not_a_provider_is_refused(argument: str) -> None:
    with pytest.raises(ArgumentError, match=f"{argument} takes a (Tracer|Meter)Provider, not str"):
        OpenTelemetry(**{argument: "the global one"})  # type: ignore[arg-type]


def test_the_package_says_how_to_install_what_it_needs() -> None:
    program = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "import aioemnify; aioemnify.Emnify('token', hooks=type('H', (), {'call_ended': print})())\n"
        "from aioemnify.telemetry import OpenTelemetry"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == (
        "ImportError: aioemnify.telemetry needs the package opentelemetry-api: pip install 'aioemnify[otel]'"
    )


def test_metrics_can_be_collected_in_another_thread() -> None:
    exported, api, over = Exported(), ScriptedApi([sim()]), threading.Event()
    seen: list[int] = []

    def collect() -> None:
        while not over.is_set():
            seen.append(len(exported.metrics()))

    async def call() -> None:
        async with api.client(hooks=exported.hooks, clock=Clock(), throttling=None) as emnify:
            for number in range(50):
                await emnify.request("GET", f"/api/v1/other/{number}")

    thread = threading.Thread(target=collect)
    thread.start()
    try:
        anyio.run(call)
    finally:
        over.set()
        thread.join()
    assert seen and len(exported.spans("GET")) == 100


FORKED = """
import os, anyio, httpx
from tests.telemetry.test_open_telemetry import Exported
from tests.scripted_api import ScriptedApi, sim
from aioemnify import Clock

exported, api = Exported(), ScriptedApi([sim()])
emnify = api.client(hooks=exported.hooks, clock=Clock())
anyio.run(emnify.sims.get, 1)
child = os.fork()
if child == 0:
    anyio.run(emnify.sims.get, 1)
    os._exit(len(exported.spans()))
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 4
assert len(exported.spans()) == 2
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_process_goes_on_with_the_hooks() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKED],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
