"""Terminals as SVG: what ``examples/fleet_day.py`` writes, and what ``emnify demo`` wrote into the tour."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from io import StringIO

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from pictures import DOCS, ROOT

WIDTH = 88
CUT = Text("  …", style="bright_black")

STEPS: Mapping[str, int | None] = {
    "Start the simulator": None,
    "Walk the whole fleet": None,
    "Read 150 SIMs at the same time": None,
    "Register a SIM batch": None,
    "PATCH the endpoint": None,
    "Detach the SIM": None,
    "Provoke a 422": 2,
    "Show the rate limits": 2,
    "All steps succeeded": None,
}
"""The steps of the day to show, and how many lines; ``None`` for all of them."""

COMMANDS = (
    "emnify estimate",
    "emnify sims list -q status:activated",
    "emnify sim suspend --file",
    "emnify jobs run",
    "emnify plan",
)
"""The commands of the tour to show, by how they begin."""

THEME = TerminalTheme(
    (22, 27, 34),
    (230, 237, 243),
    [
        *((72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34)),
        *((88, 166, 255), (188, 140, 255), (57, 197, 207), (177, 186, 196)),
    ],
    [
        *((139, 148, 158), (255, 161, 152), (86, 211, 100), (227, 179, 65)),
        *((121, 192, 255), (210, 168, 255), (86, 212, 221), (255, 255, 255)),
    ],
)

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="A terminal">
<style>
.{unique_id}-matrix {{ font: {char_height}px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace }}
.{unique_id}-title {{ font: bold 16px system-ui, sans-serif }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""What rich draws into, without the fonts of another host that its own frame loads."""


def terminals() -> dict[str, str]:
    """Run the demo, and return each terminal by its file name."""
    return {
        "fleet-day.svg": drawn("nox -s demo", day_shown(day())),
        "commands.svg": drawn("emnify demo", tour_shown((DOCS / "commands" / "tour.md").read_text("utf-8"))),
    }


def day() -> str:
    """Run the demo; return what it writes into a terminal.

    Raises:
        RuntimeError: A step failed; the text is the output.
    """
    environment = {name: value for name, value in os.environ.items() if name not in ("LINES", "NO_COLOR")}
    environment |= {"COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    done = subprocess.run(
        [sys.executable, "examples/fleet_day.py"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout


def day_shown(output: str) -> list[Text]:
    """Return the lines of the shown steps; what is left out is marked.

    Raises:
        ValueError: The demo has no such step.
    """
    lines = [Text.from_ansi(line) for line in output.splitlines()]
    steps: dict[str, list[Text]] = {}
    for line in lines:
        if heading := re.match(r"(.+?)(?: in \d+\.\d s)? ─+$", line.plain):
            steps[heading[1]] = []
        next(reversed(steps.values())).append(line)
    if unknown := set(STEPS) - set(steps):
        raise ValueError(f"examples/fleet_day.py has no step {sorted(unknown)}")
    shown: list[Text] = []
    for title, step in steps.items():
        count = STEPS.get(title, 0)
        part = step[:count]
        shown += part
        if len(part) < len(step) and shown[-1] is not CUT:
            shown.append(CUT)
    return shown


def tour_shown(page: str) -> list[Text]:
    """Return the lines of the shown commands, with what the tour says about them.

    Raises:
        ValueError: The tour has no such command.
    """
    shown: list[Text] = []
    for command in COMMANDS:
        found = re.search(
            rf"^(?:# .*\n)?\$ {re.escape(command)}\b.*\n(?:(?![$#`]).+\n)*", page, flags=re.MULTILINE
        )
        if found is None:
            raise ValueError(f"docs/commands/tour.md has no command {command!r}")
        lines = found[0].splitlines()
        if shown and lines[0].startswith("#"):
            shown.append(Text())
        shown += [Text(line, style=_style(line)) for line in lines]
    return shown


def _style(line: str) -> str:
    return {"#": "bright_black", "$": "bold bright_cyan"}.get(line[:1], "")


def drawn(title: str, lines: Sequence[Text]) -> str:
    """Return lines as a terminal of ``WIDTH`` columns."""
    console = Console(file=StringIO(), record=True, width=WIDTH, force_terminal=True, highlight=False)
    for line in lines:
        console.print(line)
    svg = console.export_svg(
        title=title, theme=THEME, code_format=SVG, font_aspect_ratio=0.6, unique_id="terminal"
    )
    return "".join(f"{line.rstrip()}\n" for line in svg.splitlines() if line.strip())
