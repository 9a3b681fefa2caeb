"""The campaign finds planted faults, and makes the schedules that show them small."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any, get_args
from urllib.parse import urlsplit

import anyio
import pytest
from msgspec.structs import replace

from aioemnify import Emnify
from aioemnify.errors import ConnectError
from tests.campaign.calls import Make, make
from tests.campaign.fault_server import REFUSING, FaultServer
from tests.campaign.faults import FAULTS, Answer
from tests.campaign.run_schedule import Runner
from tests.campaign.schedule import CallKind, CallPlan, Schedule, TaskPlan, draw, read
from tests.campaign.shrink import shrink

CREATE = CallPlan(kind="tags.create")
READ = CallPlan(kind="sims.get")


@pytest.fixture
def runner() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.close()


def schedule(*calls: CallPlan, **more: Any) -> Schedule:
    """Return a schedule of one task that cannot fail because the machine is slow."""
    return Schedule(seed=0, tasks=(TaskPlan(calls=calls),), read_timeout=60.0, **more)


def broken(runner: Runner, schedule: Schedule, make: Make = make) -> set[str]:
    return {violation.kind for violation in runner.run(schedule, make).violations}


@pytest.mark.parametrize("library", ["httpx", "httpx2", "httpx client", "httpx2 client", "httpx transport"])
@pytest.mark.parametrize("loops", [("asyncio",), ("trio",), ("asyncio", "asyncio"), ("asyncio", "trio")])
def test_without_faults_every_call_returns_its_value(
    runner: Runner, loops: tuple[Any, ...], library: Any
) -> None:
    kinds = get_args(CallKind)
    tasks = tuple(TaskPlan(calls=(CallPlan(kind=kind),)) for kind in kinds)
    result = runner.run(replace(schedule(), tasks=tasks, loops=loops, library=library))
    assert result.violations == []
    assert [outcome.end for outcome in result.outcomes] == ["value"] * len(kinds)


def test_a_create_that_is_sent_twice_is_found(runner: Runner) -> None:
    async def twice(emnify: Emnify, plan: CallPlan, number: int) -> Any:
        await make(emnify, plan, number)
        return await make(emnify, plan, number)

    assert broken(runner, schedule(CREATE), twice) == {"applied twice"}


def test_an_error_that_says_not_sent_of_a_call_that_was_applied_is_found(runner: Runner) -> None:
    async def denied(emnify: Emnify, plan: CallPlan, number: int) -> Any:
        await make(emnify, plan, number)
        raise ConnectError("no connection")

    assert broken(runner, schedule(CREATE), denied) == {"not sent, but applied"}


def test_a_success_that_was_not_applied_is_found(runner: Runner) -> None:
    async def pretended(emnify: Emnify, plan: CallPlan, number: int) -> Any:
        return None

    assert broken(runner, schedule(CallPlan(kind="sims.update")), pretended) == {"success, but not applied"}


def test_an_answer_to_another_call_is_found(runner: Runner) -> None:
    async def another(emnify: Emnify, plan: CallPlan, number: int) -> Any:
        return await make(emnify, plan, number + 1)

    assert broken(runner, schedule(READ, READ), another) == {"wrong value"}


@pytest.mark.parametrize("error", [KeyError, ValueError, asyncio.InvalidStateError])
def test_an_undocumented_error_is_found(runner: Runner, error: type[Exception]) -> None:
    async def failing(emnify: Emnify, plan: CallPlan, number: int) -> Any:
        raise error

    assert broken(runner, schedule(READ), failing) == {f"undocumented error: {error.__name__}"}


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_a_call_that_never_ends_is_found(runner: Runner, loop: Any) -> None:
    async def stuck(emnify: Emnify, plan: CallPlan, number: int) -> Any:
        await anyio.sleep_forever()

    runner.patience = 0.3
    assert "never ended" in broken(runner, schedule(READ, loops=(loop,)), stuck)


def test_a_cancellation_that_is_swallowed_is_found(runner: Runner) -> None:
    async def stubborn(emnify: Emnify, plan: CallPlan, number: int) -> Any:
        try:
            await anyio.sleep(60)
        except asyncio.CancelledError:
            return await make(emnify, plan, number)

    cancelled = TaskPlan(calls=(READ,), cancelled=0.01, natively=True)
    assert broken(runner, replace(schedule(), tasks=(cancelled,)), stubborn) == {"cancellation swallowed"}


def test_a_task_that_is_left_behind_is_found(runner: Runner) -> None:
    async def leaking(emnify: Emnify, plan: CallPlan, number: int) -> Any:
        asyncio.get_running_loop().create_task(asyncio.sleep(3600))
        return await make(emnify, plan, number)

    assert broken(runner, schedule(READ), leaking) == {"left behind: a task"}


def test_a_socket_that_is_left_open_is_found(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.campaign.leaks.PATIENCE", 0.1)
    left = []

    async def leaking(emnify: Emnify, plan: CallPlan, number: int) -> Any:
        left.append(socket.socket())
        return await make(emnify, plan, number)

    try:
        assert broken(runner, schedule(READ), leaking) == {"left behind: a descriptor"}
    finally:
        left[0].close()


def test_a_socket_that_nobody_closes_is_found(runner: Runner) -> None:
    async def leaking(emnify: Emnify, plan: CallPlan, number: int) -> Any:
        socket.socket()
        return await make(emnify, plan, number)

    (kind,) = broken(runner, schedule(READ), leaking)
    assert kind == "left behind: ResourceWarning, unclosed <socket.socket"


def test_a_failing_schedule_is_made_as_small_as_it_can_be() -> None:
    whole = next(schedule for schedule in map(draw, range(1000)) if len(schedule.tasks) == 30)
    wanted = whole.tasks[17].calls[0]

    def fails(schedule: Schedule) -> bool:
        return any(call.kind == wanted.kind for task in schedule.tasks for call in task.calls)

    small = shrink(whole, fails)
    ((only,),) = (task.calls for task in small.tasks)
    assert small == Schedule(seed=whole.seed, tasks=(TaskPlan(calls=(only,)),))
    assert only == CallPlan(kind=wanted.kind, deadline=only.deadline)


def test_a_schedule_follows_from_its_seed_and_can_be_written_down() -> None:
    drawn = [draw(seed) for seed in range(200)]
    assert drawn == [draw(seed) for seed in range(200)]
    assert [read(schedule.text) for schedule in drawn] == drawn
    assert len({schedule.loops for schedule in drawn}) == 4
    assert {schedule.store for schedule in drawn} == {"memory", "file", "redis"}
    used = {
        fault for schedule in drawn for task in schedule.tasks for call in task.calls for fault in call.faults
    }
    assert used == FAULTS.keys()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_takes_steps(name: str) -> None:
    assert list(FAULTS[name].steps(Answer(200, b'{"id":1}', {"Content-Type": "application/json"})))


def test_a_server_that_is_closed_never_listens_again() -> None:
    """It did where a connection that refuses others began just then: a leak, found in the next schedule."""

    async def closed_after(steps: int) -> tuple[str, int]:
        server = FaultServer(schedule(connection_faults=("-", "refused")))
        await server.start()
        address = urlsplit(server.url)
        assert address.hostname and address.port
        here = (address.hostname, address.port)
        with socket.create_connection(here), socket.create_connection(here):
            for _ in range(steps):
                await asyncio.sleep(0)
            await server.close()
        return here

    async def listening() -> list[tuple[str, int]]:
        closed = [await closed_after(steps) for steps in range(20)]
        await asyncio.sleep(2 * REFUSING)
        return [here for here in closed if _answers(here)]

    assert asyncio.run(listening()) == []


def _answers(here: tuple[str, int]) -> bool:
    with socket.socket() as another:
        return another.connect_ex(here) == 0
