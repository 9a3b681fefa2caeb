"""The simulator's own deliveries, over real sockets, to the application alone and in FastAPI."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import jwt
import pytest

from aioemnify import receivers
from aioemnify.models import CallbackSms, Event, Sms, UsageRecord
from aioemnify.simulator import Simulator
from tests.receivers.pushed import EVENT, SECRET, STREAM, body, in_old_format
from tests.served import served
from tests.simulator.conftest import Session, make_sim, session, sim  # noqa: F401 (fixtures)
from tests.simulator.receiver import deliver
from tests.simulator.test_deliveries import ENDPOINT, EVENTS, USAGE, callback, change_sims, stream

pytestmark = pytest.mark.anyio
HEADERS = [f"{name}: {value}" for name, value in STREAM.items()]


@pytest.fixture
def anyio_backend() -> str:
    """Run in real time; the server has a loop of its own."""
    return "asyncio"


class Received:
    """What the handlers of an application got, from another thread."""

    def __init__(self) -> None:
        self.records: list[Any] = []
        self.batches: list[int] = []
        self.errors: list[Exception] = []

    async def keep(self, record: Any) -> None:
        self.records.append(record)

    def keep_all(self, records: list[Any]) -> None:
        self.batches.append(len(records))
        self.records += records

    def app(self, **options: Any) -> receivers.Receiver:
        defaults: dict[str, Any] = {
            "on_events": self.keep_all,
            "on_usages": self.keep_all,
            "on_sms": self.keep,
            "on_sms_report": self.keep,
            "on_error": lambda error, _: self.errors.append(error),
            "stream_headers": STREAM,
            "callback_secret": SECRET,
            "drain_seconds": 60,
        }
        return receivers.app(**(defaults | options))

    def of(self, model: type[Any]) -> list[Any]:
        return [record for record in self.records if isinstance(record, model)]


@pytest.fixture
def received() -> Received:
    return Received()


def alone(receiver: receivers.Receiver) -> tuple[Any, str]:
    return receiver, "/"


def in_fastapi(receiver: receivers.Receiver) -> tuple[Any, str]:
    fastapi = pytest.importorskip("fastapi", reason="the dependency group tests installs it")

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        async with receiver:
            yield

    service = fastapi.FastAPI(lifespan=lifespan)
    service.mount("/emnify", receiver)
    return service, "/emnify/pushes"


Serve = Callable[[receivers.Receiver], tuple[Any, str]]


@pytest.fixture(params=[alone, in_fastapi])
def place(request: pytest.FixtureRequest) -> Any:
    return request.param


async def test_every_kind_of_delivery_arrives_once(
    sim: Simulator,  # noqa: F811
    session: Session,  # noqa: F811
    received: Received,
    place: Serve,
) -> None:
    served_app, path = place(received.app())
    with served(served_app) as http:
        url = f"{http.base_url}{path}"
        async with session(sim) as client:
            await callback(client, url, secret=SECRET)
            await stream(client, url, EVENTS, headers=HEADERS, size=4)
            await stream(client, url, USAGE, headers=HEADERS, size=1, method="PUT", sim=sim)
            number = sim.send_sms_from_device(ENDPOINT, "level=3")
            await client.post(f"/api/v1/endpoint/{ENDPOINT}/sms", json={"payload": "on"})
            sim.clock.advance(hours=2)
            async with session(sim) as later:
                await change_sims(later, 10)
            await deliver(sim)
        assert {each.outcome for each in sim.deliveries} == {"delivered"}
        pushed = {each.number: each.records for each in sim.deliveries}
        for each in list(pushed):
            assert sim.redeliver(each).response_body == (
                b'{"received": %d, "repeated": %d}' % (pushed[each] or 1, pushed[each] or 1)
            )
    assert {each.kind for each in sim.deliveries} == {"events", "usage", "sms", "sms status"}
    assert [each.id for each in received.of(CallbackSms)] == [number]
    assert [each.status.description for each in received.of(Sms)] == ["DELIVERED"]
    assert len(received.of(Event)) + len(received.of(UsageRecord)) == sum(pushed.values()) - 2
    counted = Counter((type(each), each.id) for each in received.records)
    assert set(counted.values()) == {1} and received.errors == []


async def test_a_burst_of_ten_thousand_records(
    make_sim: Callable[..., Simulator],  # noqa: F811
    session: Session,  # noqa: F811
    received: Received,
) -> None:
    sim = make_sim(sims=1_000, limits=None)  # noqa: F811
    with served(received.app(max_queued=1_000)) as http:
        async with session(sim) as client:
            path = await stream(client, f"{http.base_url}/", USAGE, headers=HEADERS, size=10_000, sim=sim)
            assert (await client.patch(path, json={"status": {"id": 2}})).status_code == 202
        sim.clock.advance(hours=60)
        await deliver(sim)
        assert sim.deliveries == []
        async with session(sim) as client:
            assert (await client.patch(path, json={"status": {"id": 1}})).status_code == 202
            sim.clock.advance(seconds=5)
        await deliver(sim)
        assert sim.deliveries[0].records == 10_000
        for _ in range(20):  # those that found the queue full
            sim.clock.advance(minutes=1)
            await deliver(sim)
            if sim.deliveries[-1].outcome == "delivered":
                break
        delivered = [each for each in sim.deliveries if each.outcome == "delivered"]
        assert {each.status for each in sim.deliveries} <= {200, 503}
    assert received.batches[0] == 10_000
    assert sum(received.batches) == sum(each.records for each in delivered) > 10_000
    assert len({each.id for each in received.records}) == len(received.records)


async def test_a_full_queue_loses_nothing_and_repeats_nothing(
    sim: Simulator,  # noqa: F811
    session: Session,  # noqa: F811
    received: Received,
) -> None:
    gate = threading.Event()

    def hold(events: list[Event]) -> None:
        gate.wait(60)
        received.keep_all(events)

    app = received.app(on_events=hold, max_queued=5)
    with served(app) as http:
        async with session(sim) as client:
            await stream(client, f"{http.base_url}/", headers=HEADERS, size=3, sim=sim)
            await change_sims(client, 12)
            await deliver(sim)
            assert [each.status for each in sim.deliveries] == [200, 503]
            gate.set()
            for _ in range(60):
                sim.clock.advance(minutes=1)
                await deliver(sim)
                if sim.deliveries[-1].outcome == "delivered":
                    break
            listed = (await client.get("/api/v1/event?sort=id&per_page=100&q=type:9")).json()
    ids = [each.id for each in received.records]
    assert ids == [each["id"] for each in listed][-12:] and len(ids) == 12


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ([], "no header authorization"),
        (["Authorization: Bearer wrong"], "the header authorization does not have the value"),
        (["X-Authorization: Bearer canary-of-a-stream"], "no header authorization"),
    ],
)
async def test_a_stream_with_the_wrong_header_stops(
    sim: Simulator,  # noqa: F811
    session: Session,  # noqa: F811
    received: Received,
    place: Serve,
    headers: list[str],
    error: str,
) -> None:
    served_app, path = place(received.app())
    with served(served_app) as http:
        async with session(sim) as client:
            await stream(client, f"{http.base_url}{path}", headers=headers, sim=sim)
            await change_sims(client, 1)
            await deliver(sim)
    (failed,) = sim.deliveries
    assert (failed.outcome, failed.status) == ("failed", 401)
    assert error in (failed.response_body or b"").decode()
    assert received.records == []


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("secret", [None, "another secret of 32 bytes or more", "short"])
async def test_a_callback_with_the_wrong_secret(
    sim: Simulator,  # noqa: F811
    session: Session,  # noqa: F811
    received: Received,
    secret: str | None,
) -> None:
    with served(received.app()) as http:
        async with session(sim) as client:
            await callback(client, f"{http.base_url}/", secret=secret)
            sim.send_sms_from_device(ENDPOINT, "level=3")
            await deliver(sim)
            (failed,) = sim.deliveries
            assert (failed.outcome, failed.status) == ("failed", 401)
            unsigned = {"Authorization": f"Bearer {jwt.encode({}, '', algorithm='none')}"}
            content = failed.request_body or b""
            assert http.post("/", content=content, headers=unsigned).status_code == 401
            assert received.records == []
            await callback(client, f"{http.base_url}/", secret=SECRET)
            number = sim.send_sms_from_device(ENDPOINT, "level=4")
            await deliver(sim)
    assert sim.deliveries[-1].outcome == "delivered"
    assert [each.id for each in received.records] == [number]


async def test_a_batch_that_is_too_large_is_refused_over_http(
    sim: Simulator,  # noqa: F811
    session: Session,  # noqa: F811
    received: Received,
    place: Serve,
) -> None:
    served_app, path = place(received.app(max_body_bytes=1_000))
    with served(served_app) as http:
        async with session(sim) as client:
            target = await stream(client, f"{http.base_url}{path}", headers=HEADERS, sim=sim)
            await change_sims(client, 5)
            await deliver(sim)
            assert [(each.outcome, each.status) for each in sim.deliveries] == [("failed", 413)]
            smaller = {"url": f"{http.base_url}{path}", "headers": HEADERS, "size": 1}
            destination = {"connection_type": "RestAPI", "credentials": smaller}
            assert (await client.patch(target, json={"destination": destination})).status_code == 202
            sim.clock.advance(seconds=5)
            await deliver(sim)
        endless = http.post(path, content=(b" " * 500 for _ in range(3)), headers=STREAM)
        assert endless.status_code == 413
    assert len(received.of(Event)) == 5


async def test_the_older_format_and_other_requests_over_http(received: Received, place: Serve) -> None:
    served_app, path = place(received.app())
    with served(served_app) as http:
        assert http.get(path).status_code == 405
        old = http.patch(path, content=body([in_old_format(EVENT)]), headers=STREAM)
        assert (old.status_code, old.json()) == (200, {"received": 1, "repeated": 0})
        broken = http.post(path, content=b"[{]", headers=STREAM)
        assert (broken.status_code, broken.json()) == (400, {"error": "the body is not JSON"})
    (event,) = received.records
    assert (event.id, event.alert) == (EVENT["id"], True)
