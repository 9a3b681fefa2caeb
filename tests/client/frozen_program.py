"""A user's test that freezes time, as a program of its own: what it does must not outlive it.

Usage: frozen_program.py TOOL EVENT_LOOP. Everything of the client is imported while time is frozen, and used
then and afterwards.
"""

from __future__ import annotations

import json
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

import anyio
import attrs
import httpx
import jwt

DAY = "2026-03-31T12:00:00Z"


def frozen(tool: str) -> AbstractContextManager[Any]:
    """Freeze or move time the way the tool does it."""
    if tool == "time-machine":
        import time_machine

        return time_machine.travel(DAY, tick=False)
    from freezegun import freeze_time

    return freeze_time(DAY, real_asyncio=tool == "freezegun with real_asyncio")


def answer(request: httpx.Request) -> httpx.Response:
    if request.url.path.endswith("/authenticate"):
        claims = {"iat": 1, "exp": 14401, "esc.org": 7}
        token = jwt.encode(claims, "a-key-that-is-long-enough-for-hs256")
        return httpx.Response(200, json={"auth_token": token})
    return httpx.Response(200, json=[{"id": 1, "iccid": "1", "status": {"id": 1}, "activation_date": DAY}])


async def calls() -> None:
    """Make calls that wait for their limit."""
    from aioemnify import Emnify
    from aioemnify.clock import Clock
    from aioemnify.operation import LimitTable, MonthLimit, RowLimit

    row = RowLimit(id="row", method="GET", path="/api/v1/sim", rate=50.0, burst=1.0)
    table = LimitTable(rows=(row,), windows=(), month=MonthLimit("month", 1000))
    clock = Clock()
    async with Emnify("token", transport=httpx.MockTransport(answer), limits=table, clock=clock) as emnify:
        for _ in range(4):
            began = clock.monotonic()
            (sim,) = await emnify.sims.list()
            assert clock.monotonic() - began < 60
        assert sim.activation_date == datetime(2026, 3, 31, 12, tzinfo=UTC), sim
        await clock.sleep(0.01)


def models() -> None:
    """Load each model, and read and write times by the fast decoder and by the lenient reader."""
    import msgspec

    from aioemnify import models
    from aioemnify.transport.wire.lenient import LenientReader
    from aioemnify.transport.wire.request_body import BodyWriter

    loaded = [model for name in models.__all__ if attrs.has(model := getattr(models, name))]
    members = [member for model in loaded for member in attrs.fields(attrs.resolve_types(model))]
    assert len(members) > 1000
    assert not [member for member in members if "freezegun" in repr(member.type)]
    for model, member, kind, text in (
        (models.Event, "timestamp", datetime, DAY),
        (models.WorkspaceUsage, "date", date, DAY[:10]),
    ):
        content = json.dumps({"id": "1", member: text}).encode()
        fast = msgspec.json.decode(content, type=model, strict=False)
        assert fast == LenientReader().read(json.loads(content), model)
        assert isinstance(getattr(fast, member), kind)
    now = datetime.now(UTC)
    for body in (models.ApplicationTokenCreate(expiry_date=now), {"expiry_date": now}):
        written = BodyWriter().write(models.ApplicationTokenCreate, body, many=False)
        sent = json.loads(msgspec.json.encode(written))
        assert datetime.fromisoformat(sent["expiry_date"]) == now, sent


def main(tool: str, event_loop: str) -> None:
    """Do everything while time is frozen, and again afterwards."""
    assert not any(name.startswith("aioemnify") for name in sys.modules)
    import_module(event_loop)  # third parties are loaded before, as in most tests
    for time in (frozen(tool), nullcontext(), frozen(tool)):
        with time:
            anyio.run(calls, backend=event_loop)
            models()


if __name__ == "__main__":
    main(*sys.argv[1:])
