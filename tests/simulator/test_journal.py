"""The journal: nothing secret, bounded, and good for assertions and exports."""

from __future__ import annotations

import json

import jsonschema_rs
import msgspec
import pytest

from aioemnify.simulator import Answer, DropAfter
from aioemnify.simulator.recording.journal import ALL_BODIES_BYTES, BODY_BYTES, Journal, RequestRecord
from aioemnify.simulator.recording.redaction import redact_body, redact_headers, redact_query, redact_text
from aioemnify.simulator.recording.search import RecordFilter

pytestmark = pytest.mark.anyio
PATH = "/api/v1/sim/1"


async def test_no_secret_is_anywhere(sim, session):
    async with session(sim) as client:
        token = client.headers["Authorization"].partition(" ")[2]
        await client.get(f"{PATH}?token={token}&q=status:1")
        await client.get(f"/api/v1/{token}", headers={"X-Copy": token, "Cookie": "a=b"})
        await client.post(
            "/api/v1/authenticate", json={"username": sim.username, "password": sim.password_digest}
        )
        await client.post("/api/v1/authenticate", content=b'{"password": "hunter2"')
    secrets = [token, sim.application_token, sim.password_digest, "hunter2", "a=b"]
    for text in (sim.requests.json_lines(), sim.requests.har(), repr(sim.requests).encode()):
        for secret in secrets:
            assert secret.encode() not in text
    record = sim.requests[0]
    assert record.request_body == b'{"application_token":"***"}'
    assert json.loads(record.response_body) == {"auth_token": "***"}
    assert sim.requests[1].query == "token=***&q=status:1"


async def test_request_ids_are_kept_beside_the_headers_that_requests_share(sim, session):
    async with session(sim) as client:
        for number in (1, 2):
            await client.get(PATH, headers={"X-Request-Id": f"req-{number}"})
        await client.get(PATH)
    *_, first, second, third = sim.requests
    assert [record.request_id for record in (first, second, third)] == ["req-1", "req-2", None]
    assert first.headers is second.headers and "x-request-id" not in first.headers
    assert sim.requests.assert_called(request_id="req-2", times=1) == [second]
    line = json.loads(sim.requests.of(request_id="req-2").json_lines())
    assert line["request_id"] == line["headers"]["x-request-id"] == "req-2"
    (entry,) = json.loads(sim.requests.of(request_id="req-2").har())["log"]["entries"]
    assert {"name": "x-request-id", "value": "req-2"} in entry["request"]["headers"]
    for search in ("request:req-2", "header:req-2", "req-2"):
        assert list(RecordFilter(search).keep(sim.requests)) == [second]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"mfa_token": "a", "code": "123456"}, {"mfa_token": "***", "code": "***"}),
        ({"currency": {"code": "EUR"}}, {"currency": {"code": "EUR"}}),
        ({"error_token": "NotFound", "error_code": 1201}, {"error_token": "NotFound", "error_code": 1201}),
        ({"api_secret": "x", "secret": {"id": 4}}, {"api_secret": "***", "secret": {"id": 4}}),
        ([{"api_key": "x"}, {"password": None}], [{"api_key": "***"}, {"password": None}]),
        ({"note": "use eyJhbGciOi.eyJhdWQiOi.c2ln now"}, {"note": "use *** now"}),
        ({"name": "pump"}, {"name": "pump"}),
        ({"url": "https://me:p@ss@host/a@b"}, {"url": "https://***@host/a@b"}),
        ({"url": "https://h/?a=1&api_key=b#c"}, {"url": "https://h/?a=1&api_key=***#c"}),
        ({"url": "https://h/?TOKEN=b&my-secret=c&q=d"}, {"url": "https://h/?TOKEN=***&my-secret=***&q=d"}),
        ({"headers": ["X: a", "Bearer b", 1]}, {"headers": ["X:***", "***", "***"]}),
        (
            [{"u": "http://h/?a@b"}, "see ftp://me@h or http://h"],
            [{"u": "http://h/?a@b"}, "see ftp://***@h or http://h"],
        ),
    ],
)
async def test_redaction_of_bodies(before, after):
    assert json.loads(redact_body(json.dumps(before).encode())) == after


async def test_what_cannot_be_read_is_dropped_if_it_may_hold_a_secret():
    assert redact_body(b'{"url":"https:\\/\\/me:hush@host\\/"}') == b'{"url":"https://***@host/"}'
    assert redact_body(b"<a href='http://host/'>") == b"<a href='http://host/'>"
    assert redact_body(b"application_token=abc") == b""
    assert redact_body(b"\xff\x00 plain") == b"\xff\x00 plain"
    assert redact_body(b'{"token": ' + b"[" * 100_000) == b""
    assert redact_body(b'{"pass\\u0077ord": "x"}') == b'{"password":"***"}'
    for query in ("q=status:1,id:5&sort=-id", "", "&&=%zz;", "q=a%3Ab"):
        assert redact_query(query) == query
    assert redact_query("%74oken=a&q=b%3A1") == "token=***&q=b:1"
    headers = ((b"AUTHORIZATION", b"x"), (b"x-request-id", b"sim-1-" + b"0a" * 24), (b"Accept", b"*/*"))
    assert redact_headers(headers) == ({"authorization": "***", "accept": "*/*"}, "***")
    assert redact_text("sim-1-" + "0a" * 24) == "***"


async def test_latency_fault_and_limit_are_noted(make_sim, session):
    sim = make_sim(delay=(0.5, 0.5))
    async with session(sim) as client:
        rule = sim.faults.add(Answer(503), times=1)
        await client.get(PATH)
        for _ in range(9):
            sim.clock.advance(0)
            await client.get("/api/v1/sim")
    faulty = sim.requests[1]
    assert (faulty.fault, faulty.rules, faulty.status) == (("Answer",), (rule.id,), 503)
    assert faulty.latency == pytest.approx(0.5)
    assert {record.limit for record in sim.requests.of("sims.list")} == {"get_sim"}
    assert [record.number for record in sim.requests] == list(range(1, 12))


async def test_assertions(sim, session):
    async with session(sim) as client:
        await client.get(PATH)
        await client.get("/api/v1/sim/99999")
        await client.post(
            "/api/v1/tariff_profile", json={"name": "n", "description": "d", "tariff": {"id": 1}}
        )
    log = sim.requests
    assert len(log.assert_called("sims.get", times=2)) == 2
    log.assert_called("sims.get", at_least=1, at_most=2)
    log.assert_called("sims.get", status=404, times=1)
    log.assert_called(path=PATH, method="GET")
    log.assert_called("tariff_profiles.create", body={"tariff": {"id": 1}})
    log.assert_not_called("tariff_profiles.create", body={"tariff": {"id": 2}})
    log.assert_not_called("sims.update")
    log.assert_called("sims.update", at_most=3)
    assert log.of("sims.get").of(status=404)[0].path == "/api/v1/sim/99999"
    assert log.counts() == {"auth.authenticate": 1, "sims.get": 2, "tariff_profiles.create": 1}
    with pytest.raises(AssertionError) as caught:
        log.assert_called("sims.get", times=1)
    assert "expected sims.get exactly once, but it arrived twice" in str(caught.value)
    assert "#3 GET /api/v1/sim/99999 -> 404" in str(caught.value)
    with pytest.raises(AssertionError, match="other calls of sims.get:"):
        log.assert_called("sims.get", status=500)
    with pytest.raises(AssertionError, match="requests that arrived.*sims.get x2"):
        log.assert_called("sims.update")
    with pytest.raises(ValueError, match="did you mean 'endpoints.create'"):
        log.assert_called("endpoint.create")
    with pytest.raises(ValueError, match="'colour' is not a criterion"):
        log.of(colour="red")
    sim.clear_requests()
    with pytest.raises(AssertionError, match="no request arrived$"):
        sim.requests.assert_called("sims.get")


async def test_json_lines_and_archive(sim, session, tmp_path):
    async with session(sim) as client:
        await client.get(f"{PATH}?q=a:b")
        sim.faults.add(DropAfter(), times=1)
        with pytest.raises(ConnectionError):
            await client.post(
                "/api/v1/tariff_profile", json={"name": "n", "description": "d", "tariff": {"id": 1}}
            )
    sim.requests.save(tmp_path / "j.jsonl")
    sim.requests.save(tmp_path / "j.har")
    lines = [json.loads(line) for line in (tmp_path / "j.jsonl").read_text().splitlines()]
    assert [line["status"] for line in lines] == [200, 200, None]
    assert lines[1]["response_body"]["id"] == 1
    assert lines[2]["request_body"]["tariff"] == {"id": 1}
    archive = json.loads((tmp_path / "j.har").read_text())["log"]
    assert archive["version"] == "1.2" and archive["creator"]["name"]
    entry = archive["entries"][1]
    assert entry["request"]["url"].endswith(f"{PATH}?q=a:b")
    assert entry["request"]["queryString"] == [{"name": "q", "value": "a:b"}]
    assert json.loads(entry["response"]["content"]["text"])["id"] == 1
    assert archive["entries"][2]["response"]["status"] == 0
    jsonschema_rs.Draft202012Validator(ARCHIVE, validate_formats=True).validate({"log": archive})


def strict(required, **members):
    """Describe an object; members whose name begins with an underscore are everybody's own."""
    return {
        "type": "object",
        "required": required.split(),
        "properties": members,
        "patternProperties": {"^_": {}},
        "additionalProperties": False,
    }


TEXT, SIZE = {"type": "string"}, {"type": "integer", "minimum": -1}
TIME = {"type": "number", "minimum": 0}
PAIRS = {"type": "array", "items": strict("name value", name=TEXT, value=TEXT, comment=TEXT)}
MESSAGE = {"httpVersion": TEXT, "cookies": PAIRS, "headers": PAIRS, "headersSize": SIZE, "bodySize": SIZE}
# What version 1.2 of the format asks for.
ARCHIVE = strict(
    "log",
    log=strict(
        "version creator entries",
        version={"const": "1.2"},
        creator=strict("name version", name=TEXT, version=TEXT),
        entries={
            "type": "array",
            "items": strict(
                "startedDateTime time request response cache timings",
                startedDateTime={"type": "string", "format": "date-time"},
                time=TIME,
                request=strict(
                    "method url httpVersion cookies headers queryString headersSize bodySize",
                    method=TEXT,
                    url={"type": "string", "format": "uri"},
                    queryString=PAIRS,
                    postData=strict("mimeType text", mimeType=TEXT, text=TEXT),
                    **MESSAGE,
                ),
                response=strict(
                    "status statusText httpVersion cookies headers content redirectURL headersSize bodySize",
                    status={"type": "integer"},
                    statusText=TEXT,
                    content=strict("size mimeType", size={"type": "integer"}, mimeType=TEXT, text=TEXT),
                    redirectURL=TEXT,
                    **MESSAGE,
                ),
                cache=strict(""),
                timings=strict("send wait receive", send=TIME, wait=TIME, receive=TIME),
            ),
        },
    ),
)


async def test_bodies_are_bounded_one_by_one_and_together():
    journal = Journal(capacity=500)
    for _ in range(400):
        record = RequestRecord(
            method="GET", path="/", query="", operation=None, address="", arrived=0, wall=0
        )
        record.response_body = bytes(BODY_BYTES)
        journal.add(record)
        journal.end(record, 0)
    kept = [record for record in journal.records() if record.response_body]
    assert len(journal.records()) == 400
    assert len(kept) == ALL_BODIES_BYTES // BODY_BYTES
    assert kept == journal.records()[-len(kept) :]


async def test_a_body_that_is_too_long_is_not_kept(sim, session):
    async with session(sim) as client:
        await client.post("/api/v1/tariff_profile", json={"name": "n" * BODY_BYTES})
    assert sim.requests[-1].request_body is None
    assert sim.requests[-1].status == 422
    assert msgspec.json.decode(sim.requests.json_lines().splitlines()[-1])["request_body"] is None


async def test_the_oldest_requests_go_first(make_sim, session):
    sim = make_sim(journal=3)
    async with session(sim) as client:
        for _ in range(5):
            await client.get(PATH)
    assert [record.number for record in sim.requests] == [4, 5, 6]
