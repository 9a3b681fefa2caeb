"""What a child process takes over: what is known of the server, and no task, lock or connection."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("forked_program.py")
ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("event_loop", ["asyncio", "trio"])
@pytest.mark.parametrize(
    "case",
    ["guard", "cells", "limits", "limiter", "session", "file", "tasks", "slots", "connection", "tenant"],
)
def test_a_child_makes_its_calls_whatever_its_parent_was_doing(case: str, event_loop: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(PROGRAM), case, event_loop],
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))},
        capture_output=True,
        text=True,
        timeout=60,  # met only where the child hangs
        check=False,
    )
    assert done.returncode == 0, done.stderr
