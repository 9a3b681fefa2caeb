"""The pictures of README.md are what ``python -m pictures`` makes, and show what the programs write now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from aioemnify import OPERATIONS
from pictures import DOCS
from pictures.badges import badges, facts
from pictures.terminals import day, day_shown, drawn, tour_shown

TERMINALS = DOCS / "terminals"
SVG = "{http://www.w3.org/2000/svg}"


def test_the_badges_are_up_to_date() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "badges").iterdir()}
    assert committed == badges(), "run python -m pictures badges"
    assert facts()["operations"] == ("operations", str(len(OPERATIONS)))
    assert facts()["typed"] == ("typed", "strict")


def test_the_terminal_of_the_commands_is_that_of_the_tour() -> None:
    tour = (DOCS / "commands" / "tour.md").read_text(encoding="utf-8")
    committed = (TERMINALS / "commands.svg").read_text(encoding="utf-8")
    made = drawn("emnify demo", tour_shown(tour))  # a newer rich may draw the same lines in another way
    assert list(lines_of(committed)) == list(lines_of(made)), "run python -m pictures terminals"
    shown = [line for line in lines_of(committed) if line]
    assert len(shown) > 20 and len(set(shown) & set(tour.splitlines())) >= len(shown) - 2, (
        "one line is too wide"
    )


@pytest.mark.process
def test_the_terminal_of_the_demo_shows_what_the_demo_writes() -> None:
    committed = (TERMINALS / "fleet-day.svg").read_text(encoding="utf-8")
    now = drawn("nox -s demo", day_shown(day()))
    assert steady(committed) == steady(now), "run python -m pictures terminals"
    assert any(line.endswith("; 0 refused") for line in lines_of(committed))


def steady(svg: str) -> list[str]:
    """Return the lines without what differs from run to run: ports, seconds, calls that waited."""
    varies = re.compile(r"127\.0\.0\.1:\d+|\b\d+\.\d+ s\b|\b\d+ waited\b| ─+$")
    return [varies.sub("#", line) for line in lines_of(svg)]


def lines_of(svg: str) -> Iterator[str]:
    """Yield the lines of a drawn terminal as text."""
    lines: dict[float, list[tuple[int, str]]] = {}
    for element in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        if length := element.get("textLength"):
            text = (element.text or "").replace("\xa0", " ")
            column = round(float(element.get("x", 0)) * len(text) / float(length))
            lines.setdefault(float(element.get("y", 0)), []).append((column, text))
    for y in sorted(lines):
        line = ""
        for column, text in sorted(lines[y]):
            line = line.ljust(column) + text
        yield line.rstrip()


def test_steps_that_are_left_out_are_marked() -> None:
    with pytest.raises(ValueError, match="no step"):
        day_shown("Walk the whole fleet ───\n  5,000 SIMs\n")
    with pytest.raises(ValueError, match="no command 'emnify estimate'"):
        tour_shown("$ emnify limits\n")


@pytest.mark.parametrize(
    "path", [*DOCS.glob("badges/*.svg"), *TERMINALS.glob("*.svg")], ids=lambda path: path.name
)
def test_a_picture_needs_no_other_host_and_has_a_name(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    assert root.tag == f"{SVG}svg" and root.get("aria-label")
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"//([\w.-]+)", text)) <= {"www.w3.org", "127.0.0.1"}
    assert "@font-face" not in text and "@import" not in text and "<script" not in text
