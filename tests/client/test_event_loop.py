"""Which event loop runs, and the event that one of its tasks waits for."""

from __future__ import annotations

import asyncio

import anyio
import pytest
import trio

from aioemnify._event_loop import SingleWaiterEvent, running_loop, trio_token
from aioemnify.clock import Clock
from tests.virtual_time import backend

BACKENDS = ["asyncio", "trio"]


@pytest.mark.parametrize("name", BACKENDS)
def test_the_loop_that_runs_is_told(name: str) -> None:
    async def main() -> None:
        if name == "trio":
            assert running_loop() is trio_token() is trio.lowlevel.current_trio_token()
        else:
            assert trio_token() is None
            assert running_loop() is asyncio.get_running_loop()

    kind, options = backend(name)
    anyio.run(main, backend=kind, backend_options=options)


def test_trio_is_told_where_it_is_the_guest_of_asyncio() -> None:
    async def guest() -> bool:
        return running_loop() is trio.lowlevel.current_trio_token()

    async def host() -> None:
        over = asyncio.get_running_loop().create_future()
        trio.lowlevel.start_guest_run(
            guest,
            run_sync_soon_threadsafe=asyncio.get_running_loop().call_soon_threadsafe,
            done_callback=over.set_result,
        )
        assert (await over).unwrap()
        assert running_loop() is asyncio.get_running_loop()

    asyncio.run(host())


def test_a_task_of_the_loop_that_hosts_trio_is_told_its_own_loop() -> None:
    async def host() -> None:
        loop = asyncio.get_running_loop()
        over, told = loop.create_future(), trio.Event()
        trio.lowlevel.start_guest_run(
            told.wait, run_sync_soon_threadsafe=loop.call_soon_threadsafe, done_callback=over.set_result
        )
        for _ in range(5):
            await asyncio.sleep(0)
            assert running_loop() is loop and trio_token() is None
        event = SingleWaiterEvent()
        await Clock().wait(event, 0.001)  # with a timer of asyncio
        assert event.is_set()
        told.set()
        (await over).unwrap()

    asyncio.run(host())


async def _soon(waiting: asyncio.Task[None]) -> None:
    """Let the loop come round often enough for a task that can run to have ended."""
    for _ in range(5):
        await asyncio.sleep(0)
    assert waiting.done()


def test_a_lone_event_lets_its_task_run_once_it_is_set() -> None:
    async def main() -> None:
        event = SingleWaiterEvent()
        waiting = asyncio.ensure_future(event.wait())
        await asyncio.sleep(0)
        assert not waiting.done() and not event.is_set()
        event.set()
        event.set()
        assert event.is_set()
        await _soon(waiting)

    asyncio.run(main())


def test_a_lone_event_that_is_set_already_is_not_waited_for() -> None:
    async def main() -> None:
        event = SingleWaiterEvent()
        event.set()
        await event.wait()

    asyncio.run(asyncio.wait_for(main(), 10))


def test_a_lone_event_survives_a_wait_that_was_cancelled() -> None:
    async def main() -> None:
        event = SingleWaiterEvent()
        with anyio.move_on_after(0):
            await event.wait()
        assert not event.is_set()
        waiting = asyncio.ensure_future(event.wait())
        await asyncio.sleep(0)
        event.set()
        await _soon(waiting)

    asyncio.run(main())


def test_a_lone_event_may_be_set_after_its_task_was_cancelled() -> None:
    async def main() -> None:
        event = SingleWaiterEvent()
        waiting = asyncio.ensure_future(event.wait())
        await asyncio.sleep(0)
        waiting.cancel()
        event.set()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(main())


@pytest.mark.parametrize("name", BACKENDS)
def test_a_clock_waits_for_an_event_or_for_so_long(name: str) -> None:
    async def main() -> None:
        clock = Clock()
        began = anyio.current_time()
        await clock.wait(anyio.Event(), 2.0)
        assert anyio.current_time() == pytest.approx(began + 2.0)
        event = anyio.Event()
        async with anyio.create_task_group() as group:
            group.start_soon(clock.wait, event, 5.0)
            group.start_soon(clock.wait, event, 7.0)
            await anyio.wait_all_tasks_blocked()
            event.set()
        assert anyio.current_time() == pytest.approx(began + 2.0)

    kind, options = backend(name)
    anyio.run(main, backend=kind, backend_options=options)


def test_a_wait_that_is_cancelled_leaves_no_timer_behind() -> None:
    async def main() -> None:
        event = anyio.Event()
        with anyio.move_on_after(1.0):
            await Clock().wait(event, 2.0)
        await anyio.sleep(3.0)
        assert not event.is_set()

    kind, options = backend("asyncio")
    anyio.run(main, backend=kind, backend_options=options)


def test_an_event_for_one_refuses_a_second_who_would_wait_for_ever() -> None:
    async def main() -> None:
        event = SingleWaiterEvent()
        first = asyncio.ensure_future(event.wait())
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="another task"):
            await event.wait()
        event.set()
        await first

    asyncio.run(main())
