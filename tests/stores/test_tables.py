"""The numbers of a shared budget, exactly, in the tables of the model and of the file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aioemnify._secret import Secret
from aioemnify.clock import Clock, next_month
from aioemnify.stores import LimitRequest, Reservation, StoredToken, UsageReport
from aioemnify.stores import _reservations as reservations
from aioemnify.stores._reservations import month_of
from aioemnify.stores._sqlite import TABLES, SqliteTables, boot_name
from aioemnify.stores.protocols import HEARTBEAT
from tests.stores.memory_tables import MemoryTables

ROW = LimitRequest("row", "bucket", rate=4.0, burst=3.0)
WINDOW = LimitRequest("window", "window", count=3, seconds=10.0)
MONTH = LimitRequest("month", "month", count=4)
NOVEMBER = datetime(2026, 11, 30, 23, 0, tzinfo=UTC).timestamp()


class SetClock(Clock):
    """Two clocks that stand still until they are set."""

    def __init__(self) -> None:
        self.mono, self.walls = 5000.0, NOVEMBER

    def monotonic(self) -> float:
        return self.mono

    def wall(self) -> float:
        return self.walls

    def pass_by(self, seconds: float) -> None:
        self.mono += seconds
        self.walls += seconds


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def file(clock: SetClock) -> Iterator[SqliteTables]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for table in TABLES:
            connection.execute(table)
        tables = SqliteTables(connection, clock)
        tables.begin("one start")
        yield tables


@pytest.fixture(params=["model", "file"])
def tables(request: pytest.FixtureRequest) -> Any:
    return MemoryTables() if request.param == "model" else request.getfixturevalue("file")


def reserve(
    tables: Any, *limits: LimitRequest, count: int = 0, now: float = 100.0, horizon: float = 0.5, **other: Any
) -> Reservation:
    generation, client = other.pop("generation", ""), other.pop("client", "one")
    return reservations.reserve(
        tables, limits, count, horizon, generation, client=client, now=now, wall=other.pop("wall", NOVEMBER)
    )


def test_slots_of_a_bucket(tables: Any) -> None:
    assert reserve(tables, ROW, count=4) == Reservation(
        waits=(0.0, 0.0, 0.0, 0.25),
        reservation_ids=("0.0/100.25", "100.25/100.5", "100.5/100.75", "100.75/101.0"),
        used=(4.0,),
        now=100.0,
        generation=tables.generation(),
    )
    # The last one lies on the horizon, and is reserved; of the next only the time is told.
    assert reserve(tables, ROW, count=9).waits == (0.5,)
    assert reserve(tables, ROW, count=9) == Reservation(
        retry_in=0.25, used=(5.0,), now=100.0, generation=tables.generation()
    )
    later = reserve(tables, ROW, count=9, now=101.0)
    assert (later.waits, later.used) == ((0.0, 0.0, 0.25, 0.5), (5.0,))
    assert reserve(tables, ROW, now=200.0).used == (0.0,)


def test_slots_of_a_window(tables: Any) -> None:
    first = reserve(tables, WINDOW, count=9)
    assert first == Reservation(
        waits=(0.0, 0.0, 0.0),
        reservation_ids=("1", "2", "3"),
        used=(3,),
        now=100.0,
        generation=tables.generation(),
    )
    assert reserve(tables, WINDOW, count=1, now=104.0).retry_in == pytest.approx(5.5, abs=2e-6)
    # One epsilon past the boundary, so that both sides see it outside.
    assert reserve(tables, WINDOW, count=2, horizon=10.0).waits == ()
    ahead = reserve(tables, WINDOW, count=2, horizon=11.0)
    assert ahead.waits == pytest.approx((10.000001, 10.000001), abs=1e-9) and ahead.used == (5,)
    assert [reserve(tables, WINDOW, now=now).used for now in (109.0, 110.0, 121.0)] == [(5,), (2,), (0,)]


def test_slots_of_a_month(tables: Any) -> None:
    made = reserve(tables, MONTH, count=3)
    assert (made.waits, made.used, made.reservation_ids) == ((0.0,) * 3, (3,), ("2026-11",) * 3)
    last = reserve(tables, MONTH, count=3)
    assert (last.waits, last.exhausted, last.retry_in) == ((0.0,), None, 0.0)
    assert reserve(tables, MONTH, count=3) == Reservation(
        retry_in=3600.0, exhausted="month", used=(4,), now=100.0, generation=tables.generation()
    )
    assert reserve(tables, MONTH, wall=NOVEMBER + 3600.0).used == (0,)


def test_a_slot_counts_under_all_its_limits_or_under_none(tables: Any) -> None:
    made = reserve(tables, ROW, WINDOW, MONTH, count=9)
    assert (made.waits, made.used) == ((0.0, 0.0, 0.0), (3.0, 3, 3))
    assert made.reservation_ids[0] == "0.0/100.25 1 2026-11"
    assert reserve(tables, ROW, WINDOW, MONTH, count=9).used == (3.0, 3, 3)
    assert reserve(tables, ROW, count=1).waits == (0.25,)


def test_who_asks_for_nothing_is_told_what_is_used(tables: Any) -> None:
    reserve(tables, ROW, count=2)
    assert reserve(tables, ROW) == Reservation(used=(2.0,), now=100.0, generation=tables.generation())


def test_under_no_limit_every_slot_is_now(tables: Any) -> None:
    assert reserve(tables, count=2).waits == (0.0, 0.0)


def test_the_more_share_the_later_they_come_again(tables: Any) -> None:
    reserve(tables, ROW, count=9)
    for which in range(20):
        answer = reserve(tables, ROW, count=1, client=str(which))
    assert answer.sharers == 21 and answer.retry_in == pytest.approx(0.42)


def test_under_another_generation_nothing_is_reserved_and_nobody_is_a_sharer(tables: Any) -> None:
    present = tables.generation()
    assert reserve(tables, ROW, count=3, generation="other") == Reservation(now=100.0, generation=present)
    assert reserve(tables, ROW, count=3, generation=present, client="two").sharers == 1


def test_after_a_pause_slots_begin_with_its_end_and_without_a_burst(tables: Any) -> None:
    reservations.pause(tables, "row", 102.0)
    reservations.pause(tables, "row", 101.0)
    assert tables.paused_until("row") == 102.0
    paused = reserve(tables, ROW, count=3, horizon=9.0)
    assert (paused.waits, paused.used) == ((2.0, 2.25, 2.5), (13.0,))
    assert paused.reservation_ids[0] == "102.5/102.75"


def test_a_burst_is_back_some_time_after_a_pause(tables: Any) -> None:
    reservations.pause(tables, "row", 99.75)
    assert reserve(tables, ROW, count=9).waits == (0.0, 0.0, 0.25, 0.5)


def test_a_paused_window_reserves_for_the_end_of_the_pause(tables: Any) -> None:
    reservations.pause(tables, "window", 100.25)
    assert reserve(tables, WINDOW, count=1).waits == (0.25,)
    reservations.pause(tables, "window", 107.0)
    assert reserve(tables, WINDOW, count=1).retry_in == 6.5


@pytest.mark.parametrize(("paused", "waits", "retry_in"), [(100.5, (0.5,), 0.0), (100.75, (), 0.75)])
def test_a_month_that_the_server_has_ended(
    tables: Any, paused: float, waits: tuple[float, ...], retry_in: float
) -> None:
    reservations.pause(tables, "month", paused)
    answer = reserve(tables, MONTH, count=1)
    assert (answer.waits, answer.retry_in) == (waits, retry_in)
    assert answer.exhausted == (None if waits else "month")


def test_a_month_that_is_used_up_and_paused_for_a_moment_ends_when_it_ends(tables: Any) -> None:
    reserve(tables, MONTH, count=4)
    reservations.pause(tables, "month", 100.5)
    assert reserve(tables, MONTH, count=1).retry_in == 3600.0


def test_what_is_cancelled(tables: Any) -> None:
    made = reserve(tables, ROW, WINDOW, MONTH, count=3)
    limits, ids = (ROW, WINDOW, MONTH), made.reservation_ids
    reservations.cancel(tables, limits, ids[:1], "other")
    assert reserve(tables, *limits).used == (3.0, 3, 3)
    # A bucket forgets only what nothing was reserved after.
    reservations.cancel(tables, limits, ids[:1], made.generation)
    assert reserve(tables, *limits).used == (3.0, 2, 2)
    reservations.cancel(tables, limits, ids[1:], made.generation)
    assert reserve(tables, *limits).used == (1.0, 0, 0)
    reservations.cancel(tables, limits, ids[1:], made.generation)
    assert reserve(tables, *limits).used == (1.0, 0, 0)
    with pytest.raises(ValueError, match="shorter"):
        reservations.cancel(tables, limits, ("0.0/1.0",), made.generation)


def test_only_the_uses_of_its_own_window_are_dropped(tables: Any) -> None:
    other = LimitRequest("other", "window", count=3, seconds=10.0)
    made = reserve(tables, WINDOW, count=2)
    reserve(tables, other, count=1)
    reservations.cancel(tables, (other,), made.reservation_ids, made.generation)
    assert reserve(tables, WINDOW, other).used == (2, 1)


def rejoin(tables: Any, *reports: UsageReport, generation: str = "", reset: bool = False) -> str:
    return reservations.rejoin(
        tables, generation, reports, reset=reset, client="one", now=100.0, wall=NOVEMBER
    )


def test_what_a_store_takes_over(tables: Any) -> None:
    window = UsageReport(WINDOW, reported=(1.0, 2.0), unreported=(3.0, 4.0, 12.0))
    month = UsageReport(MONTH, known_used=2.9, unreported_calls=1)
    for generation in ("", tables.generation()):
        assert rejoin(tables, UsageReport(ROW), window, month, generation=generation) == tables.generation()
    # Told twice, it counts twice what it was not told before; a month it counts up from what it knows.
    assert reserve(tables, ROW, WINDOW, MONTH).used == (3.0, 4, 4)
    assert [tables.uses("window", since) for since in (95.5, 96.5)] == [4, 2]


def test_what_a_store_that_was_emptied_takes_over(tables: Any) -> None:
    rejoin(tables, UsageReport(WINDOW, reported=(1.0, 2.0), unreported=(3.0,)), generation="before")
    assert [tables.uses("window", since) for since in (90.0, 97.5, 98.5)] == [3, 2, 1]


def test_a_bucket_that_is_fuller_than_a_client_could_make_it_stays_so(tables: Any) -> None:
    reserve(tables, ROW, count=5)
    rejoin(tables, UsageReport(ROW))
    assert reserve(tables, ROW).used == (5.0,)


def test_the_count_of_a_month_never_goes_down(tables: Any) -> None:
    reserve(tables, MONTH, count=3)
    rejoin(tables, UsageReport(MONTH, known_used=1.0, unreported_calls=2))
    assert reserve(tables, MONTH).used == (5,)


@pytest.mark.parametrize(("known", "reset"), [(True, True), (True, False), (False, True)])
def test_a_store_is_reset_by_who_knows_its_present_generation(tables: Any, known: bool, reset: bool) -> None:
    before = tables.generation()
    reserve(tables, WINDOW, MONTH, ROW, count=2, client="gone")
    reservations.pause(tables, "window", 300.0)
    after = rejoin(tables, generation=before if known else "other", reset=reset)
    assert after == tables.generation() and (after != before) is (known and reset)
    anew = known and reset
    assert isinstance(tables, MemoryTables) or len(after) == 16
    assert reserve(tables, WINDOW, MONTH, ROW).used == ((0, 2, 0.0) if anew else (2, 2, 2.0))
    assert (tables.paused_until("window"), reserve(tables).sharers) == ((0.0, 1) if anew else (300.0, 2))


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be where the month begins 13 hours earlier."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_away")
@pytest.mark.parametrize(
    ("day", "month", "left"),
    [
        ((2026, 11, 30, 23), "2026-11", 3600.0),
        ((2026, 12, 31), "2026-12", 86400.0),
        ((2027, 1, 1), "2027-01", 31 * 86400.0),
        ((2028, 2, 1), "2028-02", 29 * 86400.0),
    ],
)
def test_months_are_those_of_utc(day: tuple[int, int, int], month: str, left: float) -> None:
    wall = datetime(*day, tzinfo=UTC).timestamp()
    assert (month_of(wall), next_month(wall).timestamp() - wall) == (month, left)


def test_who_asks_is_a_sharer_for_a_heartbeat(file: SqliteTables) -> None:
    assert [file.touch("one", 100.0), file.touch("two", 100.0)] == [1, 2]
    assert file.touch("two", 100.0 + HEARTBEAT) == 2
    assert file.touch("two", 101.0 + HEARTBEAT) == 1
    file.leave("one")
    assert file.touch("two", 101.0 + HEARTBEAT) == 1
    file.leave("two")
    assert file.touch("one", 101.0 + HEARTBEAT) == 1


@pytest.mark.parametrize(("gap", "sharers"), [(0.9, 1), (1.0, 2)])
def test_a_sharer_is_noted_once_a_second(file: SqliteTables, gap: float, sharers: int) -> None:
    """Another looks when the first note is a little too old."""
    file.touch("one", 100.0)
    file.touch("one", 100.0 + gap)
    assert file.touch("two", 100.0 + HEARTBEAT + 0.5) == sharers


def test_a_sharer_whose_clock_was_put_back_is_noted(file: SqliteTables) -> None:
    file.touch("one", 100.0)
    file.touch("one", 50.0)
    assert file.touch("two", 51.0 + HEARTBEAT) == 1


def test_the_time_of_a_file_begins_with_the_wall_clock_and_follows_the_other(
    file: SqliteTables, clock: SetClock
) -> None:
    assert file.now() == NOVEMBER
    clock.mono += 10.0
    clock.walls += 500.0
    assert file.now() == NOVEMBER + 10.0
    generation = file.generation()
    assert len(generation) == 16
    for _ in range(2):
        file.begin("one start")
        assert (file.now(), file.generation()) == (NOVEMBER + 10.0, generation)
        clock.walls += 5.0


@pytest.mark.parametrize(("passed", "counted"), [(40.0, 40.0), (-40.0, 0.0)])
@pytest.mark.parametrize("boot", ["another start", "one start"])
def test_a_restart_of_the_machine_takes_as_long_as_the_wall_clock_says(
    file: SqliteTables, clock: SetClock, boot: str, passed: float, counted: float
) -> None:
    """Where the system does not name its starts, a monotonic clock that went back tells of one."""
    clock.pass_by(100.0)
    file.touch("one", file.now())
    clock.mono, clock.walls = 7.0, clock.walls + passed
    file.begin(boot)
    assert file.now() == NOVEMBER + 100.0 + counted
    clock.pass_by(5.0)
    file.begin(boot)
    assert file.now() == NOVEMBER + 105.0 + counted


def test_a_restart_is_noticed_though_the_monotonic_clock_is_further_than_before(
    file: SqliteTables, clock: SetClock
) -> None:
    clock.mono, clock.walls = 9000.0, NOVEMBER + 60.0
    file.begin("another start")
    assert file.now() == NOVEMBER + 60.0


def test_a_start_of_the_machine_has_a_name_where_the_system_says(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, str]] = []

    def boot_id(path: Path, encoding: str) -> str:
        read.append((str(path), encoding))
        if len(read) > 1:
            raise FileNotFoundError
        return "a start\n"

    monkeypatch.setattr(Path, "read_text", boot_id)
    assert [boot_name(), boot_name()] == ["a start", ""]
    assert read == [("/proc/sys/kernel/random/boot_id", "ascii")] * 2


def token(remaining: float, text: str = "secret") -> StoredToken:
    return StoredToken(Secret(text), remaining)


def test_a_token_lasts_as_long_as_either_clock_allows(file: SqliteTables, clock: SetClock) -> None:
    assert file.token("k") is None
    clock.walls += 1000.0
    file.set_token("k", token(60.0))
    assert file.token("k") == token(60.0) and file.token("other") is None
    clock.mono += 10.0
    assert file.token("k") == token(50.0)
    clock.walls += 59.5  # the machine slept, and its monotonic clock with it
    assert file.token("k") == token(0.5)
    clock.walls += 0.5
    assert file.token("k") is None


def test_tokens_that_have_expired_are_deleted(file: SqliteTables, clock: SetClock) -> None:
    file.set_token("old", token(60.0))
    file.set_token("older", token(59.0))
    file.set_token("young", token(61.0))
    clock.mono += 60.0
    file.set_token("new", token(60.0))
    clock.mono -= 60.0
    kept = [key for key in ("old", "older", "young", "new") if file.token(key) is not None]
    assert kept == ["young", "new"]
    file.set_token("new", token(9.0, "another"))
    assert file.token("new") == token(9.0, "another")


def test_a_lease_is_for_one_holder_until_its_end(file: SqliteTables, clock: SetClock) -> None:
    assert file.lease("k", "one", 10.0) and not file.lease("k", "two", 10.0)
    assert file.lease("other", "two", 100.0)
    clock.mono += 9.0
    assert file.lease("k", "one", 10.0), "it is prolonged"
    clock.mono += 9.5
    assert not file.lease("k", "two", 10.0)
    clock.mono += 0.5
    assert file.lease("k", "two", 10.0) and not file.lease("k", "one", 10.0)
    file.release("k", "one")
    file.release("other", "one")
    assert not file.lease("k", "one", 10.0) and not file.lease("other", "one", 10.0)
    file.release("k", "two")
    assert file.lease("k", "one", 10.0) and not file.lease("other", "one", 10.0)
