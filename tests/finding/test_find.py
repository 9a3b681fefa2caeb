"""Finding SIMs and endpoints: by every identifier, at the promised number of calls, and never a wrong one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import Emnify
from aioemnify.clock import SimulatedClock
from aioemnify.errors import FilterValueError, MultipleResultsError, NoResultError
from aioemnify.finding.identifiers import luhn_digit
from aioemnify.models import Endpoint, Sim
from aioemnify.simulator import Clock, Simulator
from tests.scripted_api import ScriptedApi

pytestmark = pytest.mark.anyio


@pytest.fixture
async def simulator() -> Simulator:
    """Return a simulator on the clock of the event loop."""
    return Simulator(sims=300, seed=7, clock=Clock(source=anyio.current_time), tls=False)


def client(simulator: Simulator) -> Emnify:
    transport = httpx.ASGITransport(app=simulator.app)
    clock = SimulatedClock(simulator.clock)
    return Emnify(simulator.application_token, transport=transport, base_url=simulator.url, clock=clock)


async def pair(emnify: Emnify, wanted: Callable[[Sim, Endpoint], Any]) -> tuple[Sim, Endpoint]:
    """Return a SIM and its endpoint, as the API shows each alone."""
    sims = {sim.id: sim async for sim in emnify.sims.list()}
    async for one in emnify.endpoints.list():
        if one.sim is not None and wanted(sims[one.sim.id], one):
            return sims[one.sim.id], await emnify.endpoints.get(one.id)
    raise AssertionError("there is no such pair")


# The text or the keyword, and the calls that sims.find and endpoints.find take for it.
CASES: list[tuple[str, Callable[[Sim, Endpoint], dict[str, Any]], int, int]] = [
    ("iccid", lambda sim, one: {"text": sim.iccid}, 1, 1),
    ("iccid with check digit", lambda sim, one: {"text": sim.iccid_with_luhn}, 1, 1),
    ("eid", lambda sim, one: {"text": sim.eid}, 1, 1),
    ("imsi", lambda sim, one: {"text": sim.imsi}, 1, 2),
    ("imsi forced", lambda sim, one: {"imsi": sim.imsi}, 1, 2),
    ("msisdn with plus", lambda sim, one: {"text": f"+{sim.msisdn}"}, 1, 2),
    ("msisdn after two other kinds", lambda sim, one: {"text": sim.msisdn}, 2, 3),
    ("imeisv", lambda sim, one: {"text": one.imei}, 2, 1),
    ("imei forced", lambda sim, one: {"imei": one.imei_with_luhn}, 2, 1),
    ("imei after imsi", lambda sim, one: {"text": one.imei_with_luhn}, 3, 2),
    ("address", lambda sim, one: {"text": one.ip_address}, 2, 1),
    ("name", lambda sim, one: {"text": one.name}, 2, 1),
    ("name forced", lambda sim, one: {"name": one.name}, 2, 1),
]


@pytest.mark.parametrize(
    ("name", "given", "sim_calls", "endpoint_calls"), CASES, ids=[case[0] for case in CASES]
)
async def test_by_every_identifier(
    simulator: Simulator,
    name: str,
    given: Callable[[Sim, Endpoint], dict[str, Any]],
    sim_calls: int,
    endpoint_calls: int,
) -> None:
    async with client(simulator) as emnify:
        if name == "eid":
            sim, endpoint = await pair(emnify, lambda sim, one: sim.eid)
        elif name == "msisdn after two other kinds":
            # Its last digit is not the check digit of an IMEI.
            sim, endpoint = await pair(
                emnify, lambda sim, one: sim.msisdn and sim.msisdn[-1] != luhn_digit(sim.msisdn[:-1])
            )
        else:
            sim, endpoint = await pair(emnify, lambda sim, one: one.imei)
        before = len(simulator.requests)
        assert (await emnify.sims.find(**given(sim, endpoint))).id == sim.id
        between = len(simulator.requests)
        assert (await emnify.endpoints.find(**given(sim, endpoint))).id == endpoint.id
        assert (between - before, len(simulator.requests) - between) == (sim_calls, endpoint_calls)


async def test_what_is_not_there(simulator: Simulator) -> None:
    async with client(simulator) as emnify:
        for find in (emnify.sims.find, emnify.endpoints.find):
            for text in ("8988303000000000901", "no such name", "10.255.255.254", "+4912345678", "9" * 32):
                with pytest.raises(NoResultError, match="found no item with the"):
                    await find(text)
            with pytest.raises(NoResultError, match="the IMSI .* and none with the IMEI .* the MSISDN"):
                await find("490154203237518")
            with pytest.raises(NoResultError, match="the check digit is 8"):
                await find(imei="490154203237519")
            with pytest.raises(FilterValueError):
                await find("pump, the second")


async def test_a_sim_without_an_endpoint_and_an_endpoint_without_a_sim(simulator: Simulator) -> None:
    async with client(simulator) as emnify:
        free = await emnify.sims.list(filter={"endpoint": None}).first()
        assert free is not None
        with pytest.raises(NoResultError):
            await emnify.endpoints.find(imsi=free.imsi)
        empty = next(one for one in await emnify.endpoints.list() if one.sim is None)
        with pytest.raises(NoResultError):
            await emnify.sims.find(name=empty.name)


async def test_several_are_listed(simulator: Simulator) -> None:
    async with client(simulator) as emnify:
        with_sim = [one for one in await emnify.endpoints.list() if one.sim is not None][:12]
        for one in with_sim:
            await emnify.endpoints.update(one.id, {"name": "twin"})
        with pytest.raises(MultipleResultsError, match="12 items with the name 'twin'") as endpoints:
            await emnify.endpoints.find("twin")
        assert [one.id for one in endpoints.value.results] == [one.id for one in with_sim][:10]
        assert endpoints.value.total == 12
        with pytest.raises(MultipleResultsError) as sims:
            await emnify.sims.find("twin")
        assert {one.id for one in sims.value.results} <= {one.sim.id for one in with_sim if one.sim}


def answer(
    *items: dict[str, Any], total: int | None = None, page: int = 1, pages: int = 1, sort: str = "id"
) -> httpx.Response:
    headers = {
        "X-Total-Count": str(total or len(items)),
        "X-Total-Pages": str(pages),
        "X-Current-Page": str(page),
        "X-Sort": sort,
    }
    return httpx.Response(200, json=list(items), headers=headers)


async def test_a_filter_that_matches_by_prefix_gives_no_wrong_object() -> None:
    """How the API compares names is not documented. Here it answers with all that begin so, on two pages."""
    api = ScriptedApi()
    api.answers = [
        answer({"id": 1, "name": "pump-1"}, {"id": 2, "name": "pump-11"}, total=3, pages=2),
        answer({"id": 3, "name": "Pump-1"}, total=3, page=2, pages=2),
    ]
    async with api.client() as emnify:
        assert (await emnify.endpoints.find("pump-1")).id == 1
    api.answers = [answer({"id": 2, "name": "pump-11"})]
    async with api.client() as emnify:
        with pytest.raises(NoResultError):
            await emnify.endpoints.find("pump-1")


async def test_one_that_comes_twice_because_the_list_changed_is_one() -> None:
    api = ScriptedApi()
    api.answers = [
        answer({"id": 1, "name": "pump-1"}, {"id": 2, "name": "pump-11"}, total=3, pages=2),
        answer({"id": 1, "name": "pump-1"}, total=4, page=2, pages=2),
    ]
    async with api.client() as emnify:
        assert (await emnify.endpoints.find("pump-1")).id == 1


PUMPS = [{"id": number, "name": "pump-1" if number == 3 else f"pump-1{number}"} for number in range(1, 7)]


class ShrinkingList:
    """Answers pages of two items; before each further page the first item leaves the list."""

    def __init__(self, items: list[dict[str, Any]], leaving: int, *, joining: bool) -> None:
        self.items = list(items)
        self.leaving = leaving
        self.joining = joining

    async def answer(self, request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", 1))
        if number > 1 and self.leaving:
            self.leaving -= 1
            del self.items[0]
        elif number > 1 and self.joining:
            self.items += [{"id": 100 + len(self.items), "name": "pump-1x"}] * 5
            self.joining = False
        pages = -(-len(self.items) // 2)
        number = min(number, pages)  # as the API answers a page past the end
        part = self.items[2 * number - 2 : 2 * number]
        return answer(*part, total=len(self.items), page=number, pages=pages)


@pytest.mark.parametrize("joining", [False, True])
async def test_a_list_that_becomes_shorter_is_read_again(joining: bool) -> None:
    """The wanted item moves to a page that was read, also where others join the list later."""
    shrinking = ShrinkingList(PUMPS, leaving=1, joining=joining)
    async with ScriptedApi([shrinking.answer]).client() as emnify:
        walked = [one.id async for one in emnify.endpoints.list(filter={"name": "pump-1"})]
    assert 3 not in walked
    shrinking = ShrinkingList(PUMPS, leaving=1, joining=joining)
    async with ScriptedApi([shrinking.answer]).client() as emnify:
        assert (await emnify.endpoints.find("pump-1")).id == 3


async def test_a_list_that_never_stands_still_is_told(caplog: pytest.LogCaptureFixture) -> None:
    shrinking = ShrinkingList(PUMPS[:1] * 40, leaving=40, joining=False)
    api = ScriptedApi([shrinking.answer])
    async with api.client() as emnify:
        with pytest.raises(NoResultError):
            await emnify.endpoints.find("pump-1")
    assert "endpoints.list became shorter each time it was read: an item may be missed" in caplog.text


async def test_a_filter_that_is_ignored_gives_no_wrong_object() -> None:
    api = ScriptedApi([answer({"id": 1, "iccid": "8988303000000000901"})])
    async with api.client() as emnify:
        with pytest.raises(NoResultError):
            await emnify.sims.find("8988303000000000902")


async def test_an_endpoint_whose_list_does_not_show_the_eid_is_found_through_its_sim() -> None:
    """Recorded lists have no EID in the SIM of an endpoint."""
    eid = "89049032000700000000000000000719"
    api = ScriptedApi()
    api.answers = [
        answer({"id": 5, "name": "a", "sim": {"id": 7, "iccid": "8988303000000000901"}}),
        answer({"id": 7, "eid": eid, "endpoint": {"id": 5, "name": "a"}}),
        httpx.Response(200, json={"id": 5, "name": "a"}),
    ]
    async with api.client() as emnify:
        assert (await emnify.endpoints.find(eid)).id == 5
    assert [request.url.path for request in api.requests] == [
        "/api/v1/endpoint",
        "/api/v1/sim",
        "/api/v1/endpoint/5",
    ]


async def test_an_iccid_without_its_other_form_is_compared_by_the_check_digit() -> None:
    """Recorded SIMs have only the 19 digits."""
    iccid = "8988303000000000901"
    api = ScriptedApi([answer({"id": 7, "iccid": iccid})])
    async with api.client() as emnify:
        assert (await emnify.sims.find(iccid + luhn_digit(iccid))).id == 7
    assert api.requests[0].url.params["q"] == f"iccid_with_luhn:{iccid}{luhn_digit(iccid)}"


async def test_one_that_is_deleted_between_two_calls() -> None:
    api = ScriptedApi()
    api.answers = [answer({"id": 5, "name": "a", "sim": {"id": 7}}), httpx.Response(404, json={})]
    async with api.client() as emnify:
        with pytest.raises(NoResultError):
            await emnify.sims.find("a")


class SortedEndpoints:
    """Answers pages of endpoints sorted by IMEI; ``None`` comes first or last."""

    def __init__(self, imeis: list[str | None], *, nulls_first: bool, size: int = 1000) -> None:
        self.rows = list(enumerate(imeis, start=1))
        self.nulls_first = nulls_first
        self.size = size
        self.changes = 0
        self.ordered = True

    async def answer(self, request: httpx.Request) -> httpx.Response:
        if self.changes:
            self.changes -= 1
            self.rows.append((len(self.rows) + 1, f"{len(self.rows):016d}"))
        number = int(request.url.params.get("page", 1))
        rows = self.rows
        if request.url.params["sort"] == "imei" and self.ordered:
            present = sorted((row for row in rows if row[1] is not None), key=lambda row: str(row[1]))
            absent = [row for row in rows if row[1] is None]
            rows = absent + present if self.nulls_first else present + absent
        pages = max(1, -(-len(rows) // self.size))
        part = rows[(number - 1) * self.size : number * self.size]
        items = [{"id": row, "name": str(row), "imei": imei} for row, imei in part]
        sort = request.url.params["sort"] if self.ordered else "id"
        return answer(*items, total=len(rows), page=number, pages=pages, sort=sort)


def api_of(list_: SortedEndpoints) -> ScriptedApi:
    return ScriptedApi([list_.answer])


def imei_of(imeisv: str) -> str:
    return imeisv[:14] + luhn_digit(imeisv[:14])


@pytest.mark.parametrize("nulls_first", [True, False])
@pytest.mark.parametrize("nulls", [0, 40, 300])
async def test_an_imei_is_searched_in_the_sorted_list(nulls: int, nulls_first: bool) -> None:
    imeisvs = [f"{86_434_567_000_000 + 7 * number}{number % 100:02d}" for number in range(300)]
    rows = SortedEndpoints([*imeisvs, *[None] * nulls], nulls_first=nulls_first, size=10)
    pages = -(-len(rows.rows) // 10)
    for number in (0, 1, 9, 10, 149, 150, 299):
        api = api_of(rows)
        async with api.client() as emnify:
            assert (await emnify.endpoints.find(imei=imei_of(imeisvs[number]))).id == number + 1
        # An IMEI at the edge of a page may have a twin beside it.
        assert len(api.requests) <= 1 + pages.bit_length() + 1
        missing = f"{86_434_567_000_000 + 7 * number + 3}00"
        async with api_of(rows).client() as emnify:
            with pytest.raises(NoResultError):
                await emnify.endpoints.find(imei=imei_of(missing))


async def test_the_same_imei_on_two_pages_is_found_twice() -> None:
    imeisvs = [f"{10_000_000_000_000 + number}00" for number in range(30)]
    imeisvs[10] = imeisvs[9][:14] + "77"  # the last of a page and the first of the next
    async with api_of(SortedEndpoints([*imeisvs], nulls_first=True, size=10)).client() as emnify:
        with pytest.raises(MultipleResultsError) as error:
            await emnify.endpoints.find(imei=imei_of(imeisvs[9]))
    assert [one.id for one in error.value.results] == [10, 11]


@pytest.mark.parametrize("trouble", ["changes", "another order"])
async def test_a_list_that_cannot_be_searched_is_read_whole(
    trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    imeisvs = [f"{10_000_000_000_000 + number * 77 % 1009}00" for number in range(100)]
    rows = SortedEndpoints([*imeisvs], nulls_first=True, size=10)
    if trouble == "changes":
        rows.changes = 12
    else:
        rows.ordered = False
    async with api_of(rows).client() as emnify:
        assert (await emnify.endpoints.find(imei=imei_of(imeisvs[57]))).id == 58
    assert "all of it is read" in caplog.text
