"""Usage: the same figures whether they are asked for by month, day or minute, by endpoint or SIM."""

from __future__ import annotations

from decimal import Decimal

import pytest

from aioemnify.simulator import Clock, Settings
from tests.simulator.fleet_calls import get, status_of, working

pytestmark = pytest.mark.anyio


@pytest.fixture
def sim(make_sim):
    """Return a simulator whose tokens outlive every test."""
    return make_sim(limits=None, settings=Settings(token_minutes=1e6))


def total(days, kind="data", name="volume"):
    return sum((Decimal(day[kind][name]) for day in days), Decimal(0))


async def test_days_add_up_to_months(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        for base in (f"/api/v1/endpoint/{endpoint['id']}", f"/api/v1/sim/{endpoint['sim']['id']}"):
            stats = await get(client, f"{base}/stats")
            for name, start, end, days in (
                ("current_month", "2025-01-01", "2025-01-31", 15),
                ("last_month", "2024-12-01", "2024-12-31", 31),
            ):
                daily = await get(client, f"{base}/stats/daily?start_date={start}&end_date={end}")
                assert len(daily) == days
                assert (daily[0]["date"], len({day["date"] for day in daily})) == (start, days)
                for direction in ("volume", "volume_rx", "volume_tx"):
                    assert total(daily, name=direction) == Decimal(stats[name]["data"][direction])
                assert Decimal(stats[name]["data"]["volume"]) > 1
                assert Decimal(stats[name]["data"]["cost"]) == pytest.approx(
                    total(daily, name="cost"), rel=Decimal("1e-9")
                )
            alone = await get(client, f"{base}/stats/daily")
            assert alone == await get(client, f"{base}/stats/daily?start_date=2025-01-01&end_date=2025-01-15")
            half = await get(client, f"{base}/stats/daily?start_date=2024-07-15")
            assert (half[0]["date"], half[-1]["date"]) == ("2024-07-15", "2024-12-31")
            one = await get(client, f"{base}/stats/daily?end_date=2024-11-10")
            assert (one[0]["date"], one[-1]["date"]) == ("2024-11-01", "2024-11-10")
            assert await status_of(client, "GET", f"{base}/stats/daily?start_date=yesterday") == 422


async def test_the_last_hour_is_what_the_day_grew_by(sim, session):
    async with session(sim) as client:
        base = f"/api/v1/endpoint/{(await working(client))['id']}"
        before = (await get(client, f"{base}/stats"))["current_month"]["data"]
        await client.post(f"{base}/sms", json={"payload": "x"})
        sim.clock.advance(hours=1)
        stats = await get(client, f"{base}/stats")
        hour = stats["last_hour"]
        assert [len(hour[kind][way]) for kind in ("data", "sms") for way in ("rx", "tx")] == [60] * 4
        assert (hour["data"]["rx"][0][0], hour["data"]["rx"][-1][0]) == ("12:00", "12:59")
        for way in ("rx", "tx"):
            grown = Decimal(stats["current_month"]["data"][f"volume_{way}"]) - Decimal(
                before[f"volume_{way}"]
            )
            assert sum(volume for _, volume in hour["data"][way]) == pytest.approx(float(grown), abs=1e-9)
        assert hour["sms"]["rx"][0] == ["12:00", 1]
        assert stats["current_month"]["sms"]["volume_rx"] == "1.000000"


async def test_the_same_seed_gives_the_same_figures(make_sim, session):
    bodies = []
    for seed in (7, 7, 8):
        async with session(make_sim(limits=None, seed=seed)) as client:
            card = (await working(client))["sim"]["id"]
            bodies.append(await get(client, f"/api/v1/sim/{card}/stats/daily?start_date=2024-12-01"))
    assert bodies[0] == bodies[1] != bodies[2]


async def test_nothing_flows_while_it_cannot(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        base, card = f"/api/v1/endpoint/{endpoint['id']}", endpoint["sim"]["id"]
        history = await get(client, f"{base}/stats/daily?start_date=2024-12-01&end_date=2025-01-14")

        async def today():
            daily = await get(client, f"{base}/stats/daily")
            return daily[-1]["data"]["volume"] if daily[-1]["date"] == "2025-01-15" else "0"

        for off, on in (
            ({"status": {"id": 1}}, {"status": {"id": 0}}),
            ({"sim": {"id": None}}, {"sim": {"id": card}}),
        ):
            before = await today()
            await client.patch(base, json=off)
            sim.clock.advance(hours=1)
            assert await today() == before
            await client.patch(base, json=on)
            sim.clock.advance(hours=1)
            assert Decimal(await today()) > Decimal(before)
        again = await get(client, f"{base}/stats/daily?start_date=2024-12-01&end_date=2025-01-14")
        assert again == history


async def test_a_sim_takes_its_figures_along_and_the_endpoint_keeps_its_own(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        base, card = f"/api/v1/endpoint/{endpoint['id']}", f"/api/v1/sim/{endpoint['sim']['id']}"
        other = (await get(client, "/api/v1/sim?q=endpoint:null,status:0"))[0]["id"]
        await client.patch(base, json={"sim": {"id": other, "status": {"id": 1}}})
        sim.clock.advance(days=2)
        query = "stats/daily?start_date=2025-01-01&end_date=2025-01-31"
        of_endpoint, of_old = await get(client, f"{base}/{query}"), await get(client, f"{card}/{query}")
        of_new = await get(client, f"/api/v1/sim/{other}/{query}")
        assert (of_old[-1]["date"], of_new[0]["date"], of_new[-1]["date"]) == (
            "2025-01-15",
            "2025-01-15",
            "2025-01-17",
        )
        assert total(of_endpoint) == total(of_old) + total(of_new)


async def test_a_hundred_kilobytes_end_factory_test(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        base = f"/api/v1/endpoint/{endpoint['id']}"
        card = (await get(client, "/api/v1/sim?q=endpoint:null,status:0"))[0]["id"]
        await client.patch(base, json={"sim": {"id": card, "status": {"id": 4}}})
        sim.clock.advance(seconds=30)
        assert (await get(client, f"/api/v1/sim/{card}"))["status"]["id"] == 4
        sim.clock.advance(days=2)
        assert (await get(client, f"/api/v1/sim/{card}"))["status"]["id"] == 1
        event = (await get(client, "/api/v1/event?q=type:8"))[0]
        assert event["description"] == "SIM activated after factory test volume reached."
        assert event["timestamp"] < "2025-01-17"


async def test_who_never_worked_used_nothing(make_sim, session):
    sim = make_sim(limits=None, clock=Clock.manual())
    async with session(sim) as client:
        for query in ("sim?q=status:0,endpoint:null", "sim?q=status:4"):
            card = (await get(client, f"/api/v1/{query}"))[0]["id"]
            assert await get(client, f"/api/v1/sim/{card}/stats/daily") == []
            assert (await get(client, f"/api/v1/sim/{card}/stats"))["current_month"]["data"]["volume"] == (
                "0.000000"
            )
        bare = (await get(client, "/api/v1/endpoint?q=sim_status:null"))[0]["id"]
        assert set(await get(client, f"/api/v1/endpoint/{bare}/stats")) == {"last_hour"}
        counts = await get(client, "/api/v1/endpoint/stats/whatever/there/is")
        assert counts["total"] == len(await get(client, "/api/v1/endpoint"))
