"""Threads, interrupts, callbacks and iterators that are left, as a blocking program meets them."""

from __future__ import annotations

import asyncio
import copy
import gc
import os
import pickle
import signal
import threading
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import anyio
import httpx
import pytest

import aioemnify
from aioemnify import errors
from aioemnify.blocking import Emnify
from tests.blocking.conftest import SIM, Server

PATIENCE = 20.0


@pytest.fixture
def ctrl_c() -> Iterator[Callable[[], None]]:
    """Press Ctrl-C, also where the tests were started with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield lambda: os.kill(os.getpid(), signal.SIGINT)
    signal.signal(signal.SIGINT, before)


def test_calls_of_many_threads_are_in_flight_together(server: Server) -> None:
    threads, waiting = 12, 0
    everybody: anyio.Event | None = None

    async def answer(request: httpx.Request) -> httpx.Response:
        nonlocal waiting, everybody
        everybody = everybody or anyio.Event()
        waiting += 1
        if waiting == threads:
            everybody.set()
        await everybody.wait()
        return httpx.Response(200, json=SIM | {"id": int(request.url.path.rpartition("/")[2])})

    server.answer = answer
    with server.client() as emnify, ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda number: emnify.sims.get(number).id, range(1, threads + 1)))
    assert found == list(range(1, threads + 1))
    assert [one.name for one in threading.enumerate()].count("aioemnify.blocking") == 1


def test_the_first_calls_of_many_threads_start_one_thread(server: Server) -> None:
    together = threading.Barrier(8)

    def work(_: int) -> int:
        together.wait(PATIENCE)
        with server.client() as emnify:
            return len(list(emnify.sims.list()))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [6] * 8
    assert [one.name for one in threading.enumerate()].count("aioemnify.blocking") == 1


@pytest.mark.asyncio
async def test_it_works_inside_a_running_event_loop(server: Server) -> None:
    with server.client() as emnify:
        assert len(list(emnify.sims.list())) == 6
        there = await asyncio.gather(*(asyncio.to_thread(lambda: emnify.sims.list().page()) for _ in "123"))
    assert [len(page) for page in there] == [2, 2, 2]


def test_ctrl_c_cancels_the_call_and_the_client_stays_usable(
    emnify: Emnify, server: Server, ctrl_c: Callable[[], None]
) -> None:
    ended: list[str] = []

    async def never(request: httpx.Request) -> httpx.Response:
        ctrl_c()
        try:
            await anyio.sleep_forever()
        except anyio.get_cancelled_exc_class():
            ended.append("cancelled")
            raise
        raise AssertionError

    usual, server.answer = server.answer, never
    with pytest.raises(KeyboardInterrupt):
        emnify.sims.get(1)
    assert ended == ["cancelled"]
    (connections,) = (one for one in emnify.throttle.snapshot().limits if one.kind == "connections")
    assert connections.in_flight == 0
    server.answer = usual
    assert len(list(emnify.sims.list())) == 6


def test_ctrl_c_cancels_the_calls_of_a_function_that_a_wait_awaits(
    emnify: Emnify, server: Server, ctrl_c: Callable[[], None]
) -> None:
    ended, left = threading.Event(), threading.Event()

    async def never(request: httpx.Request) -> httpx.Response:
        ctrl_c()
        try:
            await anyio.sleep_forever()
        finally:
            ended.set()
        raise AssertionError

    def fetch() -> int:
        try:
            return emnify.sims.get(1).id
        finally:
            left.set()

    server.answer = never
    with pytest.raises(KeyboardInterrupt):
        emnify.wait_until(fetch, lambda number: True)
    assert ended.wait(PATIENCE)
    assert left.wait(PATIENCE)


def test_after_ctrl_c_an_iterator_continues(
    emnify: Emnify, server: Server, ctrl_c: Callable[[], None]
) -> None:
    usual = server.answer
    pages = emnify.sims.list().pages()
    assert next(pages)[0].id == 10

    async def never(request: httpx.Request) -> httpx.Response:
        ctrl_c()
        await anyio.sleep_forever()
        raise AssertionError

    server.answer = never
    with pytest.raises(KeyboardInterrupt):
        next(pages)
    server.answer = usual
    assert [page[0].id for page in pages] == [20, 30]


def test_a_page_that_came_as_ctrl_c_was_pressed_is_not_lost(
    emnify: Emnify, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(Future[Any]):
        def result(self, timeout: float | None = None) -> Any:
            super().result(timeout)
            raise KeyboardInterrupt

    pages, items = emnify.sims.list().pages(), iter(emnify.sims.list())
    assert (next(pages)[0].id, next(items).id, next(items).id) == (10, 10, 11)
    with monkeypatch.context() as patch:
        patch.setattr("aioemnify.blocking.portal.Future", Interrupted)
        for iterator in (pages, items):
            with pytest.raises(KeyboardInterrupt):
                next(iterator)
    assert [page[0].id for page in pages] == [20, 30]
    assert [sim.id for sim in items] == [20, 21, 30, 31]


def call_often(emnify: Emnify) -> None:
    """Make more calls than a limit admits at once."""
    for _ in range(100):
        emnify.sims.list().page()


def test_ctrl_c_ends_a_wait_for_a_limit(server: Server, ctrl_c: Callable[[], None]) -> None:
    def pressed(_: object) -> None:
        ctrl_c()

    with server.client(on_wait=pressed) as emnify:
        with pytest.raises(KeyboardInterrupt):
            call_often(emnify)
        assert emnify.throttle.snapshot().queued == 0


@pytest.mark.parametrize("wrong", [KeyboardInterrupt, SystemExit, ValueError])
def test_what_a_callback_raises_ends_its_call_alone(server: Server, wrong: type[BaseException]) -> None:
    def told(_: object) -> None:
        raise wrong("of the callback")

    with server.client(on_wait=told) as emnify, server.client() as other:
        with pytest.raises(wrong, match="of the callback"):
            call_often(emnify)
        assert other.sims.list().page()


def test_a_callback_cannot_call_the_client(server: Server) -> None:
    said: list[Exception] = []
    clients: list[Emnify] = []

    def told(_: object) -> None:
        for call in (clients[0].sims.list, clients[0].close):
            try:
                call()
            except errors.ClientStateError as error:
                said.append(error)
        raise ValueError("enough")

    with server.client(on_wait=told) as emnify:
        clients.append(emnify)
        with pytest.raises(ValueError, match="enough"):
            call_often(emnify)
    assert len(said) == 2
    assert "callback" in str(said[0])


def test_items_are_read_in_the_thread_of_the_caller(emnify: Emnify, server: Server) -> None:
    server.answer = lambda _: httpx.Response(200, json=SIM)
    read: set[str] = set()

    class Rows:
        """Can be iterated again, as the result of a query."""

        def __iter__(self) -> Iterator[int]:
            read.add(threading.current_thread().name)
            return iter((1,))

    assert emnify.sims.get_many(Rows())
    assert read == {threading.current_thread().name}


@contextmanager
def with_follow(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Give the asyncio client a method that does not exist yet, an async generator."""
    told: list[str] = []

    async def follow(self: object, upto: int) -> AsyncIterator[int]:
        try:
            for number in range(upto):
                yield number
        finally:
            await anyio.lowlevel.checkpoint()
            told.append("closed")

    with monkeypatch.context() as patched:
        patched.setattr(aioemnify.Emnify, "follow", follow, raising=False)
        yield told


def follow(emnify: Emnify, upto: int) -> Any:
    made: Any = emnify
    return made.follow(upto)


def test_a_method_that_is_new_needs_no_code_here(emnify: Emnify, monkeypatch: pytest.MonkeyPatch) -> None:
    with with_follow(monkeypatch) as told:
        assert list(follow(emnify, 3)) == [0, 1, 2]
        assert told == ["closed"]


def test_a_function_that_is_awaited_is_a_plain_one_here(
    emnify: Emnify, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def until(
        self: object, fetch: Callable[[], Awaitable[int]], when: Callable[[int], bool], *, most: int = 9
    ) -> int:
        for _ in range(most):
            if when(found := await fetch()):
                return found
        raise AssertionError

    monkeypatch.setattr(aioemnify.Emnify, "until", until, raising=False)
    made: Any = emnify
    counted: list[int] = []

    def fetch() -> int:
        counted.append(emnify.sims.list(page=len(counted) + 1).page()[0].id)
        return counted[-1]

    assert made.until(fetch, lambda number: number > 20) == 30
    assert made.until(when=lambda number: True, fetch=lambda: 5, most=1) == 5
    assert counted == [10, 20, 30]


def test_the_function_that_a_wait_awaits_may_be_anything_that_can_be_called(emnify: Emnify) -> None:
    class Device:
        def read(self) -> int:
            return emnify.sims.list().page()[0].id

        def __call__(self) -> int:
            return self.read()

    async def read() -> int:
        return 10

    class AsyncDevice:
        async def __call__(self) -> int:
            return await read()

    device = Device()
    for fetch in (device.read, device, partial(Device.read, device), read, AsyncDevice(), lambda: read()):
        wanted: Any = fetch
        assert emnify.wait_until(wanted, lambda number: number == 10, timeout=1) == 10
        assert emnify.wait_until(fetch=wanted, when=lambda number: number == 10) == 10


def test_a_class_method_that_is_new_needs_no_code_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def preload(cls: type[object], *groups: str) -> tuple[str, ...]:
        return (cls.__name__, *groups)

    monkeypatch.setattr(aioemnify.Emnify, "preload_it", classmethod(preload), raising=False)
    made: Any = Emnify
    assert made.preload_it("sims") == ("Emnify", "sims")
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        made.nothing()


def test_an_iterator_that_is_left_is_closed(emnify: Emnify, monkeypatch: pytest.MonkeyPatch) -> None:
    with with_follow(monkeypatch) as told:
        numbers = follow(emnify, 3)
        assert next(numbers) == 0
        numbers.close()
        assert told == ["closed"]
        with pytest.raises(StopIteration):
            next(numbers)
        for number in follow(emnify, 3):
            if number == 1:
                break
        gc.collect()
        while len(told) < 2:
            emnify.sims.get_many([])  # the event loop closes it in its own time
        assert told == ["closed", "closed"]


def test_leaving_prefetched_pages_cancels_those_in_flight(emnify: Emnify, server: Server) -> None:
    ended: list[str] = []
    usual = server.answer

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params["page"] == "1":
            page: httpx.Response = usual(request)
            return page
        try:
            await anyio.sleep_forever()
        finally:
            ended.append(request.url.params["page"])
        raise AssertionError

    server.answer = answer
    with emnify.sims.list(page=1).prefetch(2) as pages:
        assert next(pages)[0].id == 10
        while len(server.requests) < 3:
            emnify.sims.get_many([])  # lets the event loop go round once
    assert sorted(ended) == ["2", "3"]


def test_an_unclosed_client_is_named(server: Server) -> None:
    def leave() -> None:
        assert server.client().sims.list().page()
        gc.collect()

    with pytest.warns(ResourceWarning, match=r"unclosed <blocking <Emnify client of https://cdn"):
        leave()
    unused = server.client()
    del unused
    gc.collect()  # nothing to close, nothing to say


def test_a_copy_of_a_client_does_not_close_it(emnify: Emnify) -> None:
    assert emnify.sims.list().page()
    copied = copy.copy(emnify)
    assert copied.sims.list().page()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        del copied
        gc.collect()
    assert emnify.sims.list().page()


def test_a_client_for_another_process_is_made_there(emnify: Emnify) -> None:
    for thing in (emnify, emnify.sims, emnify.sims.list()):
        with pytest.raises(
            TypeError, match=r"<blocking .*> cannot be pickled: make a client in each process"
        ):
            pickle.dumps(thing)


def test_a_block_that_is_not_open_says_so(emnify: Emnify) -> None:
    prefetched = emnify.sims.list().prefetch(2)
    with prefetched:
        pass
    for block in (prefetched, emnify.sims.list().prefetch(2)):
        with pytest.raises(errors.ClientStateError, match="this block is not open"):
            block.__exit__(None, None, None)


def test_a_group_keeps_its_client(server: Server) -> None:
    def use() -> list[int]:
        sims = server.client().sims
        gc.collect()
        assert sims.list().page()
        return [sim.id for sim in sims.list(page=3)]

    with pytest.warns(ResourceWarning, match="unclosed"):
        assert use() == [30, 31]
