"""The journal keeps the state of each item, and their counts, whatever the order of its writes."""

from __future__ import annotations

import gc
import sqlite3
from collections import Counter
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.fleet import Job, JournalError
from aioemnify.fleet.journals.items import FAILED, OK, UNKNOWN, WAITING, Finish, Item
from aioemnify.fleet.journals.journal import Journal
from tests.fleet.fleet_server import FleetServer, read

COUNT = 12
steps = st.lists(
    st.tuples(
        st.sampled_from(["send", "put_back", "ok", "failed", "unknown", "retry"]),
        st.permutations(range(COUNT)),
        st.integers(1, COUNT),
    ),
    max_size=12,
)


@given(steps=steps)
def test_every_write_touches_its_items_and_no_others(steps: list[tuple[str, list[int], int]]) -> None:
    journal = Journal(None)
    journal.open()
    with journal.transaction():
        part = journal.part("endpoints.update", None, b"{}")
        assert journal.add([(part, number, b"x" * number) for number in range(COUNT)]) is None
    items = journal.items(part, WAITING)
    expected = [WAITING] * COUNT
    for what, order, count in steps:
        chosen = [items[number] for number in order[:count]]
        state = _apply(journal, part, what, chosen)
        if what == "retry":
            expected = [WAITING if one == FAILED else one for one in expected]
            items = sorted((item for state in range(6) for item in journal.items(part, state)), key=_number)
            continue
        for number in order[:count]:
            expected[number] = state
        assert [item.state for item in items] == expected
    assert [row[3] for row in journal.rows()] == expected
    counts = Counter(expected)
    assert [journal.count(state) for state in range(6)] == [counts[state] for state in range(6)]


def _number(item: Item) -> int:
    return item.number


def _apply(journal: Journal, part: object, what: str, items: list[Item]) -> int:
    if what == "send":
        journal.send(part, items, sync=False)  # type: ignore[arg-type]
        return items[0].state
    if what == "put_back":
        journal.put_back(part, items)  # type: ignore[arg-type]
        return WAITING
    if what == "retry":
        journal.change_all(FAILED, WAITING)
        return WAITING
    state = {"ok": OK, "failed": FAILED, "unknown": UNKNOWN}[what]
    journal.finish(part, [Finish(item, state) for item in items])  # type: ignore[arg-type]
    return state


def test_the_counts_are_in_the_file(tmp_path: object) -> None:
    path = tmp_path / "a.job"  # type: ignore[operator]
    journal = Journal(path)
    journal.open()
    with journal.transaction():
        part = journal.part("endpoints.update", None, b"{}")
        journal.add([(part, number, b"{}") for number in range(10)])
        journal.add([(part, number, b"{}") for number in range(5, 15)])
    journal.send(part, journal.items(part, WAITING)[:4], sync=False)
    counts = dict(journal.counts)
    journal.close()
    journal.open()
    assert journal.counts == counts and sum(counts.values()) == 15
    journal.close()


@pytest.mark.anyio
async def test_counts_that_do_not_fit_end_the_run(server: FleetServer) -> None:
    journal = Journal(None)
    async with server.client() as emnify, Job(emnify, journal) as job:
        await job.add("sims.get", [1])
        assert journal._database is not None
        journal._database.execute("DELETE FROM item")
        with pytest.raises(JournalError, match="is damaged: it counts items that it does not have"):
            await read(job)


@pytest.mark.anyio
@pytest.mark.parametrize("count", [1, 2, 1001])
async def test_items_added_again_are_not_counted_again(server: FleetServer, count: int) -> None:
    async with server.client() as emnify, Job(emnify, None) as job:
        for new in (count, 0):
            assert await job.add("sims.get", range(count)) == new
        assert job.report().counts["waiting"] == count


def test_a_journal_in_memory_is_closed_when_nobody_has_it_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []

    class Watched(sqlite3.Connection):
        def close(self) -> None:
            closed.append(True)
            super().close()

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Watched))
    journal = Journal(None)
    journal.open()
    journal.close()
    assert not closed and journal.is_open, "it stays for its report"
    del journal
    gc.collect()
    assert closed
