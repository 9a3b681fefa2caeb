"""Nobody reaches into an organisation that is not theirs, whatever the call and whoever asks."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest

from aioemnify.operation import Operation
from aioemnify.simulator.api.handlers import HANDLERS
from aioemnify.simulator.state.world import World
from aioemnify.tables.operations import OPERATIONS
from tests.simulator.people import seeded
from tests.simulator.possessions import BODIES, GLOBAL, acquire

pytestmark = pytest.mark.anyio

SHARED = {"cloud_connect.list_available_regions", "services.list_traffic_limits", "system_events.get"}
"""Calls with an id in the path that means the same for everybody."""
EMPTY = {"sims.list_events", "endpoints.list_events", "users.list_events"}
"""The API answers an empty list of events for what is foreign."""
BATCHES = {"sim_batches.register", "sim_batches.validate"}
OWNED = sorted(
    operation.id
    for operation in OPERATIONS.values()
    if operation.id in HANDLERS and operation.path_params and operation.id not in SHARED
)


@pytest.fixture
def anyio_backend() -> str:
    """Run on one event loop: nothing here depends on it."""
    return "asyncio"


def memory(world: World, identity: int) -> Any:
    """Return what the simulator keeps of an organisation and of the people who work for it."""
    organisation = msgspec.to_builtins(world.organisations[identity], enc_hook=lambda each: each.dump())
    users = [user for user in world.users.values() if user.home == identity]
    tokens = [token for token in world.tokens.values() if token.organisation == identity]
    return organisation, msgspec.to_builtins([users, tokens])


def choices(operation: Operation, own: dict[str, Any], foreign: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every way to fill the path in which at least one id is foreign."""
    names = [param.name for param in operation.path_params]
    values = []
    for name in names:
        key = "card_operation_id" if operation.id == "sim_operations.get" else name
        if name in GLOBAL:
            values.append([GLOBAL[name]])
        elif name == "limit_id" and "sms_limit" in operation.id:
            values.append([221])
        else:
            values.append([own[key], foreign[key]])
    filled = [dict(zip(names, each, strict=True)) for each in itertools.product(*values)]
    mine = {name: choice[0] for name, choice in zip(names, values, strict=True)}
    return [each for each in filled if each != mine]


@pytest.mark.parametrize("name", OWNED)
async def test_a_foreign_id_never_answers(make_sim, session, name):
    sim = make_sim(limits=None, sims=200, second_sims=200)
    third = sim.add_organisation("Third", sims=200)
    operation, world = OPERATIONS[name], sim.installation.world
    batch = {"bic": sim.foreign_bic}
    async with session(sim, third) as client:
        foreign = await acquire(client, sim, "third@example.com") | batch
    async with session(sim) as client, session(sim, sim.second_application_token) as below:
        own = await acquire(client, sim, "own@example.com") | batch
        lower = await acquire(below, sim, "below@example.com") | batch
        before = memory(world, foreign["org_id"])
        callers = [(client, None, own), (client, await seeded(client, sim), own), (below, None, lower)]
        for caller, headers, mine in callers:
            for ids in choices(operation, mine, foreign) or [mine]:
                body = {"id": int(mine["tag_id"])} if name == "endpoints.assign_tag" else BODIES.get(name)
                answer = await caller.request(
                    operation.method,
                    operation.path.format(**ids),
                    headers=headers,
                    **({} if body is None else {"json": body}),
                )
                if name in EMPTY and answer.status_code == 200:
                    assert answer.json() == []
                else:
                    expected = (400, 422) if name in BATCHES else (403, 404)
                    assert answer.status_code in expected, (ids, answer.text)
        assert memory(world, foreign["org_id"]) == before
