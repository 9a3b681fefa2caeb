"""The benchmarks run, in their short form: no test depends on the speed of the machine."""

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
from benchmarks import HEADLINE, ROOT, SUITES, comparison, environments, limiters, sample_sims, startup
from benchmarks import __main__ as command
from benchmarks.__main__ import arguments, cases_of, main
from benchmarks.cases import Case, Effort, Missing, Report, at_least, at_most, exactly
from benchmarks.client import CASES as CLIENT_CASES
from benchmarks.client import equivalent_classes
from benchmarks.interleaved import relative, rotated
from benchmarks.limiters.contestants import CONTESTANTS, installed
from benchmarks.limiters.saturated import worst_excess
from benchmarks.list_workers.protocol import distinct
from benchmarks.server_model import Rule, Server, SlidingWindow, TickingBucket, TokenBucket
from benchmarks.simulator import CASES as SIMULATOR
from benchmarks.startup import fresh_process
from benchmarks.throttling import CASES


@pytest.fixture(autouse=True)
def _no_environments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tests install nothing: contestants that need their own environment are left out."""

    def refuse(name: str, _: list[str]) -> Path:
        raise Missing(f"no {name} in tests")

    monkeypatch.setattr(environments, "CACHE", tmp_path / "environments")
    monkeypatch.setattr(environments, "_create", refuse)


VIRTUAL = [case for case in CASES if case.kind == "virtual"]


@pytest.mark.parametrize("case", VIRTUAL, ids=lambda case: case.name)
def test_the_short_form_in_virtual_time(case: Case) -> None:
    report = Report(case=case.name)
    case.run(report, Effort(short=True))
    assert report.figures
    assert [figure for figure in report.figures if figure.goal == exactly(0) and not figure.met] == []


@pytest.mark.parametrize("case", SIMULATOR, ids=lambda case: case.name)
def test_the_short_form_of_the_simulator(case: Case) -> None:
    report = Report(case=case.name)
    try:
        case.run(report, Effort(short=True))
    except Missing as missing:
        pytest.skip(str(missing))
    assert report.figures


@pytest.mark.parametrize(
    "case", [case for case in CLIENT_CASES if case.kind != "processes"], ids=lambda case: case.name
)
def test_the_short_form_of_the_client_in_this_process(case: Case) -> None:
    report = Report(case=case.name)
    case.run(report, Effort(short=True))
    assert len(report.figures) > 3
    assert [figure for figure in report.figures if figure.goal == exactly(0) and not figure.met] == []


def test_the_classes_of_other_libraries_have_the_same_members() -> None:
    struct: Any = equivalent_classes.like(Sim, equivalent_classes.struct)
    assert struct.__struct_fields__ == tuple(field.name for field in attrs.fields(Sim))
    content = sample_sims.page(size=3)
    ours = msgspec.json.decode(content, type=list[Sim], strict=False)
    theirs = msgspec.json.decode(content, type=list[struct], strict=False)
    assert msgspec.to_builtins(ours) == msgspec.to_builtins(theirs)
    assert equivalent_classes.cattrs_codec(Sim)[0](content) == ours


def test_figures_are_printed_with_their_goals_and_written_to_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "figures.json"
    assert main(["throttling.bursty", "--short", "--json", str(written)]) == 0
    printed = capsys.readouterr().out
    assert "≥ 97 %" in printed and "missed" not in printed, "a short run judges nothing"
    found = json.loads(written.read_text())
    assert found["short"] is True and found["machine"]["processors"] > 0
    goals = [figure["goal"] for figure in found["figures"]]
    assert [">=", 97] in goals and all(figure["met"] is None for figure in found["figures"])


def test_all_cases_are_listed_and_an_unknown_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [f"{suite}.{case.name}" for suite in SUITES for case in cases_of(suite)]
    assert set(HEADLINE) < set(listed)
    assert main(["throttling.sturated"]) == 2
    assert "unknown case sturated of throttling; expected saturated, " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "selected"),
    [
        ([], {suite: [] for suite in SUITES}),
        (["all", "--short"], {suite: [] for suite in SUITES}),
        (["throttling"], {"throttling": []}),
        (["throttling", "startup"], {"throttling": [], "startup": []}),
        (["throttling.bursty", "throttling.latency"], {"throttling": ["bursty", "latency"]}),
        (["client.calls", "startup.import", "client.calls"], {"client": ["calls"], "startup": ["import"]}),
        (["throttling.bursty", "throttling", "throttling.latency"], {"throttling": []}),
        (["page"], {}),
    ],
)
def test_the_command_line_selects_suites_and_cases(given: list[str], selected: dict[str, list[str]]) -> None:
    assert arguments(given).selected == selected


def test_headline_selects_the_most_important_cases() -> None:
    selected = arguments(["headline"]).selected
    assert [f"{suite}.{case}" for suite, cases in selected.items() for case in cases] == sorted(
        HEADLINE, key=lambda name: list(selected).index(name.partition(".")[0])
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["bursty"], "unknown suite 'bursty'; expected client, "),
        (["throttling.bursty", "--results"], "--results needs whole suites"),
        (["--short", "--results"], "--results cannot be used with --short"),
        (["all", "--json", "figures.json"], "use --results"),
        (["client.calls", "limiters.waiters", "--json", "figures.json"], "use --results"),
        (["page", "throttling"], "'list' and 'page' must be the only name"),
    ],
)
def test_a_wrong_command_line_is_refused(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        arguments(given)
    assert said in " ".join(capsys.readouterr().err.split())


def test_each_suite_runs_in_its_own_process_and_one_that_fails_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []

    def ran(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        commands.append(command[2:])
        return subprocess.CompletedProcess(command, returncode=int("startup" in command))

    monkeypatch.setattr(command.subprocess, "run", ran)
    assert main(["throttling.bursty", "throttling.latency", "startup", "--short"]) == 1
    assert commands == [
        ["benchmarks", "throttling.bursty", "throttling.latency", "--short"],
        ["benchmarks", "startup", "--short"],
    ]
    assert capsys.readouterr().out.rstrip().endswith("failed: startup")


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
    assert [one.name for one in installed(report)] == ["aioemnify"]
    assert len(report.left_out) == len(CONTESTANTS) - 1


def test_the_worst_excess_of_any_stretch_by_hand() -> None:
    assert worst_excess([0.0] * 5 + [0.1, 0.2]) == pytest.approx(0.0)
    assert worst_excess([0.0] * 5 + [0.05, 0.2]) == pytest.approx(0.5)
    assert worst_excess([0.0, *[10.0] * 7]) == pytest.approx(2.0)


@pytest.mark.parametrize("case", startup.CASES, ids=lambda case: case.name)
def test_the_short_form_of_the_startup(case: Case) -> None:
    report = Report(case=case.name)
    case.run(report, Effort(short=True))
    assert report.figures


def test_only_a_client_that_does_not_wait_is_refused() -> None:
    report = Report(case="at-once")
    comparison.at_once.at_once(report, Effort(short=True))
    figures = {figure.what: figure for figure in report.figures}
    assert (figures["aioemnify: refused"].value, figures["aioemnify: refused"].note) == (
        0,
        "8 of 8 lists read",
    )
    assert figures["raw httpx: refused"].value > 0
    assert [line.partition(":")[0] for line in report.left_out][-2:] == [
        "emnify-sdk",
        "openapi-python-client",
    ]


def test_operations_are_counted() -> None:
    report = Report(case="operations")
    comparison.operations.operations(report, Effort(short=True))
    assert [(figure.what, figure.value) for figure in report.figures] == [("aioemnify: operations", 216)]


def test_contestants_that_cannot_run_are_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    written = tmp_path / "figures.json"
    assert main(["startup.import", "--short", "--json", str(written)]) == 0
    printed = capsys.readouterr().out
    found = json.loads(written.read_text())
    assert [line.partition(":")[0] for line in found["left_out"]] == [
        "a separate environment for aioemnify; it shares this one",
        "emnify-sdk",
        "openapi-python-client",
    ]
    assert [line for line in found["left_out"] if printed.count(line) != 2] == [], (
        "when it happens, and at the end"
    )
    assert found["versions"]["benchmarks"]["msgspec"] == msgspec.__version__


def test_aioemnify_is_measured_with_the_installed_versions() -> None:
    pinned = dict(one.split("==") for one in environments.own_requirements())
    assert pinned["msgspec"] == msgspec.__version__ and pinned["attrs"] == attrs.__version__
    assert not {"trio", "rich", "cryptography"} & set(pinned)


def test_its_own_environment_has_the_imported_aioemnify(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packages = tmp_path / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    packages.mkdir(parents=True)
    (packages / "aioemnify").symlink_to(tmp_path)  # from an earlier run
    monkeypatch.setattr(environments, "_create", lambda *_: tmp_path / "bin/python")
    environments.own()
    assert (packages / "aioemnify").samefile(Path(aioemnify.__file__).parent)


def test_fresh_processes_use_compiled_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    fresh_process.run(fresh_process.Program("import sys; assert not sys.dont_write_bytecode"))


def test_sample_sims_share_nested_objects_but_none_is_the_same_in_all() -> None:
    size = sample_sims.SIZE
    sims = [sample_sims.sim(number) for number in range(1, size + 1)]
    for member, kinds in (("status", 3), ("model", 4), ("customer_org", 12), ("iccid", size)):
        assert len({json.dumps(sim[member]) for sim in sims}) == kinds, member
    others = [sample_sims.sim(number, repeats=False) for number in range(1, size + 1)]
    assert len({json.dumps(sim["status"]) for sim in others}) == size
    assert distinct(sims) == size == distinct(msgspec.convert(sims, list[Sim]))


def test_every_contestant_is_first_equally_often() -> None:
    order = [[name for name, _ in rotated({"a": 1, "b": 2, "c": 3}, turn)] for turn in range(4)]
    assert order == [["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"], ["a", "b", "c"]]


def test_the_peak_of_a_process_is_its_own() -> None:
    large = b"x" * 200_000_000  # in this process, which starts another
    program = "from benchmarks.list_workers.protocol import resident; print(resident('VmHWM'))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert len(large) == 200_000_000 and 0 < float(done.stdout) < 100


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    assert relative([2.0, 9.0, 3.0], [1.0, 3.0, 3.0]) == (2.0, "middle half of 3 1.000 to 3.000")


def test_a_goal_is_met_at_its_edge() -> None:
    assert at_most(2).met_by(2) and not at_most(2).met_by(2.1)
    assert at_least(2).met_by(2) and not at_least(2).met_by(1.9)
    assert exactly(0).met_by(0) and not exactly(0).met_by(1)


@pytest.mark.parametrize(
    ("rule", "arrivals", "refused"),
    [
        (TokenBucket(10.0, 2.0), [0, 0, 0.05, 0.1, 0.15, 0.2], [0.05, 0.15]),
        (SlidingWindow(2, 1.0), [0, 0.5, 0.9, 1.0, 1.4, 1.5], [0.9, 1.4]),
        (TickingBucket(10.0, 2.0, 0.25), [0, 0, 0.2, 0.25, 0.26, 0.9, 1.25], [0.2, 0.9]),
    ],
    ids=["token bucket", "sliding window", "ticking bucket"],
)
def test_the_server_model_by_hand(rule: Rule, arrivals: list[float], refused: list[float]) -> None:
    server = Server(rule)
    server.replay(arrivals)
    assert server.refused == refused
    assert len(server.accepted) == len(arrivals) - len(refused)


def test_the_server_model_counts_a_call_in_all_limits_or_in_none() -> None:
    server = Server(TokenBucket(1.0, 1.0), SlidingWindow(2, 10.0))
    assert server.arrive(0.0) == 0.0
    assert server.arrive(0.25) == pytest.approx(0.75)
    assert server.arrive(1.0) == 0.0
    assert server.arrive(2.0) == pytest.approx(8.0)
    assert server.refused_share == 50.0 and server.accepted_by(0.5) == 1
