"""What the tests of the page share: waiting, and filling a journal."""

from __future__ import annotations

from typing import Any

import pytest

from aioemnify.simulator import Simulator
from aioemnify.simulator.recording.journal import RequestRecord


def until(page: Any, expression: str) -> None:
    """Wait for something on the page; its policy forbids the browser's own way of polling."""
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    pytest.fail(f"never came true: {expression}")


def record(simulator: Simulator, count: int, **members: Any) -> None:
    """Record requests without sending them: what a busy client leaves in the journal."""
    installation, clock = simulator.installation, simulator.clock
    journal = installation.journal
    status = members.pop("status", 200)
    for _ in range(count):
        given = {
            "method": "GET",
            "path": f"/api/v1/sim/{journal.arrived + 1}",
            "query": "",
            "operation": "sims.get",
            "organisation": 1001,
            "address": "127.0.0.1",
            "limit": "get_sim_id",
            **members,
        }
        entry = RequestRecord(**given, arrived=clock.monotonic(), wall=clock.wall())
        journal.add(entry)
        entry.status = status
        journal.end(entry, 0.01)
        installation.traffic.count(entry)
