"""Scenarios: trouble that comes and goes by itself."""

from __future__ import annotations

import json

import pytest

from aioemnify.simulator import Answer, Clock, Scenario
from aioemnify.simulator.faults.scenario import Step

pytestmark = pytest.mark.anyio
PATH = "/api/v1/sim/1"

TOML = """
name = "outage"
[[step]]
requests = 3
note = "the gateway goes down"
[[step.faults]]
name = "down"
operation = "sims.get"
effect = {kind = "answer", status = 503, headers = {Retry-After = "2"}}
[[step]]
after = 60
remove_faults = ["down"]
[[step]]
after = 10
clock = {advance = {minutes = 241}}
settings = {gzip_minimum = 0}
limits = false
[[step]]
after = 5
clock = {state = "run", scale = 60}
"""


async def status(client):
    return (await client.get(PATH)).status_code


@pytest.mark.parametrize("suffix", [".toml", ".json"])
async def test_a_scenario_from_a_file(make_sim, session, tmp_path, suffix):
    import tomllib

    file = tmp_path / f"outage{suffix}"
    file.write_text(TOML if suffix == ".toml" else json.dumps(tomllib.loads(TOML)))
    sim = make_sim(scenario=Scenario.read(file))
    async with session(sim) as client:
        assert await status(client) == 200
        assert sim.timeline.progress() == {
            "name": "outage",
            "done": 0,
            "steps": 4,
            "next": {"note": "the gateway goes down", "requests": 1, "seconds": None},
        }
        # The login was the first request; the third already meets the fault.
        assert [await status(client), await status(client)] == [503, 503]
        assert sim.timeline.progress()["next"]["seconds"] == 60
        sim.clock.advance(59.5)
        assert await status(client) == 503
        sim.clock.advance(0.5)
        assert await status(client) == 200
        assert sim.faults.rules == []
        before = sim.clock.wall()
        sim.clock.advance(10)
        assert sim.clock.wall() - before == 10 + 241 * 60
        assert await status(client) == 401
        assert sim.settings.gzip_minimum == 0
        sim.clock.advance(5)
        assert sim.timeline.progress()["next"] is None
    assert (sim.clock.frozen, sim.clock.factor) == (False, 60.0)


async def test_steps_happen_in_order_even_when_all_are_late(sim, session):
    fault = {"effect": {"kind": "answer", "status": 503}}
    sim.play({"step": [{"after": 1, "faults": [fault]}, {"after": 1, "clear_faults": True}, {"after": 1}]})
    sim.clock.advance(10)
    async with session(sim) as client:
        assert await status(client) == 200
    assert sim.timeline.progress()["done"] == 3


async def test_another_scenario_takes_the_place_of_the_first(sim, session):
    sim.play({"step": [{"requests": 1, "clear_faults": True}]})
    sim.play({"name": "second", "step": [{"after": 5}]})
    sim.faults.add(Answer(503), operation="sims.get")
    async with session(sim) as client:
        assert await status(client) == 503
    assert sim.timeline.progress()["name"] == "second"
    sim.play(None)
    assert sim.timeline.progress() is None


async def test_a_scenario_on_a_running_clock():
    now = [0.0]
    clock = Clock(source=lambda: now[0])
    from aioemnify.simulator import Simulator

    sim = Simulator(sims=1, clock=clock, limits=None)
    sim.play({"step": [{"after": 10, "clock": {"scale": 100}}, {"after": 100, "clock": {"state": "freeze"}}]})
    now[0] = 1000.0
    assert clock.monotonic() == 110.0
    assert clock.frozen


@pytest.mark.parametrize(
    ("steps", "place"),
    [
        ([{"after": -1}], "step"),
        ([{"after": 1, "requests": 1}], "step"),
        ([{"settings": {"nope": 1}}], "nope"),
        ([{"settings": {"limits_scale": 0}}], "limits_scale"),
        ([{"clock": {"scale": 0}}], "clock"),
        ([{"clock": {"advance": {"minutes": -1}}}], "advance"),
        ([{"faults": [{"effect": {"kind": "nope"}}]}], "effect"),
        ([{"faults": [{"effect": {"kind": "answer", "status": 1}}]}], "effect"),
        ([{"colour": 1}], "colour"),
        ({}, "step"),
    ],
)
async def test_what_is_no_scenario_is_refused_as_a_whole(sim, steps, place):
    with pytest.raises(ValueError, match=place):
        sim.play({"step": steps})
    assert sim.timeline.progress() is None


@pytest.mark.parametrize("content", [b"\xff", b"step = [", b"name = 1", b""])
async def test_a_file_that_holds_no_scenario(tmp_path, content):
    for name in ("x.toml", "x.json"):
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(ValueError, match=r"."):
            Scenario.read(file)
    with pytest.raises(FileNotFoundError):
        Scenario.read(tmp_path / "none.toml")


async def test_a_reset_ends_it(sim):
    sim.play({"step": [{"after": 5}]})
    sim.reset()
    assert sim.timeline.progress() is None


async def test_a_scenario_has_an_end():
    with pytest.raises(ValueError, match="10000"):
        Scenario(step=[Step()] * 10_001)
