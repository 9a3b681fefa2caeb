"""docs/performance.md and a table of README.md are what the command makes of the results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from attrs import evolve

from aioemnify import Timeouts
from benchmarks import HEADLINE, RESULTS, SUITES
from benchmarks.cases import Figure, Report, at_least, at_most, exactly
from benchmarks.number_format import amount, measured
from benchmarks.number_format import goal as goal_text
from benchmarks.page import content, drawing, plots
from benchmarks.page import readme as comparison
from benchmarks.page.tables import tabulate
from benchmarks.page.write import DOCS, markdown, stored, write
from benchmarks.result_files import Results, as_data, load, save

SVG = "{http://www.w3.org/2000/svg}"


def figure(what: str, value: float, unit: str = "", goal: Any = None) -> Figure:
    return Figure(case="case", what=what, value=value, unit=unit, goal=goal)


def test_the_page_is_what_the_command_makes_of_the_stored_results() -> None:
    committed = (DOCS / "performance.md").read_text(encoding="utf-8")
    assert committed == markdown(stored()), "docs/performance.md is stale: run python -m benchmarks page"


def test_the_table_of_the_readme_is_what_the_command_makes_of_the_stored_results() -> None:
    committed = comparison.README.read_text(encoding="utf-8")
    made = comparison.with_table(committed, stored())
    assert committed == made, "the table of README.md is stale: run python -m benchmarks page"
    figures = [row for row in comparison.ROWS if isinstance(row, comparison.Measured)]
    unnamed = sum(row.contestants.count("") for row in figures)
    assert committed.count(f"| {comparison.NOT_MEASURED} ") == unnamed, (
        "a figure has another name in its suite"
    )


def test_the_timeouts_in_the_table_are_those_of_the_clients() -> None:
    (row,) = (one for one in comparison.ROWS if "timeout" in one.title)
    assert isinstance(row, comparison.Fact)
    ours, _, _, alone = row.cells
    assert (ours, alone) == (f"{Timeouts().read:g} s", f"{httpx.AsyncClient().timeout.read:g} s")


def test_figures_stand_in_the_column_of_their_contestant(results: Results) -> None:
    line = next(
        one for one in comparison.table(results).splitlines() if one.startswith("| CPU time of the import")
    )
    assert line.endswith(" | - | - | - | - |"), "this suite was not run"
    report = Report(case="import")
    for name, value in (("httpx", 80), ("aioemnify", 95), ("emnify-sdk", 336)):
        report.add(f"{name}: CPU", value, "ms")
    suite = evolve(results.suites["client"], suite="startup", figures=tuple(report.figures))
    made = comparison.table(Results({**results.suites, "startup": suite}))
    assert "| CPU time of the import | 95 ms | 336 ms | - | 80 ms |\n" in made


def test_a_readme_without_a_place_for_the_table_is_refused(results: Results) -> None:
    with pytest.raises(ValueError, match="needs the lines"):
        comparison.with_table(f"# Title\n{comparison.BEGIN}", results)


def test_the_plots_of_the_page_are_there() -> None:
    committed = {path.stem: path for path in (DOCS / "performance").glob("*.svg")}
    assert set(committed) == {plot.name for plot in plots.drawable(stored())}
    for path in committed.values():
        root = ElementTree.parse(path).getroot()
        assert root.tag == f"{SVG}svg" and root.find(f".//{SVG}text") is not None
    page = (DOCS / "performance.md").read_text(encoding="utf-8")
    assert [name for name in committed if f"](performance/{name}.svg)" not in page] == []


def test_every_headline_case_is_measured_if_all_suites_are() -> None:
    results = stored()
    if set(results.suites) == set(SUITES):
        assert content.unmeasured(results) == []


def test_writing_twice_makes_the_same_files(tmp_path: Path) -> None:
    first, again = (write(RESULTS, tmp_path / name) for name in ("first", "again"))
    assert [path.name for path in first] == [path.name for path in again]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


@pytest.fixture
def results(tmp_path: Path) -> Results:
    report = Report(case="decode")
    for name, ratio in (("msgspec Struct", 1.0), ("aioemnify", 1.8004), ("pydantic", 5.3), ("cattrs", 9.5)):
        goal = at_most(1.8) if name == "aioemnify" else None
        report.add(f"{name}: relative to msgspec Struct", ratio, "x", goal=goal)
    data = as_data("client", [], report, short=False, seconds=90)
    data["cases"] = {"decode": "read a page"}
    save(tmp_path / "client.json", data)
    return load(tmp_path)


def test_a_missed_goal_is_shown_with_enough_digits(results: Results) -> None:
    page = markdown(results)
    assert "0 of 1 figures that have a goal meet it" in page
    line = next(line for line in page.splitlines() if line.startswith("| read a page |"))
    assert line.endswith("1.8004 × | ≤ 1.80 × | **missed** |")


def test_headline_cases_that_were_not_measured_are_named(results: Results) -> None:
    left = content.unmeasured(results)
    assert len(left) == len(HEADLINE) - 1
    assert f"Not measured in this run: {left[0]}, " in markdown(results)


def test_versions_and_contestants_left_out_are_named(results: Results) -> None:
    page = markdown(results)
    assert "No contestant was left out of this run." in page and "msgspec " in page
    result = results.suites["client"]
    one = evolve(result, versions={"own": {"httpx": "1.0"}}, left_out=["emnify-sdk: no way to get it"])
    other = evolve(result, suite="startup", versions={"own": {"httpx": "2.0"}}, left_out=[])
    page = markdown(Results({"client": one, "startup": other}))
    assert "httpx 1.0 and 2.0" in page and "- emnify-sdk: no way to get it\n" in page


def test_a_missed_goal_is_explained(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "REASONS", {"client.decode": "it is how it is"})
    page = markdown(results)
    assert "| read a page | aioemnify: relative to msgspec Struct | 1.8004 × | ≤ 1.80 × |" in page
    assert "- read a page: it is how it is\n" in page


def test_the_figures_of_a_short_run_are_refused(tmp_path: Path) -> None:
    data = as_data("client", [], Report(), short=True, seconds=1)
    (tmp_path / "client.json").write_text(json.dumps(data))
    with pytest.raises(ValueError, match="short run"):
        load(tmp_path)


def test_contestants_are_compared_with_the_reference() -> None:
    table = tabulate(
        "a title",
        [
            figure("raw: CPU", 2.0, "ms"),
            figure("aioemnify: CPU", 3.0, "ms"),
            figure("aioemnify: refused", 0, "", exactly(0)),
            figure("alone", 7, "/s"),
        ],
        "raw",
    )
    assert table.rows() == [["raw", "2 ms"], ["**aioemnify**", "3 ms (1.50 ×)"]]
    assert table.rest_rows() == [
        ["aioemnify: refused", "0", "0", "met", ""],
        ["alone", "7 /s", "", "", ""],
    ]


def test_a_ratio_that_was_measured_is_not_computed_again() -> None:
    table = tabulate(
        "a title",
        [
            figure("raw: CPU", 2.0, "ms"),
            figure("aioemnify: CPU", 3.0, "ms"),
            figure("aioemnify: CPU relative to raw", 1.4, "x"),
            figure("aioemnify, pages: CPU relative to raw", 1.3, "x"),
        ],
        "raw",
    )
    assert not table.has_ratios() and table.rows()[1] == ["**aioemnify**", "3 ms", "1.40 ×"]


def test_a_note_on_all_figures_is_shown_once() -> None:
    figures = [evolve(figure(f"{name}: CPU", 1, "s"), note="median of 3") for name in ("one", "two", "three")]
    assert tabulate("a title", figures).notes() == ["median of 3"]
    figures[2] = evolve(figures[2], note="stopped")
    assert tabulate("a title", figures).notes()[1:] == ["two: CPU: median of 3", "three: CPU: stopped"]


def test_a_note_on_all_figures_of_a_quantity_is_shown_once() -> None:
    notes = {"one: CPU": "off", "two: CPU": "off", "one: time": "a", "two: time": "b"}
    figures = [evolve(figure(what, 1, "s"), note=note) for what, note in notes.items()]
    assert tabulate("a title", figures).notes() == ["CPU: off", "one: time: a", "two: time: b"]


def test_bars_show_one_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []
    monkeypatch.setattr(drawing, "bars", lambda _, __, panels: drawn.extend(panels))
    figures = [figure("far: row", 9, "s"), figure("near: row", 2, "s"), figure("refused: row", 0)]
    assert plots.bars("row")(tmp_path / "x.svg", "words", figures)
    assert [bar.name for bar in drawn[0].bars] == ["near", "far"]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "", "0"),
        (10295.96, "us", "10,296 µs"),
        (534.6, "us", "535 µs"),
        (1.3512, "x", "1.35 ×"),
        (0.0345, "s", "0.0345 s"),
        (99.953, "%", "99.95 %"),
    ],
)
def test_numbers(value: float, unit: str, text: str) -> None:
    assert amount(value, unit) == text


def test_a_goal_just_missed_does_not_look_met() -> None:
    assert measured(figure("x", 1.0502, "x", at_most(1.05))) == "1.0502 ×"
    assert measured(figure("x", 1.0498, "x", at_most(1.05))) == "1.05 ×"
    assert measured(figure("x", 98.996, "%", at_least(99))) == "98.996 %"
    assert goal_text(figure("x", 1, "x", at_most(1.05))) == "≤ 1.05 ×"
