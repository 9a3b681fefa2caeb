"""An error of a walk says which page was being fetched and how many items had been read."""

from __future__ import annotations

import pickle
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from aioemnify import Emnify, RetryPolicy
from aioemnify.errors import EmnifyError, ServerError
from aioemnify.models import Sim
from tests.scripted_api import SIM, ScriptedApi
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio

ITEMS = 2_500


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


class Fleet(ScriptedApi):
    """A list of SIMs; ``failing`` says whether a request fails."""

    def __init__(self, failing: Callable[[dict[str, str]], bool]) -> None:
        super().__init__()
        self.answers = [self.answer]
        self.failing = failing

    async def answer(self, request: httpx.Request) -> httpx.Response:
        query = dict(request.url.params)
        if self.failing(query):
            return httpx.Response(500)
        number, size = int(query.get("page", 1)), int(query["per_page"])
        ids = list(range(1, ITEMS + 1))
        if query.get("sort") == "-id":
            ids.reverse()
        headers = {
            "X-Total-Count": str(ITEMS),
            "X-Current-Page": str(number),
            "X-Count-Per-Page": str(size),
        }
        found = [SIM | {"id": one} for one in ids[(number - 1) * size : number * size]]
        return httpx.Response(200, json=found, headers=headers)


async def items(emnify: Emnify) -> AsyncIterator[Sim]:
    async for sim in emnify.sims.list(per_page=100):
        yield sim


async def of_pages(emnify: Emnify) -> AsyncIterator[Sim]:
    async for page in emnify.sims.list(per_page=100).pages():
        for sim in page:
            yield sim


async def prefetched(emnify: Emnify) -> AsyncIterator[Sim]:
    async with emnify.sims.list(per_page=100).prefetch(3) as pages:
        async for page in pages:
            for sim in page:
                yield sim


async def read(walk: AsyncIterator[Sim]) -> tuple[int, EmnifyError]:
    count = 0
    try:
        async for _ in walk:
            count += 1
    except EmnifyError as error:
        return count, error
    raise AssertionError("the walk came to its end")


@pytest.mark.parametrize("walk", [items, of_pages, prefetched])
async def test_an_error_names_the_page_and_counts_the_items(walk: Any) -> None:
    api = Fleet(lambda query: query.get("page") == "13")
    async with api.client(retry=RetryPolicy(attempts=1)) as emnify:
        count, error = await read(walk(emnify))
    assert isinstance(error, ServerError)
    assert (error.page, error.items_read, count) == (13, 1_200, 1_200)
    assert str(error).startswith("page 13, after 1,200 items: sims.list answered 500")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.items_read) == (str(error), 1_200)


async def test_an_error_of_a_sweep_does_too() -> None:
    api = Fleet(lambda query: query.get("sort") == "id")
    async with api.client(retry=RetryPolicy(attempts=1)) as emnify:
        sweep = emnify.sims.sweep(per_page=1000)
        count, error = await read(aiter(sweep))
        assert error.items_read == count == sweep.report.items == 1_000
        assert error.page == 2
        assert str(error).startswith("page 2, after 1,000 items: sims.list answered 500")


async def test_items_are_counted_from_the_first_page_that_was_asked_for() -> None:
    api = Fleet(lambda query: query.get("page") == "13")
    async with api.client(retry=RetryPolicy(attempts=1)) as emnify:
        with pytest.raises(ServerError) as caught:
            await emnify.sims.list(per_page=100, page=12).collect()
        assert (caught.value.page, caught.value.items_read) == (13, 100)
        with pytest.raises(ServerError) as caught:
            await emnify.sims.list(per_page=100, page=13)  # one page is not a walk
        assert (caught.value.page, caught.value.items_read) == (None, None)


async def test_the_same_iterator_continues_and_counts_on() -> None:
    fails = {"3": 1, "5": 1}

    def failing(query: dict[str, str]) -> bool:
        left = fails.get(query.get("page", "1"), 0)
        fails[query.get("page", "1")] = left - 1
        return left > 0

    found: list[tuple[int | None, int | None]] = []
    async with Fleet(failing).client(retry=RetryPolicy(attempts=1)) as emnify:
        pages = emnify.sims.list(per_page=100).pages()
        read = 0
        while read < ITEMS:
            try:
                async for page in pages:
                    read += len(page)
            except ServerError as error:
                found.append((error.page, error.items_read))
    assert found == [(3, 200), (5, 400)]


async def test_an_error_of_the_users_own_code_keeps_its_type_and_gets_a_note() -> None:
    class OwnError(Exception):
        pass

    def on_wait(_wait: object) -> None:
        raise OwnError

    api = Fleet(lambda _query: False)
    async with api.client(on_wait=on_wait) as emnify:
        with pytest.raises(OwnError) as caught:
            async for _ in emnify.sims.list(per_page=100):
                pass
    (note,) = caught.value.__notes__
    assert note.startswith("raised while page ")
    assert note.endswith(" items")
    assert "after " in note


async def test_what_needs_async_for_says_so() -> None:
    async with Fleet(lambda _query: False).client() as emnify:
        pages, sweep = emnify.sims.list(), emnify.sims.sweep()
        lazy: list[Any] = [pages, sweep, pages.pages(), aiter(pages), pages.prefetch(2), sweep.pages()]
        for one in lazy:
            with pytest.raises(TypeError, match="'async for item in"):
                for _ in one:
                    pass
            with pytest.raises(TypeError, match="'async for item in"):
                list(one)
            with pytest.raises(TypeError, match="'async for item in"):
                one[0]
        for one in lazy[1:]:
            with pytest.raises(TypeError, match="'async for item in"):
                await one
        with pytest.raises(TypeError, match=r"sims\.list"):
            list(pages)  # type: ignore[call-overload]
