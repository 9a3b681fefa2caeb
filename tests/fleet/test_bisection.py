"""The bisection for the bad items of a refused call: what it costs, and that it finds exactly those."""

from __future__ import annotations

import json
from math import log2

import anyio
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aioemnify.fleet import Job
from aioemnify.fleet.jobs import looks
from tests.fleet.fleet_server import SHARED, FleetServer, read, sizes
from tests.scripted_api import ScriptedApi
from tests.virtual_time import VirtualLoop

Bad = frozenset[int]


class PickyApi(ScriptedApi):
    """Takes bulk updates, and refuses those with a bad item without saying which it is."""

    def __init__(self, bad: Bad, *, rollback: bool, status: int) -> None:
        super().__init__([self.take])
        self.bad = bad
        self.rollback = rollback
        self.status = status
        self.applied: set[int] = set()

    async def take(self, request: httpx.Request) -> httpx.Response:
        ids = {item["id"] for item in json.loads(request.content)}
        refused = bool(ids & self.bad)
        if not refused or not self.rollback:
            self.applied |= ids - self.bad
        return httpx.Response(self.status if refused else 204, json={"message": "no"} if refused else None)


async def rename(api: PickyApi, count: int) -> tuple[set[object], int]:
    async with api.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.update", [(number, {"name": "x"}) for number in range(1, count + 1)])
        outcomes = await read(job)
    assert len(outcomes) == count
    assert {one.state for one in outcomes} <= {"ok", "failed"}
    return {one.key for one in outcomes if one.state == "failed"}, len(api.requests)


cases = st.integers(1, 2000).flatmap(
    lambda count: st.tuples(st.just(count), st.frozensets(st.integers(1, count), max_size=min(count, 12)))
)


@given(case=cases, rollback=st.booleans(), status=st.sampled_from([400, 404, 409, 422]))
@settings(max_examples=80)
def test_k_bad_items_take_at_most_k_times_log2_n_plus_2_further_calls(
    case: tuple[int, Bad], rollback: bool, status: int
) -> None:
    count, bad = case
    api = PickyApi(bad, rollback=rollback, status=status)
    failed, calls = anyio.run(rename, api, count, backend_options={"loop_factory": VirtualLoop})
    assert failed == bad and api.applied == set(range(1, count + 1)) - bad
    assert calls - 1 <= most_calls(len(bad), count, status)


def most_calls(bad: int, count: int, status: int) -> float:
    """Return how many calls beyond the first the bisection may take; a 409 may be over, which is tried."""
    passing = bad + 1 if status == 409 and bad else 0
    return bad * (log2(count) + 2) + passing


@pytest.mark.parametrize("status", [400, 404, 409, 422])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 63, 125, 2000])
def test_the_worst_place_of_one_bad_item(count: int, status: int) -> None:
    most = 0
    for bad in {1, min(2, count), max(1, count // 2), count // 2 + 1, max(1, count - 1), count}:
        api = PickyApi(frozenset({bad}), rollback=True, status=status)
        failed, calls = anyio.run(rename, api, count, backend_options={"loop_factory": VirtualLoop})
        assert failed == {bad}
        most = max(most, calls - 1)
    assert most <= most_calls(1, count, status)


def test_a_refusal_that_is_over_fails_nobody() -> None:
    api = PickyApi(frozenset(), rollback=True, status=204)
    first = True

    async def busy(request: httpx.Request) -> httpx.Response:
        nonlocal first
        if first:
            first = False
            return httpx.Response(409, json={"error_code": 1406, "message": "Another call is running"})
        return await api.take(request)

    api.answers = [busy]
    failed, calls = anyio.run(rename, api, 100, backend_options={"loop_factory": VirtualLoop})
    assert (failed, calls) == (set(), 2)


@pytest.mark.parametrize("rollback", [True, False])
@pytest.mark.parametrize("good", [frozenset(), frozenset({100, 101, 350})], ids=["all bad", "some good"])
def test_many_bad_items_take_about_a_call_each(good: Bad, rollback: bool) -> None:
    """As where every item names a profile that does not exist."""
    bad = frozenset(range(1, 501)) - good
    api = PickyApi(bad, rollback=rollback, status=422)
    failed, calls = anyio.run(rename, api, 500, backend_options={"loop_factory": VirtualLoop})
    assert failed == bad and api.applied == good
    assert calls <= 500 + (len(good) + 1) * 3 * (log2(500) + 2)


@pytest.mark.anyio
@pytest.mark.parametrize("hints", [True, False], ids=["hints", "no hints"])
async def test_creations_with_a_wrong_profile_take_about_a_call_each(
    server: FleetServer, hints: bool
) -> None:
    server.hints = hints
    before = server.names()
    rows = [{"name": f"new-{number}"} for number in range(60)]
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.create", rows, shared=SHARED | {"service_profile": 987_654})
        assert {one.state for one in await read(job)} == {"failed"}
        assert len(server.writes) + len(server.reads) <= 60 + 2 * 3 * (log2(60) + 2)
    assert server.names() == before


@pytest.mark.anyio
async def test_the_servers_hints_name_the_bad_items(server: FleetServer, rollback: bool) -> None:
    rows = [(number, {"imei": "1" if number in (5, 17) else f"{number:016}"}) for number in range(1, 31)]
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.update", rows)
        outcomes = await read(job)
    assert [one.key for one in outcomes if one.state == "failed"] == [5, 17]
    assert sizes(server.writes) == [30, 1, 1, 28]
    errors = [one.error for one in outcomes if one.error is not None]
    assert {(error.status, error.code, error.token) for error in errors} == {(422, 1403, "InvalidFormat")}


@pytest.mark.anyio
@pytest.mark.parametrize("hints", [True, False], ids=["hints", "no hints"])
async def test_creations_are_never_made_twice_by_the_search(
    server: FleetServer, rollback: bool, hints: bool
) -> None:
    server.hints = hints
    before = server.names()
    rows = [
        {"name": f"new-{number}"} | ({"imei": "1"} if number in (3, 4, 30) else {}) for number in range(40)
    ]
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.create", rows, shared=SHARED)
        outcomes = await read(job)
        report = job.report()
    assert [one.key for one in outcomes if one.state == "failed"] == ["new-3", "new-4", "new-30"]
    made = sorted(name for number, name in server.names().items() if number not in before)
    assert made == sorted(row["name"] for row in rows if "imei" not in row)
    assert report.counts["ok"] == 37 and report.doubled == 0
    results = {one.key: one.result for one in outcomes if one.state == "ok"}
    assert all(server.names()[results[key]] == key for key in results)


@pytest.mark.anyio
@pytest.mark.parametrize("hints", [True, False], ids=["hints", "no hints"])
async def test_deletions_with_some_that_never_were(server: FleetServer, rollback: bool, hints: bool) -> None:
    server.hints = hints
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.delete", [1, 999_999, 2, 3])
        outcomes = await read(job)
    assert not {1, 2, 3} & set(server.names())
    states = [one.state for one in outcomes]
    assert states[:1] + states[2:] == ["ok"] * 3
    if hints or rollback:
        assert states[1] == "failed"


@pytest.mark.anyio
@pytest.mark.parametrize("most", [1, 20], ids=["too many pages", "enough"])
async def test_a_look_reads_only_the_pages_around_its_items(
    server: FleetServer, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(looks, "PER_PAGE", 4)
    monkeypatch.setattr(looks, "_MOST_PAGES", most)
    server.hints = False
    known = sorted(server.names())
    wanted = [*known[9:15], 999_999, *known[2:4]]
    server.faults = ["lost", "lost"]
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.delete", wanted)
        outcomes = await read(job)
    assert sorted(set(known) - set(server.names())) == sorted(set(wanted) - {999_999})
    states = {one.key: one.state for one in outcomes}
    assert {states[number] for number in wanted if number != 999_999} == {"ok"}


@pytest.mark.anyio
async def test_creations_are_found_on_any_page(server: FleetServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "PER_PAGE", 4)
    server.faults = ["lost"]
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.create", [{"name": f"n{n}"} for n in range(30)], shared=SHARED)
        outcomes = await read(job)
    assert {one.state for one in outcomes} == {"ok"} and len(server.writes) == 1
    assert all(server.names()[one.result] == one.key for one in outcomes)


@pytest.mark.anyio
async def test_chunks_are_bounded_by_bytes_too(server: FleetServer) -> None:
    rows = [(number, {"tags": "x" * 1_000_000}) for number in range(1, 10)]
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.update", rows)
        assert job.plan().calls == {"endpoints.update_bulk": 3}
        outcomes = await read(job)
    assert {one.state for one in outcomes} == {"ok"}
    assert sizes(server.writes) == [4, 4, 1]
