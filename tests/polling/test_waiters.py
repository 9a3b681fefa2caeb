"""The waiters of the resources, on the simulator: SMS, quotas, and operations on eUICCs and SIMs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import OPERATIONS, Emnify
from aioemnify.errors import WaitFailedError, WaitTimeoutError
from aioemnify.models import Endpoint, QuotaStatus, SmsStatus
from aioemnify.polling.waiters import RULES
from aioemnify.simulator import Answer
from tests.fleet.methods import METHODS
from tests.polling.simulated import START, client, simulator
from tests.scripted_api import ScriptedApi

pytestmark = pytest.mark.anyio


async def reachable(emnify: Emnify) -> Endpoint:
    """Return an endpoint whose device is in a network."""
    return next(one for one in await emnify.endpoints.list() if one.runtime_data is not None)


def test_every_waiter_has_a_rule() -> None:
    waiters = {f"{group}.{name}" for group, names in METHODS.items() for name in names if "wait_for" in name}
    assert len(waiters) == len(RULES)
    assert RULES.keys() <= OPERATIONS.keys()


async def test_a_message_is_delivered() -> None:
    sim = simulator(sms_seconds=12)
    async with client(sim) as emnify:
        endpoint = await reachable(emnify)
        sent = await emnify.endpoints.send_sms(endpoint.id, {"payload": "on", "source_address": "1234"})
        sms = await emnify.endpoints.wait_for_sms(endpoint.id, sent.id)
        assert sms.status == SmsStatus.DELIVERED
        assert sms.delivery_date is not None


async def test_a_message_that_is_cancelled_or_expires_ends_the_wait_at_once() -> None:
    sim = simulator()
    async with client(sim) as emnify:
        away = next(one for one in await emnify.endpoints.list() if one.runtime_data is None and one.sim)
        sent = await emnify.endpoints.send_sms(away.id, {"payload": "on"})
        with pytest.raises(WaitTimeoutError) as late:
            await emnify.endpoints.wait_for_sms(away.id, sent.id, timeout=30)
        assert late.value.last.status == SmsStatus.BUFFERED
        async with anyio.create_task_group() as group:

            async def cancel() -> None:
                await anyio.sleep(100)
                await emnify.endpoints.cancel_sms(away.id, sent.id)

            group.start_soon(cancel)
            began = anyio.current_time()
            with pytest.raises(WaitFailedError, match="CANCELED") as failed:
                await emnify.endpoints.wait_for_sms(away.id, sent.id, timeout=3_600)
        assert failed.value.last.status == SmsStatus.CANCELED
        assert 100 <= anyio.current_time() - began <= 125


async def test_a_wait_survives_an_outage() -> None:
    sim = simulator(sms_seconds=12)
    async with client(sim) as emnify:
        endpoint = await reachable(emnify)
        sent = await emnify.endpoints.send_sms(endpoint.id, {"payload": "on"})
        sim.faults.add(Answer(status=503), operation="endpoints.get_sms", times=20)
        sms = await emnify.endpoints.wait_for_sms(endpoint.id, sent.id)
        assert sms.status == SmsStatus.DELIVERED


async def used_up(emnify: Emnify, *, refill: bool) -> Endpoint:
    """Return an endpoint that has used up its quota of one message."""
    endpoint = await reachable(emnify)
    body: Any = {"status": 1, "volume": 1, "expiry_date": START + timedelta(days=9), "auto_refill": refill}
    await emnify.endpoints.set_sms_quota(endpoint.id, body | {"threshold_percentage": 10})
    sent = await emnify.endpoints.send_sms(endpoint.id, {"payload": "on"})
    await emnify.endpoints.wait_for_sms(endpoint.id, sent.id)
    assert (await emnify.endpoints.get_sms_quota(endpoint.id)).status == QuotaStatus.EXHAUSTED
    return endpoint


async def test_a_quota_is_restored_at_midnight() -> None:
    sim = simulator()
    async with client(sim) as emnify:
        endpoint = await used_up(emnify, refill=True)
        quota = await emnify.endpoints.wait_for_sms_quota_reset(endpoint.id)
        assert quota.status == QuotaStatus.ACTIVE
        now = datetime.fromtimestamp(sim.clock.wall(), UTC)
        assert timedelta() <= now - datetime(2026, 11, 3, tzinfo=UTC) <= timedelta(minutes=10)


async def test_a_quota_that_is_not_restored_ends_the_wait_at_once() -> None:
    sim = simulator()
    async with client(sim) as emnify:
        endpoint = await used_up(emnify, refill=False)
        began = anyio.current_time()
        with pytest.raises(WaitFailedError, match="EXHAUSTED"):
            await emnify.endpoints.wait_for_sms_quota_reset(endpoint.id)
        assert anyio.current_time() - began < 1


async def test_a_data_quota_that_allows_traffic_ends_the_wait() -> None:
    sim = simulator()
    async with client(sim) as emnify:
        endpoint = await reachable(emnify)
        body: Any = {"status": 1, "volume": 900, "expiry_date": START + timedelta(days=9)}
        await emnify.endpoints.set_data_quota(endpoint.id, body | {"action_on_exhaustion": 1})
        quota = await emnify.endpoints.wait_for_data_quota_reset(endpoint.id)
        assert quota.status == QuotaStatus.ACTIVE


async def test_operations_on_sims() -> None:
    sim = simulator(operation_seconds=20)
    async with client(sim) as emnify:
        sims = await emnify.sims.list(filter={"status": 1}).collect(3)
        target: Any = [{"sim": {"id": one.id}} for one in sims]
        started = await emnify.sim_operations.create({"action": {"id": 2}, "target": target})
        done = await emnify.sim_operations.wait_for_operation(str(started.id))
        assert (done.success_count, done.failed_count) == (3, 0)
        target.append({"sim": {"id": 999_999}})
        started = await emnify.sim_operations.create({"action": {"id": 1}, "target": target})
        with pytest.raises(WaitFailedError) as failed:
            await emnify.sim_operations.wait_for_operation(str(started.id))
        assert (failed.value.last.success_count, failed.value.last.failed_count) == (3, 1)


async def test_operations_on_an_euicc() -> None:
    sim = simulator(sims=400)
    async with client(sim) as emnify:
        chips = {one.eid: one async for one in emnify.euiccs.list(filter={"supported_profile_type": 5})}
        endpoints = {
            one.sim.eid: one.runtime_data for one in await emnify.endpoints.list() if one.sim and one.sim.eid
        }
        here = next(chip for eid, chip in chips.items() if endpoints.get(eid))
        await emnify.euiccs.schedule_operations(here.id, [{"action": {"id": 1}}])
        operation = await emnify.euiccs.list_operations(here.id).one()
        done = await emnify.euiccs.wait_for_operation(here.id, operation.id)
        assert done.status is not None and done.status.description == "Succeeded"

        away = next(chip for eid, chip in chips.items() if not endpoints.get(eid))
        await emnify.euiccs.schedule_operations(away.id, [{"action": {"id": 1}, "validity_period": 600}])
        operation = await emnify.euiccs.list_operations(away.id).one()
        with pytest.raises(WaitFailedError, match="Expired"):
            await emnify.euiccs.wait_for_operation(away.id, operation.id)


@pytest.mark.parametrize(
    ("members", "outcome"),
    [
        ({"finalization_date": "2023-11-14T22:00:00Z"}, "done"),
        ({"finalization_date": "2023-11-14T22:00:00Z", "error": {"message": "no"}}, "failed"),
        ({"status": {"id": 77, "description": "OPERATION_CANCELLED"}}, "failed"),
        ({"status": {"id": 77, "description": "Failed"}}, "failed"),
        ({"expiry_date": "2023-11-14T22:00:00Z"}, "failed"),  # more than ten minutes ago
        ({"expiry_date": "2023-11-14T22:10:00Z"}, "open"),
        ({"expiry_date": "9999-12-31T23:59:59Z"}, "open"),
        ({"expiry_date": "never"}, "open"),
        ({"status": {"id": 1, "description": "Scheduled"}}, "open"),
    ],
    ids=repr,
)
async def test_what_the_end_of_an_operation_is(members: dict[str, Any], outcome: str) -> None:
    """The ids of the statuses are not documented. The time is 2023-11-14 22:13:20."""
    api = ScriptedApi([httpx.Response(200, json={"id": "a"} | members)])
    async with api.client() as emnify:
        waiting = emnify.euiccs.wait_for_operation(1, "a", timeout=1)
        if outcome == "done":
            assert (await waiting).id == "a"
        else:
            with pytest.raises(WaitFailedError if outcome == "failed" else WaitTimeoutError):
                await waiting
