"""Pages fetched ahead: same pages, same order, bounded, and nothing left behind."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import anyio
import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from aioemnify._event_loop import trio_token
from aioemnify.errors import ArgumentError, ClientStateError, ServerError
from aioemnify.operation import Listing, Operation
from aioemnify.pagination import Pages
from aioemnify.types import Page, WalkReport
from tests.virtual_time import backend, backends

LIST = Operation("things.list", "GET", "/api/v1/thing", listing=Listing(default_size=10))


@pytest.fixture(params=backends(), ids=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


class Server:
    """A collection whose pages take time; it knows how many are under way."""

    def __init__(
        self, pages: int, *, seconds: Callable[[int], float] = lambda _number: 0.15, told: bool = True
    ) -> None:
        self.pages = pages
        self.seconds = seconds
        self.told = told
        self.fails: set[int] = set()
        self.asked: list[int] = []
        self.under_way = 0
        self.most = 0
        self.cancelled = 0

    async def _call(
        self, _operation: Operation, _path: Sequence[object], *, query: Mapping[str, Any], options: object
    ) -> Page[int]:
        number = query["page"]
        self.asked.append(number)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await anyio.sleep(self.seconds(number))
        except BaseException:
            self.cancelled += 1
            raise
        finally:
            self.under_way -= 1
        if number in self.fails:
            self.fails.remove(number)
            raise ServerError(503)
        current = min(number, self.pages)
        first = (current - 1) * 10
        if not self.told:
            return Page(range(first, first + 10), has_next=current < self.pages)
        return Page(range(first, first + 10), total_pages=self.pages, current_page=current)

    def list(self) -> Pages[int]:
        return Pages(self, LIST)


async def read_all(server: Server, ahead: int, *, pause: float = 0, failure: Exception | None = None) -> None:
    async with server.list().prefetch(ahead) as pages:
        async for _page in pages:
            await anyio.sleep(pause)
            if failure is not None:
                raise failure


@pytest.mark.anyio
async def test_the_round_trips_overlap() -> None:
    server = Server(41)
    began = anyio.current_time()
    async with server.list().prefetch(4) as pages:
        seen = [page.current_page async for page in pages]
    assert seen == sorted(server.asked) == list(range(1, 42))
    # The first comes alone, then four at a time: one round trip for four pages.
    assert anyio.current_time() - began == pytest.approx(0.15 * (1 + 40 / 4))
    assert server.most == 4


@pytest.mark.anyio
async def test_no_more_than_that_are_kept_while_the_reader_is_slow() -> None:
    server = Server(30)
    async with server.list().prefetch(3) as pages:
        async for page in pages:
            await anyio.sleep(10)
            assert page.current_page is not None
            assert max(server.asked) == min(30, page.current_page + 3)


@pytest.mark.anyio
async def test_items_of_all_pages() -> None:
    server = Server(5)
    async with server.list().prefetch(2) as pages:
        assert [item async for item in pages.items()] == list(range(50))


@pytest.mark.anyio
async def test_pages_come_in_order_whatever_the_order_of_the_answers() -> None:
    server = Server(20, seconds=lambda number: 1.0 if number % 3 == 0 else 0.01)
    async with server.list().prefetch(5) as pages:
        assert [page.current_page async for page in pages] == list(range(1, 21))


@pytest.mark.anyio
async def test_leaving_early_cancels_what_is_under_way() -> None:
    server = Server(100)
    async with server.list().prefetch(4) as pages:
        async for page in pages:
            if page.current_page == 3:
                break
    assert server.under_way == 0 and server.cancelled > 0
    asked = list(server.asked)
    await anyio.sleep(5)
    assert server.asked == asked


@pytest.mark.anyio
async def test_what_the_block_raises_comes_out_as_it_is() -> None:
    server = Server(100)
    failure = ValueError("mine")
    with pytest.raises(ValueError, match="mine") as caught:
        await read_all(server, 4, failure=failure)
    assert caught.value is failure and server.under_way == 0


@pytest.mark.anyio
async def test_a_timeout_around_the_block_ends_it() -> None:
    server = Server(100)
    with anyio.move_on_after(1.0) as scope:
        await read_all(server, 4)
    assert scope.cancelled_caught and server.under_way == 0
    with pytest.raises(TimeoutError), anyio.fail_after(1.0):
        await read_all(server, 4, pause=0.3)
    assert server.under_way == 0
    await anyio.sleep(1)  # the task itself is not cancelled any more


async def prefetched(server: Server) -> AsyncGenerator[int, None]:
    async with server.list().prefetch(4) as pages:
        async for item in pages.items():
            yield item


async def plain(server: Server) -> AsyncGenerator[int, None]:
    async for item in server.list():
        yield item


def living() -> int:
    """Return how many tasks the event loop has."""
    if trio_token() is not None:
        return trio.lowlevel.current_statistics().tasks_living
    return len(asyncio.all_tasks())


async def leave(walk: AsyncGenerator[int, None], how: str) -> None:
    """Read one item and leave; whoever closes the walk then, it is not the task that opened it."""
    if how == "exception":
        with suppress(LookupError):
            async for _item in walk:
                raise LookupError
        return
    if how == "scope":
        with anyio.move_on_after(1.0):
            async for _item in walk:
                await anyio.sleep(0.1)
        return
    async for item in walk:
        assert item == 0
        break
    if how == "aclose":
        await walk.aclose()
    elif how == "another task":
        async with anyio.create_task_group() as group:
            group.start_soon(walk.aclose)


# Trio warns of every generator that nobody closes; here that is the point.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.anyio
@pytest.mark.parametrize("walk_of", [prefetched, plain])
@pytest.mark.parametrize("how", ["break", "exception", "scope", "aclose", "another task"])
async def test_a_generator_that_is_left_early_cancels_nobody_and_leaves_no_task(
    walk_of: Callable[[Server], AsyncGenerator[int, None]], how: str
) -> None:
    server, before = Server(100), living()
    for _ in range(3):
        with anyio.CancelScope() as scope:
            await leave(walk_of(server), how)
            gc.collect()
            await anyio.sleep(1)
        assert not scope.cancelled_caught
    assert server.under_way == 0 and living() == before
    asked = len(server.asked)
    await anyio.sleep(10)
    assert len(server.asked) == asked


@pytest.mark.parametrize("walk_of", [prefetched, plain])
def test_so_does_a_task_that_asyncio_cancels_while_it_reads(
    walk_of: Callable[[Server], AsyncGenerator[int, None]],
) -> None:
    async def main() -> None:
        server = Server(100)

        async def read() -> None:
            async for _item in walk_of(server):
                await asyncio.sleep(0.01)

        for seconds in (0, 0.1, 0.2, 0.3, 0.4, 2.0):
            task = asyncio.create_task(read())
            await asyncio.sleep(seconds)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.sleep(0.01)  # the loop closes the generator in a task of its own
            assert server.under_way == 0 and asyncio.all_tasks() == {asyncio.current_task()}

    kind, options = backend("asyncio")
    anyio.run(main, backend=kind, backend_options=options)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("name", ["asyncio", "trio"])
def test_a_loop_that_ends_closes_a_generator_that_is_still_open(name: str) -> None:
    server, walk = Server(100), None

    async def main() -> None:
        nonlocal walk
        walk = prefetched(server)
        assert await anext(walk) == 0
        await anyio.lowlevel.checkpoint()

    kind, options = backend(name)
    anyio.run(main, backend=kind, backend_options=options)
    assert server.under_way == 0 and server.cancelled == len(server.asked) - 1


@pytest.mark.anyio
async def test_a_block_may_be_closed_by_another_task() -> None:
    server, before = Server(100), living()
    pages = await server.list().prefetch(4).__aenter__()
    await anext(pages)
    async with anyio.create_task_group() as group:
        group.start_soon(pages.__aexit__)
    assert server.under_way == 0 and living() == before
    with pytest.raises(RuntimeError, match="async with"):
        await anext(pages)


def test_a_fetch_that_somebody_else_cancels_is_an_error_and_not_the_end_of_the_list() -> None:
    async def main() -> None:
        server = Server(3)
        async with server.list().prefetch(1) as pages:
            await anext(pages)
            (fetch,) = (task for task in asyncio.all_tasks() if task.get_name() == "page 2")
            fetch.cancel()
            with pytest.raises(
                ClientStateError,
                match="^page 2, after 10 items: the task that fetched the page was cancelled",
            ):
                await anext(pages)
            assert [page.current_page async for page in pages] == [2, 3]

    kind, options = backend("asyncio")
    anyio.run(main, backend=kind, backend_options=options)


def test_a_block_ends_although_its_fetches_were_cancelled_before_they_began() -> None:
    """asyncio.run() cancels all tasks when the program is interrupted."""

    async def main() -> None:
        server = Server(100)
        async with server.list().prefetch(4) as pages:
            await anext(pages)
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
        assert asyncio.all_tasks() == {asyncio.current_task()} and server.asked == [1]

    kind, options = backend("asyncio")
    anyio.run(main, backend=kind, backend_options=options)


@pytest.mark.anyio
async def test_its_report_counts_what_the_reader_got() -> None:
    server = Server(9)
    server.fails = {2}
    things = server.list()
    async with things.prefetch(4) as pages:
        await anext(pages)
        await anyio.sleep(1)
        assert things.report == WalkReport(pages=1, items=10)
        with pytest.raises(ServerError) as caught:
            await anext(pages)
        assert caught.value.page == 2
        await anext(pages)
    assert things.report == WalkReport(pages=2, items=20)


@pytest.mark.anyio
async def test_the_task_goes_on_after_the_end() -> None:
    server = Server(3)
    async with server.list().prefetch(4) as pages:
        assert [page.current_page async for page in pages] == [1, 2, 3]
        await anyio.sleep(1)
        assert [page async for page in pages] == []


@pytest.mark.anyio
async def test_a_cancelled_wait_for_a_page_loses_nothing() -> None:
    server = Server(5, seconds=lambda _number: 1.0)
    seen = []
    async with server.list().prefetch(2) as pages:
        while len(seen) < 5:
            with anyio.move_on_after(0.3):
                seen.append((await anext(pages)).current_page)
    assert seen == sorted(server.asked) == [1, 2, 3, 4, 5]


@pytest.mark.anyio
async def test_a_failure_is_raised_where_its_page_is_due_and_can_be_tried_again() -> None:
    server = Server(8)
    server.fails = {4, 5}
    seen: list[int | None] = []
    failures = 0
    async with server.list().prefetch(3) as pages:
        while True:
            try:
                seen.append((await anext(pages)).current_page)
            except ServerError:
                failures += 1
            except StopAsyncIteration:
                break
    assert seen == list(range(1, 9)) and failures == 2
    assert sorted(server.asked) == [1, 2, 3, 4, 4, 5, 5, 6, 7, 8]


@pytest.mark.anyio
async def test_a_failure_of_the_first_page_leaves_the_block_as_itself() -> None:
    server = Server(8)
    server.fails = {1}
    with pytest.raises(ServerError):
        await read_all(server, 3)


@pytest.mark.anyio
async def test_without_a_count_one_page_is_fetched_ahead() -> None:
    server = Server(6, told=False)
    async with server.list().prefetch(4) as pages:
        assert [page[0] for page in [list(page) async for page in pages]] == [0, 10, 20, 30, 40, 50]
    assert server.asked == [1, 2, 3, 4, 5, 6]


@pytest.mark.anyio
async def test_a_collection_that_shrinks_ends_without_repeating() -> None:
    server = Server(50)
    seen = []
    async with server.list().prefetch(4) as pages:
        async for page in pages:
            seen.append(page.current_page)
            if page.current_page == 10:
                server.pages = 12
    assert seen[:12] == list(range(1, 13)) and len(seen) == len(set(seen))
    assert server.under_way == 0


@pytest.mark.anyio
async def test_it_wants_its_block_and_one_reader() -> None:
    server = Server(3)
    bare = server.list().prefetch(1)
    with pytest.raises(RuntimeError, match="async with"):
        await anext(bare)
    async with bare as pages:
        with pytest.raises(RuntimeError, match="used"):
            await bare.__aenter__()
        async with anyio.create_task_group() as group:
            group.start_soon(anext, pages)
            await anyio.sleep(0.01)
            with pytest.raises(RuntimeError, match="each task"):
                await anext(pages)
    with pytest.raises(RuntimeError, match="used"):
        await bare.__aenter__()


@pytest.mark.parametrize("ahead", [0, -1, True, 2.0, "4", None])
def test_bad_numbers_are_refused_at_once(ahead: Any) -> None:
    with pytest.raises(ArgumentError) as caught:
        Server(1).list().prefetch(ahead)
    assert caught.value.argument == "ahead"


@given(
    pages=st.integers(1, 30),
    ahead=st.integers(1, 8),
    delays=st.lists(st.floats(0, 2), min_size=1, max_size=7),
    reader=st.floats(0, 1),
    fails=st.sets(st.integers(1, 30)),
    leave=st.integers(1, 40),
    name=st.sampled_from(["asyncio", "trio"]),
)
def test_any_delays_failures_and_ends(
    pages: int, ahead: int, delays: list[float], reader: float, fails: set[int], leave: int, name: str
) -> None:
    server = Server(pages, seconds=lambda number: delays[number % len(delays)])
    server.fails = set(fails)
    seen: list[int | None] = []

    async def read() -> None:
        async with server.list().prefetch(ahead) as walk:
            while len(seen) < leave:
                try:
                    page = await anext(walk)
                except ServerError:
                    continue
                except StopAsyncIteration:
                    break
                seen.append(page.current_page)
                assert max(server.asked) <= len(seen) + ahead
                await anyio.sleep(reader)

    kind, options = backend(name)
    anyio.run(read, backend=kind, backend_options=options)
    assert seen == list(range(1, min(pages, leave) + 1))
    assert server.under_way == 0 and server.most <= ahead
