"""The checkers: they know nothing of the limiter, and find out every one that is broken."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from aioemnify.clock import LoopClock
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import SlidingWindow
from tests.property import mutants, network, server_model, storm
from tests.property.network import Call, arrivals
from tests.property.server_model import Arrival, Bucket, Excess, Log, Month, Ticks, earliest, judge
from tests.property.storm import NEW_MONTH, bursts, rates, ride_out, storms
from tests.property.test_cancelled import costs, queues
from tests.property.test_order import backlog, check_floor, granted
from tests.property.test_readings import read
from tests.property.test_refusals import Market, check_pauses, greeds
from tests.property.test_stores import crowds, overdrawn

SEARCH = settings(
    max_examples=400,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def is_found(strategy: st.SearchStrategy[Any], is_broken: Callable[[Any], bool]) -> bool:
    """Say whether a case is found that shows the mistake."""

    def fails(drawn: Any) -> bool:
        try:
            return is_broken(drawn)
        except AssertionError:
            return True

    try:
        find(strategy, fails, settings=SEARCH)
    except NoSuchExample:
        return False
    return True


def test_the_servers_model_imports_nothing_of_the_library() -> None:
    def imported() -> Iterator[str]:
        for node in ast.walk(ast.parse(Path(server_model.__file__).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                yield node.module or ""

    found = set(imported())
    assert found
    assert not [name for name in found if name.split(".")[0] in ("aioemnify", "tests", "importlib")]


@pytest.mark.parametrize(
    ("limit", "moments", "refused"),
    [
        (Bucket(10.0, 2.0), [0.0, 0.0, 0.0, 0.05, 0.1, 0.1], [0.0, 0.05, 0.1]),
        (Excess(10.0, 2.0), [0.0, 0.0, 0.0, 0.0, 0.1, 0.1], [0.0, 0.1]),
        (Log(2, 1.0), [0.0, 0.5, 0.9, 1.0, 1.4, 1.5], [0.9, 1.4]),
        (Ticks(1.0, 3.0, 0.25), [0.0, 0.0, 0.0, 0.1, 0.25, 0.3, 1.25], [0.1, 0.3]),
        (Month(2, NEW_MONTH - 1.0), [0.0, 0.1, 0.9, 1.0, 1.1, 1.2], [0.9, 1.2]),
    ],
)
def test_the_model_refuses_what_is_too_much(limit: Any, moments: list[float], refused: list[float]) -> None:
    verdicts = judge([Arrival(at, ("it",)) for at in moments], {"it": limit})
    assert [verdict.at for verdict in verdicts] == refused


def test_the_least_time_is_that_of_all_limits_together() -> None:
    assert earliest([Bucket(10.0, 2.0)], 5) == pytest.approx([0.0, 0.0, 0.1, 0.2, 0.3])
    assert earliest([Bucket(10.0, 2.0), Log(3, 1.0)], 5) == pytest.approx([0.0, 0.0, 0.1, 1.0, 1.0])


@pytest.mark.parametrize(
    ("place", "mutant"),
    [
        ("bucket", mutants.AgesOnTheWay),
        ("window", mutants.WindowAgesOnTheWay),
        ("month", mutants.ForgetsOnTheFirst),
    ],
)
def test_the_checker_catches_books_that_forget_what_is_in_flight(place: str, mutant: type) -> None:
    assert is_found(storms, lambda drawn: bool(ride_out(drawn, "asyncio", {place: mutant})[0]))


@pytest.mark.parametrize(("limiter", "refused"), [(Limiter, 0), (mutants.TakenForArrived, 1)])
def test_the_checker_catches_a_limiter_that_takes_given_up_for_arrived(
    limiter: type[Limiter], refused: int
) -> None:
    """The first call is given up at once and arrives late, among those that kept coming."""
    bucket = TokenBucket("row", rate=10.0, burst=1.0, transit=1.5)
    calls = [Call((bucket,), ("row",), there=1.45, back=1.0, cancelled=0.01)]
    calls += [Call((bucket,), ("row",), starts=0.02) for _ in range(30)]

    async def main() -> None:
        clock = LoopClock()
        await network.make_all(calls, limiter(clock), clock)

    network.run("asyncio", main)
    assert all(call.sent_at is not None for call in calls)
    assert len(judge(arrivals(calls), {"row": Bucket(10.0, 1.0)})) == refused


def test_the_checker_catches_a_limiter_without_its_margin() -> None:
    late = storms.map(lambda drawn: replace(drawn, jitter=0.198))
    assert is_found(late, lambda drawn: bool(ride_out(drawn, "asyncio", {"bucket": mutants.NoMargin})[0]))


def _plus_one(rate: float, burst: float) -> TokenBucket:
    return TokenBucket("row", rate=rate, burst=burst + 1, transit=0.35)


def _sum(rate: float, burst: float) -> SlidingWindow:
    return SlidingWindow("row", count=int(rate + burst), seconds=1.0, transit=0.35, kind="row")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("refill", "ticks"), (_plus_one, "refill"), (_sum, "plus-one"), (_sum, "ticks")],
)
def test_the_checker_catches_another_reading(ours: Any, theirs: str) -> None:
    drawn = st.tuples(st.integers(0, 9), rates, bursts, st.floats(0.0, 0.9))
    assert is_found(drawn, lambda x: bool(read("asyncio", ours, theirs, *x)[0]))


def test_the_checker_catches_who_is_served_out_of_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storm, "OrderedLimiter", mutants.LastComeFirstServed)
    assert is_found(storms, lambda drawn: bool(ride_out(drawn, "asyncio")[0]))


def test_the_checker_catches_a_priority_that_starves() -> None:
    def starved(seed: int) -> bool:
        order = granted("asyncio", backlog(seed, 2, [60, 0, 20]), 0.1, mutants.NoFloor)
        check_floor([call for call in order if call.starts], 0.1)
        return False

    assert is_found(st.integers(0, 9), starved)


def test_the_checker_catches_places_lost_with_those_who_give_up() -> None:
    assert is_found(queues, lambda drawn: costs("asyncio", drawn, mutants.KeepsSlotsOfTheGone)[1] > 1e-4)


def test_the_checker_catches_a_pause_cut_short() -> None:
    def impatient(drawn: Any) -> bool:
        market = Market(drawn, throttle=mutants.Impatient)
        network.run("asyncio", market.main)
        check_pauses(market)
        return False

    assert is_found(greeds, impatient)


def test_the_checker_catches_a_store_that_books_twice() -> None:
    several = crowds.filter(lambda drawn: drawn.clients > 1)
    assert is_found(several, lambda drawn: overdrawn(drawn, double=True))
