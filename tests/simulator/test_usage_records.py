"""Usage records: from the same traffic as the statistics, in the documented form, one per SMS."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from aioemnify.simulator.usage.endpoint_usage import pieces
from tests.simulator.receiver import Receiver, deliver
from tests.simulator.test_deliveries import ENDPOINT, USAGE, change_sims, stream

pytestmark = pytest.mark.anyio


@pytest.fixture
def receiver():
    with Receiver() as server:
        yield server


def seconds(text):
    return datetime.fromisoformat(text).timestamp()


async def test_the_sum_of_records_is_the_statistics(sim, session, receiver):
    sim.clock.advance(hours=12)  # midnight
    async with session(sim) as client:
        await stream(client, receiver.url, USAGE)
    sim.clock.advance(hours=53, minutes=7)
    async with session(sim) as client:
        # The end of a session has a record too, so nothing is left out.
        for each in (await client.get("/api/v1/sim?q=status:1&per_page=50")).json():
            await client.patch(f"/api/v1/sim/{each['id']}", json={"status": {"id": 2}})
        await deliver(sim)
        records, online = receiver.items(), 0
        for number in range(1, 31):
            days = (await client.get(f"/api/v1/endpoint/{number}/stats/daily")).json()
            days = [day for day in days if day["date"] >= "2025-01-16"]
            own = [each for each in records if each["endpoint"]["id"] == number]
            online += bool(own)
            for way in ("rx", "tx"):
                recorded = sum((Decimal(str(each["volume"][way])) for each in own), Decimal(0))
                assert recorded == sum((Decimal(day["data"][f"volume_{way}"]) for day in days), Decimal(0))
            cost = sum((Decimal(str(each["cost"])) for each in own), Decimal(0))
            assert cost == sum((Decimal(day["data"]["cost"]) for day in days), Decimal(0))
    assert online > 10
    assert len({each["id"] for each in records}) == len(records) > 300


async def test_records_add_up_exactly(sim, session, receiver):
    async with session(sim) as client:
        path = await stream(client, receiver.url, USAGE)
        identity = int(path.rpartition("/")[2])
    organisation = sim.installation.world.organisations[sim.organisation_id]
    began = organisation.streams.streams[identity].started
    for _ in range(40):
        sim.clock.advance(minutes=37, seconds=11.5)
        await deliver(sim)
    by_endpoint = Counter()
    for each in receiver.items():
        by_endpoint[each["endpoint"]["id"]] += round(each["volume"]["total"] * 10**6)
    assert len(by_endpoint) > 10
    for number, total in by_endpoint.items():
        last = max(each["end_timestamp"] for each in receiver.items() if each["endpoint"]["id"] == number)
        found = pieces(sim.installation.world, organisation, number, began, seconds(last))
        assert total == sum(piece.rx + piece.tx for piece in found)


async def test_one_record(sim, session, receiver):
    async with session(sim) as client:
        await stream(client, receiver.url, USAGE)
        sim.clock.advance(hours=3)
        await deliver(sim)
        records = [each for each in receiver.items() if each["endpoint"]["id"] == ENDPOINT]
        endpoint = (await client.get(f"/api/v1/endpoint/{ENDPOINT}")).json()
        card = (await client.get(f"/api/v1/sim/{endpoint['sim']['id']}")).json()
    for earlier, later in pairwise(records):
        assert earlier["end_timestamp"] == later["start_timestamp"]
    for each in records:
        assert each["volume"]["total"] >= 0.1
        assert seconds(each["end_timestamp"]) % 45 == 0
    one = records[-1]
    total = one["volume"]["total"]
    assert one == {
        "id": one["id"],
        "start_timestamp": one["start_timestamp"],
        "end_timestamp": one["end_timestamp"],
        "volume": {
            "rx": one["volume"]["rx"],
            "tx": pytest.approx(total - one["volume"]["rx"]),
            "total": total,
        },
        "cost": pytest.approx(total * 0.02),
        "currency": {"id": 1, "code": "EUR", "symbol": "€"},
        "traffic_type": {"id": 5, "description": "Data"},
        "endpoint": {name: endpoint[name] for name in ("id", "name", "ip_address", "tags", "imei")}
        | {"balance": None},
        "sim": {
            "id": card["id"],
            "iccid": card["iccid"],
            "msisdn": card["msisdn"],
            "production_date": card["production_date"].replace(".000+0000", "Z"),
        },
        "imsi": card["imsi"],
        "imsi_id": card["id"],
        "organisation": {"id": sim.organisation_id, "name": "Simulated Fleet"},
        "operator": one["operator"],
        "tariff": {"id": 1, "name": "Europe", "ratezone": {"id": 11, "name": "Europe 1"}},
        "session_id": records[0]["session_id"],
    }
    assert one["operator"]["country"] == {"id": 74, "name": "Germany", "mcc": "262"}
    assert one["start_timestamp"].endswith("Z") and "." not in one["end_timestamp"]


async def test_the_end_of_a_session_and_the_next_one(sim, session, receiver):
    async with session(sim) as client:
        await stream(client, receiver.url, USAGE)
        endpoint = (await client.get(f"/api/v1/endpoint/{ENDPOINT}")).json()
        card = f"/api/v1/sim/{endpoint['sim']['id']}"
        sim.clock.advance(minutes=10)
        await client.patch(card, json={"status": {"id": 2}})
        await deliver(sim)
        (first,) = receiver.items()
        assert (first["start_timestamp"], first["end_timestamp"]) == (
            "2025-01-15T12:00:00Z",
            "2025-01-15T12:10:00Z",
        )
        sim.clock.advance(minutes=10)
        await client.patch(card, json={"status": {"id": 1}})
        sim.clock.advance(minutes=5)
        await client.patch(card, json={"status": {"id": 2}})
        await deliver(sim)
        second = receiver.items()[-1]
        assert (second["start_timestamp"], second["end_timestamp"]) == (
            "2025-01-15T12:20:00Z",
            "2025-01-15T12:25:00Z",
        )
    assert first["session_id"] != second["session_id"]


async def test_messages_have_a_record_each(sim, session, receiver):
    async with session(sim) as client:
        await stream(client, receiver.url, USAGE)
        sim.send_sms_from_device(ENDPOINT, "level=3")
        await client.post(f"/api/v1/endpoint/{ENDPOINT}/sms", json={"payload": "on"})
        sim.clock.advance(seconds=5)
        await deliver(sim)
        stats = (await client.get(f"/api/v1/endpoint/{ENDPOINT}/stats")).json()["current_month"]["sms"]
    sent, received = receiver.items()
    assert sent["traffic_type"] == {"id": 6, "description": "SMS"}
    assert (sent["volume"], received["volume"]) == (
        {"rx": 1, "tx": 0, "total": 1},
        {"rx": 0, "tx": 1, "total": 1},
    )
    assert (sent["cost"], "session_id" in sent) == (0.06, False)
    assert received["end_timestamp"] == "2025-01-15T12:00:03Z"
    assert float(stats["volume"]) == 2


async def test_a_clock_that_jumps_far_writes_no_more_than_a_week(sim, session, receiver):
    async with session(sim) as client:
        await stream(client, receiver.url, USAGE)
        sim.clock.advance(days=400)
        await deliver(sim)
    oldest = min(seconds(each["start_timestamp"]) for each in receiver.items())
    assert oldest >= sim.clock.wall() - 7 * 86_400
    assert 1_000 < len(receiver.items()) < 30_000


async def test_meters_end_with_the_last_stream(sim, session, receiver):
    async with session(sim) as client:
        path = await stream(client, receiver.url, USAGE)
        sim.clock.advance(hours=2)
        await deliver(sim)
        usage = sim.installation.world.organisations[sim.organisation_id].usage
        assert (len(usage.records), usage.since is None) == (0, False)  # all delivered
        await client.delete(path)
        sim.clock.advance(hours=2)
        await deliver(sim)
        count = len(receiver.items())
        assert (usage.since, usage.meters, usage.schedule) == (None, {}, [])
    async with session(sim) as client:
        await stream(client, receiver.url, USAGE, sim=sim)
        await change_sims(client, 1)
        await deliver(sim)
    assert len(receiver.items()) == count + 1
