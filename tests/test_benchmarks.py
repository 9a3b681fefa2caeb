"""The benchmarks run: their short form, where nothing depends on how fast the machine is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.cases import Case, Effort, Missing, Report, at_least, at_most, exactly
from benchmarks.server_model import Log, Refill, Rule, Server, Ticks
from benchmarks.simulator import CASES as SIMULATOR
from benchmarks.throttling import CASES

VIRTUAL = [case for case in CASES if case.kind == "virtual"]


@pytest.mark.parametrize("case", VIRTUAL, ids=lambda case: case.name)
def test_the_short_form_of_what_is_modelled(case: Case) -> None:
    report = Report(case=case.name)
    case.run(report, Effort(short=True))
    assert report.figures
    assert [figure for figure in report.figures if figure.goal == exactly(0) and not figure.met] == []


@pytest.mark.parametrize("case", SIMULATOR, ids=lambda case: case.name)
def test_the_short_form_of_what_a_served_simulator_does(case: Case) -> None:
    report = Report(case=case.name)
    try:
        case.run(report, Effort(short=True))
    except Missing as missing:
        pytest.skip(str(missing))
    assert report.figures


def test_the_figures_are_printed_beside_their_goals_and_written_to_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "figures.json"
    assert main(["throttling", "bursty", "--short", "--json", str(written)]) == 0
    printed = capsys.readouterr().out
    assert ">= 97 %" in printed and "missed" not in printed, "a short run judges nothing"
    found = json.loads(written.read_text())
    assert found["short"] is True and found["machine"]["processors"] > 0
    goals = [figure["goal"] for figure in found["figures"]]
    assert [">=", 97] in goals and all(figure["met"] is None for figure in found["figures"])


def test_cases_are_named_and_a_wrong_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["throttling", "list"]) == 0
    printed = capsys.readouterr().out
    assert [case.name for case in CASES if case.name not in printed] == []
    assert main(["throttling", "sturated"]) == 2
    assert "no case sturated; there are saturated, " in capsys.readouterr().out


def test_a_goal_is_met_at_its_edge() -> None:
    assert at_most(2).met_by(2) and not at_most(2).met_by(2.1)
    assert at_least(2).met_by(2) and not at_least(2).met_by(1.9)
    assert exactly(0).met_by(0) and not exactly(0).met_by(1)


@pytest.mark.parametrize(
    ("rule", "arrivals", "refused"),
    [
        (Refill(10.0, 2.0), [0, 0, 0.05, 0.1, 0.15, 0.2], [0.05, 0.15]),
        (Log(2, 1.0), [0, 0.5, 0.9, 1.0, 1.4, 1.5], [0.9, 1.4]),
        (Ticks(10.0, 2.0, 0.25), [0, 0, 0.2, 0.25, 0.26, 0.9, 1.25], [0.2, 0.9]),
    ],
    ids=["refill", "log", "ticks"],
)
def test_the_server_model_by_hand(rule: Rule, arrivals: list[float], refused: list[float]) -> None:
    server = Server(rule)
    server.replay(arrivals)
    assert server.refused == refused
    assert len(server.accepted) == len(arrivals) - len(refused)


def test_the_server_model_counts_a_call_in_all_limits_or_in_none() -> None:
    server = Server(Refill(1.0, 1.0), Log(2, 10.0))
    assert server.arrive(0.0) == 0.0
    assert server.arrive(0.25) == pytest.approx(0.75)
    assert server.arrive(1.0) == 0.0
    assert server.arrive(2.0) == pytest.approx(8.0)
    assert server.refused_share == 50.0 and server.accepted_by(0.5) == 1
