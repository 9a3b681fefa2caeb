"""Two hundred processes that start at once authenticate once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stores.redis_server import RedisServer

pytestmark = pytest.mark.process
CROWD = str(Path(__file__).with_name("many_processes.py"))


def run(place: str, processes: int) -> dict[str, float]:
    """Start them, and return what the server counted."""
    done = subprocess.run(
        [sys.executable, CROWD, place, str(processes)],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["failed"] == 0, done.stderr[-3000:]
    return found


def test_with_a_file(tmp_path: Path) -> None:
    counts = run(str(tmp_path / "store"), 200)
    assert (counts["logins"], counts["calls"]) == (1, 200)


@pytest.mark.redis
def test_with_redis(redis_server: RedisServer) -> None:
    counts = run(redis_server.url, 200)
    assert (counts["logins"], counts["calls"]) == (1, 200)
