"""docs/simulator.md says what there is, and what it shows works."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import msgspec

from aioemnify.simulator import FaultSpec, Scenario, Simulator
from aioemnify.simulator.__main__ import parser
from aioemnify.simulator.faults.effects import Effect

TEXT = Path(__file__).parents[2].joinpath("docs/simulator.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_every_effect_and_condition_is_there():
    for kind in get_args(Effect):
        assert f"| `{kind.__struct_config__.tag}` | `{kind.__name__}(" in TEXT
    for name in set(FaultSpec.__struct_fields__) - {"effect"}:
        assert f"`{name}`" in TEXT


def test_every_address_is_there():
    from aioemnify.simulator.control.routes import Control

    table = Control(Simulator(sims=0))._table
    documented = dict(re.findall(r"^\| `/_sim(/[^`]*)` (\|.*)\|$", TEXT, re.MULTILINE))
    assert set(documented) == set(table) - {""}
    for path, cells in documented.items():
        shown = [cell.strip() != "" for cell in cells.split("|")[1:4]]
        assert shown == [method in table[path] for method in ("GET", "POST", "DELETE")], path


def test_every_option_is_there():
    for action in parser()._actions:
        assert action.dest == "help" or action.option_strings[0] in TEXT


def test_the_scenario_can_be_played():
    (text,) = blocks("toml")
    assert len(Scenario.of(tomllib.loads(text)).step) == 3


def test_bodies_can_be_read():
    (body,) = (re.search(r"-d '({\n.*?})'", block, re.DOTALL) for block in blocks("sh") if "faults" in block)
    msgspec.json.decode(body[1], type=FaultSpec)


def test_the_receiver_of_messages_runs(tmp_path):
    (program,) = (block for block in blocks("python") if "send_sms_from_device" in block)
    tmp_path.joinpath("receiver.py").write_text(program)
    ended = subprocess.run(
        [sys.executable, "receiver.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    messages = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [(each["payload"], each["dest_address"]) for each in messages] == [("level=3", "1234")] * 2


def test_links_lead_somewhere():
    titles = re.findall("^##+ (.*)", TEXT, re.MULTILINE)
    titles = {re.sub("[^a-z -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#(.*?)\)", TEXT)) <= titles
