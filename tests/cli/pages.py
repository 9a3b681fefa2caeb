"""Write the pages of the commands from the tool itself: ``python -m tests.cli.pages [--tour]``.

Each page is the help of a command and its part of the tour, which is what ``emnify demo`` writes into a
terminal.
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
    return "\n".join([*parts, "## In a terminal\n", _session(name)])


def _session(name: str) -> str:
    """Return what the tour shows of a command."""
    lines = TOUR.read_text(encoding="utf-8").partition("```console\n")[2]
    ends = re.compile(r"^(?:# |```|This is the end of the demo)", re.MULTILINE)
    shown = [
        ends.split(block)[0].strip()
        for block in re.split(r"^(?=\$ )", lines, flags=re.MULTILINE)
        if re.match(rf"\$ emnify {name}\b", block)
    ]
    assert shown, f"the tour shows nothing of {name}"
    text = "\n".join(dict.fromkeys(shown))
    return f"```console\n{text}\n```\n\nFrom [the tour](tour.md).\n"


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
    """Run ``emnify demo`` and ``emnify simulator`` in a terminal and return what they wrote."""
    demo = _in_terminal("demo")
    simulator = _in_terminal("simulator", "--sims", "100", until="\\n")
    return (
        f"{MARK}\n# A tour\n\nWhat `emnify demo` writes, and then a simulator until Ctrl-C.\n\n"
        f"```console\n$ emnify demo\n\n{demo}\n\n$ emnify simulator --sims 100\n{simulator}\n```\n"
    )


def _in_terminal(*arguments: str, until: str | None = None) -> str:
    import pexpect

    # A width in the environment would count for more than that of the terminal.
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    environment |= {"NO_COLOR": "1", "PYTHONPATH": str(ROOT / "src"), "TERM": "xterm"}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "aioemnify.cli", *arguments],
        env=environment,
        dimensions=(40, WIDTH),
        encoding="utf-8",
        timeout=300,
    )
    written = ""
    if until is not None:
        child.expect(until)
        written = f"{child.before}{child.after}"
        child.sendintr()
    child.expect(pexpect.EOF)
    child.wait()
    written += child.before or ""
    if child.exitstatus:
        raise SystemExit(f"{arguments} ended with {child.exitstatus}:\n{written}")
    return "\n".join(_clean(written)).strip()


def _clean(text: str) -> Iterator[str]:
    """Return the lines without styles and bars, and with the names that differ from run to run replaced."""
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).replace("\r\n", "\n")
    lines = [line for line in plain.split("\n") if "━" not in line and not line.strip().startswith("0/")]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if not line.strip() and not following.startswith(("# ", "This is the end")):
            continue  # a bar was there
        line = re.sub(r"/tmp/\w+/config", "~/.config", line.rstrip().rpartition("\r")[2])
        line = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8443", line)
        line = re.sub(
            r"sim-1-\w+", "sim-1-…", re.sub(r"(/tmp/aioemnify-simulator)-\w+\.pem", r"\1.pem", line)
        )
        # A slow machine is some seconds further into the five minutes of a limit.
        yield re.sub(r"4 h (?:8|9|10) min", "4 h 10 min", line).removeprefix("^C")


def main() -> None:
    """Write the pages that differ."""
    FOLDER.mkdir(exist_ok=True)
    if "--tour" in sys.argv or not TOUR.exists():
        TOUR.write_text(tour(), encoding="utf-8")
    made = pages()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    for file in FOLDER.glob("*.md"):
        if file.name not in made and file != TOUR:
            file.unlink()


if __name__ == "__main__":
    main()
