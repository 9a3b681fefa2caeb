"""The pages of the commands are up to date, and what the guide says works in a shell."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from aioemnify.simulator import Simulator
from tests.cli import pages
from tests.cli.conftest import SOURCE

GUIDE = pages.ROOT / "docs" / "command-line.md"
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)


def test_the_pages_are_up_to_date(home: Path) -> None:
    made = pages.pages()
    there = {file.name: file.read_text() for file in pages.FOLDER.glob("*.md") if file != pages.TOUR}
    stale = sorted(name for name in {*made, *there} if made.get(name) != there.get(name))
    assert not stale, f"run python -m tests.cli.pages: {', '.join(stale)}"


@pytest.mark.process
def test_the_tour_is_what_the_demo_writes(home: Path) -> None:
    assert pages.tour() == pages.TOUR.read_text(), "run python -m tests.cli.pages --tour"


@pytest.mark.process
@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[0][:40])
def test_a_block_of_the_guide(block: str, simulator: Simulator, home: Path) -> None:
    folder = home / "bin"
    folder.mkdir()
    for name, line in (("emnify", f'exec {sys.executable} -m aioemnify.cli "$@"'), ("logger", "cat")):
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(stat.S_IRWXU)
    (home / "token").write_text(simulator.application_token)
    (home / "stolen.txt").write_text("pump-1\n")
    environment = {
        **os.environ,
        "PATH": f"{folder}:{os.environ['PATH']}",
        "HOME": str(home),
        "PYTHONPATH": str(SOURCE),
        "EMNIFY_BASE_URL": simulator.url,
    }
    if "--profile cron" in block:
        block = block.replace("--profile cron --cred", f"--profile cron --base-url {simulator.url} --cred")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for name in re.findall(r" > (\S+)", block):
        assert (home / name).stat().st_size > 0 or name == "/dev/null"
