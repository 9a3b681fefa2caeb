"""Data streams and callbacks are delivered: bodies, batches, repetition, the journal."""

from __future__ import annotations

import base64
import hmac
import json
import socket
import threading
from contextlib import aclosing

import anyio
import httpx
import jwt
import pytest

from aioemnify.simulator import Clock, Settings, Simulator
from aioemnify.simulator.control.event_stream import EventStreams
from aioemnify.simulator.deliveries import sender
from tests.simulator.people import codes
from tests.simulator.receiver import Receiver, deliver

pytestmark = pytest.mark.anyio
PATH = "/api/v2/data_stream"
EVENTS, USAGE = 2, 1


@pytest.fixture
def receiver():
    with Receiver() as server:
        yield server


async def stream(client, url, of=EVENTS, *, filters=None, start=True, sim=None, **credentials):
    destination = {"connection_type": "RestAPI", "credentials": {"url": url, **credentials}}
    body = {"data_stream_type": {"id": of}, "destination": destination}
    made = await client.post(PATH, json=body | ({} if filters is None else {"filters": filters}))
    assert made.status_code == 201, made.text
    if sim is not None:
        sim.clock.advance(seconds=5)
    return made.headers["Location"]


async def change_sims(client, count, status=2):
    """Record one event per SIM: a suspension or an activation."""
    found = (await client.get(f"/api/v1/sim?q=status:{3 - status}&per_page={count}")).json()
    for each in found:
        assert (await client.patch(f"/api/v1/sim/{each['id']}", json={"status": {"id": status}})).is_success
    assert len(found) == count


async def status_of(client, path):
    return (await client.get(path)).json()["status"]["id"]


async def test_events_are_pushed_as_the_api_lists_them(sim, session, receiver):
    async with session(sim) as client:
        await change_sims(client, 2)
        await stream(
            client, f"{receiver.url}?a=1&b=%20", sim=sim, headers=["Authorization: Basic x", "X-Key:a:b"]
        )
        await deliver(sim)
        assert receiver.received == []  # what was recorded before
        await change_sims(client, 3)
        await deliver(sim)
        (request,) = receiver.received
        listed = (await client.get("/api/v1/event?sort=id&per_page=100")).json()
    assert request.json == listed[-3:]
    assert (request.method, request.path) == ("POST", "/hook?a=1&b=%20")
    assert request.headers == [
        ("Host", f"127.0.0.1:{receiver.port}"),
        ("User-Agent", "aioemnify-simulator"),
        ("Content-Type", "application/json"),
        ("Authorization", "Basic x"),
        ("X-Key", "a:b"),
        ("Content-Length", str(len(request.body))),
    ]
    await deliver(sim)
    assert len(receiver.received) == 1


async def test_a_configured_content_type_is_the_only_one(sim, session, receiver):
    async with session(sim) as client:
        await stream(client, receiver.url, sim=sim, headers=["content-type: application/cloudevents+json"])
        await change_sims(client, 1)
        await deliver(sim)
    assert receiver.received[0].header("Content-Type") == ["application/cloudevents+json"]


@pytest.mark.parametrize(
    ("size", "method", "sizes"), [(2, "PUT", [2, 2, 1]), (3_000, "PATCH", [5]), (1, "POST", [None] * 5)]
)
async def test_batches(sim, session, receiver, size, method, sizes):
    async with session(sim) as client:
        await stream(client, receiver.url, sim=sim, size=size, method=method)
        await change_sims(client, 5)
        await deliver(sim)
    bodies = [request.json for request in receiver.received]
    assert [len(body) if isinstance(body, list) else None for body in bodies] == sizes
    assert {request.method for request in receiver.received} == {method}
    ids = [each["id"] for each in receiver.items()]
    assert ids == sorted(set(ids)) and len(ids) == 5
    assert receiver.connections == 1  # kept for all batches
    assert [record.records for record in sim.deliveries] == [each or 1 for each in sizes]


@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        ([], [9, 9, 8]),
        ([{"field": "event_type_id", "value": [8, "10"]}], [8]),
        ([{"field": "event_type_id", "value": "9"}, {"field": "alert", "value": False}], [9, 9]),
        ([{"field": "alert", "value": "true"}], []),
        ([{"or": [{"field": "alert", "value": True}, {"field": "event_type_id", "value": 8}]}], [8]),
    ],
)
async def test_filters(sim, session, receiver, filters, kinds):
    async with session(sim) as client:
        await stream(client, receiver.url, sim=sim, filters=filters)
        await change_sims(client, 2)
        await change_sims(client, 1, status=1)
        await deliver(sim)
    assert [each["event_type"]["id"] for each in receiver.items()] == kinds
    assert len(sim.deliveries) == bool(kinds)


async def test_nothing_is_sent_while_pending_or_paused_and_the_kept_records_come_first(
    sim, session, receiver
):
    async with session(sim) as client:
        path = await stream(client, receiver.url)
        await change_sims(client, 1)
        await deliver(sim)
        assert receiver.received == []
        sim.clock.advance(seconds=5)
        await deliver(sim)
        assert len(receiver.items()) == 1
        assert (await client.patch(path, json={"status": {"id": 2}})).status_code == 202
        await change_sims(client, 2)
        await deliver(sim)
        sim.clock.advance(days=8)
        async with session(sim) as later:
            await change_sims(later, 3, status=1)
            await later.patch(path, json={"status": {"id": 1}})
            sim.clock.advance(seconds=5)
            await change_sims(later, 1, status=1)
            await deliver(sim)
    assert [each["event_type"]["id"] for each in receiver.items()] == [9, 8, 8, 8, 8]  # two were too old


async def test_back_off_error_and_restart(sim, session, receiver):
    async with session(sim) as client:
        path = await stream(client, receiver.url, sim=sim)
        began = sim.clock.wall()
        receiver.status = 503
        await change_sims(client, 1)
        await deliver(sim)
        sim.clock.advance(seconds=0.5)
        await deliver(sim)
        assert len(receiver.received) == 1
        sim.clock.advance(seconds=7)
        await change_sims(client, 1)
        await deliver(sim)
        assert [len(request.json) for request in receiver.received] == [1, 2, 2, 2]
        assert [(each.attempt, each.wall - began, each.next_attempt - began) for each in sim.deliveries] == [
            (1, 0, 1),
            (2, 1, 3),
            (3, 3, 7),
            (4, 7, 15),
        ]
        assert {(each.outcome, each.status) for each in sim.deliveries} == {("failed", 503)}
        receiver.status = 202
        sim.clock.advance(seconds=8)
        await deliver(sim)
        assert await status_of(client, path) == 1
        assert (len(receiver.received), sim.deliveries[-1].outcome) == (5, "delivered")

        receiver.status, receiver.received = 503, []
        await change_sims(client, 1)
        await deliver(sim)
        sim.clock.advance(minutes=61)
        await deliver(sim)
        assert await status_of(client, path) == 3
        last = sim.deliveries[-1]
        assert (last.next_attempt, last.attempt) == (None, len(receiver.received))
        assert len(receiver.received) == 20  # 1 + 2 + ... + 256 s, then every 300 s
        await change_sims(client, 1)
        sim.clock.advance(hours=1)
        await deliver(sim)
        assert len(receiver.received) == 20
        receiver.status, receiver.received = 200, []
        assert (await client.post(f"{path}/restart")).status_code == 202
        await deliver(sim)
        assert receiver.received == []
        sim.clock.advance(seconds=5)
        await deliver(sim)
        assert (len(receiver.items()), await status_of(client, path)) == (2, 1)


async def test_a_receiver_that_nobody_runs(make_sim, session):
    sim = make_sim(limits=None, settings=Settings(stream_retry_minutes=1))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with session(sim) as client:
        path = await stream(client, f"http://localhost:{port}/", sim=sim)
        await change_sims(client, 1)
        await deliver(sim)
        assert "refused" in sim.deliveries[0].error.lower()
        sim.clock.advance(minutes=2)
        await deliver(sim)
        assert (await status_of(client, path), {each.outcome for each in sim.deliveries}) == (3, {"failed"})


@pytest.mark.parametrize(
    ("credentials", "error"),
    [
        ({"headers": ["X-A: hush\r\nX-C: d"]}, "the value of the header X-A has characters that cannot"),
        ({"headers": ["X A: b"]}, "is not the name of a header"),
        ({"headers": ["X-A: \u20ac"]}, "the value of the header X-A has characters that cannot be sent"),
        ({"headers": ["Content-Length: 5"]}, "Content-Length is set by the sender"),
        ({"url": "http://127.0.0.1:99999/"}, "the port must be a number from 1 to 65535"),
        ({"url": "http://127.0.0.1:0/"}, "the port must be a number from 1 to 65535"),
        ({"url": f"http://127.0.0.1:{'hush' * 999}/"}, "the port must be a number from 1 to 65535"),
    ],
)
async def test_a_configuration_that_cannot_work_is_an_error_at_once(
    sim, session, receiver, credentials, error
):
    async with session(sim) as client:
        path = await stream(client, sim=sim, **({"url": receiver.url} | credentials))
        await change_sims(client, 1)
        await deliver(sim)
        assert await status_of(client, path) == 3
        (record,) = sim.deliveries
        assert (record.outcome, record.next_attempt) == ("failed", None)
        assert record.error.startswith("the configuration cannot work: ")
        assert error in record.error and "hush" not in record.error
        assert receiver.received == []


async def test_a_changed_stream_delivers_what_is_left_to_the_new_address(sim, session, receiver):
    with Receiver() as other:
        other.status = 500
        async with session(sim) as client:
            path = await stream(client, other.url, sim=sim)
            await change_sims(client, 2)
            await deliver(sim)
            moved = {"connection_type": "RestAPI", "credentials": {"url": receiver.url}}
            assert (await client.patch(path, json={"destination": moved})).status_code == 202
            sim.clock.advance(seconds=5)
            await deliver(sim)
            assert len(receiver.items()) == 2
            assert (await client.patch(path, json={"data_stream_type": {"id": USAGE}})).status_code == 202
            sim.clock.advance(seconds=5)
            await change_sims(client, 1)
            await deliver(sim)
            assert [len(receiver.items()), sim.deliveries[-1].kind] == [3, "usage"]
            assert (await client.delete(path)).status_code == 202
            sim.clock.advance(hours=3)
            await deliver(sim)
            assert len(receiver.items()) == 3


async def test_two_streams_get_everything_each_and_a_slow_one_delays_nobody(sim, session, receiver):
    with Receiver() as slow:
        slow.before = lambda request: receiver.arrived.wait(20)
        async with session(sim) as client:
            await stream(client, slow.url)
            await stream(client, receiver.url, sim=sim)
            await change_sims(client, 3)
            await deliver(sim)
        assert receiver.arrived.is_set()
        assert slow.items() == receiver.items() != []


async def test_redirects_and_proxies_are_not_followed(sim, session, receiver, monkeypatch):
    with Receiver() as other:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, other.url)
        receiver.status, receiver.headers = 307, {"Location": other.url}
        async with session(sim) as client:
            await stream(client, receiver.url, sim=sim)
            await change_sims(client, 1)
            await deliver(sim)
        assert (len(receiver.received), other.received) == (1, [])
        assert sim.deliveries[0].error == "the receiver answered 307; 2xx accepts a delivery"


@pytest.mark.parametrize("close", [True, False])
async def test_long_answers_and_closed_connections(sim, session, receiver, close):
    receiver.body = b"x" * 200_000
    receiver.headers = {"Connection": "close"} if close else {}
    async with session(sim) as client:
        await stream(client, receiver.url, sim=sim, size=1)
        await change_sims(client, 3)
        await deliver(sim)
    assert [each.outcome for each in sim.deliveries] == ["delivered"] * 3
    assert [len(each.response_body) for each in sim.deliveries] == [4096] * 3
    assert len({each["id"] for each in receiver.items()}) == 3


@pytest.mark.parametrize("how", ["silent", "drips"])
async def test_an_attempt_has_an_end(sim, session, monkeypatch, how):
    monkeypatch.setattr(sender, "IDLE_SECONDS", 0.2 if how == "silent" else 10.0)
    monkeypatch.setattr(sender, "WHOLE_SECONDS", 10.0 if how == "silent" else 0.3)
    ended = threading.Event()

    def serve(server):
        connection, _ = server.accept()
        with connection:
            while how == "drips" and not ended.wait(0.01):
                try:
                    connection.sendall(b"HTTP/1.1 200 OK\r\n" if not ended.is_set() else b"")
                    connection.sendall(b"X: y\r\n")
                except OSError:
                    return
            ended.wait(20)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=[server], daemon=True).start()
        async with session(sim) as client:
            await stream(client, f"http://127.0.0.1:{server.getsockname()[1]}/", sim=sim)
            await change_sims(client, 1)
            await deliver(sim)
        ended.set()
    assert sim.deliveries[0].outcome == "failed"
    assert sim.deliveries[0].error.startswith("the receiver did not answer")


def to_address(monkeypatch, answers):
    """Let names resolve to the next of some addresses, and every address to itself."""
    real = socket.getaddrinfo

    def resolve(host, port, *args, **options):
        return real(answers.pop(0) if host == "hooks.example" else host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize(
    "address", ["203.0.113.5", "192.168.1.7", "0.0.0.0", "2001:db8::1", "::ffff:10.0.0.1"]
)
async def test_other_machines_get_nothing_and_the_journal_says_so(
    sim, session, receiver, monkeypatch, address
):
    to_address(monkeypatch, [address] * 9)
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("it connects"))
    async with session(sim) as client:
        path = await stream(client, f"http://hooks.example:{receiver.port}/x", sim=sim)
        await change_sims(client, 2)
        await deliver(sim)
        await deliver(sim)
        (record,) = sim.deliveries
        assert (record.outcome, record.status, record.records) == ("withheld", None, 2)
        assert (
            record.error == f"hooks.example ({address}) is another machine, and deliveries to others are off"
        )
        assert len(json.loads(record.request_body)) == 2
        sim.clock.advance(hours=3)
        assert await status_of(client, path) == 1
        async with session(sim) as later:
            assert (
                (await later.get(path)).json()["destination"]["credentials"]["url"].startswith("http://hooks")
            )


async def test_the_address_is_checked_at_each_connection(sim, session, receiver, monkeypatch):
    to_address(monkeypatch, ["127.0.0.1", "203.0.113.5", "127.0.0.1"])
    receiver.headers = {"Connection": "close"}
    async with session(sim) as client:
        await stream(client, f"http://hooks.example:{receiver.port}/x", sim=sim, size=1)
        await change_sims(client, 3)
        await deliver(sim)
    assert [each.outcome for each in sim.deliveries] == ["delivered", "withheld", "delivered"]
    assert [request.header("Host") for request in receiver.received] == [
        [f"hooks.example:{receiver.port}"]
    ] * 2


async def test_a_name_that_does_not_resolve_is_withheld(sim, session, monkeypatch):
    async with session(sim) as client:
        await stream(client, "https://nowhere.invalid/", sim=sim)
        await change_sims(client, 1)
        await deliver(sim)
    assert (sim.deliveries[0].outcome, sim.deliveries[0].status) == ("withheld", None)


@pytest.mark.parametrize("remote", [True, False])
async def test_the_switch_allows_other_machines(make_sim, session, receiver, monkeypatch, remote):
    monkeypatch.setattr(sender, "is_loopback_address", lambda address: False)  # stands for another machine
    sim = make_sim(limits=None, remote_deliveries=remote)
    async with session(sim) as client:
        await stream(client, receiver.url, sim=sim)
        await change_sims(client, 1)
        await deliver(sim)
    assert sim.deliveries[0].outcome == ("delivered" if remote else "withheld")
    assert len(receiver.received) == remote


async def test_other_destinations_and_organisations(sim, session, receiver):
    async with session(sim) as client, session(sim, sim.second_application_token) as other:
        keen = {"project_id": "p", "write_key": "k", "collection_name": "c"}
        body = {"connection_type": "KeenIO", "credentials": keen}
        for of in (EVENTS, USAGE):
            await client.post(PATH, json={"data_stream_type": {"id": of}, "destination": body})
        await stream(other, receiver.url, sim=sim)
        await change_sims(client, 2)
        sim.clock.advance(hours=1)
        await deliver(sim)
        assert sim.deliveries == []
        await change_sims(other, 1)
        await deliver(sim)
    assert [(each.organisation, each.records) for each in sim.deliveries] == [(sim.second_organisation_id, 1)]


async def test_no_delivery_reaches_the_control_interface(make_sim, session):
    with make_sim(limits=None, tls=False) as sim:
        async with session(sim) as client:
            await stream(
                client, f"{sim.url}/%5Fsim/reset", sim=sim, headers=["User-Agent: curl", "Accept: */*"]
            )
            await change_sims(client, 1)
            await deliver(sim)
        assert [(each.outcome, each.status) for each in sim.deliveries] == [("failed", 403)]
        assert b"deliveries to webhooks and callbacks are refused" in sim.deliveries[0].response_body


async def callback(client, url, *, secret=None, **profile):
    """Give every service profile a callback; return its id."""
    made = await client.post("/api/v1/api_callback", json={"url": url})
    body = {"api_callback": {"id": int(made.headers["Location"].rpartition("/")[2])}} | profile
    if secret is not None:
        kept = await client.post("/api/v1/api_secret", json={"secret": secret})
        body["api_secret"] = {"id": int(kept.headers["Location"].rpartition("/")[2])}
    for each in (await client.get("/api/v1/service_profile")).json():
        assert (await client.patch(f"/api/v1/service_profile/{each['id']}", json=body)).is_success
    return body["api_callback"]["id"]


ENDPOINT = 4  # its device is online, with seed 7


@pytest.mark.parametrize("secret", ["short", "x" * 40, "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ", None])
async def test_a_message_from_a_device(sim, session, receiver, secret):
    async with session(sim) as client:
        target = await callback(client, receiver.url, secret=secret)
        number = sim.send_sms_from_device(ENDPOINT, "level=3", dest_address="1234567")
        await deliver(sim)
        (request,) = receiver.received
        endpoint = (await client.get(f"/api/v1/endpoint/{ENDPOINT}")).json()
        (listed,) = (await client.get(f"/api/v1/endpoint/{ENDPOINT}/sms")).json()
    assert (request.method, request.path) == ("POST", "/hook")
    assert request.json == {
        "id": number,
        "endpoint": {"id": ENDPOINT, "name": endpoint["name"]},
        "organisation": {"id": sim.organisation_id, "name": "Simulated Fleet"},
        "source_address": endpoint["sim"]["msisdn"],
        "dest_address": "1234567",
        "payload": "level=3",
        "dcs": 0,
        "pid": 0,
        "submit_date": "2025-01-15 12:00:00",
    }
    assert (listed["sms_type"], listed["status"]["description"]) == (
        {"id": 2, "description": "MO"},
        "DELIVERED",
    )
    assert [(each.kind, each.target, each.outcome) for each in sim.deliveries] == [
        ("sms", target, "delivered")
    ]
    if secret is None:
        assert request.header("Authorization") == []
        return
    (authorization,) = request.header("Authorization")
    scheme, token = authorization.split()
    assert (scheme, jwt.get_unverified_header(token)["alg"]) == ("Bearer", "HS256")
    signed = token.rpartition(".")[0]
    digest = hmac.digest(secret.encode(), signed.encode(), "sha256")
    assert token == f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
    assert jwt.decode(token, options={"verify_signature": False}) == {
        "iss": "aioemnify-simulator",
        "sub": str(sim.organisation_id),
        "jti": "1",
    }
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, "y" * 40, algorithms=["HS256"])


async def test_the_status_of_a_message_to_a_device(sim, session, receiver):
    async with session(sim) as client:
        await callback(client, receiver.url)
        sms = f"/api/v1/endpoint/{ENDPOINT}/sms"
        made = await client.post(sms, json={"payload": "on", "source_address": "999"})
        await deliver(sim)
        assert receiver.received == []
        sim.clock.advance(seconds=3)
        await deliver(sim)  # no request was needed for the message to arrive
        (request,) = receiver.received
        assert (request.method, request.json) == (
            "PATCH",
            (await client.get(made.headers["Location"])).json(),
        )
        assert request.json["status"]["description"] == "DELIVERED"

        found = (await client.get("/api/v1/endpoint?per_page=50")).json()
        away = next(each for each in found if each["status"]["id"] == 1 and "sim" in each)
        sms = f"/api/v1/endpoint/{away['id']}/sms"
        buffered = (await client.post(sms, json={"payload": "one"})).headers["Location"]
        expiring = (await client.post(sms, json={"payload": "two"})).headers["Location"]
        sim.clock.advance(seconds=5)
        assert (await client.delete(buffered)).status_code == 200
        sim.clock.advance(days=2)
        await deliver(sim)
        assert {each.json["id"]: each.json["status"]["description"] for each in receiver.received[1:]} == {
            int(buffered.rpartition("/")[2]): "CANCELED",
            int(expiring.rpartition("/")[2]): "EXPIRED",
        }
        assert {each.kind for each in sim.deliveries} == {"sms status"}


async def test_messages_that_no_callback_gets(sim, session, receiver):
    async with session(sim) as client:
        sim.send_sms_from_device(ENDPOINT, "no callback yet")
        await callback(client, receiver.url)
        sim.send_sms_from_device(ENDPOINT, "too long a number", dest_address="12345678")
        await deliver(sim)
        assert sim.deliveries == []
        for each in (await client.get("/api/v1/service_profile")).json():
            await client.patch(
                f"/api/v1/service_profile/{each['id']}", json={"esme_interface_type": {"id": 2}}
            )
        sim.send_sms_from_device(ENDPOINT, "by SMPP")
        await client.post(f"/api/v1/endpoint/{ENDPOINT}/sms", json={"payload": "on"})
        sim.clock.advance(minutes=1)
        await deliver(sim)
    assert (sim.deliveries, receiver.received) == ([], [])


async def test_notifications_are_repeated_and_then_dropped(sim, session, receiver):
    async with session(sim) as client:
        await callback(client, receiver.url)
        receiver.status = 500
        first = sim.send_sms_from_device(ENDPOINT, "a")
        await deliver(sim)
        receiver.status = 200
        sim.clock.advance(seconds=1)
        await deliver(sim)
        assert [(each.attempt, each.outcome) for each in sim.deliveries] == [(1, "failed"), (2, "delivered")]
        assert {request.json["id"] for request in receiver.received} == {first}
        receiver.status = 500
        sim.send_sms_from_device(ENDPOINT, "b")
        await deliver(sim)
        sim.clock.advance(hours=2)
        await deliver(sim)
        assert sim.deliveries[-1].next_attempt is None
        receiver.status, count = 200, len(receiver.received)
        sim.clock.advance(hours=2)
        await deliver(sim)
        assert len(receiver.received) == count


@pytest.mark.parametrize(
    ("endpoint", "options", "problem"),
    [
        (99_999, {}, "unknown endpoint 99999"),
        (31, {}, "the device of endpoint 31 is not registered"),
        (ENDPOINT, {"payload": ""}, "payload must have 1 to 160"),
        (ENDPOINT, {"payload": "x" * 161}, "payload must have 1 to 160"),
        (ENDPOINT, {"payload": "x" * 71, "dcs": 8}, "payload must have 1 to 160"),
        (ENDPOINT, {"dcs": 4}, "payload must have"),
        (ENDPOINT, {"dest_address": "+123"}, "dest_address must be 1 to 15 digits"),
        (ENDPOINT, {"dest_address": "1" * 16}, "dest_address must be 1 to 15 digits"),
    ],
)
async def test_messages_that_a_device_cannot_send(sim, endpoint, options, problem):
    with pytest.raises(ValueError, match=problem):
        sim.send_sms_from_device(endpoint, **({"payload": "x"} | options))


async def test_sending_again(sim, session, receiver):
    async with session(sim) as client:
        await stream(client, receiver.url, sim=sim, headers=["Authorization: Basic x"])
        receiver.status = 500
        await change_sims(client, 2)
        await deliver(sim)
        receiver.status = 200
        again = (await client.post("/_sim/deliveries/1")).json()
        assert (again["number"], again["repeats"], again["outcome"]) == (2, 1, "delivered")
        assert receiver.received[0] == receiver.received[1]
        twice = sim.redeliver(2)
        assert (twice.number, twice.repeats, twice.request_body) == (3, 1, receiver.received[0].body)
        await deliver(sim)
        assert len(receiver.received) == 3  # the stream itself still waits
        sim.clock.advance(seconds=1)
        await deliver(sim)
        assert len(receiver.received) == 4
        for number in ("9", "0", "x", "1" * 30, "-1"):
            refused = await client.post(f"/_sim/deliveries/{number}")
            assert (refused.status_code, set(refused.json())) == (404, {"error", "at"})
        sim.clear_deliveries()
        with pytest.raises(ValueError, match="there is no delivery 1"):
            sim.redeliver(1)


async def test_the_journal_of_deliveries(sim, session, receiver):
    async with session(sim) as client:
        url = receiver.url.replace("//", "//me:pass@") + "?token=hush&a=1"
        await stream(client, url, sim=sim, headers=["X-Own-Key: hush", "Authorization: hush"])
        receiver.body = b'{"token": "hush"}'
        await change_sims(client, 1)
        await deliver(sim)
        await callback(client, receiver.url, secret="hush")
        await client.post("/_sim/sms", json={"endpoint": ENDPOINT, "payload": "level=3"})
        await deliver(sim)
        text = (await client.get("/_sim/deliveries")).text
        first, second = map(json.loads, text.splitlines())
        assert len((await client.get("/_sim/deliveries?last=1")).text.splitlines()) == 1
        assert (await client.get("/_sim/deliveries/2")).json() == second
        assert (await client.get("/_sim/deliveries/3")).status_code == 404
        for query in ("last=x", "colour=1"):
            assert (await client.get(f"/_sim/deliveries?{query}")).status_code == 422
        assert first | {"latency": 0, "request_body": 0} == {
            "number": 1,
            "time": "2025-01-15T12:00:05.000Z",
            "kind": "events",
            "organisation": sim.organisation_id,
            "target": 1,
            "method": "POST",
            "url": f"{receiver.url}?token=***&a=1",
            "records": 1,
            "attempt": 1,
            "repeats": None,
            "latency": 0,
            "status": 200,
            "outcome": "delivered",
            "error": None,
            "next_attempt": None,
            "headers": [["Content-Type", "application/json"], ["X-Own-Key", "***"], ["Authorization", "***"]],
            "request_body": 0,
            "response_body": {"token": "***"},
        }
        assert first["request_body"][0]["event_type"]["id"] == 9
        assert (second["kind"], second["request_body"]["payload"]) == ("sms", "level=3")
        assert "hush" not in text + repr(sim.deliveries) and "Bearer" not in text
        assert "operation" not in text and len(sim.requests) > 5  # requests are in a journal of their own
        assert (await client.delete("/_sim/deliveries")).status_code == 204
        assert (sim.deliveries, (await client.get("/_sim/deliveries")).text) == ([], "")


@pytest.mark.parametrize("malformed", [False, True])
async def test_what_a_receiver_repeats_shows_no_credential(sim, session, malformed):
    """Many receivers answer with the request that they got, in a body or in a line that is not HTTP."""

    def serve(server):
        connection, _ = server.accept()
        with connection:
            request = b""
            while not request.endswith(b"]"):
                request += connection.recv(65_536)
            lines = request.decode("latin-1").partition("\r\n\r\n")[0].split("\r\n")[1:]
            body = json.dumps({"headers": dict(line.split(": ", 1) for line in lines)}).encode()
            good = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
            connection.sendall(body + b" " * 60_000 if malformed else good + body)

    headers = ["X-Own: hush-1", 'X-Api-Key: hush "2"', "Authorization: Basic hush-3"]
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=[server], daemon=True).start()
        async with session(sim) as client:
            url = f"http://127.0.0.1:{server.getsockname()[1]}/"
            await stream(client, url, sim=sim, headers=headers, size=2)
            await change_sims(client, 2)
            await deliver(sim)
            text = (await client.get("/_sim/deliveries")).text
    assert "X-Own" in text and "hush" not in text + repr(sim.deliveries)
    assert len(sim.deliveries[0].error or "") < 300


@pytest.mark.parametrize(
    "body", [{}, {"endpoint": 1}, {"endpoint": ENDPOINT, "payload": "", "organisation": 5}]
)
async def test_a_message_by_the_control_interface(sim, session, body):
    async with session(sim, "") as client:
        refused = await client.post("/_sim/sms", json=body)
        assert (refused.status_code, set(refused.json())) == (422, {"error", "at"})


async def test_a_reset_forgets_streams_and_deliveries(sim, session, receiver):
    async with session(sim) as client:
        await stream(client, receiver.url, sim=sim)
        await change_sims(client, 1)
        sim.reset()
        await deliver(sim)
    assert (receiver.received, sim.deliveries) == ([], [])


async def test_what_was_not_delivered_survives_a_restart(make_sim, session, receiver, tmp_path):
    state = tmp_path / "state.json"
    receiver.status = 503
    with make_sim(limits=None, tls=False, state=state) as sim:
        async with session(sim) as client:
            path = await stream(client, receiver.url, sim=sim)
            await stream(client, receiver.url, USAGE, sim=sim)
            await callback(client, receiver.url, secret="x" * 32)
            await change_sims(client, 2)
            sim.send_sms_from_device(ENDPOINT, "level=3")
            await deliver(sim)
    receiver.status, receiver.received = 200, []
    with make_sim(limits=None, tls=False, state=state) as sim:
        sim.clock.advance(seconds=10)
        await deliver(sim)
        assert {each.kind: each.outcome for each in sim.deliveries} == {
            "events": "delivered",
            "usage": "delivered",
            "sms": "delivered",
        }
        async with session(sim) as client:
            assert await status_of(client, path) == 1
    assert max(len(request.json) for request in receiver.received if isinstance(request.json, list)) == 2


def test_a_simulator_that_serves_delivers_on_its_own(receiver):
    with (
        Simulator(sims=50, seed=7, tls=False, limits=None, clock=Clock.manual()) as sim,
        httpx.Client(base_url=sim.url) as client,
    ):
        login = client.post("/api/v1/authenticate", json={"application_token": sim.application_token})
        client.headers["Authorization"] = f"Bearer {login.json()['auth_token']}"
        credentials = {"connection_type": "RestAPI", "credentials": {"url": receiver.url}}
        client.post(PATH, json={"data_stream_type": {"id": 2}, "destination": credentials})
        found = client.get("/api/v1/sim?q=status:1").json()[0]
        client.patch(f"/api/v1/sim/{found['id']}", json={"status": {"id": 2}})
        sim.clock.advance(seconds=5)
        assert receiver.arrived.wait(30)
    assert [each["event_type"]["id"] for each in receiver.items()] == [9]


async def test_deliveries_are_in_the_event_stream(make_sim, session, receiver):
    with make_sim(limits=None, tls=False) as sim:
        async with session(sim) as client:
            await callback(client, receiver.url)
            sim.send_sms_from_device(ENDPOINT, "level=3")
            await deliver(sim)
        streams = EventStreams(sim)
        async with aclosing(streams.stream()) as events:
            with anyio.fail_after(20):
                while not (found := await anext(events)).startswith(b"event: deliveries\n"):
                    pass
    data = json.loads(found.partition(b"data: ")[2])
    assert (data["skipped"], [each["kind"] for each in data["deliveries"]]) == (0, ["sms"])
    assert not {"headers", "request_body"} & set(data["deliveries"][0])


def test_the_end_does_not_wait_for_a_receiver(receiver):
    arrived, release, waited = threading.Event(), threading.Event(), threading.Event()

    def hold(request):
        arrived.set()
        release.wait(30)
        waited.set()

    receiver.before = hold
    sim = Simulator(sims=50, seed=7, tls=False, limits=None, clock=Clock.manual()).start()
    with sim.lock:
        for profile in sim.installation.world.organisations[sim.organisation_id].service_profiles.values():
            profile.references["api_callback"] = 1
    _with_callback(sim, receiver.url)
    sim.send_sms_from_device(ENDPOINT, "x")
    assert arrived.wait(30)
    sim.stop()
    assert not waited.is_set()
    release.set()
    assert not [thread for thread in threading.enumerate() if thread.name == "aioemnify-deliveries"]


def _with_callback(sim, url):
    from aioemnify.simulator.state.records.callbacks import ApiCallback

    organisation = sim.installation.world.organisations[sim.organisation_id]
    organisation.callbacks.urls[1] = ApiCallback(id=1, url=url, created=0.0)


@pytest.mark.parametrize(
    "undocumented", [{"url": "http://["}, {"url": 5}, {"headers": [1]}, {"headers": None}]
)
async def test_undocumented_members_of_a_destination_disturb_nothing(sim, session, undocumented):
    credentials = {"bucket_name": "x", "region": "x", "role_arn": "x"} | undocumented
    body = {
        "data_stream_type": {"id": EVENTS},
        "destination": {"connection_type": "S3", "credentials": credentials},
    }
    async with session(sim) as client:
        made = await client.post(PATH, json=body)
        assert made.status_code == 201
        for seconds in (0, 5):
            sim.clock.advance(seconds=seconds)
            assert (await client.get(made.headers["Location"])).status_code == 200
            (listed,) = (await client.get(PATH)).json()
        assert listed["status"]["id"] == 1


async def test_codes_of_a_refused_stream_are_as_before(sim, session):
    async with session(sim) as client:
        bad = {"connection_type": "RestAPI", "credentials": {"url": "nowhere"}}
        refused = await client.post(PATH, json={"data_stream_type": {"id": 2}, "destination": bad})
        assert codes(refused) == [1403]
