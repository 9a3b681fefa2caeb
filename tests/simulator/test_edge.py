"""The edge in front of the API: what browsers get, and targets that clients write in several ways."""

from __future__ import annotations

import pytest

from aioemnify.simulator import Answer, Settings, Simulator
from tests.simulator.test_bytes import answers

pytestmark = pytest.mark.anyio
ALLOWED = (
    "Authorization,DNT,X-CustomHeader,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,"
    "Content-Type,X-Count-Per-Page,X-Current-Page,X-Sort,X-Total-Count,X-Total-Pages"
)
RECORDED = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, PATCH, PUT, DELETE",
    "access-control-allow-headers": ALLOWED,
    "access-control-expose-headers": f"{ALLOWED},Location,X-Count,X-Per-Page,X-Pages,X-Page",
    "access-control-max-age": "86400",
    "cache-control": "max-age=0",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
}
PAGE = {"Origin": "http://localhost:3000"}
PREFLIGHT = PAGE | {
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization",
}


def shown(response) -> dict:
    names = {*RECORDED, "strict-transport-security"}
    return {name: value for name, value in response.headers.items() if name in names}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/sim", 200),
        ("GET", "/api/v1/sim/999999", 404),
        ("GET", "/api/v1/nothing", 404),
        ("PUT", "/api/v1/sim", 405),
        ("PATCH", "/api/v1/sim/1", 400),
        ("DELETE", "/api/v1/endpoint/3", 409),
        ("POST", "/api/v1/authenticate", 400),
    ],
)
async def test_every_answer_of_the_api_has_the_recorded_headers(sim, session, method, path, status):
    async with session(sim) as client:
        answer = await client.request(method, path, headers=PAGE)
        assert (answer.status_code, shown(answer)) == (status, RECORDED)
        (record,) = [each for each in sim.requests if each.path == path and each.method == method][-1:]
        kept = {name.lower(): value for name, value in record.response_headers.items()}
        assert RECORDED.items() <= kept.items()


async def test_refusals_have_them_too(make_sim, session):
    sim = make_sim()
    async with session(sim) as client:
        refused = [await client.get("/api/v1/sim", headers=PAGE) for _ in range(9)][-1]
        assert (refused.status_code, shown(refused)) == (429, RECORDED)
        sim.faults.add(Answer(503, headers={"cache-control": "no-store"}))
        failed = await client.get("/api/v1/sim")
        assert failed.headers.get_list("cache-control") == ["no-store"]
        assert shown(failed) == RECORDED | {"cache-control": "no-store"}


@pytest.mark.parametrize(
    "path", ["/", "/apis/v1", "/_sim/health", "/_sim/", "/_sim", "//_sim/health", "/_sim/x"]
)
async def test_nothing_else_has_them(sim, session, path):
    sim.configure(strict_transport=True)
    async with session(sim, "") as client:
        for method in ("GET", "OPTIONS"):
            headers = (await client.request(method, path, headers=PREFLIGHT)).headers
            assert not any(name.startswith(("access-control", "strict-transport")) for name in headers)


async def test_strict_transport_only_on_request(sim, session):
    async with session(sim) as client:
        sim.configure(strict_transport=True)
        answer = await client.get("/api/v1/sim")
        assert shown(answer) == RECORDED | {"strict-transport-security": "max-age=31536000"}
        assert Settings().strict_transport is False


async def test_a_preflight_needs_no_token_and_counts_in_nothing(make_sim, session):
    sim = make_sim()
    rule = sim.faults.add(Answer(503), method="OPTIONS")
    sim.play({"step": [{"requests": 1, "note": "never"}]})
    async with session(sim, "") as client:
        for path in ("/api/v1/sim", "/api/v2/data_stream/5", "/api/v1/nothing") * 10:
            answer = await client.options(path, headers=PREFLIGHT)
            assert (answer.status_code, answer.content, shown(answer)) == (204, b"", RECORDED)
    assert (rule.seen, sim.refused, sim.timeline.progress()["done"]) == (0, {}, 0)
    assert {(each.method, each.status, each.limit) for each in sim.requests} == {("OPTIONS", 204, None)}


async def test_other_options_are_refused_as_any_wrong_method(sim, session):
    async with session(sim, "") as client:
        for headers in ({}, PAGE, {"Access-Control-Request-Method": "GET"}):
            answer = await client.options("/api/v1/sim", headers=headers)
            assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


async def test_repeated_slashes_are_one(make_sim, session):
    sim = make_sim()
    async with session(sim) as client:
        for path in (f"{sim.url}//api/v1/sim/1", "/api//v1///sim/1"):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()["id"]) == (200, 1)
        assert [record.path for record in sim.requests][1:] == ["//api/v1/sim/1", "/api//v1///sim/1"]
        assert [record.limit for record in sim.requests][1:] == [sim.requests[1].limit] * 2
        assert sim.requests.of("sims.get")[1].operation == "sims.get"


def test_targets_over_a_socket():
    with Simulator(sims=3, tls=False, limits=None) as simulator:
        rest = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        for target in (b"/api/v1/sim", b"//api//v1/sim", b"http://x/api/v1/sim", b"http://x//api/v1/sim"):
            ((status, _),) = answers(simulator, b"GET " + target + rest)
            assert status == 401, target
        for target in (b"//_sim/health", b"http://x//_sim/health"):
            ((status, _),) = answers(simulator, b"GET " + target + rest)
            assert status == 404, target
        ask = b"OPTIONS //api/v1/sim HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: http://localhost:3000\r\n"
        ((status, body),) = answers(simulator, ask + b"Access-Control-Request-Method: GET\r\n\r\n")
        assert (status, body) == (204, b"")
