"""Successes whose response cannot be read, and how readable ones come into a report."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from aioemnify.fleet import Job
from aioemnify.simulator import Answer
from tests.fleet.fleet_server import SHARED, FleetServer, read

pytestmark = pytest.mark.anyio


@pytest.fixture
def rollback() -> bool:
    return True


@pytest.mark.parametrize("content", [b"<html>\nsign in</html>", b'{"id": 1, "icc', b""])
async def test_a_success_that_cannot_be_read_is_a_failure_of_its_item(
    server: FleetServer, content: bytes
) -> None:
    server.simulator.faults.add(Answer(200, content), operation="sims.get", path="/api/v1/sim/2")
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("sims.get", [1, 2, 3])
        outcomes = await read(job)
    assert [one.state for one in outcomes] == ["ok", "failed", "ok"]
    assert "DecodeError: sims.get" in str(outcomes[1].error)


async def test_a_bulk_call_that_is_answered_by_something_else_is_not_done(server: FleetServer) -> None:
    """Such as by a proxy that wants a sign-in."""
    server.faults = [lambda _: httpx.Response(200, content=b"<html>sign in</html>")]
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.update", [(1, {"name": "a"}), (2, {"name": "b"})])
        assert [one.state for one in await read(job)] == ["failed"] * 2
        job.retry("failed")
        assert [one.state for one in await read(job)] == ["ok"] * 2


async def test_creations_that_are_answered_by_something_else_are_looked_for(server: FleetServer) -> None:
    server.faults = [lambda _: httpx.Response(200, content=b"<html>sign in</html>")]
    before = server.names()
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.create", [{"name": "a"}, {"name": "b"}], shared=SHARED)
        assert [one.state for one in await read(job)] == ["ok"] * 2
    assert sorted(name for key, name in server.names().items() if key not in before) == ["a", "b"]


async def test_a_message_that_cannot_be_read_is_unknown_and_stops_nothing(server: FleetServer) -> None:
    server.faults = ["ok", lambda _: httpx.Response(200, content=b"<html>sign in</html>"), "ok"]
    async with server.client(connections=1) as emnify, Job(emnify, None) as job:
        rows = [(number, {"payload": "x"}) for number in (1, 2, 3)]
        await job.add("endpoints.send_sms", rows)
        assert [one.state for one in await read(job)] == ["ok", "unknown", "ok"]


async def test_a_result_takes_one_line_of_a_report(server: FleetServer, tmp_path: Path) -> None:
    content = b'{\n  "id": 1,\r\n  "iccid": "x y"\n}'
    server.simulator.faults.add(Answer(200, content), operation="sims.get")
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("sims.get", [1])
        await read(job)
        job.report().to_jsonl(tmp_path / "report.jsonl")
    (line,) = (tmp_path / "report.jsonl").read_bytes().splitlines()
    assert json.loads(line)["result"] == {"id": 1, "iccid": "x y"}
