"""Write the pages of the commands from the tool itself: ``python -m tests.cli.pages [--tour]``.

Each page is the help of a command. The tour is what ``emnify demo`` writes into a terminal.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from aioemnify.cli.app import SETUP, WORK, app
from aioemnify.cli.description import groups, operations_of
from aioemnify.cli.exit_status import STATUSES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "commands"
TOUR = FOLDER / "tour.md"
WIDTH = 96
MARK = "<!-- Written by python -m tests.cli.pages. Do not edit. -->\n"


def pages() -> dict[str, str]:
    """Return all pages but the tour, by file name."""
    with click.Context(app, info_name="emnify", terminal_width=WIDTH, max_content_width=WIDTH) as ctx:
        found = {f"{name}.md": _hand_made(ctx, name) for name in (*WORK, *SETUP)}
        for name, title in groups().items():
            found[f"{name}.md"] = _group(ctx, name, title)
        found["index.md"] = _index(ctx)
    return found


def _child(ctx: click.Context, name: str) -> tuple[click.Command, click.Context]:
    assert isinstance(ctx.command, click.Group)
    command = ctx.command.get_command(ctx, name)
    assert command is not None
    inner = click.Context(
        command,
        parent=ctx,
        info_name=name,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        help_option_names=["-h", "--help"],
    )
    return command, inner


def _help(ctx: click.Context) -> str:
    text = ctx.get_help()
    # The same in each: the page of all commands has them.
    text = re.sub(r"\n\nOptions of every command:\n(?:  .*\n)+", "\n", f"{text}\n")
    return f"```text\n{text.strip()}\n```\n"


def _hand_made(ctx: click.Context, name: str) -> str:
    command, inner = _child(ctx, name)
    parts = [MARK, f"# emnify {name}\n", _help(inner)]
    if isinstance(command, click.Group):
        for sub in command.list_commands(inner):
            parts += [f"## emnify {name} {sub}\n", _help(_child(inner, sub)[1])]
    return "\n".join(parts)


def _group(ctx: click.Context, name: str, title: str) -> str:
    command, inner = _child(ctx, name)
    assert isinstance(command, click.Group)
    rows = []
    for sub in command.list_commands(inner):
        one, deeper = _child(inner, sub)
        usage = " ".join(f"emnify {name} {sub} {' '.join(one.collect_usage_pieces(deeper)[1:])}".split())
        rows.append(f"| `{usage}` | {one.get_short_help_str(300)} |")
    module = name.replace("-", "_")
    return "\n".join(
        [
            MARK,
            f"# emnify {name}\n",
            f"{title}: {len(operations_of(name))} calls. See [the reference](../reference/{module}.md).\n",
            "| Command | |",
            "| --- | --- |",
            *rows,
            "",
        ]
    )


def _index(ctx: click.Context) -> str:
    statuses = [f"| {status} | {meaning} |" for status, meaning in STATUSES.items()]
    work = [f"- [{name}]({name}.md): {about}" for name, (_, about) in (WORK | SETUP).items()]
    calls = [f"- [{name}]({name}.md): {title}" for name, title in groups().items()]
    text = ctx.get_help().partition("\nWork:")[0]
    return "\n".join(
        [
            MARK,
            "# The commands of emnify\n",
            f"```text\n{text.strip()}\n```\n",
            *work,
            "",
            "All calls of the API, by group:\n",
            *calls,
            "",
            "## Exit status\n",
            "| Status | Meaning |",
            "| --- | --- |",
            *statuses,
            "",
        ]
    )


def tour() -> str:
    """Run ``emnify demo`` in a terminal and return what it wrote."""
    import pexpect

    environment = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT / "src"), "TERM": "xterm"}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "aioemnify.cli", "demo"],
        env=environment,
        dimensions=(40, WIDTH),
        encoding="utf-8",
        timeout=300,
    )
    child.expect(pexpect.EOF)
    child.wait()
    if child.exitstatus:
        raise SystemExit(f"the demo ended with {child.exitstatus}:\n{child.before}")
    lines = "\n".join(_clean(child.before or ""))
    return f"{MARK}\n# A tour\n\nWhat `emnify demo` writes.\n\n```console\n{lines.strip()}\n```\n"


def _clean(text: str) -> Iterator[str]:
    """Return the lines without styles and bars, and with the names that differ from run to run replaced."""
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).replace("\r\n", "\n")
    lines = [line for line in plain.split("\n") if "━" not in line and not line.strip().startswith("0/")]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if not line.strip() and not following.startswith(("# ", "That was")):
            continue  # a bar was there
        line = re.sub(r"/tmp/\w+/config", "~/.config", line.rstrip().rpartition("\r")[2])
        yield re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8443", line)


def main() -> None:
    """Write the pages that differ."""
    made = pages()
    if "--tour" in sys.argv or not TOUR.exists():
        made["tour.md"] = tour()
    FOLDER.mkdir(exist_ok=True)
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    for file in FOLDER.glob("*.md"):
        if file.name not in made and file.name != "tour.md":
            file.unlink()


if __name__ == "__main__":
    main()
