"""Events as they come."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aioemnify.cli.arguments.times import moment
from aioemnify.cli.exit_status import CommandError
from aioemnify.simulator import Simulator
from tests.cli.conftest import Run


def test_events_are_followed_without_a_gap(simulator: Simulator, emnify: Run, home: Path) -> None:
    emnify("sim", "suspend", "1")
    command = [sys.executable, "-m", "aioemnify.cli", "events", "tail", "--since", "10m", "--every", "0.2"]
    command += ["--type", "SIM suspension", "-o", "jsonl", "--position", "position"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        emnify("sim", "suspend", "2")
        emnify("sim", "activate", "2")  # of another type
        emnify("sim", "suspend", "2")
        others = [json.loads(process.stdout.readline()) for _ in range(2)]
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == ""
    assert process.returncode == 130
    assert [event["sim"]["id"] for event in (first, *others)] == [1, 2, 2]
    # Another one continues there.
    assert Path("position").read_text()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        emnify("sim", "activate", "1")
        emnify("sim", "suspend", "1")
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["sim"]["id"] == 1
        process.terminate()


def test_what_tail_does_not_know(simulator: Simulator, emnify: Run) -> None:
    assert emnify("events", "tail", "--type", "SIM suspenson").err.endswith(
        "did you mean 'sim suspension'?\n"
    )
    assert emnify("events", "tail", "--severity", "warning").status == 2
    assert emnify("events", "tail", "--since", "soon").err.startswith("emnify: --since takes 10m, 2h, ")
    assert "tail" in emnify("events", "--help").out


NOW = datetime(2026, 3, 31, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("90s", timedelta(seconds=90)),
        ("10m", timedelta(minutes=10)),
        ("3d", timedelta(days=3)),
        ("2026-03-31T12:00:00Z", timedelta(minutes=30)),
        ("2026-03-31T14:00:00+02:00", timedelta(minutes=30)),
    ],
)
def test_a_moment(text: str, before: timedelta) -> None:
    assert moment("--since", text, NOW) == NOW - before


@pytest.mark.usefixtures("far_from_utc")
def test_days_are_those_of_the_user() -> None:
    assert moment("--since", "today", NOW) == datetime(2026, 3, 31, 4, tzinfo=UTC)
    assert moment("--since", "yesterday", NOW) == datetime(2026, 3, 30, 4, tzinfo=UTC)
    assert moment("--since", "2026-03-31", NOW) == datetime(2026, 3, 31, 4, tzinfo=UTC)
    with pytest.raises(CommandError, match="--since takes"):
        moment("--since", "10 minutes", NOW)
