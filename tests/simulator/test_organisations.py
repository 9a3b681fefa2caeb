"""Organisations: the caller's own, statistics that agree with each other, booked volumes, the tariff."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.simulator.people import codes, events_of

pytestmark = pytest.mark.anyio
MY = "/api/v1/organisation/my"


async def test_my_organisation(sim, session):
    async with session(sim) as client:
        own = (await client.get(MY)).json()
        assert (own["id"], own["name"]) == (sim.organisation_id, "Simulated Fleet")
        assert own["organisation_status_id"] == "0"
        assert (await client.get("/api/v1/organisation/status")).json() == [
            {"id": 0, "description": "Enabled"}
        ]
    async with session(sim, sim.second_application_token) as client:
        assert (await client.get(MY)).json()["relation"] == {"parentOrg": sim.organisation_id}


async def test_only_own_organisations_and_those_below_are_seen(sim, session):
    third = sim.add_organisation("Third", sims=5)
    async with session(sim, third) as client:
        foreign = (await client.get(MY)).json()["id"]
        answer = await client.get(f"/api/v1/organisation/{sim.organisation_id}/stats")
        assert (answer.status_code, answer.json()["error_code"]) == (403, 1104)
    async with session(sim) as client:
        for identity, status in ((sim.organisation_id, 200), (foreign, 403), (77, 404), ("x", 404)):
            assert (await client.get(f"/api/v1/organisation/{identity}/stats")).status_code == status
        below = await client.get(f"/api/v1/organisation/{sim.second_organisation_id}/stats")
        assert below.json()["sim"]["total"] == 10
    async with session(sim, sim.second_application_token) as client:
        answer = await client.get(f"/api/v1/organisation/{sim.organisation_id}/stats")
        assert answer.status_code == 403


async def test_hours_days_and_months_agree(sim, session):
    sim.clock.advance(days=70, hours=5.5)
    async with session(sim) as client:
        month = (await client.get(f"{MY}/stats")).json()
        days = (await client.get(f"{MY}/stats/daily")).json()
        assert (await client.get("/api/v1/stats/daily")).json() == days
        total = days.pop()
        assert total["date"] == "TOTAL"
        for kind in ("data", "sms"):
            for member in ("volume", "volume_rx", "volume_tx"):
                added = sum(Decimal(day[kind][member]) for day in days)
                assert added == Decimal(total[kind][member])
                assert added == Decimal(month["current_month"][kind][member])
        first = month["last_month"]["data"]["month"]
        last_month = f"{MY}/stats/daily?start_date={first}&end_date={days[0]['date']}"
        rows = (await client.get(last_month)).json()
        assert sum(Decimal(row["data"]["volume"]) for row in rows[:-2]) == Decimal(
            month["last_month"]["data"]["volume"]
        )
        whole = rows[0]
        hours = (
            await client.get(
                f"{MY}/stats/hourly?start_date={whole['date']}T00:00:00Z&end_date={rows[1]['date']}T00:00:00Z"
            )
        ).json()
        assert [point[0] for point in hours["data"]["rx"]] == [f"{hour:02d}:00" for hour in range(24)]
        received = sum(round(volume * 10**6) for _, volume in hours["data"]["rx"])
        assert received == Decimal(whole["data"]["volume_rx"]) * 10**6
        # Messages from devices are rx by the hour and tx by the day.
        sent = sum(volume for _, volume in hours["sms"]["rx"])
        assert sent == Decimal(whole["sms"]["volume_tx"])
        recent = (await client.get(f"{MY}/stats/hourly")).json()
        assert len(recent["data"]["tx"]) == 3


async def test_the_same_seed_gives_the_same_usage_and_the_past_stays(make_sim, session):
    sims = [make_sim(limits=None), make_sim(limits=None)]
    answers = []
    for sim in sims:
        async with session(sim) as client:
            day = (await client.get(f"{MY}/stats/daily")).json()[0]["date"]
            sim.clock.advance(days=3)
            path = f"{MY}/stats/daily?start_date={day}&end_date={day}"
            answers.append((await client.get(path)).json())
            sim.clock.advance(days=30)
            assert (await client.get(path)).json() == answers[-1]
    assert answers[0] == answers[1]


async def test_counts_follow_the_fleet(sim, session):
    async with session(sim) as client:
        before = (await client.get(f"{MY}/stats")).json()
        assert before["sim"]["total"] == 50
        issued = (await client.get("/api/v1/sim?q=status:0&per_page=1")).json()[0]["id"]
        await client.patch(f"/api/v1/sim/{issued}", json={"status": {"id": 1}})
        after = (await client.get(f"{MY}/stats")).json()
        assert after["sim"]["active"] == before["sim"]["active"] + 1 == after["active_chargeable_sims"]
        assert after["sim"]["issued"] == before["sim"]["issued"] - 1
        assert (after["users"], after["service_profiles"], after["tariff_profiles"]) == (1, 2, 2)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("start_date=yesterday", [1403]),
        ("start_date=x&end_date=y", [1403, 1403]),
        ("start_date=2024-02-02&end_date=2024-02-01", [1404]),
    ],
)
async def test_bad_dates(sim, session, query, expected):
    async with session(sim) as client:
        for path in (f"{MY}/stats/daily", f"{MY}/stats/hourly", "/api/v2/workspace/stats/daily"):
            assert codes(await client.get(f"{path}?{query}")) == expected


async def test_the_bounds_of_daily_statistics(sim, session):
    path = f"{MY}/stats/daily"
    async with session(sim) as client:
        rows = (await client.get(f"{path}?start_date=2024-02-05")).json()
        assert [rows[0]["date"], rows[-2]["date"], len(rows)] == ["2024-02-05", "2024-02-29", 26]
        assert rows == (await client.get(f"{path}?start_date=2024-02-05&end_date=2024-02-29")).json()
        today = f"{datetime.fromtimestamp(sim.clock.wall(), UTC):%Y-%m-%d}"
        this_month = (await client.get(f"{path}?start_date={today[:8]}01")).json()
        assert this_month == (await client.get(path)).json()
        assert this_month[-2]["date"] == today
        assert codes(await client.get(f"{path}?end_date=2024-02-05")) == [1402]
        # Others have defaults of their own, which an end moves.
        for other in (f"{MY}/stats/hourly", "/api/v2/workspace/stats/daily"):
            assert (await client.get(f"{other}?end_date=2024-02-05")).status_code == 200


async def test_hosting_fees_are_there_unless_they_are_zero(make_sim, session):
    async with session(make_sim(limits=None)) as client:
        stats = (await client.get(f"{MY}/stats")).json()
        assert stats["hosting_fees"] == stats["sim"]["suspended"] / 10 > 0
    async with session(make_sim(limits=None, sims=0)) as client:
        assert "hosting_fees" not in (await client.get(f"{MY}/stats")).json()


async def test_inclusive_volumes_and_the_tariff(sim, session):
    async with session(sim) as client:
        active = f"{MY}/inclusive_volume/active"
        assert (await client.get(active)).json() == []
        booked = await client.put(f"{MY}/inclusive_volume/111")
        assert (booked.status_code, booked.json()["pooled"]) == (201, True)
        dates = {"start_date": "2035-01-01", "end_date": "2035-03-31", "pooled": False}
        later = await client.put(f"{MY}/inclusive_volume/112", json=dates)
        assert later.json()["end_date"] == "2035-04-01T00:00:00.000Z"
        (volume,) = (await client.get(active)).json()
        assert (volume["id"], volume["volume"], volume["ratezone"]["id"]) == (111, 100, 11)
        assert (await client.get(f"{MY}/stats")).json()["inclusive_volume"]["pooled"] == 1.5
        assert (await client.put(f"{MY}/inclusive_volume/5")).status_code == 404
        for bad in ("2035-01-02", "soon"):
            answer = await client.put(f"{MY}/inclusive_volume/111", json={"start_date": bad})
            assert answer.status_code in (400, 422)
        path = f"/api/v1/organisation/{sim.organisation_id}/tariff"
        assert codes(await client.patch(path, json={"id": 99})) == [1401]
        assert (await client.patch(path, json={"id": 3})).status_code == 200
        assert (await client.get(active)).json() == []
        profiles = (await client.get("/api/v1/tariff_profile")).json()
        assert {profile["tariff"]["id"] for profile in profiles} == {3}
        one = (await client.get(f"/api/v1/tariff_profile/{profiles[0]['id']}")).json()
        assert [zone["id"] for zone in one["ratezone"]] == [31]
        (event,) = await events_of(client, 31)
        assert event["detail"] == {"changed_data": [{"tariff": {"old": 1, "new": 3}}]}
