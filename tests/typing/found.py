"""Finding, following and waiting, as a type checker sees them. Never run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import assert_type

from aioemnify import Emnify, EventFollower, wait_until
from aioemnify.errors import MultipleResultsError, WaitFailedError
from aioemnify.models import Endpoint, EuiccOperation, Event, EventType, Quota, Sim, SimOperation, Sms


async def find(emnify: Emnify) -> None:
    assert_type(await emnify.sims.find("8988303000000000901"), Sim)
    assert_type(await emnify.endpoints.find(imsi="295050000000001"), Endpoint)
    _ = MultipleResultsError


async def follow(emnify: Emnify) -> None:
    follower = emnify.events.follow(since=datetime.now(UTC), types=[EventType.SIM_ACTIVATION, 43])
    assert_type(follower, EventFollower)
    async for event in follower:
        assert_type(event, Event)
    assert_type(follower.position, str)


async def wait(emnify: Emnify) -> None:
    assert_type(await emnify.endpoints.wait_for_sms(1, 2, timeout=60), Sms)
    assert_type(await emnify.endpoints.wait_for_data_quota_reset(1), Quota)
    assert_type(await emnify.sim_operations.wait_for_operation("a"), SimOperation)
    assert_type(await emnify.euiccs.wait_for_operation(1, "a"), EuiccOperation)
    assert_type(await emnify.wait_until(lambda: emnify.sims.get(1), lambda sim: sim.endpoint is None), Sim)
    assert_type(await wait_until(lambda: emnify.sims.get(1), lambda sim: sim.id == 1, every=5), Sim)
    _ = WaitFailedError


async def mistakes(emnify: Emnify) -> None:
    await emnify.sims.find(4711)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await emnify.sims.find(icid="8")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    emnify.events.follow(since=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await emnify.wait_until(emnify.sims, bool)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
