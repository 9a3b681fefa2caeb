"""Faults strike the requests they are about, as often as they should."""

from __future__ import annotations

import pytest

from aioemnify.simulator import (
    Answer,
    CloseBefore,
    ConnectionCut,
    Delay,
    DropAfter,
    MalformedBody,
    TruncateBody,
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
