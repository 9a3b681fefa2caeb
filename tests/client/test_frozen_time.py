"""The client in tests of users who freeze time or travel in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("frozen_program.py")
TOOLS = ["freezegun", "freezegun with real_asyncio", "time-machine"]


@pytest.mark.parametrize("event_loop", ["asyncio", "trio"])
@pytest.mark.parametrize("tool", TOOLS)
def test_calls_work_while_time_stands_still_and_afterwards(tool: str, event_loop: str) -> None:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), tool, event_loop],
        capture_output=True,
        text=True,
        timeout=60,  # met only where a call waits for ever
        check=False,
    )
    assert done.returncode == 0, done.stderr
