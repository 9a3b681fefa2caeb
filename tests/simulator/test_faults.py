"""Faults strike the requests they are about, as often as they should."""

from __future__ import annotations

import contextlib
import gzip
import re
import zlib

import httpx
import pytest

from aioemnify.simulator import (
    Answer,
    CloseBefore,
    ConnectionCut,
    Delay,
    DropAfter,
    Faults,
    LognormalDelay,
    MalformedBody,
    RevokeToken,
    SlowBody,
    TruncateBody,
    WrongGzip,
)

pytestmark = pytest.mark.anyio

PATH = "/api/v1/sim/1"


async def statuses(client, count=5, path=PATH):
    return [(await client.get(path)).status_code for _ in range(count)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, [503] * 5),
        ({"times": 2}, [503, 503, 200, 200, 200]),
        ({"nth": 3}, [200, 200, 503, 200, 200]),
        ({"operation": "sims.get"}, [503] * 5),
        ({"operation": "sims.list"}, [200] * 5),
        ({"method": "POST"}, [200] * 5),
        ({"path": "/api/v1/sim/*", "times": 1}, [503, 200, 200, 200, 200]),
        ({"path": "/api/v1/endpoint*"}, [200] * 5),
        ({"probability": 0.0}, [200] * 5),
        ({"probability": 1.0}, [503] * 5),
    ],
)
async def test_when_a_rule_strikes(sim, session, rule, expected):
    async with session(sim) as client:
        added = sim.faults.add(Answer(503), **rule)
        assert await statuses(client) == expected
        assert added.fired == expected.count(503)
        sim.faults.remove(added)
        assert await statuses(client, 1) == [200]


async def test_the_seed_decides_the_draws(make_sim, session):
    runs = []
    for seed in (3, 3, 4):
        sim = make_sim(seed=seed, limits=None)
        async with session(sim) as client:
            sim.faults.add(Answer(503), probability=0.5)
            runs.append(await statuses(client, 30))
    assert runs[0] == runs[1] != runs[2]


async def test_answers_of_a_gateway(make_sim, session):
    sim = make_sim()
    async with session(sim) as client:
        sim.faults.add(Answer(502, "<html>bad gateway</html>", {"Content-Type": "text/html"}), times=1)
        answer = await client.get(PATH)
        assert (answer.status_code, answer.text) == (502, "<html>bad gateway</html>")
        assert answer.headers["Content-Type"] == "text/html"
        sim.faults.add(Answer(429, {"error_code": 1105}, {"Retry-After": "250"}), times=1)
        answer = await client.get(PATH)
        assert (answer.status_code, answer.headers["Retry-After"], answer.json()["error_code"]) == (
            429,
            "250",
            1105,
        )
        sim.faults.clear()
        used = sim.quota_used()
        await client.get(PATH)
    # The gateway stands before the server: what it answers is counted nowhere.
    assert (used, sim.quota_used()) == (0, 1)
    assert sim.refused == {}
    assert [record.fault for record in sim.requests[1:3]] == [("Answer",), ("Answer",)]


async def test_a_lost_answer_was_applied_all_the_same(sim, session):
    async with session(sim) as client:
        before = (await client.get("/api/v1/sim?q=status:0&per_page=1")).json()[0]["id"]
        path = f"/api/v1/sim/{before}"
        sim.faults.add(DropAfter(), method="PATCH", times=1)
        with pytest.raises(ConnectionCut):
            await client.patch(path, json={"status": {"id": 1}})
        assert sim.requests[-1].status is None
        assert (await client.get(path)).json()["status"]["id"] == 1


async def test_a_connection_cut_early_changed_nothing(sim, session):
    async with session(sim) as client:
        before = (await client.get("/api/v1/sim?q=status:0&per_page=1")).json()[0]["id"]
        sim.faults.add(CloseBefore(), method="PATCH", times=1)
        with pytest.raises(ConnectionCut):
            await client.patch(f"/api/v1/sim/{before}", json={"status": {"id": 1}})
        assert (await client.get(f"/api/v1/sim/{before}")).json()["status"]["id"] == 0


async def test_bodies_that_cannot_be_read(sim, session):
    async with session(sim) as client:
        sim.faults.add(MalformedBody(), times=1)
        answer = await client.get(PATH)
        assert answer.status_code == 200
        with pytest.raises(ValueError, match="Invalid control|Unterminated|Expecting"):
            answer.json()
        sim.faults.add(TruncateBody(keep=7), times=1)
        with pytest.raises(ConnectionCut):
            await client.get(PATH)


async def test_delays_pass_on_the_simulated_clock(sim, session):
    async with session(sim) as client:
        sim.faults.add(Delay(2.5), times=1)
        started = sim.clock.monotonic()
        await client.get(PATH)
        assert sim.clock.monotonic() - started == 2.5
        assert sim.requests[-1].arrived - started == 2.5
        sim.faults.clear()
        sim.faults.add(Delay((1.0, 2.0)), times=1)
        started = sim.clock.monotonic()
        await client.get(PATH)
        assert 1.0 <= sim.clock.monotonic() - started <= 2.0


async def test_limits_are_judged_after_the_way_there(make_sim, session):
    sim = make_sim(delay=(0.002, 0.2))
    async with session(sim) as client:
        for _ in range(50):
            started = sim.clock.monotonic()
            await client.get(PATH)
            ended = sim.clock.monotonic()
            assert 0.002 <= ended - started <= 0.2000001
            assert started < sim.requests[-1].arrived < ended


@pytest.mark.parametrize(
    ("rule", "struck"),
    [
        ({"every": 3}, [3, 6, 9, 12]),
        ({"every": 4, "burst": 2}, [4, 5, 8, 9, 12]),
        ({"nth": 2, "burst": 3}, [2, 3, 4]),
        ({"nth": 2, "burst": 30, "times": 4}, [2, 3, 4, 5]),
        ({"operation": "sims.*"}, list(range(1, 13))),
        ({"operation": "endpoints.*"}, []),
        ({"method": "get", "times": 1}, [1]),
        ({"enabled": False}, []),
    ],
)
async def test_more_about_when_a_rule_strikes(sim, session, rule, struck):
    async with session(sim) as client:
        sim.faults.add(Answer(503), **rule)
        seen = await statuses(client, 12)
        assert [number for number, status in enumerate(seen, 1) if status == 503] == struck


async def test_a_burst_lasts_for_simulated_seconds(sim, session):
    async with session(sim) as client:
        rule = sim.faults.add(Answer(503), nth=2, burst_seconds=10)
        seen = []
        for _ in range(8):
            seen += await statuses(client, 1)
            sim.clock.advance(3)
        assert seen == [200, 503, 503, 503, 503, 200, 200, 200]
        assert (rule.seen, rule.fired) == (8, 4)


async def test_a_rule_about_one_organisation(sim, session):
    sim.faults.add(Answer(503), organisation=sim.second_organisation_id, method="GET")
    async with session(sim) as one, session(sim, sim.second_application_token) as other:
        assert await statuses(one, 1, "/api/v1/sim") == [200]
        assert await statuses(other, 1, "/api/v1/sim") == [503]
        other.headers["Authorization"] = "Bearer nonsense"
        assert await statuses(other, 1, "/api/v1/sim") == [401]


async def test_rules_do_not_disturb_each_others_draws(make_sim, session):
    runs = []
    for others in (0, 3):
        sim = make_sim(limits=None)
        async with session(sim) as client:
            rule = sim.faults.add(Answer(503), probability=0.5, path="/api/v1/sim/1")
            for _ in range(others):
                sim.faults.add(Delay((0.1, 0.2)), probability=0.5)
            runs.append(await statuses(client, 30))
            assert rule.seen == 30
    assert runs[0] == runs[1]


async def test_lognormal_delays(sim, session):
    async with session(sim) as client:
        sim.faults.add(LognormalDelay(0.5, sigma=1.0, longest=5), operation="sims.get")
        await statuses(client, 200)
        waits = sorted(record.latency for record in sim.requests.of("sims.get"))
        assert 0.3 < waits[100] < 0.8
        assert waits[0] > 0 and 2 < waits[-1] <= 5


async def test_a_token_is_revoked_for_good(sim, session):
    async with session(sim) as client:
        sim.faults.add(RevokeToken(), times=1)
        answer = await client.get(PATH)
        assert (answer.status_code, answer.json()["error_code"]) == (401, 1102)
        assert await statuses(client, 1) == [401]
        async with session(sim) as again:
            assert await statuses(again, 1) == [200]


@pytest.mark.parametrize("how", ["plain", "corrupt", "cut"])
async def test_gzip_that_is_none(sim, session, how):
    async with session(sim) as client:
        sim.faults.add(WrongGzip(how), path=PATH)
        async with client.stream("GET", PATH) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            raw = b"".join([part async for part in answer.aiter_raw()])
        assert int(answer.headers["Content-Length"]) == len(raw)
        with pytest.raises((OSError, EOFError, zlib.error)):
            gzip.decompress(raw)


async def test_a_slow_body_comes_whole(sim, session):
    async with session(sim) as client:
        expected = (await client.get(PATH)).json()
        sim.faults.add(SlowBody(8, pieces=4), path=PATH)
        started = sim.clock.monotonic()
        assert (await client.get(PATH)).json() == expected
        assert sim.clock.monotonic() - started == pytest.approx(8)
        assert sim.requests[-1].latency == pytest.approx(8)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Delay(-1),
        lambda: Delay((2, 1)),
        lambda: LognormalDelay(0),
        lambda: LognormalDelay(1, sigma=9),
        lambda: Answer(99),
        lambda: Answer(200, None, {"X-Bad": "a\r\nb"}),
        lambda: Answer(200, None, {"bad name": "a"}),
        lambda: Answer(200, "text", {"Content-Length": "3"}),
        lambda: Answer(204, "text"),
        lambda: TruncateBody(-1),
        lambda: SlowBody(1, pieces=0),
        lambda: Faults(1).add(Answer(503), nth=0),
        lambda: Faults(1).add(Answer(503), nth=1, every=2),
        lambda: Faults(1).add(Answer(503), probability=1.5),
        lambda: Faults(1).add(Answer(503), burst_seconds=0),
        lambda: Faults(1).add(Answer(503), times=-1),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(make):
    with pytest.raises(ValueError, match="."):
        make()


async def test_the_same_seed_gives_the_same_run(make_sim, session):
    """All kinds of chance at once: what is struck, for how long, in which order, and what is answered."""

    async def run(seed):
        sim = make_sim(seed=seed, delay=(0.01, 0.2))
        sim.faults.add(LognormalDelay(0.3), probability=0.4)
        sim.faults.add(Delay((0, 2)), every=3)
        sim.faults.add(Answer(503), probability=0.05, burst=3)
        sim.faults.add(DropAfter(), method="PATCH", probability=0.3)
        sim.faults.add(RevokeToken(), probability=0.02)
        async with session(sim) as client:
            for number in range(60):
                with contextlib.suppress(httpx.TransportError, ConnectionCut):
                    if number % 4:
                        await client.get(f"/api/v1/sim/{number % 9 + 1}")
                    else:
                        await client.patch(f"/api/v1/sim/{number % 9 + 1}", json={"status": {"id": 1}})
        lines = sim.requests.json_lines()
        assert len({record.status for record in sim.requests}) > 2
        return re.sub(rb'"content-length": ?"\d+"', b"", lines)

    assert await run(7) == await run(7) != await run(8)


def test_rules_are_bounded_and_can_be_taken_back_by_name():
    faults = Faults(1)
    for _ in range(1000):
        faults.add(CloseBefore(), name="many")
    with pytest.raises(ValueError, match="1000"):
        faults.add(CloseBefore())
    faults.remove_named("many")
    assert faults.rules == []


def test_a_slip_in_a_rule_is_refused():
    faults = Faults(1)
    with pytest.raises(TypeError, match="effect must be one of Delay, "):
        faults.add("503")
    with pytest.raises(ValueError, match=r"unknown operation 'sims\.gett'; did you mean 'sims\.get'"):
        faults.add(Answer(503), operation="sims.gett")
    assert faults.rules == []
    faults.add(Answer(503), operation="sims.*")
    faults.add(Answer(503), operation="events.list_legacy")
