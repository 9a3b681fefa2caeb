"""What is pushed fits the published models: nothing is lost when a receiver reads it with them."""

from __future__ import annotations

import pytest

from aioemnify import models
from aioemnify.operation import Result
from aioemnify.transport.wire.codec import Codec
from tests.contract.comparison import answer_losses
from tests.simulator.receiver import Receiver, deliver
from tests.simulator.test_deliveries import ENDPOINT, EVENTS, USAGE, callback, change_sims, stream

pytestmark = pytest.mark.anyio
MODELS = {
    "events": Result("events:Event", many=True),
    "usage": Result("pushes:UsageRecord", many=True),
    "sms": Result("pushes:CallbackSms"),
    "sms status": Result("endpoints:Sms"),
}


async def test_every_kind_of_delivery_is_read_by_its_model(sim, session):
    codec = Codec(models.resolve, strict=True)
    with Receiver() as receiver:
        async with session(sim) as client:
            await callback(client, receiver.url)
            await stream(client, receiver.url, EVENTS)
            await stream(client, receiver.url, USAGE, sim=sim)
            sim.send_sms_from_device(ENDPOINT, "level=3")
            await client.post(f"/api/v1/endpoint/{ENDPOINT}/sms", json={"payload": "on"})
            sim.clock.advance(minutes=10)
            await change_sims(client, 10)
            await deliver(sim)
        bodies = {request.body: request.json for request in receiver.received}
    assert {each.kind for each in sim.deliveries} == set(MODELS)
    for each in sim.deliveries:
        read = codec.decode(MODELS[each.kind], each.request_body, "pushed")
        assert answer_losses(bodies[each.request_body], read) == []
