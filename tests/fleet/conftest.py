"""Both event loops in virtual time, and a fleet behind a line that the test controls."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest

from tests.fleet.fleet_server import FleetServer
from tests.virtual_time import backend


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


@pytest.fixture(autouse=True)
def on_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commit on the event loop, however slow the disk is: threads and virtual time do not mix."""
    monkeypatch.setattr("aioemnify.fleet.journals.journal_file.SLOW_COMMIT", inf)


@pytest.fixture(params=[True, False], ids=["rollback", "no rollback"])
def rollback(request: pytest.FixtureRequest) -> bool:
    """Whether the server undoes a refused bulk call."""
    return bool(request.param)


@pytest.fixture
def server(rollback: bool) -> FleetServer:
    return FleetServer(rollback=rollback)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of a journal that does not exist yet."""
    return tmp_path / "rename.job"
