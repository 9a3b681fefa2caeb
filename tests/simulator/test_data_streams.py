"""Data streams: every kind of destination, statuses that move with time, filters, secrets masked."""

from __future__ import annotations

import pytest

from aioemnify.simulator import Settings
from tests.simulator.people import codes

pytestmark = pytest.mark.anyio
PATH = "/api/v2/data_stream"
ROLE = {"region": "eu-west-1", "role_arn": "arn:aws:iam::1:role/x"}
DESTINATIONS = {
    "AwsKinesis": (ROLE | {"stream_name": "s"}, {}),
    "S3": (ROLE | {"bucket_name": "b"}, {"flush_size": 10_000, "rotate_interval": 10_000}),
    "RestAPI": ({"url": "https://example.com/in"}, {"method": "POST", "size": 3_000}),
    "KeenIO": ({"project_id": "p", "write_key": "k", "collection_name": "c"}, {"size": 3_000}),
    "Datadog": ({"api_key": "k"}, {"region": "US"}),
    "EventHubs": ({"connection_string": "k"}, {}),
    "PubSub": ({"cps_topic": "t", "cps_project": "p"}, {}),
}
MASKED = {"write_key", "api_key", "connection_string"}


def stream(kind: str = "RestAPI", *, of: int = 2, **members) -> dict:
    destination = {"connection_type": kind, "credentials": DESTINATIONS[kind][0]}
    return {"data_stream_type": {"id": of}, "destination": destination} | members


def webhook(**credentials) -> dict:
    kind = {"connection_type": "RestAPI", "credentials": {"url": "https://example.com"} | credentials}
    return stream() | {"destination": kind}


@pytest.mark.parametrize("kind", DESTINATIONS)
async def test_every_kind_of_destination(sim, session, kind):
    async with session(sim) as client:
        made = await client.post(PATH, json=stream(kind))
        assert (made.status_code, made.content) == (201, b"")
        one = (await client.get(made.headers["Location"])).json()
        assert (await client.get(PATH)).json() == [one]
        sent, defaults = DESTINATIONS[kind]
        expected = {name: "***" if name in MASKED else value for name, value in (sent | defaults).items()}
        assert one["destination"] == {
            "connection_type": kind,
            "format": "Json",
            "credentials": expected,
        }
        assert one["data_stream_type"] == {"id": 2, "description": "Event"}
        bare = stream(kind)
        bare["destination"]["credentials"] = {}
        missing = [name for name in sent if name != "region" or kind in ("AwsKinesis", "S3")]
        assert codes(await client.post(PATH, json=bare)) == [1402] * len(missing)


async def test_statuses_move_with_time(make_sim, session):
    sim = make_sim(limits=None, settings=Settings(stream_start_seconds=10, stream_retry_minutes=5))
    async with session(sim) as client:

        async def statuses() -> list[int]:
            return [each["status"]["id"] for each in (await client.get(PATH)).json()]

        good = (await client.post(PATH, json=stream())).headers["Location"]
        lost = (await client.post(PATH, json=webhook(url="https://nowhere.invalid/"))).headers["Location"]
        assert await statuses() == [4, 4]
        assert (await client.post(f"{good}/restart")).status_code == 409
        sim.clock.advance(seconds=10)
        assert await statuses() == [1, 1]
        sim.clock.advance(minutes=5)
        assert await statuses() == [1, 3]
        assert (await client.post(f"{good}/restart")).status_code == 409
        assert (await client.post(f"{lost}/restart")).status_code == 202
        assert await statuses() == [1, 4]
        pause = await client.patch(good, json={"status": {"id": 2}})
        assert (pause.status_code, pause.content) == (202, b"")
        sim.clock.advance(hours=1)
        assert await statuses() == [2, 3]
        assert (await client.patch(good, json={"status": {"id": 1}})).status_code == 202
        moved = {"destination": stream()["destination"]}
        assert (await client.patch(lost, json=moved)).status_code == 202
        assert await statuses() == [4, 4]
        sim.clock.advance(hours=1)
        assert await statuses() == [1, 1]
        assert (await client.delete(lost)).status_code == 202
        assert (await client.delete(lost)).status_code == 409
        assert (await client.get(lost)).status_code == 200
        sim.clock.advance(seconds=10)
        assert (await client.get(lost)).status_code == 404
        assert await statuses() == [1]


async def test_changing_a_stream(sim, session):
    filters = [{"field": "event_type_id", "value": [1, "2"]}, {"or": [{"field": "alert", "value": True}]}]
    async with session(sim) as client:
        made = await client.post(PATH, json=stream(filters=filters, name="mine", status={"id": 2}))
        path = made.headers["Location"]
        one = (await client.get(path)).json()
        assert (one["filters"], one["name"], one["status"]["id"]) == (filters, "mine", 2)
        assert codes(await client.patch(path, json={"data_stream_type": {"id": 1}})) == [1404]
        body = {
            "filters": [],
            "data_stream_type": {"id": 1},
            "name": "yours",
            "relation_resolution": {"a": 1},
        }
        assert (await client.patch(path, json=body)).status_code == 202
        one = (await client.get(path)).json()
        assert (one["filters"], one["name"], one["data_stream_type"]["id"]) == ([], "yours", 1)
        assert one["relation_resolution"] == {"a": 1}
        header = webhook(headers=["Authorization: secret", "x:y"])
        await client.patch(path, json={"destination": header["destination"]})
        shown = (await client.get(path)).json()["destination"]["credentials"]["headers"]
        assert shown == ["Authorization:***", "x:***"]
        for status, code in ((3, 1404), (4, 1404), (9, 1401)):
            assert codes(await client.patch(path, json={"status": {"id": status}})) == [code]
        async with session(sim, sim.second_application_token) as other:
            assert (await other.get(path)).status_code == 404
            assert (await other.get(PATH)).json() == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [1402, 1402]),
        ({"data_stream_type": {"id": 9}, "destination": {}}, [1402]),
        ({"data_stream_type": {"id": 9}, "destination": {"connection_type": "Fax"}}, [1401, 1404]),
        ({"data_stream_type": {"id": 1}, "destination": {"connection_type": "S3"}}, [1402]),
        (webhook(url="ftp://x", method="GET", size=0, headers=["x"]), [1404, 1404, 1403, 1403]),
        (webhook(url=5, size="x"), [1403, 1403]),
        (stream(of=1, filters=[{"field": "alert", "value": True}]), [1404]),
        (stream(filters=[{"field": "alert", "value": 3}, {"field": "shoe"}, {}]), [1403, 1404, 1402]),
        (stream(filters=[{"field": "event_type_id", "value": [1, 999]}, {"field": "alert"}]), [1401, 1402]),
        (stream("Datadog") | {"status": {"id": 3}}, [1404]),
    ],
)
async def test_mistakes_are_named_together(sim, session, body, expected):
    async with session(sim) as client:
        assert sorted(codes(await client.post(PATH, json=body))) == sorted(expected)


async def test_filters_within_filters_end(sim, session):
    deep: dict = {"field": "alert", "value": True}
    for _ in range(50):
        deep = {"or": [deep]}
    async with session(sim) as client:
        assert codes(await client.post(PATH, json=stream(filters=[deep]))) == [1404]


async def test_lookups(sim, session):
    async with session(sim) as client:
        for name, count in (("type", 2), ("status", 4), ("filter_field_type", 2), ("connection_type", 7)):
            assert len((await client.get(f"{PATH}/{name}")).json()) == count
