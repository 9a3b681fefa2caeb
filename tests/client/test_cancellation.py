"""Work that asyncio's own cancellation does not reach into."""

from __future__ import annotations

import asyncio
from typing import Any

import anyio
import pytest

from aioemnify._cancellation import run_shielded
from tests.virtual_time import backend, backends


@pytest.fixture(params=backends(), ids=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


class Work:
    """Something that takes a while and tells how it went."""

    def __init__(self, seconds: float = 1.0, *, tidying: float = 0.0) -> None:
        self.seconds = seconds
        self.tidying = tidying
        self.seen: list[str] = []

    async def run(self) -> str:
        self.seen.append("began")
        try:
            await anyio.sleep(self.seconds)
        except anyio.get_cancelled_exc_class():
            with anyio.CancelScope(shield=True):
                await anyio.sleep(self.tidying)
            self.seen.append("tidied")
            raise
        self.seen.append("done")
        return "result"


@pytest.mark.anyio
async def test_the_result_comes_through_and_so_does_a_failure() -> None:
    assert await run_shielded(Work().run) == "result"

    async def fail() -> None:
        raise ValueError("as it is")

    with pytest.raises(ValueError, match="as it is"):
        await run_shielded(fail)


@pytest.mark.anyio
async def test_a_scope_ends_it_and_waits_for_it() -> None:
    work = Work(10, tidying=2)
    began = anyio.current_time()
    with anyio.move_on_after(1) as scope:
        await run_shielded(work.run)
    assert scope.cancelled_caught and work.seen == ["began", "tidied"]
    assert anyio.current_time() - began == pytest.approx(3)
    await anyio.sleep(1)  # nothing is left of the cancellation


def in_asyncio(function: Any) -> None:
    kind, options = backend("asyncio")
    anyio.run(function, backend=kind, backend_options=options)


@pytest.mark.parametrize("times", [1, 2, 5])
def test_cancel_reaches_it_as_the_end_of_a_scope_however_often(times: int) -> None:
    work = Work(10, tidying=2)

    async def main() -> None:
        task = asyncio.create_task(run_shielded(work.run))
        for _ in range(times):
            await asyncio.sleep(0.5)
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert work.seen == ["began", "tidied"]
        assert task.cancelled()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    in_asyncio(main)


def test_the_timeout_of_asyncio_is_a_timeout() -> None:
    work = Work(10)

    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await run_shielded(work.run)
        assert work.seen == ["began", "tidied"]
        current = asyncio.current_task()
        assert current is not None and current.cancelling() == 0

    in_asyncio(main)


def test_cancelled_before_it_began_and_just_as_it_ends() -> None:
    async def main() -> None:
        for moments in range(12):
            work = Work(0)
            task = asyncio.create_task(run_shielded(work.run))
            for _ in range(moments):
                await asyncio.sleep(0)
            task.cancel()
            try:
                assert await task == "result"
            except asyncio.CancelledError:
                assert asyncio.all_tasks() == {asyncio.current_task()}

    in_asyncio(main)


def test_work_that_somebody_else_cancelled_brings_nothing() -> None:
    async def main() -> None:
        task = asyncio.create_task(run_shielded(Work(10).run))
        await asyncio.sleep(1)
        (inner,) = asyncio.all_tasks() - {task, asyncio.current_task()}
        inner.cancel()
        assert await task is None

    in_asyncio(main)


def test_a_failure_while_it_is_cancelled_is_not_reported_as_forgotten() -> None:
    told: list[Any] = []

    async def fail() -> None:
        try:
            await asyncio.sleep(10)
        finally:
            raise ValueError("while ending")

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context))
        task = asyncio.create_task(run_shielded(fail))
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    in_asyncio(main)
    assert told == []
