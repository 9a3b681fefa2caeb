"""The control interface: what it does, whom it lets in, and that it survives anything."""

from __future__ import annotations

import json
from contextlib import aclosing
from urllib.parse import quote

import anyio
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate

from aioemnify.simulator import Answer, Clock, Simulator
from aioemnify.simulator.platform.loopback import is_loopback_address

pytestmark = pytest.mark.anyio
PATH = "/api/v1/sim/1"
# httpx leaves a generator behind under trio when an exchange ends early.
ASYNCIO = pytest.mark.parametrize("anyio_backend", ["asyncio"])
ADDRESSES = ["", "/", "/health", "/state", "/clock", "/settings", "/faults", "/faults/1", "/scenario"]
ADDRESSES += ["/journal", "/reset", "/openapi.json", "/credentials", "/organisations", "/batches"]
ADDRESSES += ["/address-spaces", "/quota", "/tokens/expire", "/requests", "/requests/1", "/limits"]
ADDRESSES += ["/static/main.js", "/organisations/1001/api/v1/sim"]


async def control(client, method, path, body=None, **options):
    return await client.request(method, f"/_sim{path}", json=body, **options)


async def test_health_and_state(make_sim, session):
    sim = make_sim()
    async with session(sim) as client:
        assert (await control(client, "GET", "/health")).json()["status"] == "ok"
        await client.get("/api/v1/sim")
        sim.faults.add(Answer(503), name="down")
        state = (await control(client, "GET", "/state")).json()
        text = json.dumps(state)
    assert state["clock"] == {
        "now": "2025-01-15T12:00:00.000Z",
        "monotonic": 0.0,
        "frozen": True,
        "scale": 1.0,
    }
    assert state["counters"]["requests"] == 2
    levels = {(each["limit"], each["organisation"], each["address"]): each for each in state["limits"]}
    assert levels["get_sim", 1001, None]["left"] == 4
    assert levels["ip_general", None, "127.0.0.1"]["left"] == 1998
    assert levels["ip_authenticate", None, "127.0.0.1"]["capacity"] == 100
    assert levels["monthly_quota", 1001, None]["left"] == 9_999_999
    assert [tenant["sims"] for tenant in state["tenants"]] == [50, 10]
    assert state["faults"][0]["name"] == "down"
    for secret in (sim.application_token, sim.second_application_token, sim.password, sim.password_digest):
        assert secret not in text


async def test_it_counts_in_no_limit_and_not_in_the_journal(make_sim, session):
    sim = make_sim()
    async with session(sim) as client:
        sim.faults.add(Answer(503))
        for _ in range(20):
            assert (await control(client, "GET", "/state")).status_code == 200
    assert len(sim.requests) == 1
    assert sim.faults.rules[0].seen == 0


async def test_the_clock(sim, session):
    async with session(sim) as client:
        moved = await control(client, "POST", "/clock", {"advance": {"minutes": 241, "seconds": 1}})
        assert moved.json()["monotonic"] == 241 * 60 + 1
        assert (await client.get(PATH)).status_code == 401
        running = (await control(client, "POST", "/clock", {"state": "run", "scale": 60})).json()
        assert (running["frozen"], running["scale"], sim.clock.frozen) == (False, 60.0, False)
        await control(client, "POST", "/clock", {"state": "freeze"})
        assert sim.clock.frozen
        assert (await control(client, "GET", "/clock")).json()["frozen"]


async def test_faults(sim, session):
    async with session(sim) as client:
        made = await control(
            client,
            "POST",
            "/faults",
            {"effect": {"kind": "answer", "status": 503}, "operation": "sims.get", "name": "down"},
        )
        assert (made.status_code, made.headers["Location"]) == (201, "/_sim/faults/1")
        assert (await client.get(PATH)).status_code == 503
        (listed,) = (await control(client, "GET", "/faults")).json()
        assert (listed["seen"], listed["fired"], listed["effect"]["kind"]) == (1, 1, "answer")
        assert (await control(client, "POST", "/faults/1", {"enabled": False})).json()["enabled"] is False
        assert (await client.get(PATH)).status_code == 200
        await control(client, "POST", "/faults/1", {"enabled": True})
        assert (await client.get(PATH)).status_code == 503
        assert (await control(client, "DELETE", "/faults/1")).status_code == 204
        assert (await control(client, "DELETE", "/faults/1")).status_code == 404
        await control(client, "POST", "/faults", {"effect": {"kind": "delay", "seconds": [1, 2]}})
        assert (await control(client, "DELETE", "/faults")).status_code == 204
        assert sim.faults.rules == []


async def test_settings(make_sim, session):
    sim = make_sim()
    async with session(sim) as client:
        changed = await control(
            client, "POST", "/settings", {"bucket": "plus-one", "malformed_id_status": 400}
        )
        assert (changed.json()["bucket"], changed.json()["limits"]) == ("plus-one", True)
        statuses = [(await client.get("/api/v1/sim")).status_code for _ in range(7)]
        assert statuses == [200] * 6 + [429]
        assert (await client.get("/api/v1/sim/x")).status_code == 400
        await control(client, "POST", "/settings", {"limits": False})
        assert (await client.get("/api/v1/sim")).status_code == 200
        await control(client, "POST", "/settings", {"limits": True, "token_minutes": 1})
        assert (await client.get("/api/v1/sim")).status_code == 429
        assert (await control(client, "GET", "/settings")).json()["token_minutes"] == 1
    async with session(sim) as client:
        sim.clock.advance(61)
        assert (await client.get(PATH)).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body", "error"),
    [
        (
            "POST",
            "/settings",
            {"window": "fixd"},
            "did you mean 'fixed'? Accepted: fixed, sliding",
        ),
        ("POST", "/settings", {"quota_dates": 7}, "accepted: iso, plain"),
        ("POST", "/settings", {"deleted_status": 405}, "404, 410"),
        ("GET", "/fault", None, "has no path /_sim/fault; did you mean '/_sim/faults'"),
        ("PUT", "/faults", {}, "PUT is not allowed here; accepted: DELETE, GET, POST"),
        (
            "POST",
            "/address-spaces",
            {"network": "10.9"},
            "network must be an IPv4 network, such as 10.9",
        ),
        ("POST", "/sms", {"endpoint": 31, "payload": "x"}, "choose an endpoint whose connectivity "),
    ],
)
async def test_an_error_says_what_is_accepted(sim, session, method, path, body, error):
    async with session(sim) as client:
        answer = await control(client, method, path, body)
    assert answer.is_client_error
    assert error in answer.json()["error"]


async def test_limits_that_were_off_can_be_switched_on(sim, session):
    async with session(sim) as client:
        assert [(await client.get("/api/v1/sim")).status_code for _ in range(7)] == [200] * 7
        sim.configure(limits=True)
        assert [(await client.get("/api/v1/sim")).status_code for _ in range(7)] == [200] * 5 + [429] * 2


async def test_scenario(sim, session):
    async with session(sim) as client:
        fault = {"effect": {"kind": "answer", "status": 502}}
        begun = await control(
            client, "POST", "/scenario", {"name": "x", "step": [{"after": 5, "faults": [fault]}]}
        )
        assert (begun.status_code, begun.json()["next"]["seconds"]) == (201, 5.0)
        await control(client, "POST", "/clock", {"advance": {"seconds": 5}})
        assert len((await control(client, "GET", "/faults")).json()) == 1
        assert (await control(client, "GET", "/scenario")).json()["done"] == 1
        assert (await control(client, "DELETE", "/scenario")).status_code == 204
        assert (await control(client, "GET", "/scenario")).json() is None


async def test_what_a_client_in_another_language_needs(make_sim, session):
    sim = make_sim()
    async with session(sim) as client:
        found = (await control(client, "GET", "/credentials")).json()
        assert found["url"] == sim.url and found["application_token"] == sim.application_token
        login = {"username": found["username"], "password": found["password_digest"]}
        assert (await client.post("/api/v1/authenticate", json=login)).status_code == 200

        made = await control(client, "POST", "/organisations", {"name": "Third", "sims": 4})
        assert made.status_code == 201
        async with session(sim, made.json()["application_token"]) as third:
            assert len((await third.get("/api/v1/sim")).json()) == 4

        bic = (await control(client, "POST", "/batches", {"size": 3})).json()["bic"]
        assert (await client.get(f"/api/v1/sim_batch/bic/{bic}")).status_code == 200

        order = {"network": "10.77.0.0/24", "organisation": sim.organisation_id}
        made = await control(client, "POST", "/address-spaces", order)
        spaces = (await control(client, "GET", "/state")).json()["tenants"][0]["address_spaces"]
        assert spaces[-1]["id"] == made.json()["id"] and spaces[-1]["network"] == "10.77.0.0/24"

        used = sim.quota_used()
        assert (await control(client, "POST", "/quota", {"calls": 9})).json() == {"used": used + 9}
        assert (await client.get(PATH)).status_code == 200
        await control(client, "POST", "/quota", {"calls": 10_000_000})
        assert (await client.get(PATH)).status_code == 429

        await control(client, "POST", "/settings", {"limits": False})
        assert (await control(client, "POST", "/tokens/expire")).status_code == 204
        assert (await client.get(PATH)).status_code == 401


async def test_it_describes_itself(sim, session):
    async with session(sim, "") as client:
        document = (await control(client, "GET", "/openapi.json")).json()
        validate(document)
        for path, methods in document["paths"].items():
            for method, act in methods.items():
                assert act["summary"].endswith("."), path
                if "requestBody" not in act or path.endswith("/events"):
                    continue
                refused = await client.request(method, path.replace("{number}", "1"), json=[])
                assert refused.status_code == 422, path
    kinds = document["components"]["schemas"]["FaultSpec"]["properties"]["effect"]["discriminator"]
    assert {"answer", "drop-after", "revoke-token"} <= set(kinds["mapping"])


async def test_journal(sim, session):
    async with session(sim) as client:
        for _ in range(450):
            await client.get(PATH)
        text = (await control(client, "GET", "/journal")).text
        assert len(text.splitlines()) == 451
        last = (await control(client, "GET", "/journal?operation=sims.get&last=2")).text.splitlines()
        assert [json.loads(line)["number"] for line in last] == [450, 451]
        assert (await control(client, "GET", "/journal?last=0")).text == ""
        archive = (await control(client, "GET", "/journal?format=har")).json()
        assert len(archive["log"]["entries"]) == 451
        for query in ("format=xml", "last=x", "last=-1", "operation=nope", "colour=1"):
            refused = await control(client, "GET", f"/journal?{query}")
            assert (refused.status_code, set(refused.json())) == (422, {"error", "at"})
        assert (await control(client, "DELETE", "/journal")).status_code == 204
    assert sim.requests == []


async def test_reset(sim, session):
    async with session(sim) as client:
        await client.post(
            "/api/v1/tariff_profile", json={"name": "n", "description": "d", "tariff": {"id": 1}}
        )
        sim.faults.add(Answer(503), operation="events.*")
        sim.configure(malformed_id_status=400)
        sim.clock.advance(days=1)
        token = sim.application_token
        assert (await control(client, "POST", "/reset")).status_code == 204
    assert (sim.faults.rules, sim.requests, sim.clock.monotonic()) == ([], [], 0.0)
    assert (sim.settings.malformed_id_status, sim.application_token) == (404, token)
    async with session(sim) as client:
        assert len((await client.get("/api/v1/tariff_profile")).json()) == 2


async def test_a_request_under_way_ends_in_the_state_it_began_in(make_sim, session):
    class Gated(Clock):
        gate: anyio.Event | None = None

        async def sleep(self, seconds):
            if self.gate is not None:
                await self.gate.wait()

    clock = Gated()
    sim = make_sim(limits=None, clock=clock, delay=(0.1, 0.2))
    async with session(sim) as client:
        clock.gate = anyio.Event()
        profile = {"name": "late", "description": "d", "tariff": {"id": 1}}
        async with anyio.create_task_group() as group:
            group.start_soon(lambda: client.post("/api/v1/tariff_profile", json=profile))
            await anyio.wait_all_tasks_blocked()
            sim.reset()
            clock.gate.set()
        assert len((await client.get("/api/v1/tariff_profile")).json()) == 2
    assert len(sim.requests) == 1


@pytest.mark.parametrize(
    ("headers", "client_address", "refused"),
    [
        ({}, "127.0.0.1", False),
        ({}, "::1", False),
        ({}, "::ffff:127.0.0.1", False),
        ({}, "192.168.1.7", True),
        ({}, "203.0.113.5", True),
        ({}, "testclient", True),
        ({"Host": "localhost"}, "127.0.0.1", False),
        ({"Host": "127.0.0.1"}, "127.0.0.1", False),
        ({"Host": "LOCALHOST:443"}, "127.0.0.1", False),
        ({"Host": "evil.example"}, "127.0.0.1", True),
        ({"Host": "localhost:81"}, "127.0.0.1", True),
        ({"Host": "localhost.evil.example"}, "127.0.0.1", True),
        ({"Host": "a@localhost"}, "127.0.0.1", True),
        ({"Host": "localhost/x"}, "127.0.0.1", True),
        ({"Host": "[::1"}, "127.0.0.1", True),
        ({"Host": "localhost:port"}, "127.0.0.1", True),
        ({"Origin": "https://not-started.invalid"}, "127.0.0.1", False),
        ({"Origin": "http://not-started.invalid"}, "127.0.0.1", True),
        ({"Origin": "https://evil.example"}, "127.0.0.1", True),
        ({"Origin": "https://not-started.invalid:444"}, "127.0.0.1", True),
        ({"Origin": "https://localhost"}, "127.0.0.1", True),
        ({"Origin": "null"}, "127.0.0.1", True),
        ({"Origin": ""}, "127.0.0.1", True),
        ({"Sec-Fetch-Site": "same-origin"}, "127.0.0.1", False),
        ({"Sec-Fetch-Site": "none"}, "127.0.0.1", False),
        ({"Sec-Fetch-Site": "same-site"}, "127.0.0.1", True),
        ({"Sec-Fetch-Site": "cross-site"}, "127.0.0.1", True),
    ],
)
async def test_who_may_control(sim, headers, client_address, refused):
    transport = httpx.ASGITransport(app=sim.app, client=(client_address, 5))
    async with httpx.AsyncClient(transport=transport, base_url=sim.url) as client:
        answers = [
            await client.get("/_sim/state", headers=headers),
            await client.post("/_sim/clock", json={"advance": {"days": 1}}, headers=headers),
        ]
    for answer in answers:
        assert answer.status_code == (403 if refused else 200)
        assert "access-control-allow-origin" not in answer.headers
        if refused:
            assert set(answer.json()) == {"error", "at"}
    assert sim.clock.monotonic() == (0 if refused else 86400)


async def test_a_link_elsewhere_opens_the_page_but_nothing_else(sim):
    transport = httpx.ASGITransport(app=sim.app)
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    async with httpx.AsyncClient(transport=transport, base_url=sim.url) as client:
        assert (await client.get("/_sim/", headers=headers)).status_code == 200
        assert (await client.get("/_sim/journal", headers=headers)).status_code == 403
        framed = headers | {"Sec-Fetch-Dest": "iframe"}
        assert (await client.get("/_sim/", headers=framed)).status_code == 403


async def test_addresses_that_are_no_loopback():
    for text in ("", "x", "0.0.0.0", "::", "10.0.0.1", "127.0.0.1.", "fe80::1%lo"):
        assert not is_loopback_address(text)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "at"),
    [
        ("POST", "/clock", {"advance": {"minutes": "x"}}, 422, "$.advance.minutes"),
        ("POST", "/clock", {"advance": {"minutes": -1}}, 422, "$.advance"),
        ("POST", "/clock", {"advance": {"days": 1e9}}, 422, "$.advance"),
        ("POST", "/clock", {"advance": {"days": 1e6 + 2e6 * 0.05}}, 204, None),
        ("POST", "/clock", {"scale": 0}, 422, None),
        ("POST", "/clock", [], 422, None),
        ("POST", "/clock", {"colour": 1}, 422, "$.colour"),
        ("POST", "/faults", {"effect": {"kind": "answer", "status": 7}}, 422, "$.effect"),
        ("POST", "/faults", {"effect": {"kind": "nope"}}, 422, "$.effect.kind"),
        ("POST", "/faults", {}, 422, None),
        ("POST", "/faults/7", {"enabled": True}, 404, None),
        ("POST", "/settings", {"bucket": "none"}, 422, None),
        ("POST", "/settings", {"self": 1}, 422, None),
        ("POST", "/settings", {"limits": 1}, 422, "$.limits"),
        ("POST", "/scenario", {"step": 1}, 422, "$.step"),
        ("PUT", "/clock", None, 405, None),
        ("PATCH", "", None, 405, None),
        ("GET", "/reset", None, 405, None),
        ("GET", "/nothing", None, 404, None),
        ("POST", "/organisations", {"name": " "}, 422, None),
        ("POST", "/organisations", {"name": "n", "sims": 10_000_001}, 422, None),
        ("POST", "/batches", {"size": 0}, 422, None),
        ("POST", "/address-spaces", {"network": "10.0.0.1/8"}, 422, None),
        ("POST", "/address-spaces", {"network": "10.0.0.0/8", "organisation": 7}, 422, "$.organisation"),
        ("POST", "/quota", {"calls": -1}, 422, None),
        ("POST", "/quota", {"calls": 1, "organisation": 7}, 422, "$.organisation"),
        ("GET", "/faults/x", None, 405, None),
        ("DELETE", "/faults/x", None, 404, None),
        ("DELETE", f"/faults/{'9' * 5000}", None, 404, None),
        ("GET", "//", None, 404, None),
    ],
)
async def test_mistakes_are_told_in_one_shape(sim, session, method, path, body, status, at):
    async with session(sim, "") as client:
        answer = await control(client, method, path, body)
    if status == 204:
        assert answer.status_code == 200
        return
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "at"}
    assert answer.json()["error"] and answer.json()["at"] == at
    assert status != 405 or answer.headers["Allow"]


@ASYNCIO
@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"", "application/json", 400),
        (b"[" * 100_000, "application/json", 422),
        (b" " * (1024 * 1024 + 1), "application/json", 413),
    ],
)
async def test_bodies_that_cannot_be_read(sim, session, content, media, status):
    async with session(sim, "") as client:
        answer = await client.post("/_sim/clock", content=content, headers={"Content-Type": media})
    assert (answer.status_code, set(answer.json())) == (status, {"error", "at"})


WORDS = ["advance", "state", "scale", "days", "effect", "kind", "status", "seconds", "step", "after"]
WORDS += ["faults", "settings", "limits", "bucket", "limits_scale", "enabled", "clock", "nth", "headers"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(WORDS),
            inner | st.sampled_from(["answer", "delay", "freeze", "run", "slow-body"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]),
    path=st.sampled_from(ADDRESSES)
    | st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), max_size=9),
    content=st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()),
)
def test_nothing_makes_it_fail(method, path, content):
    async def run():
        sim = Simulator(sims=3, clock=Clock.manual())
        transport = httpx.ASGITransport(app=sim.app)
        async with httpx.AsyncClient(transport=transport, base_url=sim.url) as client:
            url = f"{sim.url}/_sim{path if path[:1] in ('', '/') else '/' + quote(path)}"
            headers = {"Content-Type": "application/json"}
            answer = await client.request(method, url, content=content, headers=headers)
            assert answer.status_code < 500
            assert (await client.get("/_sim/state")).status_code == 200
            body = {"application_token": sim.application_token}
            after = await client.post("/api/v1/authenticate", json=body)
            assert after.status_code < 500 or sim.faults.rules or sim.timeline.progress()

    anyio.run(run)


@ASYNCIO
async def test_the_event_stream(make_sim):
    seen = {}
    with make_sim(tls=False, clock=Clock()) as sim:
        async with (
            httpx.AsyncClient(base_url=sim.url) as client,
            client.stream("GET", "/_sim/events") as stream,
        ):
            assert stream.headers["Content-Type"].startswith("text/event-stream")
            async with aclosing(stream.aiter_lines()) as lines:
                with anyio.fail_after(10):
                    while not {"tenants", "state", "requests"} <= set(seen):
                        line = await anext(lines)
                        if line.startswith("event: "):
                            data = json.loads((await anext(lines)).removeprefix("data: "))
                            if not seen:
                                await httpx_login(sim)
                            seen.setdefault(line.removeprefix("event: "), data)
    assert seen["requests"]["requests"][0]["operation"] == "auth.authenticate"
    assert seen["state"]["clock"]["frozen"] is False
    assert [tenant["id"] for tenant in seen["tenants"]] == [1001, 1002]


@ASYNCIO
async def test_an_event_stream_continues_a_search(make_sim):
    found = []
    with make_sim(tls=False, clock=Clock()) as sim:
        async with httpx.AsyncClient(base_url=sim.url) as client:
            for _ in range(45):
                await httpx_login(sim)
            await client.get(PATH)
            known = (await control(client, "GET", "/requests?search=status:401")).json()
            assert (known["searched"], known["total"], known["ended"]) == (46, 1, 46)
            assert (await control(client, "GET", "/events?after=x")).status_code == 422
            assert (await control(client, "GET", "/events?search=is:x")).status_code == 422
            for _ in range(2):
                await client.get(PATH)
            await httpx_login(sim)
            async with (
                client.stream("GET", "/_sim/events?search=status:401&after=46") as stream,
                aclosing(stream.aiter_lines()) as lines,
            ):
                with anyio.fail_after(10):
                    while not found:
                        if await anext(lines) == "event: requests":
                            found.append(json.loads((await anext(lines)).removeprefix("data: ")))
    assert found[0]["skipped"] == 0
    assert [each["number"] for each in found[0]["requests"]] == [47, 48]


async def test_search_pages_through_the_journal(sim, session):
    async with session(sim) as client:
        for number in range(1, 8):
            await client.get(f"/api/v1/sim/{number}")
        found = (await control(client, "GET", "/requests?search=sims.get&last=3")).json()
        assert (found["searched"], found["total"]) == (8, 7)
        assert [each["path"][-1] for each in found["requests"]] == ["7", "6", "5"]
        older = f"/requests?search=sims.get&last=3&before={found['requests'][-1]['number']}"
        assert [each["path"][-1] for each in (await control(client, "GET", older)).json()["requests"]] == [
            "4",
            "3",
            "2",
        ]
        for query in ("last=201", "last=-1", "before=x", "search=is:x", "searhc=x", f"search={'x' * 201}"):
            answer = await control(client, "GET", f"/requests?{query}")
            assert answer.status_code == 422, query
        assert len(sim.requests) == 8


async def test_one_request_in_full(make_sim, session):
    sim = make_sim()
    async with session(sim) as client:
        rule = sim.faults.add(Answer(503, "down", {"X-Reason": "test"}), name="gateway", times=1)
        await client.post("/api/v1/tag", json={"name": "a", "password": "hunter2"})
        whole = (await control(client, "GET", "/requests/2")).json()
        assert (whole["number"], whole["outcome"], whole["status"]) == (2, "server_error", 503)
        assert whole["headers"]["authorization"] == "***"
        assert whole["request_body"] == {"name": "a", "password": "***"}
        assert (whole["response_body"], whole["response_headers"]["X-Reason"]) == ("down", "test")
        assert whole["fault_rules"][0]["id"] == rule.id
        assert whole["fault_rules"][0]["rule"]["name"] == "gateway"
        sim.faults.remove(rule)
        whole = (await control(client, "GET", "/requests/2")).json()
        assert whole["fault_rules"] == [{"id": rule.id, "rule": None}]
        for number in ("0", "3", "x", "9" * 30, "-1"):
            assert (await control(client, "GET", f"/requests/{number}")).status_code == 404, number


async def test_reading_as_an_organisation_costs_nothing_and_masks_secrets(make_sim, session):
    sim = make_sim()
    async with session(sim) as client:
        expected = await client.get("/api/v1/sim?per_page=3&sort=-id")
        sim.faults.add(Answer(503))
        levels = sim.installation.limits.levels(0.0, 0.0)
        found = await control(client, "GET", "/organisations/1001/api/v1/sim?per_page=3&sort=-id")
        assert found.json() == expected.json()
        for name in ("x-total-count", "link"):
            assert found.headers[name] == expected.headers[name]
        assert (await control(client, "GET", "/organisations/1002/api/v1/sim")).headers[
            "x-total-count"
        ] == "10"
        wrong = await control(client, "GET", "/organisations/1001/api/v1/sim?sort=nonsense")
        assert wrong.status_code == 422
        for path in ("1001/api/v1/nothing", "7/api/v1/sim", "x/api/v1/sim", "1001/api/v1/authenticate"):
            assert (await control(client, "GET", f"/organisations/{path}")).status_code == 404, path
        assert (await control(client, "POST", "/organisations/1001/api/v1/sim")).status_code == 405
        assert sim.installation.limits.levels(0.0, 0.0) == levels
        assert len(sim.requests) == 2


async def test_the_limits_in_force(make_sim, session):
    sim = make_sim()
    async with session(sim) as client:
        limits = {each["id"]: each for each in (await control(client, "GET", "/limits")).json()}
        assert (limits["get_sim_id"]["rate"], limits["get_sim_id"]["burst"]) == (100.0, 50)
        assert (limits["ip_general"]["count"], limits["ip_general"]["seconds"]) == (2000, 300)
        assert limits["monthly_quota"]["count"] == 10_000_000
        sim.configure(limits_scale=0.5)
        limits = {each["id"]: each for each in (await control(client, "GET", "/limits")).json()}
        assert (limits["get_sim_id"]["rate"], limits["get_sim_id"]["burst"]) == (50.0, 25)
        assert limits["ip_general"]["count"] == 1000
        sim.configure(limits=False)
        assert (await control(client, "GET", "/limits")).json() == []


async def httpx_login(sim):
    async with httpx.AsyncClient(base_url=sim.url) as client:
        await client.post("/api/v1/authenticate", json={"application_token": sim.application_token})


@ASYNCIO
async def test_an_open_event_stream_does_not_hold_up_the_end(make_sim):
    sim = make_sim(tls=False).start()
    async with (
        httpx.AsyncClient(base_url=sim.url) as client,
        client.stream("GET", "/_sim/events") as stream,
        aclosing(stream.aiter_lines()) as lines,
    ):
        await anext(lines)
        with anyio.fail_after(0.9):  # the server's own patience is a second
            await anyio.to_thread.run_sync(sim.stop)


async def test_numbers_that_are_too_small(sim):
    for refused, text in (
        (lambda: sim.add_batch(0), "size must be at least 1, not 0"),
        (lambda: sim.add_organisation("Third", sims=-1), "sims must be at least 0, not -1"),
        (lambda: sim.spend_quota(-1), "calls must be at least 0, not -1"),
    ):
        with pytest.raises(ValueError, match=text):
            refused()
