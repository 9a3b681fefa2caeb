"""Quotas and limits: what is left, who is blocked, and when that ends."""

from __future__ import annotations

import pytest

from aioemnify.simulator import Settings
from tests.simulator.fleet_calls import faults, get, kinds, status_of, working

pytestmark = pytest.mark.anyio


@pytest.fixture
def sim(make_sim):
    """Return a simulator whose tokens outlive every test."""
    return make_sim(limits=None, settings=Settings(token_minutes=1e6))


QUOTA = {
    "status": {"id": 1},
    "volume": 1,
    "expiry_date": "2025-03-01T00:00:00Z",
    "action_on_exhaustion": {"id": 1},
}


async def word(client, endpoint):
    return (await get(client, f"/api/v1/endpoint/{endpoint}/connectivity"))["status"]["description"]


async def month(client, endpoint):
    """Return the bytes of this month."""
    stats = await get(client, f"/api/v1/endpoint/{endpoint}/stats")
    return round(float(stats.get("current_month", {"data": {"volume": 0}})["data"]["volume"]) * 1e6)


async def test_a_data_quota_counts_down_and_blocks(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        path = f"/api/v1/endpoint/{endpoint['id']}/quota/data"
        profile = f"/api/v1/service_profile/{endpoint['service_profile']['id']}"
        assert await status_of(client, "GET", path) == 404
        assert await status_of(client, "PATCH", profile, {"apply_data_quota": True}) == 201
        assert await word(client, endpoint["id"]) == "BLOCKED"
        before = await month(client, endpoint["id"])
        sim.clock.advance(hours=3)
        assert await month(client, endpoint["id"]) == before

        answer = await client.post(path, json=QUOTA | {"threshold_percentage": 20})
        assert (answer.status_code, answer.headers["Location"]) == (201, f"{sim.url}{path}")
        assert await word(client, endpoint["id"]) == "ONLINE"
        sim.clock.advance(hours=2)
        body = await get(client, path)
        assert 0 < body["volume"] < 1
        assert round(body["volume"] * 1e6) == 1_000_000 - (await month(client, endpoint["id"]) - before)
        assert (body["last_volume_added"], body["auto_refill"], body["threshold_volume"]) == (1, 0, 0.2)
        sim.clock.advance(days=4)
        body = await get(client, path)
        assert (body["volume"], body["status"]) == (0, {"id": 2, "description": "EXHAUSTED"})
        used = await month(client, endpoint["id"]) - before
        assert 1_000_000 <= used < 1_000_100
        assert await word(client, endpoint["id"]) == "BLOCKED"
        assert (await kinds(client)) == [52, 56, 18, 19]
        assert [item["event_type"]["id"] for item in await get(client, "/api/v1/event?q=alert:true")] == [19]

        assert await status_of(client, "POST", path, QUOTA | {"volume": 500}) == 201
        assert await word(client, endpoint["id"]) == "ONLINE"
        sim.clock.advance(days=60)
        body = await get(client, path)
        assert (body["status"]["id"], body["last_status_change_date"]) == (3, "2025-03-01T00:00:00.000Z")
        assert await word(client, endpoint["id"]) == "BLOCKED"
        await client.patch(profile, json={"apply_data_quota": False})
        assert await word(client, endpoint["id"]) == "ONLINE"
        assert await status_of(client, "DELETE", path) == 204
        assert await status_of(client, "DELETE", path) == 404
        assert (await kinds(client))[-3:] == [60, 53, 57]


async def test_a_refill_gives_the_volume_again_each_day(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        profile = f"/api/v1/service_profile/{endpoint['service_profile']['id']}"
        await client.patch(profile, json={"apply_data_quota": True})
        path = f"/api/v1/endpoint/{endpoint['id']}/quota/data"
        assert await status_of(client, "POST", path, QUOTA | {"volume": 0.01, "auto_refill": 1}) == 201
        sim.clock.advance(hours=11)
        assert (await get(client, path))["status"]["id"] == 2
        sim.clock.advance(hours=1)
        body = await get(client, path)
        assert (body["status"]["id"], body["volume"]) == (1, 0.01)
        assert body["last_status_change_date"] == "2025-01-16T00:00:00.000Z"
        sim.clock.advance(days=10, hours=23)
        days = await get(client, f"/api/v1/endpoint/{endpoint['id']}/stats/daily?start_date=2025-01-16")
        # One second more than the volume flows before the stop is noticed.
        assert [float(day["data"]["volume"]) for day in days[:-1]] == pytest.approx([0.01] * 10, abs=1e-4)


async def test_a_quota_that_nobody_asks_for_only_counts(sim, session):
    async with session(sim) as client:
        endpoint = (await working(client))["id"]
        path = f"/api/v1/endpoint/{endpoint}/quota/data"
        await client.post(path, json=QUOTA)
        sim.clock.advance(days=10)
        assert (await get(client, path))["status"]["id"] == 2
        assert await word(client, endpoint) == "ONLINE"


async def test_an_sms_quota(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        base = f"/api/v1/endpoint/{endpoint['id']}"
        profile = f"/api/v1/service_profile/{endpoint['service_profile']['id']}"
        path, quota = f"{base}/quota/sms", QUOTA | {"volume": 3, "threshold_percentage": 50}
        await client.patch(profile, json={"apply_sms_quota": True})
        ends = []

        async def send():
            place = (await client.post(f"{base}/sms", json={"payload": "x"})).headers["Location"]
            sim.clock.advance(5)
            ends.append((await get(client, place))["status"]["id"])

        await send()
        del quota["action_on_exhaustion"]
        assert await status_of(client, "POST", path, quota | {"auto_refill": True}) == 201
        for _ in range(4):
            await send()
        assert ends == [5, 4, 4, 4, 5]
        body = await get(client, path)
        assert (body["volume"], body["status"]["id"], body["auto_refill"]) == (0, 2, True)
        sim.clock.advance(hours=12)
        body = await get(client, path)
        assert (body["volume"], body["status"]["id"]) == (3, 1)
        assert await kinds(client) == [54, 58, 20, 21]
        assert await status_of(client, "DELETE", f"{profile}/quota/sms") == 204
        assert await status_of(client, "GET", path) == 404
        assert await status_of(client, "DELETE", path) == 404
        assert await status_of(client, "DELETE", f"{profile}/quota/voice") == 404
        assert (await kinds(client))[-1] == 59


async def test_what_is_no_quota(sim, session):
    async with session(sim) as client:
        base = f"/api/v1/endpoint/{(await working(client))['id']}/quota"
        wrong = {
            "status": {"id": 2},
            "volume": -1,
            "expiry_date": "2020-01-01T00:00:00Z",
            "threshold_percentage": 101,
            "action_on_exhaustion": {"id": 2},
        }
        names = ("status", "volume", "expiry_date", "action_on_exhaustion", "threshold_percentage")
        assert await faults(client, "POST", f"{base}/data", wrong) == [
            f"Quota - {name} out of range" for name in names
        ]
        assert await faults(client, "POST", f"{base}/sms", {}) == [
            "Endpoint - status is required",
            "Endpoint - volume is required",
            "Endpoint - expiry_date is required",
        ]
        bare = {name: QUOTA[name] for name in ("status", "volume", "expiry_date")}
        assert await faults(client, "POST", f"{base}/data", bare) == [
            "Quota - action_on_exhaustion is required"
        ]
        assert await faults(client, "POST", f"{base}/sms", bare) == [
            "Quota - threshold_percentage is required"
        ]


async def test_a_data_limit_blocks_until_it_is_raised(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        base = f"/api/v1/endpoint/{endpoint['id']}"
        limits = f"/api/v1/service_profile/{endpoint['service_profile']['id']}/traffic_limit"
        used = await month(client, endpoint["id"])
        assert used > 0
        extend = f"{base}/traffic_limit_extension"
        assert await status_of(client, "POST", extend, {"volume": 5}) == 400
        body = {"service": {"id": 38}, "volume": used + 500_000, "period": {"id": 2}, "warning_percent": 80}
        made = await client.post(limits, json=body)
        assert made.status_code == 201
        assert await status_of(client, "POST", limits, body) == 409
        listed = await get(client, limits)
        assert (listed[0]["volume"], listed[0]["service"]["id"], listed[0]["warning_percent"]) == (
            used + 500_000,
            38,
            80,
        )
        assert await word(client, endpoint["id"]) == "ONLINE"
        sim.clock.advance(days=5)
        assert await month(client, endpoint["id"]) == used + 500_000
        assert await word(client, endpoint["id"]) == "BLOCKED"

        made = await client.post(extend, json={"volume": 100_000})
        assert made.status_code == 201
        extension = made.json()
        assert (extension["volume"], extension["traffic_limit_id"]) == (100_000, listed[0]["id"])
        assert extension["expiration_date"] == "2025-02-01T00:00:00.000Z"
        assert await get(client, extend) == [extension]
        assert await word(client, endpoint["id"]) == "ONLINE"
        sim.clock.advance(days=2)
        assert await month(client, endpoint["id"]) == used + 600_000
        await client.post(extend, json={"volume": 10**9, "traffic_limit_id": listed[0]["id"]})
        assert await status_of(client, "POST", extend, {"volume": 1, "traffic_limit_id": 999}) == 404
        assert await status_of(client, "POST", extend, {"volume": -1}) == 400
        assert await status_of(client, "DELETE", extend) == 204
        assert await status_of(client, "DELETE", extend) == 404
        assert await get(client, extend) == []
        assert await word(client, endpoint["id"]) == "BLOCKED"
        sim.clock.advance(days=10)
        assert await word(client, endpoint["id"]) == "ONLINE"
        stats = await get(client, f"{base}/stats")
        assert stats["last_month"]["data"]["volume"] == f"{(used + 600_000) / 1e6:.6f}"
        assert await status_of(client, "DELETE", f"{limits}/{listed[0]['id']}") == 204
        assert await status_of(client, "DELETE", f"{limits}/{listed[0]['id']}") == 404


async def test_what_is_no_data_limit(sim, session):
    async with session(sim) as client:
        path = "/api/v1/service_profile/400001/traffic_limit"
        good = {"service": {"id": 38}, "volume": 1000}
        for wrong in (
            {"service": {"id": 22}},
            {"period": {"id": 1}},
            {"volume": -1},
            {"warning_percent": 101},
        ):
            assert await status_of(client, "POST", path, good | wrong) == 400
        assert await status_of(client, "POST", path, good | {"satellite_only": True}) == 201
        assert await status_of(client, "POST", path, good | {"satellite_only": False}) == 201
        assert len(await get(client, path)) == 2
        assert await status_of(client, "DELETE", path) == 204
        assert await get(client, path) == []


async def test_predefined_sms_limits(sim, session):
    async with session(sim) as client:
        base = "/api/v1/service_profile/400001/service"
        mine = (await get(client, "/api/v1/service/22/traffic_limit"))[0]["id"]
        other = (await get(client, "/api/v1/service/21/traffic_limit"))[0]["id"]
        path = f"{base}/22/traffic_limit"
        assert await status_of(client, "DELETE", f"{path}/{mine}") == 422
        assert [await status_of(client, "PUT", f"{path}/{each}") for each in (mine, mine, other, 9)] == [
            200,
            422,
            422,
            404,
        ]
        assert await status_of(client, "DELETE", f"{path}/{mine}") == 200
        assert await status_of(client, "PUT", f"{base}/3/traffic_limit/{mine}") == 404


async def test_reaching_a_data_limit_is_an_event_once_a_month(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        base = f"/api/v1/endpoint/{endpoint['id']}"
        limits = f"/api/v1/service_profile/{endpoint['service_profile']['id']}/traffic_limit"

        async def blocked():
            found = await get(client, f"{base}/event?per_page=1000&q=type:11")
            return [event["timestamp"][:10] for event in found]

        body = {"service": {"id": 38}, "volume": await month(client, endpoint["id"]) + 1_000_000}
        assert await status_of(client, "POST", limits, body) == 201
        assert await blocked() == []
        assert await word(client, endpoint["id"]) == "ONLINE"
        sim.clock.advance(days=4)
        (first,) = await blocked()
        (event,) = await get(client, f"{base}/event?q=type:11,alert:true,source:1,severity:1")
        assert event["description"] == "Blocking data access for endpoint, traffic limit exceeded."
        assert (event["event_type"], event["endpoint"]["id"]) == (
            {"id": 11, "description": "Endpoint blocked"},
            endpoint["id"],
        )
        assert await word(client, endpoint["id"]) == "BLOCKED"
        # The event tells when, not when somebody looked: the traffic of the month stops there.
        daily = await get(client, f"{base}/stats/daily")
        assert daily[-1]["date"] == first
        assert "user" not in event

        # A higher limit is reached again.
        assert await status_of(client, "POST", f"{base}/traffic_limit_extension", {"volume": 500_000}) == 201
        assert await word(client, endpoint["id"]) == "ONLINE"
        sim.clock.advance(days=5)
        assert len(await blocked()) == 2
        # The history has 30 days. In them, the new month has reached its own limit.
        sim.clock.advance(days=34)
        (newest,) = await blocked()
        assert newest[:7] > first[:7]


async def test_limits_that_nobody_reaches_or_that_are_gone_have_no_event(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        limits = f"/api/v1/service_profile/{endpoint['service_profile']['id']}/traffic_limit"
        body = {"service": {"id": 38}, "volume": 10**12}
        assert await status_of(client, "POST", limits, body) == 201
        sim.clock.advance(days=20)
        assert await get(client, "/api/v1/event?q=type:11") == []
        assert await status_of(client, "DELETE", limits) == 204
        # Every device is over this one at once, and those that are off duty say nothing.
        assert await status_of(client, "POST", limits, {"service": {"id": 38}, "volume": 1}) == 201
        profile = endpoint["service_profile"]["id"]
        on_duty = [
            item["id"]
            for item in await get(
                client, f"/api/v1/endpoint?q=status:0,sim_status:1,service_profile:{profile}"
            )
        ]
        found = await get(client, "/api/v1/event?q=type:11&per_page=1000")
        assert sorted(event["endpoint"]["id"] for event in found) == on_duty
        assert await status_of(client, "DELETE", limits) == 204
        sim.clock.advance(days=20)
        assert len(await get(client, "/api/v1/event?q=type:11&per_page=1000")) == len(on_duty)


async def test_a_device_that_goes_on_duty_later_reaches_its_limit(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        card = f"/api/v1/sim/{endpoint['sim']['id']}"
        assert await status_of(client, "PATCH", card, {"status": {"id": 2}}) == 204
        limits = f"/api/v1/service_profile/{endpoint['service_profile']['id']}/traffic_limit"
        sim.clock.advance(days=20)  # into the next month, in which it has no traffic
        assert await status_of(client, "POST", limits, {"service": {"id": 38}, "volume": 1_000_000}) == 201
        about = f"/api/v1/endpoint/{endpoint['id']}/event?q=type:11"
        sim.clock.advance(days=5)
        assert await get(client, about) == []
        assert await status_of(client, "PATCH", card, {"status": {"id": 1}}) == 204
        sim.clock.advance(days=4)
        assert len(await get(client, about)) == 1


@pytest.mark.parametrize(
    ("setting", "spelling"), [("iso", "2025-03-01T00:00:00.000Z"), ("plain", "2025-03-01 00:00:00")]
)
async def test_the_dates_of_a_quota_in_either_spelling(make_sim, session, setting, spelling):
    sim = make_sim(limits=None, settings=Settings(quota_dates=setting))
    async with session(sim) as client:
        path = f"/api/v1/endpoint/{(await working(client))['id']}/quota"
        for kind, more in (("data", {}), ("sms", {"threshold_percentage": 10})):
            # Old clients write the dates as they read them.
            body = QUOTA | more | {"expiry_date": spelling}
            assert await status_of(client, "POST", f"{path}/{kind}", body) == 201
            quota = await get(client, f"{path}/{kind}")
            assert quota["expiry_date"] == spelling
            assert len(quota["last_status_change_date"]) == len(spelling)
