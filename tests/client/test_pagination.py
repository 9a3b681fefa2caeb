"""Walking a collection: where it starts, where it ends, whatever the server says or leaves out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.errors import (
    ArgumentError,
    ArgumentTypeError,
    MultipleResultsError,
    NoResultError,
    ServerError,
)
from aioemnify.operation import Listing, Operation
from aioemnify.pagination import Pages, listing_of
from aioemnify.types import Page, WalkReport

LIST = Operation(
    "things.list",
    "GET",
    "/api/v1/thing",
    listing=Listing(filter_fields=("status", "owner"), sort_fields=("id", "name"), default_size=10),
)
TAGS = Operation(
    "tags.list", "GET", "/api/v2/tags", listing=Listing(page_param="seite", size_param="page_size")
)


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Collection:
    """A server's collection in memory. ``headers`` names what its answers say; the rest is left out."""

    def __init__(self, items: int, *, size: int = 10, headers: Sequence[str] = ()) -> None:
        self.items = list(range(items))
        self.size = size
        self.headers = headers
        self.asked: list[dict[str, Any]] = []
        self.before: Callable[[int], None] = lambda _page: None

    async def _call(
        self,
        operation: Operation,
        path_args: Sequence[object],
        *,
        query: Mapping[str, Any],
        options: object = None,
    ) -> Page[Any]:
        listing = listing_of(operation)
        number = query.get(listing.page_param, 1)
        self.asked.append(dict(query))
        self.before(number)
        size = query.get(listing.size_param, self.size)
        last = max(1, -(-len(self.items) // size))
        current = min(number, last)  # past the end comes the last page again
        said = {
            "total_count": len(self.items),
            "total_pages": last if self.items else 0,
            "current_page": current,
            "per_page": size,
            "has_next": current < last,
        }
        told = {name: value for name, value in said.items() if name in self.headers}
        return Page(items=self.items[(current - 1) * size : current * size], **told)

    @property
    def pages_asked(self) -> list[int]:
        return [query["page"] for query in self.asked]


FULL = ("total_count", "total_pages", "current_page", "per_page", "has_next")
WAYS = {
    "everything": FULL,
    "total pages alone": ("total_pages",),
    "count and size": ("total_count", "per_page"),
    "count alone": ("total_count",),
    "next alone": ("has_next",),
    "next and current": ("has_next", "current_page"),
}


async def walk(pages: Pages[Any]) -> list[Any]:
    return [item async for item in pages]


@pytest.mark.anyio
@pytest.mark.parametrize("headers", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize("items", [0, 1, 9, 10, 11, 30, 35])
async def test_a_walk_meets_every_item_once_and_asks_no_page_too_many(
    headers: tuple[str, ...], items: int
) -> None:
    server = Collection(items, headers=headers)
    assert await walk(Pages[Any](server, LIST)) == server.items
    assert server.pages_asked == list(range(1, max(1, -(-items // 10)) + 1))


@pytest.mark.anyio
@pytest.mark.parametrize("headers", WAYS.values(), ids=WAYS.keys())
async def test_the_size_asked_for_is_sent_with_every_page(headers: tuple[str, ...]) -> None:
    server = Collection(10, headers=headers)
    assert await walk(Pages[Any](server, LIST, size=4)) == server.items
    assert server.asked == [{"page": n, "per_page": 4} for n in (1, 2, 3)]


@pytest.mark.anyio
async def test_the_size_in_force_wins_over_the_size_asked_for() -> None:
    server = Collection(25, headers=("total_count", "per_page"))
    fetch = server._call

    async def cut(*args: Any, query: Mapping[str, Any], **rest: Any) -> Page[Any]:
        return await fetch(*args, query=dict(query) | {"per_page": 10}, **rest)

    server._call = cut  # type: ignore[method-assign]
    assert await walk(Pages[Any](server, LIST, size=5000)) == server.items


@pytest.mark.anyio
async def test_without_any_header_there_is_one_page() -> None:
    server = Collection(25)
    assert await walk(Pages[Any](server, LIST)) == list(range(10))
    assert server.pages_asked == [1]


@pytest.mark.anyio
@pytest.mark.parametrize("headers", WAYS.values(), ids=WAYS.keys())
async def test_a_walk_starts_at_the_page_given(headers: tuple[str, ...]) -> None:
    server = Collection(40, headers=headers)
    assert await walk(Pages[Any](server, LIST, page=3)) == list(range(20, 40))
    assert server.pages_asked == [3, 4]


@pytest.mark.anyio
async def test_a_walk_that_starts_at_the_short_last_page_ends_there() -> None:
    server = Collection(35, headers=("total_count",))
    assert await walk(Pages[Any](server, LIST, page=4)) == list(range(30, 35))
    assert server.pages_asked == [4]


@pytest.mark.anyio
async def test_the_last_page_again_ends_the_walk() -> None:
    # The server promises five pages and has three.
    server = Collection(30, headers=("current_page",))
    fetch = server._call

    async def promise(*args: Any, **rest: Any) -> Page[Any]:
        page = await fetch(*args, **rest)
        return Page(page.items, total_pages=5, current_page=page.current_page)

    server._call = promise  # type: ignore[method-assign]
    assert await walk(Pages[Any](server, LIST)) == list(range(30))
    assert server.pages_asked == [1, 2, 3, 4]


@pytest.mark.anyio
async def test_a_walk_that_starts_beyond_the_end_meets_nothing() -> None:
    server = Collection(30, headers=FULL)
    assert await walk(Pages[Any](server, LIST, page=9)) == []
    assert server.pages_asked == [9]


@pytest.mark.anyio
async def test_an_empty_page_in_the_middle_does_not_end_the_walk() -> None:
    server = Collection(30, headers=FULL)
    fetch = server._call

    async def hide(*args: Any, **rest: Any) -> Page[Any]:
        page = await fetch(*args, **rest)
        return Page([], total_pages=3, current_page=2) if page.current_page == 2 else page

    server._call = hide  # type: ignore[method-assign]
    assert await walk(Pages[Any](server, LIST)) == [*range(10), *range(20, 30)]


@pytest.mark.anyio
async def test_a_collection_that_grows_is_followed() -> None:
    server = Collection(20, headers=FULL)
    server.before = lambda page: server.items.extend(range(20, 35)) if page == 2 else None
    assert await walk(Pages[Any](server, LIST)) == list(range(35))


@pytest.mark.anyio
async def test_a_collection_that_shrinks_ends_without_repeating() -> None:
    server = Collection(50, headers=FULL)

    def shrink(page: int) -> None:
        if page == 3:
            del server.items[15:]

    server.before = shrink
    assert await walk(Pages[Any](server, LIST)) == list(range(20))
    assert server.pages_asked == [1, 2, 3]


@given(
    items=st.integers(0, 60),
    size=st.integers(1, 15),
    start=st.integers(1, 5),
    headers=st.sampled_from([*WAYS.values()]),
)
def test_whatever_the_server_says_no_item_is_lost_or_repeated(
    items: int, size: int, start: int, headers: tuple[str, ...]
) -> None:
    server = Collection(items, headers=headers)
    walked = walk(Pages[Any](server, LIST, page=start, size=size))
    try:
        walked.send(None)
    except StopIteration as done:
        got = done.value
    else:
        raise AssertionError("an in-memory walk never waits")
    past = (start - 1) * size >= items and start > 1
    if not past:
        assert got == server.items[(start - 1) * size :]
    assert len(set(got)) == len(got)


# --- page by page, and one page


@pytest.mark.anyio
async def test_page_by_page() -> None:
    server = Collection(25, headers=FULL)
    pages = [page async for page in Pages[Any](server, LIST).pages()]
    assert [page.current_page for page in pages] == [1, 2, 3]
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [item for page in pages for item in page] == server.items


@pytest.mark.anyio
async def test_awaiting_asks_for_one_page_and_says_what_the_server_said() -> None:
    server = Collection(25, headers=FULL)
    page = await Pages[Any](server, LIST, page=2)
    assert list(page) == list(range(10, 20))
    assert (page.total_count, page.total_pages, page.current_page, page.per_page) == (25, 3, 2, 10)
    assert server.asked == [{"page": 2}]
    await Pages[Any](server, LIST)
    assert server.asked[1:] == [{}]  # the server's own first page
    last = await Pages[Any](server, LIST, page=9)
    assert (last.current_page, list(last)) == (3, list(range(20, 25)))


def test_a_page_is_a_sequence() -> None:
    page: Page[str] = Page(["a", "b", "c"], total_count=9)
    assert isinstance(page, Sequence)
    assert (page[0], page[-1], page[1:], len(page), bool(page)) == ("a", "c", ["b", "c"], 3, True)
    assert ("b" in page, page.index("b"), page.count("z"), list(reversed(page))) == (
        True,
        1,
        0,
        ["c", "b", "a"],
    )
    with pytest.raises(IndexError):
        page[3]


@pytest.mark.anyio
async def test_the_first_item_is_one_call_for_one_item() -> None:
    server = Collection(25, headers=FULL)
    assert await Pages[Any](server, LIST).first() == 0
    assert server.asked == [{"per_page": 1}]
    # Whoever names a page or a size gets the first item of that page.
    assert await Pages[Any](server, LIST, page=2).first() == 10
    assert await Pages[Any](server, LIST, page=2, size=5).first() == 5
    assert server.asked[1:] == [{"page": 2}, {"page": 2, "per_page": 5}]
    assert await Pages[Any](Collection(0, headers=FULL), LIST).first() is None


@pytest.mark.anyio
@pytest.mark.parametrize("headers", [FULL, ()])
async def test_the_only_item_of_a_list(headers: tuple[str, ...]) -> None:
    server = Collection(1, headers=headers)
    assert await Pages[Any](server, LIST, filter={"status": 1}).one() == 0
    assert server.asked == [{"q": "status:1", "per_page": 10}]
    with pytest.raises(NoResultError, match=r"^things.list, 'status:1', has no item$"):
        await Pages[Any](Collection(0, headers=headers), LIST, filter={"status": 1}).one()
    with pytest.raises(MultipleResultsError) as caught:
        await Pages[Any](Collection(25, headers=headers), LIST).one()
    assert caught.value.results == list(range(10))
    assert caught.value.total == (25 if headers else None)
    assert str(caught.value).startswith(f"things.list has {25 if headers else 'several'} items where one")


@pytest.mark.anyio
async def test_an_item_alone_on_its_page_is_not_the_only_one() -> None:
    with pytest.raises(MultipleResultsError) as caught:
        await Pages[Any](Collection(3, headers=FULL), LIST, size=1).one()
    assert (caught.value.results, caught.value.total) == ([0], 3)


@pytest.mark.anyio
async def test_items_are_collected_up_to_a_limit() -> None:
    server = Collection(25, headers=FULL)
    pages: Pages[int] = Pages[Any](server, LIST)
    assert await pages.collect() == server.items
    assert (pages.report.pages, pages.report.items) == (3, 25)
    assert await pages.collect(limit=10) == server.items[:10]
    assert await pages.collect(limit=11) == server.items[:11]
    assert await pages.collect(limit=99) == server.items
    assert server.pages_asked == [1, 2, 3, 1, 1, 2, 1, 2, 3]
    for wrong in (0, -1, 1.5, True):
        with pytest.raises(ArgumentError, match="limit"):
            await pages.collect(limit=wrong)  # type: ignore[arg-type]
    assert len(server.asked) == 9


@pytest.mark.anyio
async def test_an_empty_collection() -> None:
    server = Collection(0, headers=FULL)
    page = await Pages[Any](server, LIST)
    assert (len(page), list(page), page.total_count, bool(page)) == (0, [], 0, False)
    assert await walk(Pages[Any](server, LIST)) == []


@pytest.mark.anyio
async def test_each_use_starts_anew_and_nothing_is_sent_before() -> None:
    server = Collection(15, headers=FULL)
    pages: Pages[int] = Pages[Any](server, LIST)
    assert server.asked == []
    assert await walk(pages) == await walk(pages) == server.items
    assert server.pages_asked == [1, 2, 1, 2]
    assert list(await pages) == list(range(10))


@pytest.mark.anyio
async def test_pages_are_fetched_only_when_needed() -> None:
    server = Collection(100, headers=FULL)
    seen = []
    async for item in Pages[Any](server, LIST):
        seen.append(item)
        if item == 10:
            break
    assert seen == list(range(11))
    assert server.pages_asked == [1, 2]
    async for page in Pages[Any](server, LIST).pages():
        assert page.current_page == 1
        break
    assert server.pages_asked == [1, 2, 1]


@pytest.mark.anyio
async def test_a_walk_that_is_over_stays_over() -> None:
    server = Collection(15, headers=FULL)
    pages = Pages[Any](server, LIST).pages()
    assert [len(page) async for page in pages] == [10, 5]
    assert [page async for page in pages] == []
    items = aiter(Pages[Any](server, LIST))
    assert [item async for item in items] == server.items
    with pytest.raises(StopAsyncIteration):
        await anext(items)
    assert server.pages_asked == [1, 2, 1, 2]


@pytest.mark.anyio
async def test_a_failure_is_raised_and_the_walk_goes_on_with_the_page_that_failed() -> None:
    server = Collection(30, headers=FULL)

    def fail(page: int) -> None:
        if page == 2:
            raise ServerError(503)

    server.before = fail
    items = aiter(Pages[Any](server, LIST))
    assert [await anext(items) for _ in range(10)] == list(range(10))
    with pytest.raises(ServerError):
        await anext(items)
    assert server.pages_asked == [1, 2]
    server.before = lambda _page: None
    assert [item async for item in items] == list(range(10, 30))
    assert server.pages_asked == [1, 2, 2, 3]
    assert await walk(Pages[Any](server, LIST, page=2)) == list(range(10, 30))


# --- what a walk says about itself


def log_of_walks(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "aioemnify.pagination"]


@pytest.mark.anyio
async def test_a_walk_over_a_list_that_stays_reports_what_it_read(caplog: pytest.LogCaptureFixture) -> None:
    server = Collection(25, headers=FULL)
    pages: Pages[int] = Pages(server, LIST)
    assert pages.report == WalkReport(pages=0, items=0, totals=None, moved=False)
    walk_of_pages = pages.pages()
    await anext(walk_of_pages)
    assert pages.report == WalkReport(pages=1, items=10, totals=(25, 25))
    assert [len(page) async for page in walk_of_pages] == [10, 5]
    assert pages.report == WalkReport(pages=3, items=25, totals=(25, 25))
    await pages  # one page is no walk
    assert pages.report.pages == 3
    aiter(pages)
    assert pages.report == WalkReport()
    assert log_of_walks(caplog) == []


@pytest.mark.anyio
async def test_a_filter_whose_items_leave_it_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """The usual job: every item that is read leaves the filter, so every second page is skipped."""
    server = Collection(60, headers=FULL)
    pages: Pages[int] = Pages(server, LIST)
    read = []
    async for page in pages.pages():
        read += page.items
        del server.items[: len(page)]
    assert read == [*range(10), *range(20, 30), *range(40, 50)]
    assert pages.report == WalkReport(pages=3, items=30, totals=(60, 30), moved=True)
    assert log_of_walks(caplog) == [
        "things.list changed while its pages were read: page 2 counts 50 items, the page before 60. "
        "Items may be skipped or come twice."
    ]


@pytest.mark.anyio
async def test_a_list_that_grows_is_told_too(caplog: pytest.LogCaptureFixture) -> None:
    server = Collection(20, headers=FULL)
    server.before = lambda page: server.items.append(99) if page == 2 else None
    pages: Pages[int] = Pages(server, LIST)
    await walk(pages)
    assert pages.report == WalkReport(pages=3, items=21, totals=(20, 21), moved=True)
    assert len(log_of_walks(caplog)) == 1


@pytest.mark.anyio
async def test_a_page_that_is_gone_shows_the_move_where_no_total_is_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = Collection(50, headers=("total_pages", "current_page"))
    server.before = lambda page: server.items.__delitem__(slice(15, None)) if page == 3 else None
    pages: Pages[int] = Pages(server, LIST)
    assert await walk(pages) == list(range(20))
    assert pages.report == WalkReport(pages=2, items=20, totals=None, moved=True)
    assert log_of_walks(caplog) == [
        "things.list changed while its pages were read: there is no page 3 any more. "
        "Items may be skipped or come twice."
    ]


@pytest.mark.anyio
async def test_an_error_of_a_walk_says_where_another_walk_continues() -> None:
    server = Collection(30, headers=FULL)

    def fail(page: int) -> None:
        if page == 2:
            raise ServerError(503, operation="things.list")

    server.before = fail
    items = aiter(Pages[int](server, LIST))
    read = [await anext(items) for _ in range(10)]
    with pytest.raises(ServerError, match=r"^page 2, after 10 items: things\.list answered 503") as caught:
        await anext(items)
    server.before = lambda _page: None
    read += [item async for item in Pages[int](server, LIST, page=caught.value.page)]
    assert read == server.items
    server.before = lambda _page: fail(2)
    with pytest.raises(ServerError) as caught:
        await Pages[int](server, LIST, page=2)
    assert caught.value.page is None, "the caller of one page knows which"


# --- what is asked


@pytest.mark.anyio
async def test_criteria_go_with_every_page_under_the_operations_own_names() -> None:
    server = Collection(25, headers=FULL)
    await walk(
        Pages(
            server,
            LIST,
            filter={"status": 1, "owner": None},
            sort="-name,id",
            query={"deep": True, "x": None},
        )
    )
    criteria = {"deep": True, "q": "status:1,owner:null", "sort": "-name,id"}
    assert server.asked == [criteria | {"page": n} for n in (1, 2, 3)]
    tags = Collection(3, headers=FULL)
    await Pages(tags, TAGS, page=1, size=2)
    assert tags.asked == [{"seite": 1, "page_size": 2}]


@pytest.mark.anyio
async def test_raw_filter_text_goes_as_it_is() -> None:
    server = Collection(1)
    await Pages[Any](server, LIST, q="anything:x|y,z")
    assert server.asked == [{"q": "anything:x|y,z"}]


@pytest.mark.anyio
async def test_a_page_size_above_the_documented_maximum_is_left_to_the_server_to_cut() -> None:
    operation = Operation("things.list", "GET", "/api/v1/thing", listing=Listing(max_size=10))
    server = Collection(1)
    await Pages[Any](server, operation, size=5000)
    assert server.asked == [{"per_page": 5000}]


@pytest.mark.parametrize(
    ("value", "kind"),
    [(0, ArgumentError), (-1, ArgumentError), (True, ArgumentTypeError), ("1", ArgumentTypeError)],
)
@pytest.mark.parametrize(("argument", "name"), [("page", "seite"), ("size", "page_size")])
def test_page_and_size_start_at_one(value: Any, kind: type[ArgumentError], argument: str, name: str) -> None:
    arguments: dict[str, Any] = {argument: value}
    with pytest.raises(kind) as caught:
        Pages(Collection(1), TAGS, **arguments)
    assert caught.value.argument == name


def test_bad_criteria_are_refused_before_anything_is_awaited() -> None:
    server = Collection(1)
    for arguments, name in [
        ({"filter": {"nope": 1}}, "filter"),
        ({"filter": {}, "q": "a:b"}, "filter"),
        ({"sort": "nope"}, "sort"),
        ({"page": 0}, "page"),
        ({"size": 0}, "per_page"),
    ]:
        with pytest.raises(ArgumentError) as caught:
            Pages[Any](server, LIST, **arguments)  # type: ignore[arg-type]
        assert caught.value.argument == name
    with pytest.raises(ArgumentTypeError):
        Pages[Any](server, LIST, page="1")  # type: ignore[arg-type]
    assert server.asked == []


def test_only_a_paged_operation_has_pages() -> None:
    with pytest.raises(ArgumentError, match=r"things\.get is not paged"):
        Pages(Collection(1), Operation("things.get", "GET", "/api/v1/thing/1"))


def test_the_repr_says_how_to_use_it() -> None:
    assert repr(Pages(Collection(1), LIST)) == (
        "<Pages of things.list: await for one page, async for over every item>"
    )


@pytest.mark.anyio
async def test_a_server_that_numbers_nothing_and_repeats_its_last_page_does_not_walk_for_ever() -> None:
    asked: list[int] = []

    class Endless:
        async def _call(self, _operation: object, _path: object, **named: Any) -> Page[int]:
            number = named["query"]["page"]
            asked.append(number)
            start = min(number, 3) * 2
            return Page([start, start + 1], has_next=True)

    assert [item async for item in Pages[int](Endless(), LIST)] == [2, 3, 4, 5, 6, 7]
    assert asked == [1, 2, 3, 4]
