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
    sim = make_sim(scenario=file)
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


async def test_a_file_is_played(sim, tmp_path):
    file = _written(tmp_path / "outage.toml", TOML)
    for path in (file, str(file)):
        sim.play(None)
        sim.play(path)
        assert sim.timeline.progress()["name"] == "outage"
    with pytest.raises(FileNotFoundError):
        sim.play(tmp_path / "missing.toml")


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


NIGHT = """\
name = "night"

[[step]]
requests = 1  # [[step]]

[[step]]
note = "{ the [[step]] of faults = [ ]"
faults = [
  { effect = { kind = "answer", status = 502 } },
  # not this one: {
  { operation = "sims.get", effect = { kind = "answer", status = 502 } },
]

[[step]]
after = 5
[[step.faults]]
effect = { kind = "delay", seconds = 1 }
[[step.faults]]
effect = { kind = "delay", seconds = 2 }
[step.clock]
state = "freeze"
"""


@pytest.mark.parametrize(
    ("before", "after", "line", "problem"),
    [
        (
            '"sims.get", effect = { kind = "answer"',
            '"sims.get", effect = { kind = "anser"',
            11,
            "unknown kind 'anser' at $.step[1].faults[1].effect.kind; did you mean 'answer'? Accepted: ",
        ),
        (
            'kind = "delay", seconds = 2',
            "seconds = 2",
            19,
            "kind is missing at $.step[2].faults[1].effect; accepted: answer, close-before, delay, ",
        ),
        (
            'kind = "delay", seconds = 1',
            'kind = "delay", secnds = 1',
            17,
            "unknown member 'secnds' at $.step[2].faults[0].effect.secnds; did you mean 'seconds'? Accepted",
        ),
        (
            'kind = "delay", seconds = 1',
            'kind = "delay"',
            17,
            "seconds is missing at $.step[2].faults[0].effect",
        ),
        ('"sims.get"', '"sims.gte"', 11, "unknown operation 'sims.gte'; did you mean 'sims.get'"),
        (
            '"freeze"',
            '"frezee"',
            21,
            "unknown state 'frezee' at $.step[2].clock.state; did you mean 'freeze'?",
        ),
        ("after = 5", 'after = "5"', 15, "Expected `float`, got `str` at $.step[2].after"),
        ("after = 5", "requests = -5", 14, "after and requests must be at least 0 at $.step[2]"),
        (
            'name = "night"',
            "nam = 1",
            1,
            "unknown member 'nam' at $.nam; did you mean 'name'? Accepted: ",
        ),
        ('name = "night"', "name = 1", 1, "Expected `str`, got `int` at $.name"),
    ],
)
async def test_an_error_in_a_file_names_the_line_and_what_is_accepted(tmp_path, before, after, line, problem):
    assert Scenario.read(_written(tmp_path / "night.toml", NIGHT)).name == "night"
    assert NIGHT.count(before) == 1
    broken = _written(tmp_path / "night.toml", NIGHT.replace(before, after))
    with pytest.raises(ValueError, match=r".") as caught:
        Scenario.read(broken)
    assert str(caught.value).startswith(f"{broken}, line {line}: {problem}")


async def test_an_error_in_a_json_file_names_the_line(tmp_path):
    steps = [{"note": 'a "step": [{'}, {"faults": [{"effect": {"kind": "delay", "seconds": 1}}]}]
    for change, line, problem in (
        ({"kind": "dealy", "seconds": 1}, 10, "unknown kind 'dealy' at $.step[1].faults[0].effect.kind"),
        ({"seconds": 1}, 9, "kind is missing at $.step[1].faults[0].effect; accepted: answer, "),
        ({"kind": "delay", "seconds": "1"}, 11, "Expected `float | array`, got `str` at $.step[1].faults[0]"),
    ):
        steps[1]["faults"][0]["effect"] = change
        path = _written(tmp_path / "night.json", json.dumps({"step": steps}, indent=1))
        with pytest.raises(ValueError, match=r".") as caught:
            Scenario.read(path)
        assert str(caught.value).startswith(f"{path}, line {line}: {problem}")


def _written(path, text):
    path.write_text(text)
    return path


async def test_its_history_tells_when_steps_came(sim, session):
    async with session(sim) as client:
        sim.play(
            {"name": "night", "step": [{"note": "first"}, {"requests": 2, "note": "second"}, {"after": 9}]}
        )
        for _ in range(2):
            await client.get("/api/v1/sim/1")
        sim.play({"name": "day", "step": [{}]})
        sim.play(None)
    history = sim.timeline.history()
    assert [(each.scenario, each.kind, each.step, each.note) for each in history] == [
        ("night", "start", 0, ""),
        ("night", "step", 1, "first"),
        ("night", "step", 2, "second"),
        ("night", "stop", 0, ""),
        ("day", "start", 0, ""),
        ("day", "step", 1, ""),
        ("day", "end", 0, ""),
    ]
    assert [each.time for each in history] == sorted(each.time for each in history)
