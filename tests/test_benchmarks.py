"""The benchmarks run: their short form, where nothing depends on how fast the machine is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import msgspec
import pytest

import aioemnify
from aioemnify.models import Sim
from benchmarks import __main__ as command
from benchmarks import limiters, startup
from benchmarks.__main__ import SUITES, arguments, main
from benchmarks.cases import Case, Effort, Missing, Report, at_least, at_most, exactly
from benchmarks.client import CASES as CLIENT_CASES
from benchmarks.client import environments, peers
from benchmarks.limiters.contestants import EVERY, present
from benchmarks.limiters.row import worst_excess
from benchmarks.server_model import Log, Refill, Rule, Server, Ticks
from benchmarks.simulator import CASES as SIMULATOR
from benchmarks.startup import fresh
from benchmarks.throttling import CASES
from benchmarks.walkers import fleet
from benchmarks.walkers.rounds import distinct


@pytest.fixture(autouse=True)
def _no_environments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is installed for a test: contestants that want that are left out."""

    def refuse(name: str, _: list[str]) -> Path:
        raise Missing(f"no {name} in tests")

    monkeypatch.setattr(environments, "CACHE", tmp_path / "environments")
    monkeypatch.setattr(environments, "_made", refuse)


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


@pytest.mark.parametrize(
    "case", [case for case in CLIENT_CASES if case.kind != "processes"], ids=lambda case: case.name
)
def test_the_short_form_of_what_the_client_does_in_this_process(case: Case) -> None:
    report = Report(case=case.name)
    case.run(report, Effort(short=True))
    assert len(report.figures) > 3
    assert [figure for figure in report.figures if figure.goal == exactly(0) and not figure.met] == []


def test_the_same_members_in_the_classes_of_others() -> None:
    struct: Any = peers.mirrored(Sim, peers.struct)
    assert struct.__struct_fields__ == tuple(field.name for field in attrs.fields(Sim))
    content = fleet.page(size=3)
    ours = msgspec.json.decode(content, type=list[Sim], strict=False)
    theirs = msgspec.json.decode(content, type=list[struct], strict=False)
    assert msgspec.to_builtins(ours) == msgspec.to_builtins(theirs)
    assert peers.cattrs_codec(Sim)[0](content) == ours


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


@pytest.mark.parametrize(
    ("given", "suites", "cases"),
    [
        ([], list(SUITES), []),
        (["all", "--short"], list(SUITES), []),
        (["throttling"], ["throttling"], []),
        (["throttling", "startup"], ["throttling", "startup"], []),
        (["throttling", "bursty", "latency"], ["throttling"], ["bursty", "latency"]),
        (["page"], ["page"], []),
    ],
)
def test_the_command_line_tells_suites_from_cases(
    given: list[str], suites: list[str], cases: list[str]
) -> None:
    options = arguments(given)
    assert (options.suites, options.cases) == (suites, cases)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["bursty"], "no suite bursty; there are"),
        (["throttling", "startup", "import"], "cases can be named of one suite"),
        (["throttling", "bursty", "--results"], "what is kept are whole suites"),
        (["--short", "--results"], "they are not kept"),
        (["all", "--json", "figures.json"], "use --results"),
        (["page", "throttling"], "'page' stands alone"),
    ],
)
def test_what_makes_no_sense_is_refused(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        arguments(given)
    assert said in " ".join(capsys.readouterr().err.split())


def test_suites_run_in_processes_of_their_own_and_one_that_breaks_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []

    def ran(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        commands.append(command[2:])
        return subprocess.CompletedProcess(command, returncode=int("startup" in command))

    monkeypatch.setattr(command.subprocess, "run", ran)
    assert main(["throttling", "startup", "--short"]) == 1
    assert commands == [["benchmarks", "throttling", "--short"], ["benchmarks", "startup", "--short"]]
    assert capsys.readouterr().out.rstrip().endswith("broke: startup")


@pytest.mark.parametrize("case", limiters.CASES, ids=lambda case: case.name)
def test_the_short_form_of_the_limiters(case: Case) -> None:
    report = Report(case=case.name)
    case.run(report, Effort(short=True))
    assert report.figures
    assert [figure for figure in report.figures if figure.goal == exactly(0) and not figure.met] == []


def test_limiters_that_are_not_installed_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("aiolimiter", "pyrate_limiter", "throttled", "throttled.asyncio"):
        monkeypatch.setitem(sys.modules, module, None)
    report = Report(case="any")
    assert [one.name for one in present(report)] == ["aioemnify"]
    assert len(report.left_out) == len(EVERY) - 1


def test_the_worst_excess_of_any_stretch_by_hand() -> None:
    assert worst_excess([0.0] * 5 + [0.1, 0.2]) == pytest.approx(0.0)
    assert worst_excess([0.0] * 5 + [0.05, 0.2]) == pytest.approx(0.5)
    assert worst_excess([0.0, *[10.0] * 7]) == pytest.approx(2.0)


@pytest.mark.parametrize("case", startup.CASES, ids=lambda case: case.name)
def test_the_short_form_of_the_startup(case: Case) -> None:
    report = Report(case=case.name)
    case.run(report, Effort(short=True))
    assert report.figures


def test_who_cannot_take_part_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    written = tmp_path / "figures.json"
    assert main(["startup", "import", "--short", "--json", str(written)]) == 0
    printed = capsys.readouterr().out
    found = json.loads(written.read_text())
    assert [line.partition(":")[0] for line in found["left_out"]] == [
        "an environment of the library's own; it shares this one",
        "emnify-sdk",
        "openapi-python-client",
    ]
    assert [line for line in found["left_out"] if printed.count(line) != 2] == [], (
        "when it is, and at the end"
    )
    assert found["versions"]["benchmarks"]["msgspec"] == msgspec.__version__


def test_the_library_is_measured_with_the_versions_that_are_here() -> None:
    pinned = dict(one.split("==") for one in environments.own_requirements())
    assert pinned["msgspec"] == msgspec.__version__ and pinned["attrs"] == attrs.__version__
    assert not {"trio", "rich", "cryptography"} & set(pinned)


def test_an_environment_of_its_own_holds_this_very_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packages = tmp_path / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    packages.mkdir(parents=True)
    (packages / "aioemnify").symlink_to(tmp_path)  # what another run has left
    monkeypatch.setattr(environments, "_made", lambda *_: tmp_path / "bin/python")
    environments.own()
    assert (packages / "aioemnify").samefile(Path(aioemnify.__file__).parent)


def test_fresh_processes_load_what_has_been_compiled_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    fresh.run(fresh.Program("import sys; assert not sys.dont_write_bytecode"))


def test_a_fleet_repeats_itself_and_is_never_all_the_same() -> None:
    sims = [fleet.sim(number) for number in range(1, fleet.SIZE + 1)]
    for member, kinds in (("status", 3), ("model", 4), ("customer_org", 12), ("iccid", fleet.SIZE)):
        assert len({json.dumps(sim[member]) for sim in sims}) == kinds, member
    others = [fleet.sim(number, alike=False) for number in range(1, fleet.SIZE + 1)]
    assert len({json.dumps(sim["status"]) for sim in others}) == fleet.SIZE
    assert distinct(sims) == fleet.SIZE == distinct(msgspec.convert(sims, list[Sim]))


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
