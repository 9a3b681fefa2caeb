"""Every documented limit, judged through the application and, where time is long, directly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.simulator import Clock, Settings
from aioemnify.simulator.platform.limits import Limits
from aioemnify.tables.limits import LIMITS

pytestmark = pytest.mark.anyio

# Written out from the published table, so that a wrong row in the data shows here.
ROWS = [
    ("/api/v1/organisation/5/billing/current", 10, 5),
    ("/api/v1/stats/daily", 10, 5),
    ("/api/v1/organisation/my/stats/daily", 10, 5),
    ("/api/v1/sim", 10, 5),
    ("/api/v1/organisation/5/stats", 10, 5),
    ("/api/v1/endpoint", 10, 5),
    ("/api/v1/event", 10, 5),
    ("/api/v1/sim/1/stats/daily", 10, 5),
    ("/api/v1/endpoint/1/connectivity_info", 10, 5),
    ("/api/v1/event/alerts_pending", 100, 50),
    ("/api/v1/endpoint/stats/daily", 100, 50),
    ("/api/v1/sim/1", 100, 50),
    ("/api/v1/service_profile", 100, 50),
    ("/api/v1/tariff_profile/1", 100, 50),
    ("/api/v1/tariff_profile", 100, 50),
    ("/api/v1/service_profile/1/service/2", 100, 50),
    ("/api/v1/event_deprecated", 100, 50),
    ("/api/v1/endpoint/1", 100, 50),
    ("/api/v1/endpoint/1/connectivity", 100, 50),
    ("/api/v1/endpoint/1/stats/daily", 100, 50),
]


def test_the_table_has_twenty_rows_and_each_is_tried():
    limits = Limits(LIMITS, Settings())
    hit = {limits.row("GET", path).id for path, _, _ in ROWS}
    assert len(LIMITS.rows) == len(ROWS) == len(hit) == 20


@pytest.mark.parametrize("path", ["/api/v1/sim/1", "/api/v1/endpoint/1", "/api/v1/endpoint/1/connectivity"])
async def test_a_row_of_the_newer_documentation(make_sim, session, path):
    sim = make_sim(limits="2026")
    async with session(sim) as client:
        statuses = [(await client.get(path)).status_code for _ in range(26)]
        assert statuses[:25].count(200) == 25
        assert statuses[25] == 429
        sim.clock.advance(0.02)
        assert (await client.get(path)).status_code == 200


def test_a_table_of_limits_that_does_not_exist(make_sim):
    with pytest.raises(
        ValueError, match="limits must be 'documented', '2026', a LimitTable or None, not '2025'"
    ):
        make_sim(limits="2025")


@pytest.mark.parametrize(("path", "rate", "burst"), ROWS)
async def test_row(make_sim, session, path, rate, burst):
    sim = make_sim()
    async with session(sim) as client:
        statuses = [(await client.get(path)).status_code for _ in range(burst)]
        assert 429 not in statuses
        refused = await client.get(path)
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == str(1000 // rate)
        assert refused.json()["error_code"] == 1105
        assert refused.json()["error_token"] == "TooManyRequests"
        # One millisecond too early it is still refused; a refused call takes nothing.
        sim.clock.advance((1000 // rate - 1) / 1000)
        assert (await client.get(path)).status_code == 429
        sim.clock.advance(0.001)
        assert (await client.get(path)).status_code != 429
    row = sim.requests[-1].limit
    assert sim.refused == {row: 2}
    assert sim.requests[-1].refused_by is None
    assert sim.requests[-2].refused_by == row


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("/api/v1/endpoint/stats/connectivity", "get_endpoint_stats_all"),
        ("/api/v1/endpoint/1/stats", None),
        ("/api/v1/sim/1/stats", None),
        ("/api/v1/endpoint/stats", "get_endpoint_id"),
        ("/api/v1/sim/status", "get_sim_id"),
        ("/api/v1/endpoint/status", "get_endpoint_id"),
        ("/api/v1/organisation/my/stats", "get_organisation_id_stats"),
        ("/api/v1/stats", None),
        ("/api/v1/stats/a/b", "get_stats_all"),
        ("/api/v1/service_profile/1", "get_service_profile_all"),
        ("/api/v1/event/type", None),
        ("/api/v1/event/alerts_pending", "get_event_alerts_pending"),
        ("/api/v2/endpoint/1/tags", None),
        ("/api/v1/endpoint/1/sms", None),
    ],
)
def test_the_most_literal_row_counts(path, row):
    found = Limits(LIMITS, Settings()).row("GET", path)
    assert (found and found.id) == row


def test_writes_have_no_row():
    assert Limits(LIMITS, Settings()).row("POST", "/api/v1/endpoint") is None


def test_an_id_row_can_be_told_to_leave_literal_paths_alone():
    limits = Limits(LIMITS, Settings(literal_ids=False))
    assert limits.row("GET", "/api/v1/sim/status") is None
    assert limits.row("GET", "/api/v1/sim/12").id == "get_sim_id"
    assert limits.row("GET", "/api/v1/organisation/my/stats").id == "get_organisation_id_stats"


def _admitted(limits: Limits, times: list[float], path: str = "/api/v1/sim", **who: object) -> list[bool]:
    caller = {"address": "a", "organisation": 1} | who
    return [limits.admit("GET", path, now=now, wall=0.0, **caller) is None for now in times]


@pytest.mark.parametrize(
    ("reading", "at_once", "in_two_seconds"),
    [("refill", 5, 25), ("plus-one", 6, 26), ("sum", 15, 31), ("ticks", 5, 11)],
)
def test_each_reading_of_rate_and_burst(reading, at_once, in_two_seconds):
    assert sum(_admitted(Limits(LIMITS, Settings(bucket=reading)), [0.0] * 40)) == at_once
    steps = [step / 1000 for step in range(2001)]
    assert sum(_admitted(Limits(LIMITS, Settings(bucket=reading)), steps)) == in_two_seconds


def test_organisations_have_buckets_of_their_own_and_share_the_address():
    limits = Limits(LIMITS, Settings())
    assert sum(_admitted(limits, [0.0] * 9, organisation=1)) == 5
    assert sum(_admitted(limits, [0.0] * 9, organisation=2)) == 5


def test_the_address_window_slides():
    limits = Limits(LIMITS, Settings())
    path = "/api/v1/endpoint/1/sms"
    assert all(_admitted(limits, [float(second) / 10 for second in range(2000)], path))
    refusal = limits.admit("GET", path, address="a", organisation=1, now=200.0, wall=0.0)
    assert (refusal.limit, round(refusal.wait, 6)) == ("ip_general", 100.0)
    assert _admitted(limits, [200.0], path, address="b") == [True]
    assert _admitted(limits, [299.999, 300.0, 300.0, 300.1], path) == [False, True, False, True]
    assert limits.refused == {"ip_general": 3}


def test_a_fixed_window_starts_anew():
    limits = Limits(LIMITS, Settings(window="fixed"))
    path = "/api/v1/endpoint/1/sms"
    assert sum(_admitted(limits, [299.0] * 2100, path)) == 2000
    assert sum(_admitted(limits, [300.0] * 2100, path)) == 2000


def test_only_the_api_counts():
    limits = Limits(LIMITS, Settings())
    assert all(_admitted(limits, [0.0] * 2100, "/other", organisation=None))


async def test_logins_have_a_window_of_their_own(make_sim, session):
    sim = make_sim()
    async with session(sim, token="") as client:
        body = {"application_token": sim.application_token}
        answers = [(await client.post("/api/v1/authenticate", json=body)).status_code for _ in range(101)]
        assert answers == [200] * 100 + [429]
        sim.clock.advance(299.5)
        refused = await client.post("/api/v1/authenticate", json=body)
        assert refused.headers["Retry-After"] == "500"
        sim.clock.advance(0.5)
        assert (await client.post("/api/v1/authenticate", json=body)).status_code == 200
    assert sim.refused == {"ip_authenticate": 2}


async def test_calls_without_a_token_count_for_the_address(make_sim, session):
    sim = make_sim(settings=Settings(limits_scale=0.01))
    async with session(sim, token="") as client:
        statuses = [(await client.get("/api/v1/sim/1")).status_code for _ in range(21)]
    assert statuses == [401] * 20 + [429]


async def test_forwarded_addresses_count_only_when_trusted(make_sim, session):
    for trust, expected in ((True, 200), (False, 429)):
        sim = make_sim(settings=Settings(limits_scale=0.01, trust_forwarded=trust))
        body = {"application_token": sim.application_token}
        async with session(sim, token="") as client:
            for number in (1, 2):
                answer = await client.post(
                    "/api/v1/authenticate", json=body, headers={"X-Forwarded-For": f"192.0.2.{number}"}
                )
        assert answer.status_code == expected


async def test_the_month(make_sim, session):
    sim = make_sim(clock=Clock.manual(datetime(2025, 1, 31, 23, 59, 50, tzinfo=UTC)))
    sim.spend_quota(9_999_999)
    async with session(sim) as client, session(sim, sim.second_application_token) as other:
        assert (await client.get("/api/v1/sim/1")).status_code == 200
        refused = await client.get("/api/v1/sim/1")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10000")
        assert (await other.get("/api/v1/sim/status")).status_code == 200
        sim.clock.advance(10)
        assert (await client.get("/api/v1/sim/1")).status_code == 200
    assert sim.refused == {"monthly_quota": 1}
    assert sim.quota_used() == 1


async def test_the_month_without_a_hint(make_sim, session):
    sim = make_sim(settings=Settings(quota_hint=False))
    sim.spend_quota(10_000_000)
    async with session(sim) as client:
        refused = await client.get("/api/v1/sim/1")
    assert refused.status_code == 429
    assert "Retry-After" not in refused.headers


def test_refused_calls_can_count():
    limits = Limits(LIMITS, Settings(count_refused=True))
    path = "/api/v1/endpoint/1/sms"
    assert sum(_admitted(limits, [0.0] * 2000 + [299.0] * 2000, path)) == 2000
    assert _admitted(limits, [300.0], path) == [False]


def test_a_refused_call_takes_nothing_from_the_other_limits():
    limits = Limits(LIMITS, Settings())
    assert sum(_admitted(limits, [0.0] * 2500)) == 5
    assert sum(_admitted(limits, [0.0] * 2500, "/api/v1/endpoint/1/sms")) == 1995


async def test_limits_can_be_off_or_ones_own(make_sim, session):
    async with session(make_sim(limits=None)) as client:
        assert {(await client.get("/api/v1/sim")).status_code for _ in range(30)} == {200}
    table = LimitTable(
        rows=(RowLimit("mine", "GET", "/api/v1/sim", 1.0, 1),),
        windows=(WindowLimit("all", "*", "/api/*", 5, 10.0),),
        month=MonthLimit("month", 100),
    )
    sim = make_sim(limits=table)
    async with session(sim) as client:
        assert [(await client.get("/api/v1/sim")).status_code for _ in range(2)] == [200, 429]
    assert sim.refused == {"mine": 1}
