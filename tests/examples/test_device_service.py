"""The service in examples/device_service.py, as its callers and the platform see it."""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import runpy
import socket
import subprocess
import sys
import tokenize
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from attrs import evolve

from aioemnify import Emnify
from aioemnify.pool import ClientOptions
from aioemnify.simulator import Answer, Clock, Delay, DropAfter, Faults, Simulator
from aioemnify.tables.limits import LIMITS
from tests.receivers.pushed import EVENT

pytest.importorskip("fastapi", reason="needs fastapi, which the dependency group tests installs")

# Where the package is installed, pytest has loaded it already.
INSTALLED = any(point.name == "aioemnify" for point in entry_points(group="pytest11"))
pytest_plugins = () if INSTALLED else ("aioemnify.pytest_plugin",)
pytestmark = [pytest.mark.anyio, pytest.mark.emnify(in_process=True, sims=60)]

PROJECT = Path(__file__).parents[2]
FILE = PROJECT / "examples" / "device_service.py"
STREAM = "Bearer what-only-you-know"

Start = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return request.param


@pytest.fixture
def environment(
    emnify_simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> dict[str, str]:
    tokens = {
        "acme": emnify_simulator.application_token,
        "globex": emnify_simulator.second_application_token,
    }
    settings = {"TENANTS": json.dumps(tokens), "JOBS": str(tmp_path / "jobs"), "STREAM": STREAM}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return settings


@pytest.fixture
def start(environment: dict[str, str], emnify_arguments: ClientOptions) -> Start:
    """Start the service as a new process would, and return a client of it."""

    @asynccontextmanager
    async def start(tenant: str = "acme", **options: Any) -> AsyncIterator[httpx.AsyncClient]:
        app = runpy.run_path(str(FILE))["app"]
        app.state.options |= {**emnify_arguments, **options}
        caller = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://service", headers={"X-Tenant": tenant}
        )
        async with app.router.lifespan_context(app), caller:
            yield caller

    return start


async def test_suspend_a_device_by_its_name(
    start: Start, emnify: Emnify, emnify_simulator: Simulator
) -> None:
    pump = await device(emnify)
    emnify_simulator.clear_requests()
    async with start() as http:
        answer = await http.post("/devices/pump-17/suspend")
    assert answer.status_code == 200
    assert answer.json()["status"] == {"id": 2, "description": "Suspended"}
    assert answer.json()["endpoint"] == {"id": pump, "name": "pump-17"} | answer.json()["endpoint"]
    assert emnify_simulator.requests.counts() == {
        "endpoints.list": 1,
        "sims.get": 2,
        "sims.update": 1,
    }


async def test_a_device_that_cannot_be_suspended(start: Start, emnify: Emnify) -> None:
    async with start() as http:
        assert (await http.post("/devices/pump-17/suspend")).status_code == 404
        pumps = {await device(emnify), await device(emnify)}
        answer = await http.post("/devices/pump-17/suspend")
        assert answer.status_code == 409
        assert {one["id"] for one in answer.json()["found"]} == pumps
        answer = await http.post("/devices/a, b/suspend")
        assert answer.status_code == 422 and "cannot be 'a, b'" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("status", "answered"), [(404, 404), (409, 409), (422, 422), (400, 502), (401, 502), (403, 502)]
)
async def test_errors_of_the_api(
    start: Start, emnify: Emnify, emnify_faults: Faults, status: int, answered: int
) -> None:
    await device(emnify)
    emnify_faults.add(Answer(status), operation="sims.update")
    async with start() as http:
        answer = await http.post("/devices/pump-17/suspend")
    assert answer.status_code == answered
    assert "sims.update" in answer.json()["detail"] and "Retry-After" not in answer.headers


async def test_a_full_limit_says_when_to_come_back(start: Start, emnify_simulator: Simulator) -> None:
    limits = evolve(LIMITS, windows=(evolve(LIMITS.windows[0], count=10),))
    async with start(limits=limits) as http:
        answers = [await http.post("/devices/none/suspend") for _ in range(10)]
    assert {one.status_code for one in answers[:-1]} == {404}
    assert answers[-1].status_code == 503
    assert 250 < int(answers[-1].headers["Retry-After"]) <= 300
    assert not emnify_simulator.refused


async def test_a_used_up_month_says_when_to_come_back(start: Start, emnify_simulator: Simulator) -> None:
    emnify_simulator.spend_quota(10**9)
    async with start() as http:
        answer = await http.post("/devices/pump-17/suspend")
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0


async def test_each_tenant_has_its_own_devices(
    start: Start, emnify: Emnify, emnify_simulator: Simulator, tmp_path: Path
) -> None:
    pump = await device(emnify)
    change = {"endpoints": {str(pump): {"name": "pump-18"}}, "tag": await tag(emnify)}
    async with start("globex") as globex, start("acme") as acme, start("acne") as acne:
        assert (await globex.post("/devices/pump-17/suspend")).status_code == 404
        answer = await globex.put("/changes/one", json=change)
        assert answer.json()["items"]["failed"] == 2 and answer.json()["items"]["ok"] == 0
        answer = await acme.put("/changes/one", json=change)
        assert answer.json()["items"]["ok"] == 2
        assert (await acne.post("/devices/pump-17/suspend")).json()["detail"].endswith("did you mean 'acme'?")
        assert (await acne.put("/changes/one", json=change)).status_code == 404
        assert (await acme.put("/changes/one", json=change, headers={"X-Tenant": ".."})).status_code == 404
    assert journals(tmp_path) == ["acme/one.job", "globex/one.job"]


async def test_what_is_offline_for_30_days(
    start: Start, emnify: Emnify, emnify_simulator: Simulator, emnify_clock: Clock
) -> None:
    attached = [
        one
        async for one in emnify.endpoints.list(filter={"status": "enabled"})
        if one.runtime_data is not None
    ]
    # This one goes offline today: the network has noted the end of its session.
    today = attached[0]
    await emnify.endpoints.reset_connectivity(today.id, {"pdp_context": None})
    emnify_clock.advance(minutes=10)
    assert today.sim is not None
    await emnify.sims.update(today.sim.id, {"status": "suspended"})
    expected = {
        str(one.id): one.name
        async for one in emnify.endpoints.list(filter={"status": "enabled"})
        if one.runtime_data is None and one.id != today.id
    }
    assert expected
    emnify_simulator.clear_requests()
    async with start() as http:
        rows = await table(http)
        assert {row["id"]: row["name"] for row in rows} == expected
        assert list(rows[0]) == ["id", "name", "created", "sim.iccid", "sim.status"]
        requests = emnify_simulator.requests
        requests.assert_called("endpoints.list", times=1)
        requests.assert_called("endpoints.list_events", times=len(expected) + 1)

        emnify_clock.advance(days=31)
        assert {row["id"] for row in await table(http)} == {*expected, str(today.id)}


async def test_the_list_of_what_is_offline_waits_for_the_limits(
    start: Start, emnify_simulator: Simulator, emnify_clock: Clock
) -> None:
    limits = evolve(LIMITS, windows=(evolve(LIMITS.windows[0], count=5),))
    began = emnify_clock.monotonic()
    async with start(limits=limits) as http:
        assert await table(http)
    assert len(emnify_simulator.requests) > 5 and emnify_clock.monotonic() - began > 300


@pytest.mark.emnify(sims=5000)
async def test_change_and_tag_3000_endpoints(
    start: Start, emnify: Emnify, emnify_simulator: Simulator
) -> None:
    body = await renames(emnify, 3000)
    emnify_simulator.clear_requests()
    async with start() as http:
        answer = await http.put("/changes/north", json=body)
        assert answer.json()["items"]["ok"] == 6000 and answer.json()["wrong"] == {}
        assert answer.json()["calls"] == 4
        again = await http.put("/changes/north", json=body)
        assert again.json() == answer.json(), "the job is done: nothing is sent again"
    assert emnify_simulator.requests.counts() == {
        "endpoints.update_bulk": 2,
        "tags.assign_bulk": 2,
    }
    after = {str(one.id): one async for one in emnify.endpoints.list(per_page=1000)}
    for key, change in body["endpoints"].items():
        assert after[key].name == change["name"]
        assert [one.id for one in after[key].tag_assignments or ()] == [body["tag"]]


@pytest.mark.emnify(sims=5000)
async def test_a_job_that_stopped_goes_on_in_the_next_process(
    start: Start, emnify: Emnify, emnify_simulator: Simulator, emnify_faults: Faults
) -> None:
    body = await renames(emnify, 3000)
    emnify_simulator.clear_requests()
    emnify_faults.add(Answer(503), operation="endpoints.update_bulk", nth=2, burst=1000)
    async with start() as http:
        answer = await http.put("/changes/north", json=body)
        assert answer.status_code == 502 and "503" in answer.json()["detail"]
    emnify_faults.clear()
    emnify_simulator.clear_requests()
    async with start() as http:
        answer = await http.put("/changes/north", json=body)
        assert answer.json()["items"]["ok"] == 6000
    requests = emnify_simulator.requests
    (rest,) = requests.assert_called("endpoints.update_bulk", times=1)
    assert len(json.loads(rest.request_body or b"")) == 1000
    requests.assert_called("tags.assign_bulk", times=2)
    assert len(requests) == 3


async def test_a_job_runs_once_at_a_time(start: Start, emnify: Emnify) -> None:
    body = await renames(emnify, 10)
    statuses: list[int] = []
    async with start() as http, anyio.create_task_group() as group:

        async def put() -> None:
            statuses.append((await http.put("/changes/north", json=body)).status_code)

        group.start_soon(put)
        group.start_soon(put)
    assert sorted(statuses) == [200, 409]


async def test_items_that_are_wrong(start: Start, emnify: Emnify) -> None:
    body = await renames(emnify, 10)
    async with start() as http:
        body["endpoints"]["999999"] = {"name": "none"}
        answer = await http.put("/changes/north", json=body)
        assert answer.json()["items"]["ok"] == 20
        assert answer.json()["wrong"]["999999"] == (
            "failed: 404 1201 NotFound: Endpoint with id 999999 not found"
        )
        body["endpoints"]["999999"] = {"name": "another"}
        answer = await http.put("/changes/north", json=body)
        assert answer.status_code == 422 and "already with another body" in answer.json()["detail"]
        answer = await http.put("/changes/south", json=body | {"endpoints": {"1": {"nam": "a"}}})
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["body", "endpoints", "1", "nam"]


@pytest.mark.emnify(sims=500)
async def test_an_sms_to_200_devices(
    start: Start, emnify: Emnify, emnify_simulator: Simulator, emnify_faults: Faults
) -> None:
    to = await reachable(emnify, 200)
    emnify_simulator.clear_requests()
    emnify_faults.add(DropAfter(), operation="endpoints.send_sms", times=1)
    async with start() as http:
        body = {"endpoints": to, "sms": {"payload": "report"}}
        answer = await http.put("/texts/report", json=body)
        again = await http.put("/texts/report", json=body)
    assert answer.json()["items"]["ok"] == 199 and answer.json()["items"]["unknown"] == 1
    (wrong,) = answer.json()["wrong"].items()
    assert int(wrong[0]) in to and wrong[1].startswith("unknown: OutcomeUnknownError")
    assert again.json() == answer.json()
    emnify_simulator.requests.assert_called("endpoints.send_sms", times=200, body={"payload": "report"})


@pytest.mark.process
@pytest.mark.parametrize("anyio_backend", ["asyncio"], indirect=True)
@pytest.mark.emnify(in_process=False, sims=500)
async def test_a_killed_service_sends_no_sms_twice(
    environment: dict[str, str], emnify: Emnify, emnify_simulator: Simulator, emnify_faults: Faults
) -> None:
    to = await reachable(emnify, 200)
    body = {"endpoints": to, "sms": {"payload": "report"}}
    emnify_faults.add(Delay(0.2), operation="endpoints.send_sms")
    with process(emnify_simulator) as (http, killed), anyio.move_on_after(30):
        async with anyio.create_task_group() as group:

            async def put() -> None:
                with pytest.raises(httpx.TransportError):
                    await http.put("/texts/report", json=body, headers={"X-Tenant": "acme"})

            group.start_soon(put)
            while len(emnify_simulator.requests.of("endpoints.send_sms")) < 60:  # noqa: ASYNC110 (no event)
                await anyio.sleep(0.02)
            killed.kill()
        await http.aclose()
    before = len(emnify_simulator.requests.of("endpoints.send_sms"))
    assert 60 <= before < 200
    with process(emnify_simulator) as (http, _):
        async with http:
            answer = await http.put("/texts/report", json=body, headers={"X-Tenant": "acme"})
    items = answer.json()["items"]
    assert items["ok"] + items["unknown"] == 200 and items["unknown"] <= 20
    assert set(answer.json()["wrong"]) <= {str(one) for one in to}
    sent = [one.path for one in emnify_simulator.requests.of("endpoints.send_sms")]
    assert len(sent) == len(set(sent)), "an SMS was sent twice"


async def test_the_platform_pushes_alerts(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    async with start() as http:
        stream = {"Authorization": STREAM}
        assert (await http.post("/emnify/", json=[EVENT, EVENT], headers=stream)).status_code == 200
        quiet = EVENT | {"id": 1, "alert": False}
        assert (await http.post("/emnify/", json=[quiet], headers=stream)).status_code == 200
        assert (await http.post("/emnify/", json=[EVENT])).status_code == 401
    lines = [record.getMessage() for record in caplog.records if record.name == "devices"]
    assert len(lines) == 1 and "Traffic limit exceeded." in lines[0]


async def test_its_document_has_the_models(start: Start) -> None:
    async with start() as http:
        document = (await http.get("/openapi.json")).json()
    assert {"Sim", "EndpointUpdate", "SmsSend"} <= set(document["components"]["schemas"])


def test_it_is_short() -> None:
    """Count the lines that have code: a service needs no more than these."""
    text = FILE.read_text(encoding="utf-8")
    empty = {
        tokenize.COMMENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
        tokenize.INDENT,
        tokenize.NEWLINE,
        tokenize.NL,
    }
    code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in empty
        for line in range(token.start[0], token.end[0] + 1)
    }
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(node):
            code -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    assert len(code) <= 90


def journals(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder / "jobs").as_posix() for path in folder.rglob("*.job"))


async def device(emnify: Emnify) -> int:
    """Name an active device pump-17."""
    async for one in emnify.endpoints.list(filter={"sim_status": "activated"}):
        if one.name != "pump-17":
            await emnify.endpoints.update(one.id, {"name": "pump-17"})
            return one.id
    raise AssertionError("no active device")


async def tag(emnify: Emnify) -> int:
    return (await emnify.tags.create({"name": "north"})).id


async def renames(emnify: Emnify, count: int) -> dict[str, Any]:
    ids = [one.id async for one in emnify.endpoints.list(per_page=1000)][:count]
    assert len(ids) == count
    return {"endpoints": {str(one): {"name": f"north-{one}"} for one in ids}, "tag": await tag(emnify)}


async def reachable(emnify: Emnify, count: int) -> list[int]:
    found = emnify.endpoints.list(filter={"status": "enabled", "sim_status": "activated"}, per_page=1000)
    ids = [one.id async for one in found][:count]
    assert len(ids) == count
    return ids


async def table(http: httpx.AsyncClient) -> list[dict[str, str]]:
    answer = await http.get("/offline.csv")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


@contextmanager
def process(simulator: Simulator) -> Iterator[tuple[httpx.AsyncClient, subprocess.Popen[bytes]]]:
    """Serve it in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "--fd",
            str(listener.fileno()),
            "examples.device_service:app",
        ]
        running = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=os.environ | {"EMNIFY_BASE_URL": simulator.url},
            pass_fds=[listener.fileno()],
            stderr=subprocess.DEVNULL,
        )
    try:
        yield (
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False),
            running,
        )
    finally:
        running.terminate()
        running.wait()
