"""The OpenAPI document of the API, as the simulator serves it."""

from __future__ import annotations

import re

import httpx
import pytest
from openapi_spec_validator import validate

from tests.published_document import published_document

pytestmark = pytest.mark.anyio
URL = "/openapi.json"


async def test_it_is_the_published_document_with_the_simulator_as_first_server(sim, session):
    async with session(sim, "") as client:
        answer = await client.get(URL)
        served = answer.json()
    assert answer.headers["content-type"] == "application/json"
    validate(served)
    published = published_document()
    assert served.pop("servers") == [
        {"url": sim.url, "description": "This simulator."},
        *published.pop("servers"),
    ]
    assert served == published


async def test_the_example_of_each_body_is_well_formed(sim, session):
    """A reader tries the examples: at most an object that they name does not exist."""
    needs_more = {"endpoints.create_traffic_limit_extension", "sim_batches.register", "users.activate"}
    sent, refused = 0, {}
    async with session(sim) as client:
        for path, item in published_document()["paths"].items():
            for method, operation in item.items():
                if "requestBody" not in operation:
                    continue
                place = re.sub(r"\{[^}]*\}", "1", path)
                body = operation["requestBody"]["content"]["application/json"]["example"]
                answer = await client.request(method.upper(), place, json=body)
                sent += 1
                if answer.status_code in (400, 415, 422) and operation["operationId"] not in needs_more:
                    errors = answer.json().get("errors") or [answer.json()]
                    if {each.get("error_token") for each in errors} != {"InvalidReference"}:
                        refused[operation["operationId"]] = errors
    assert refused == {}
    assert sent > 50


async def test_it_names_the_server_as_the_caller_does(sim, session):
    async with session(sim, "") as client:
        for host in ("sim.example:8443", "127.0.0.1:1", "[::1]:2"):
            first = (await client.get(URL, headers={"Host": host})).json()["servers"][0]
            assert first["url"] == f"https://{host}"


async def test_it_counts_in_no_limit_and_not_in_the_journal(make_sim, session):
    simulator = make_sim()
    async with session(simulator, "") as client:
        before = (await client.get("/_sim/state")).json()
        await client.get(URL)
        await client.post(URL)
        after = (await client.get("/_sim/state")).json()
    assert (after["limits"], len(simulator.requests)) == (before["limits"], 0)


async def test_a_page_of_another_server_may_read_it(sim, session):
    async with session(sim, "") as client:
        answer = await client.get(URL, headers={"Origin": "https://editor.example"})
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_it_can_only_be_read(sim, session):
    async with session(sim, "") as client:
        answer = await client.post(URL, json={})
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
        head = await client.head(URL)
        assert head.content == b"" and int(head.headers["content-length"]) > 100_000


def test_over_a_socket(make_sim):
    with make_sim(tls=False) as simulator, httpx.Client(base_url=simulator.url) as client:
        for host in (httpx.URL(simulator.url).netloc.decode(), '"}]<script>'):
            first = client.get(URL, headers={"Host": host}).json()["servers"][0]
            assert first["url"] == simulator.url, "a Host that is none is not repeated"
