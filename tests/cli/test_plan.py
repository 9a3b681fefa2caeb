"""``plan``, ``apply`` and ``drift``: exit status 8 where something differs, and wrong files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aioemnify.simulator import Answer, Delay, Simulator
from tests.cli.conftest import Run, ended
from tests.cli.test_terminal import Terminal

FILE = "fleet.csv"


@pytest.fixture
def fleet(simulator: Simulator, emnify: Run) -> Path:
    """A file that renames three endpoints, and says of the others what is so."""
    emnify("export", "endpoints", "--to", FILE, "--columns", "id,name")
    place = Path(FILE)
    lines = place.read_text().splitlines()
    place.write_text("\n".join([lines[0], *(f"{line}x" for line in lines[1:4]), *lines[4:]]))
    simulator.clear_requests()
    return place


def written(simulator: Simulator) -> int:
    return sum(request.method != "GET" for request in simulator.requests)


def names(emnify: Run) -> list[str]:
    found = [emnify("endpoints", "get", number, "--columns", "name") for number in (1, 2, 3)]
    return [one.out.strip()[-1] for one in found]


def test_the_command_that_it_says_can_be_pasted(emnify: Run, fleet: Path) -> None:
    planned = emnify("plan", FILE, "--out", "my plan.json")
    assert planned.err.endswith("→ my plan.json; carry it out with: emnify apply 'my plan.json'\n")


def test_plan_and_drift_change_nothing_and_end_with_8(simulator: Simulator, emnify: Run, fleet: Path) -> None:
    done = emnify("plan", FILE)
    assert done.status == 8
    assert done.lines == [f"{n}\t{n}\tname\t{name}\t{name}x" for n, name in enumerate(old_names(fleet), 1)]
    assert done.err.startswith("fleet.csv: 3 changes, in ")
    assert "3 items: 1 call of endpoints.update_bulk" in done.err
    rows = emnify("drift", FILE, "-o", "json")
    assert rows.status == 8
    assert [(row["id"], row["field"]) for row in rows.json()] == [(1, "name"), (2, "name"), (3, "name")]
    assert not written(simulator)


def old_names(fleet: Path) -> list[str]:
    return [line.split(",")[1].removesuffix("x") for line in fleet.read_text().splitlines()[1:4]]


def test_a_plan_is_applied(simulator: Simulator, emnify: Run, fleet: Path) -> None:
    done = emnify("plan", FILE, "--out", "plan.json")
    assert done.err.endswith("→ plan.json; carry it out with: emnify apply plan.json\n")
    refused = emnify("apply", "plan.json")
    assert refused.status == 2
    assert "3 endpoints in 1 call" in refused.err
    assert not written(simulator)
    done = emnify("apply", "plan.json", "--yes", "--report", "report.csv")
    assert (done.status, done.out) == (0, "")
    assert done.err.endswith("3 ok → report.csv\n")
    assert Path("report.csv").read_text().count(",ok,") == 3
    assert names(emnify) == ["x", "x", "x"]
    assert (emnify("plan", FILE).status, emnify("drift", FILE).status) == (0, 0)
    assert emnify("drift", FILE).err.startswith("fleet.csv: nothing differs, in ")


def test_a_file_is_applied_and_leaves_nothing_behind(simulator: Simulator, emnify: Run, fleet: Path) -> None:
    assert emnify("apply", FILE, "-y").status == 0
    assert names(emnify) == ["x", "x", "x"]
    assert written(simulator) == 1
    assert emnify("apply", FILE, "-y").err.endswith("nothing to do\n")
    assert not list(Path("state/emnify/jobs").iterdir())


def test_what_was_changed_since_the_plan_is_left(simulator: Simulator, emnify: Run, fleet: Path) -> None:
    emnify("plan", FILE, "-o", "plan.json")
    emnify("endpoints", "update", "2", "-f", "name=of somebody else")
    done = emnify("apply", "plan.json", "-y")
    assert done.status == 7
    assert "2 ok, 1 skipped" in done.err
    assert names(emnify) == ["x", "e", "x"]


def test_ctrl_c_leaves_a_job_that_goes_on_with_the_same_plan(
    simulator: Simulator, emnify: Run, terminal: Terminal, fleet: Path
) -> None:
    simulator.faults.add(Delay(3), operation="endpoints.update_bulk")
    child = terminal("apply", FILE, "--job", "my apply.job", columns=200)
    child.expect("3 endpoints in 1 call, .* Continue.*: ")
    child.sendline("y")
    while not any(request.operation == "endpoints.update_bulk" for request in simulator.requests):
        assert child.isalive()
    child.sendintr()
    assert ended(child)[0] == 130
    simulator.faults.reset()
    Path(FILE).unlink()  # the plan of it is kept
    done = emnify("apply", "my apply.job.plan", "--job", "my apply.job", "-y")
    assert done.status == 0, done.err
    assert names(emnify) == ["x", "x", "x"]


def test_an_apply_without_a_file_of_its_own_is_listed_and_goes_on(
    simulator: Simulator, emnify: Run, fleet: Path
) -> None:
    simulator.faults.add(Answer(403), operation="endpoints.update_bulk")
    simulator.faults.add(Answer(403), operation="endpoints.update")
    assert emnify("apply", FILE, "-y").status == 7
    simulator.faults.reset()
    (left,) = emnify("jobs", "list", "-o", "json").json()
    place = left["file"]
    assert (left["failed"], place.endswith("-apply.job")) == (3, True)
    assert emnify("apply", f"{place}.plan", "--job", place, "-y").status == 7  # failed stays failed
    assert emnify("jobs", "resume", place, "--retry", "failed", "-y").status == 0
    assert names(emnify) == ["x", "x", "x"]
    assert [file.suffix for file in Path(place).parent.iterdir()] == [".csv"]


@pytest.mark.parametrize("command", ["plan", "drift", "apply"])
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("id,nam\n1,a\n", "fleet.csv, line 1: an unknown column 'nam'; did you mean 'name'?"),
        ("id,name\n1,a\n2\n", "fleet.csv, line 3: it has 1 cells, and the line of names has 2"),
        (
            "id,tags\n1,a,b\n",
            "fleet.csv, line 2: it has 3 cells, and the line of names has 2; a cell with ',' in it needs",
        ),
        ("id,status\n1,Enabeld\n", "fleet.csv, line 2, column status: takes one of Enabled, Disabled"),
        ("id,name\n987654,a\n", "fleet.csv, line 2"),
        ("", "fleet.csv, line 1: the file is empty"),
    ],
    ids=["header", "cells", "quotes", "value", "row", "empty"],
)  # fmt: skip
def test_a_wrong_file_is_named_by_line(
    simulator: Simulator, emnify: Run, command: str, content: str, problem: str
) -> None:
    Path(FILE).write_text(content)
    done = emnify(command, FILE)
    assert (done.status, done.out) == (10, "")
    assert done.err.startswith(f"emnify: {problem}")
    assert not [request for request in simulator.requests if request.method == "PATCH"]


@pytest.mark.parametrize("command", ["plan", "drift", "apply"])
def test_a_file_that_is_not_there(simulator: Simulator, emnify: Run, command: str) -> None:
    done = emnify(command, FILE)
    assert done.status == 10
    assert "fleet.csv" in done.err
    assert done.err.endswith("No such file or directory\n")


def test_a_plan_of_another_workspace(simulator: Simulator, emnify: Run, fleet: Path) -> None:
    emnify("plan", FILE, "-o", "plan.json")
    kept = json.loads(Path("plan.json").read_text())
    kept["content"]["organisation"] = "4711"
    Path("plan.json").write_text(json.dumps(kept))
    simulator.clear_requests()
    done = emnify("apply", "plan.json", "-y")
    assert done.status == 10
    assert "one of workspace 4711, and this client works in 1001: nothing was changed" in done.err
    assert not written(simulator)


def test_a_plan_of_another_server(simulator: Simulator, emnify: Run, fleet: Path) -> None:
    emnify("plan", FILE, "-o", "plan.json")
    kept = json.loads(Path("plan.json").read_text())
    kept["content"]["server"] = "https://cdn.example.net"
    Path("plan.json").write_text(json.dumps(kept))
    done = emnify("apply", "plan.json", "-y")
    assert done.status == 10
    assert done.err.startswith(
        "emnify: plan.json is a plan for https://cdn.example.net, and this client calls"
    )
    Path("plan.json").write_text("{")
    assert emnify("apply", "plan.json", "-y").status == 10


def test_deletions_need_a_cap(simulator: Simulator, emnify: Run, fleet: Path) -> None:
    assert emnify("plan", FILE, "--prune").status == 2
    assert emnify("plan", FILE, "--max-changes", "few").status == 2
    capped = emnify("plan", FILE, "--max-changes", "2")
    assert capped.status == 10
    assert capped.err.startswith("emnify: fleet.csv would change 3 endpoints")
    lines = fleet.read_text().splitlines()
    fleet.write_text("\n".join(lines[:-1]))
    done = emnify("plan", FILE, "--prune", "--max-changes", "10%")
    assert done.lines[-1].split("\t")[2] == "(deleted)"
    emnify("plan", FILE, "-o", "plan.json")
    assert emnify("apply", "plan.json", "--prune", "-y").status == 2


def test_a_terminal_shows_the_first_changes_and_asks(
    simulator: Simulator, emnify: Run, terminal: Terminal
) -> None:
    emnify("export", "endpoints", "--to", FILE, "--columns", "id,name")
    lines = Path(FILE).read_text().splitlines()
    Path(FILE).write_text("\n".join([lines[0], *(f"{line}x" for line in lines[1:31])]))
    child = terminal("apply", FILE, columns=100)
    child.expect(r"20 of 30; 'emnify drift fleet\.csv' lists all")
    child.expect("30 endpoints in 1 call, .* Continue.*: ")
    child.sendline("n")
    assert ended(child)[0] == 2
    assert emnify("drift", FILE).status == 8
