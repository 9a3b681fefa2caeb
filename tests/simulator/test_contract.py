"""The rules that hold for every call, tried on every call."""

from __future__ import annotations

import httpx
import pytest

from aioemnify.models import resolve
from aioemnify.simulator import Settings
from aioemnify.simulator.checks.body_schema import body_schema
from aioemnify.tables.operations import OPERATIONS

pytestmark = pytest.mark.anyio

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
OPTIONAL_BODY = {"organisations.assign_inclusive_volume"}
WITH_BODY = [one for one in OPERATIONS.values() if one.body is not None]
LISTS = sorted(name for name, one in OPERATIONS.items() if one.listing and not one.listing.envelope)
STRICT = {name for name in LISTS if name == "events.list" or name.endswith("list_events")}
"""The event service refuses bad paging, and answers bad sorting with 400."""


@pytest.fixture
def anyio_backend() -> str:
    """Leave the other event loop to the tests of single calls; these make thousands."""
    return "asyncio"


async def path_of(client, operation_id):
    """Return the path of a list, with ids of things that exist."""
    path = OPERATIONS[operation_id].path
    for name, collection in (("sim", "sim"), ("endpoint", "endpoint"), ("user", "user"), ("euicc", "euicc")):
        if f"{{{name}_id}}" in path:
            found = (await client.get(f"/api/v1/{collection}")).json()
            path = path.replace(f"{{{name}_id}}", str(found[0]["id"]))
    assert "{" not in path
    return path


def concrete(operation):
    path = operation.path
    for param in operation.path_params:
        path = path.replace("{" + param.name + "}", param.choices[0] if param.choices else "1")
    return path


def numbers(answer):
    names = ("Current-Page", "Total-Pages", "Total-Count", "Count-Per-Page")
    return [int(answer.headers[f"X-{name}"]) for name in names]


@pytest.mark.parametrize("operation_id", LISTS)
async def test_paging(sim, session, operation_id):
    listing = OPERATIONS[operation_id].listing
    async with session(sim) as client:
        path = await path_of(client, operation_id)
        whole = await client.get(path)
        assert whole.status_code == 200
        page, pages, total, size = numbers(whole)
        assert (page, pages, size) == (1, max(1, -(-total // size)), listing.default_size or 100)
        assert whole.headers["X-Sort"].lstrip("-") in listing.sort_fields
        assert "X-Filter" not in whole.headers
        assert "Link" in whole.headers
        huge = await client.get(path, params={listing.size_param: 10**9})
        assert numbers(huge)[3] == (listing.max_size or max(listing.default_size or 100, 1000))
        beyond = await client.get(path, params={listing.page_param: 10**9, listing.size_param: 3})
        last = -(-total // 3) or 1
        assert numbers(beyond) == [last, last, total, 3]
        assert len(beyond.json()) == total - 3 * (last - 1)
        assert (
            beyond.json()
            == (await client.get(path, params={listing.page_param: last, listing.size_param: 3})).json()
        )
        for name, value in ((listing.page_param, 0), (listing.page_param, -2), (listing.size_param, 0)):
            odd = await client.get(path, params={name: value})
            if operation_id in STRICT:
                assert (odd.status_code, odd.json()["error_code"]) == (400, 1000)
            else:
                assert numbers(odd) == numbers(whole)
                assert odd.json() == whole.json()
        for name in (listing.page_param, listing.size_param):
            odd = await client.get(path, params={name: "two"})
            assert (odd.status_code, odd.json()["error_code"]) == (400, 1000)


@pytest.mark.parametrize("operation_id", LISTS)
async def test_filters(sim, session, operation_id):
    listing = OPERATIONS[operation_id].listing
    async with session(sim) as client:
        path = await path_of(client, operation_id)
        # The fields of time take moments alone.
        moments = {*listing.paired_fields, *({"timestamp"} if operation_id in STRICT else ())}
        for name in set(listing.filter_fields) - moments:
            answer = await client.get(path, params={"q": f"{name}:null"})
            assert answer.status_code == 200, (name, answer.text)
            assert answer.headers["X-Filter"] == f"{name}:null"
        refused = ["colour:1", "colour", ",", ":", "colour:null"]
        refused += [f"{name}" for name in listing.filter_fields]
        refused += [f"{name}:1" for name in listing.paired_fields[:1]]
        for q in refused:
            answer = await client.get(path, params={"q": q})
            assert (answer.status_code, answer.json()["error_code"]) == (422, 1301), q
            assert answer.json()["error_token"] == "InvalidQueryCriteria"


@pytest.mark.parametrize("operation_id", LISTS)
async def test_sorting(sim, session, operation_id):
    listing = OPERATIONS[operation_id].listing
    async with session(sim) as client:
        path = await path_of(client, operation_id)
        for name in listing.sort_fields:
            for sign in ("", "-", "+"):
                answer = await client.get(path, params={"sort": f"{sign}{name}"})
                assert answer.status_code == 200, (name, answer.text)
                assert answer.headers["X-Sort"] == f"{sign}{name}"
        several = ",-".join(listing.sort_fields)
        assert (await client.get(path, params={"sort": several})).headers["X-Sort"] == several
        for sort in ("colour", "-colour", f"{listing.sort_fields[0]},colour", ","):
            answer = await client.get(path, params={"sort": sort})
            expected = (400 if operation_id in STRICT else 422, 1302)
            assert (answer.status_code, answer.json()["error_code"]) == expected


async def test_a_method_that_a_path_does_not_have(sim, session):
    paths: dict[str, set[str]] = {}
    for operation in OPERATIONS.values():
        paths.setdefault(concrete(operation), set()).add(operation.method)
    async with session(sim) as client:
        for path, methods in paths.items():
            for method in METHODS - methods - {""}:
                answer = await client.request(method, path)
                # A literal path such as /sim/status is an item's path too: its methods are its own.
                assert answer.status_code == 405, (method, path)
                assert set(answer.headers["Allow"].split(", ")) >= methods
                assert method not in answer.headers["Allow"].split(", ")
                assert answer.json()["error_code"] == 1406


async def test_bodies_that_cannot_be_read(sim, session):
    async with session(sim) as client:
        for operation in WITH_BODY:
            path = concrete(operation)
            answer = await client.request(
                operation.method, path, content=b"{}", headers={"Content-Type": "text/plain"}
            )
            assert (answer.status_code, answer.json()["error_code"]) == (415, 1000), operation.id
            for content in (b"{", b"\xff", b"{'a': 1}", b"[1,]"):
                answer = await client.request(
                    operation.method, path, content=content, headers={"Content-Type": "application/json"}
                )
                assert (answer.status_code, answer.json()["error_code"]) == (400, 1000), operation.id
            if operation.id not in OPTIONAL_BODY:
                assert (await client.request(operation.method, path)).status_code == 400, operation.id


async def test_no_body_needs_no_content_type(sim, session):
    async with session(sim) as client:
        for operation in OPERATIONS.values():
            if operation.body is None:
                headers = {"Content-Type": "text/plain"}
                answer = await client.request(operation.method, concrete(operation), headers=headers)
                assert answer.status_code != 415, operation.id


async def test_every_missing_member_at_once(make_sim, session):
    tried = 0
    for operation in WITH_BODY:
        schema = body_schema(resolve(operation.body.model), many=False)
        required = schema["$defs"][schema["$ref"].rpartition("/")[2]]["required"] if "$ref" in schema else []
        if not required:
            continue
        tried += 1
        simulator = make_sim(limits=None)
        async with session(simulator) as client:
            login = {"username": simulator.username, "password": simulator.password_digest}
            token = (await client.post("/api/v1/authenticate", json=login)).json()["auth_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            sent = [{}] if operation.body.many else {}
            answer = await client.request(operation.method, concrete(operation), json=sent)
        assert (answer.status_code, answer.json()["error_code"]) == (422, 1400), (operation.id, answer.text)
        missing = {(each["error_code"], each["message"]) for each in answer.json()["errors"]}
        assert len(missing) == len(required), operation.id
        for name in required:
            assert any(code == 1402 and f"{name} is required" in message for code, message in missing)
    assert tried > 30


async def test_tokens(make_sim, session):
    sim = make_sim(limits=None)
    async with session(sim) as client:
        valid = client.headers.pop("Authorization")
        for name, operation in OPERATIONS.items():
            if operation.auth:
                answer = await client.request(operation.method, concrete(operation))
                assert (answer.status_code, answer.json()["error_code"]) == (401, 1102), name
                answer = await client.request(
                    operation.method, concrete(operation), headers={"Authorization": "Bearer x.y.z"}
                )
                assert (answer.status_code, answer.json()["error_code"]) == (401, 1102), name
        sim.clock.advance(240 * 60)
        for name, operation in OPERATIONS.items():
            if operation.auth:
                headers = {"Authorization": valid}
                answer = await client.request(operation.method, concrete(operation), headers=headers)
                assert (answer.status_code, answer.json()["error_code"]) == (401, 1103), name


async def test_answers_say_what_they_are(sim, session):
    async with session(sim) as client:
        for operation in OPERATIONS.values():
            answer = await client.request(operation.method, concrete(operation))
            if answer.content:
                assert answer.headers["Content-Type"] == "application/json; charset=UTF-8", operation.id
                assert answer.json() is not None
            if answer.status_code == 204:
                assert not answer.content, operation.id
            if len(answer.content) >= 500:
                assert answer.headers["Content-Encoding"] == "gzip", operation.id


@pytest.mark.parametrize("status", [404, 410])
async def test_what_was_deleted(make_sim, session, status):
    async with session(make_sim(limits=None, settings=Settings(deleted_status=status))) as client:
        made = await client.post("/api/v1/service_profile", json={"name": "short"})
        path = httpx.URL(made.headers["Location"]).path
        assert (await client.delete(path)).status_code == 204
        for place in (path, f"{path}/service/38"):
            answer = await client.request("DELETE", place)
            assert (answer.status_code, answer.json()["error_code"]) == (status, 1201)
        never = await client.get(f"{path}000")
        assert never.status_code == 404
        # What is attached again is there again.
        other = (await client.get("/api/v1/service_profile")).json()[0]["id"]
        service = f"/api/v1/service_profile/{other}/service/38"
        assert [(await client.delete(service)).status_code for _ in range(2)] == [204, status]
        assert (await client.put(service)).status_code == 204
        assert [(await client.delete(service)).status_code for _ in range(2)] == [204, status]


async def test_members_nobody_knows_are_accepted(sim, session):
    async with session(sim) as client:
        answer = await client.post("/api/v1/service_profile", json={"name": "new", "colour": {"deep": [1]}})
        assert answer.status_code == 201
        assert (await client.patch("/api/v1/sim/1", json={"colour": None})).status_code == 204


@pytest.mark.parametrize(
    ("accepted", "packed"), [("gzip", True), ("gzip;q=0.5, br", True), ("gzip;q=0", False), ("br", False)]
)
async def test_a_client_can_refuse_gzip(sim, session, accepted, packed):
    async with session(sim) as client:
        answer = await client.get("/api/v1/sim", headers={"Accept-Encoding": accepted})
        assert (answer.headers.get("Content-Encoding") == "gzip") is packed
