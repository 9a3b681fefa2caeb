"""An event loop that does not run holds up nobody else, and loses nothing if it runs again."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aioemnify.transport.throttle.grant import Grant
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.scheduler import ASK_EVERY, LANDED_WITHIN, RESERVE_WITHIN
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.wait_queue import ANSWER_WITHIN, GONE_AFTER
from aioemnify.transport.throttle.windows import SlidingWindow
from tests.transport.throttle.reserved_limit import Reserved
from tests.transport.throttle.stepped_loops import (
    ClosedLoop,
    LoopOfEndedThread,
    LoopOfThisThread,
    SteppedLoop,
    World,
    asyncio_thread,
    trio_thread,
)

LEFT = [LoopOfThisThread, LoopOfEndedThread]
BLOCKED = [asyncio_thread, trio_thread]
RESUMABLE = [*LEFT, *BLOCKED]
ALIVE = [asyncio_thread, trio_thread]

LIMITS: list[Callable[[], Limit]] = [
    lambda: TokenBucket("row", rate=1.0, burst=1.0, transit=0.35),
    lambda: SlidingWindow("window", count=1, seconds=1.0, transit=0.35),
    lambda: ConcurrencyLimit("lane", "lane", size=1),
    lambda: ConcurrencyLimit("connections", "connections", size=1),
]


class Scene:
    """A loop that stops and one that runs on, and what their calls come to."""

    def __init__(self, stops: SteppedLoop, runs: SteppedLoop) -> None:
        self.stops, self.runs = stops, runs
        self.world = World(stops, runs)
        self.limiter = Limiter(self.world.clock)
        self.admitted: list[tuple[str, float]] = []
        self.grants: dict[str, Grant] = {}

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.admitted]

    def call(self, loop: SteppedLoop, name: str, *limits: Limit, **options: Any) -> None:
        async def call() -> None:
            self.grants[name] = await self.limiter.admit(limits, **options)
            self.admitted.append((name, self.world.clock.now))

        loop.start(call)
        self.world.run()

    def over(self, name: str) -> None:
        grant = self.grants[name]
        grant.sent()
        grant.headers_received()
        grant.end()


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    stops, runs = request.param
    made = Scene(stops(), runs())
    yield made
    made.world.close()


def scenes(*stops: Callable[[], SteppedLoop]) -> pytest.MarkDecorator:
    pairs = [(one, other) for one in stops for other in ALIVE]
    names = [f"{getattr(a, '__name__', a)}-{b.__name__}" for a, b in pairs]
    return pytest.mark.parametrize("scene", pairs, ids=names, indirect=True)


@scenes(ClosedLoop, *RESUMABLE)
@pytest.mark.parametrize("make", LIMITS, ids=["bucket", "window", "lane", "connections"])
def test_slots_that_a_stopped_loop_does_not_collect_go_to_others(
    scene: Scene, make: Callable[[], Limit]
) -> None:
    limit = make()
    scene.call(scene.runs, "first", limit)
    for number in range(3):
        scene.call(scene.stops, f"stranded {number}", limit)
    scene.call(scene.runs, "second", limit)
    scene.stops.stop()
    scene.over("first")
    scene.world.run(1.0 + ANSWER_WITHIN + 0.01)
    assert scene.names == ["first", "second"], "it waits for one stopped call, not for each of them"
    assert limit.used(scene.world.clock.now) <= 1
    assert scene.limiter.snapshot([]).queued == 0
    assert scene.limiter.snapshot([]).calls == 2
    scene.over("second")
    scene.world.run(2.0)
    assert limit.used(scene.world.clock.now) == 0 and limit.in_flight(scene.world.clock.now) == 0


@scenes(*RESUMABLE)
@pytest.mark.parametrize("make", LIMITS, ids=["bucket", "window", "lane", "connections"])
def test_a_loop_that_runs_again_comes_back_to_its_turns(scene: Scene, make: Callable[[], Limit]) -> None:
    limit = make()
    scene.call(scene.runs, "first", limit)
    scene.call(scene.stops, "early 0", limit)
    scene.call(scene.stops, "early 1", limit)
    scene.call(scene.runs, "second", limit)
    scene.stops.stop()
    scene.over("first")
    scene.world.run(2.0)
    assert scene.names == ["first", "second"]
    scene.call(scene.runs, "late", limit)
    scene.stops.resume()
    scene.world.run()
    assert scene.limiter.snapshot([]).queued == 3
    for name in ("second", "early 0", "early 1", "late"):
        scene.over(name)
        scene.world.run(1.1)
    assert scene.names == ["first", "second", "early 0", "early 1", "late"]
    assert limit.used(scene.world.clock.now) == 0 and scene.limiter.snapshot([]).queued == 0
    assert not limit.waiting


@scenes(*RESUMABLE)
def test_a_loop_that_runs_again_in_time_has_its_slots(scene: Scene) -> None:
    limit = ConcurrencyLimit("lane", "lane", size=1)
    scene.call(scene.runs, "first", limit)
    scene.call(scene.stops, "early", limit)
    scene.call(scene.runs, "second", limit)
    scene.stops.stop()
    scene.over("first")
    scene.world.run(ANSWER_WITHIN * 0.9)
    scene.stops.resume()
    scene.world.run(10.0)
    assert scene.names == ["first", "early"] and limit.used(0.0) == 1
    scene.over("early")
    scene.world.run()
    assert scene.names == ["first", "early", "second"]


@pytest.mark.parametrize("collects_first", [True, False])
@scenes(*RESUMABLE)
def test_slots_collected_at_the_very_moment_are_used_once(scene: Scene, collects_first: bool) -> None:
    limit = ConcurrencyLimit("lane", "lane", size=1)
    scene.call(scene.runs, "first", limit)
    scene.call(scene.stops, "early", limit)
    scene.call(scene.runs, "second", limit)
    scene.stops.stop()
    scene.over("first")
    scene.world.run(ANSWER_WITHIN - 1e-9)
    if collects_first:
        scene.world.clock.now = ANSWER_WITHIN
        scene.stops.resume()
        scene.stops.step()
    else:
        scene.world.run(1e-9)
        scene.stops.resume()
    scene.world.run(1.0)
    winner, other = ("early", "second") if collects_first else ("second", "early")
    assert scene.names == ["first", winner]
    assert limit.used(0.0) == 1 and limit.waiting == 1
    scene.over(winner)
    scene.world.run()
    assert scene.names == ["first", winner, other] and limit.used(0.0) == 1
    scene.over(other)
    assert limit.used(0.0) == 0


@scenes(*BLOCKED)
def test_a_blocked_loop_that_owns_a_timer_is_not_waited_for(scene: Scene) -> None:
    bucket = TokenBucket("row", rate=1.0, burst=1.0, transit=0.35)
    scene.call(scene.runs, "first", bucket)
    scene.over("first")
    scene.call(scene.stops, "stranded", bucket)
    scene.stops.stop()
    scene.call(scene.runs, "second", bucket)
    scene.world.run(1.0 + ANSWER_WITHIN + 0.001)
    assert [name for name, _ in scene.admitted] == ["first", "second"]
    assert scene.admitted[1][1] == pytest.approx(1.0 + ANSWER_WITHIN, abs=0.001)


@scenes(*RESUMABLE)
@pytest.mark.parametrize("make", LIMITS, ids=["bucket", "window", "lane", "connections"])
def test_slots_of_calls_not_sent_yet_come_back_from_a_stopped_loop(
    scene: Scene, make: Callable[[], Limit]
) -> None:
    """Its connection was being made when the loop stopped. If it is sent later, it is counted then."""
    limit = make()
    scene.call(scene.stops, "connecting", limit)
    scene.stops.stop()
    scene.call(scene.runs, "waits", limit)
    scene.world.run(GONE_AFTER - 0.001)
    assert scene.names == ["connecting"]
    scene.world.run(0.002)
    assert scene.names == ["connecting", "waits"]
    now = scene.world.clock.now
    assert limit.in_flight(now) == 1 and scene.limiter.snapshot([]).calls == 1
    scene.stops.resume()
    scene.world.run()
    scene.grants["connecting"].sent()
    assert limit.in_flight(now) == 2 and scene.limiter.snapshot([]).calls == 2
    scene.grants["connecting"].headers_received()
    scene.grants["connecting"].end()
    scene.over("waits")
    scene.world.run(3.0)
    assert limit.used(scene.world.clock.now) == 0 and limit.in_flight(scene.world.clock.now) == 0


@scenes(*RESUMABLE)
def test_a_call_never_sent_after_its_slots_were_taken_back_gives_back_nothing(scene: Scene) -> None:
    limit = ConcurrencyLimit("lane", "lane", size=1)
    scene.call(scene.stops, "connecting", limit)
    scene.stops.stop()
    scene.call(scene.runs, "waits", limit)
    scene.world.run(GONE_AFTER)
    assert scene.names == ["connecting", "waits"]
    scene.stops.resume()
    scene.grants["connecting"].end()
    assert limit.used(0.0) == 1 and scene.limiter.snapshot([]).calls == 1
    scene.over("waits")
    assert limit.used(0.0) == 0


@scenes(*RESUMABLE)
def test_a_lane_comes_back_from_a_stopped_loop_once_its_call_is_surely_over(scene: Scene) -> None:
    lane = ConcurrencyLimit("lane", "lane", size=1)
    scene.call(scene.stops, "under way", lane)
    scene.grants["under way"].sent()
    scene.stops.stop()
    scene.call(scene.runs, "waits", lane)
    scene.world.run(LANDED_WITHIN - 0.01)
    assert scene.names == ["under way"]
    scene.world.run(ASK_EVERY + GONE_AFTER + 0.01)
    assert scene.names == ["under way", "waits"]
    scene.stops.resume()
    scene.grants["under way"].headers_received()
    scene.grants["under way"].end()
    assert lane.used(0.0) == 1
    scene.over("waits")
    assert lane.used(0.0) == 0


@scenes(*RESUMABLE)
def test_a_loop_that_runs_keeps_its_slots_however_long_its_calls_take(scene: Scene) -> None:
    lane = ConcurrencyLimit("lane", "lane", size=1)
    scene.call(scene.stops, "slow", lane)
    scene.call(scene.runs, "waits", lane)
    scene.world.run(60.0)
    scene.grants["slow"].sent()
    scene.world.run(60.0)
    assert scene.names == ["slow"] and lane.used(0.0) == 1
    scene.over("slow")
    scene.world.run()
    assert scene.names == ["slow", "waits"]


@scenes(*RESUMABLE)
def test_a_loop_that_gets_slots_while_another_waits_is_watched_too(scene: Scene) -> None:
    """What the other loop holds is not what is waited for at first."""
    first, second = (ConcurrencyLimit(name, "lane", size=1) for name in ("lane 1", "lane 2"))
    scene.call(scene.runs, "first", first)
    scene.call(scene.runs, "waits", first, second)
    scene.world.run(5.0)
    scene.call(scene.stops, "connecting", second)
    assert scene.names == ["first", "connecting"]
    scene.stops.stop()
    scene.over("first")
    scene.world.run(ASK_EVERY + GONE_AFTER)
    assert scene.names == ["first", "connecting", "waits"]


@scenes(ClosedLoop)
def test_calls_of_a_closed_loop_are_passed_over_at_once(scene: Scene) -> None:
    lane = ConcurrencyLimit("lane", "lane", size=1)
    scene.call(scene.runs, "first", lane)
    for number in range(3):
        scene.call(scene.stops, f"stranded {number}", lane)
    scene.call(scene.runs, "second", lane)
    scene.stops.stop()
    scene.over("first")
    scene.world.run()
    assert scene.names == ["first", "second"]


@scenes(*RESUMABLE)
def test_a_store_is_asked_by_a_loop_that_runs(scene: Scene) -> None:
    """The first of the queue was chosen to ask, and its loop stopped before it could."""
    lane, store = ConcurrencyLimit("lane", "lane", size=1), Reserved(scene.world.clock)
    scene.call(scene.runs, "first", lane)
    scene.call(scene.stops, "stranded", lane, store)
    scene.call(scene.runs, "second", store, lane)
    scene.stops.stop()
    scene.over("first")
    scene.world.run(2 * ANSWER_WITHIN + 0.01)
    assert scene.names == ["first", "second"] and store.asked == [1]


@pytest.mark.parametrize("scene", [(LoopOfThisThread, asyncio_thread)], indirect=True)
def test_nothing_of_a_stopped_loop_is_kept(scene: Scene) -> None:
    lane = ConcurrencyLimit("lane", "lane", size=1)
    scene.call(scene.runs, "first", lane)
    for number in range(3):
        scene.call(scene.stops, f"stranded {number}", lane)
    scene.call(scene.runs, "second", lane)
    scene.stops.stop()
    scene.over("first")
    scene.world.run(1.0)
    assert scene.names == ["first", "second"]
    left = scene.stops
    assert isinstance(left, LoopOfThisThread)
    kept = []
    while left.tasks:
        task = left.tasks.pop()
        task._log_destroy_pending = False  # type: ignore[attr-defined]
        kept.append(weakref.ref(task))
        del task
    scene.world.clock.timers.clear()
    left.loop.close()
    gc.collect()
    assert [task() for task in kept] == [None] * 3
    assert scene.limiter.snapshot([]).queued == 0 and lane.used(0.0) == 1


@scenes(*RESUMABLE)
def test_a_loop_that_stood_still_for_a_second_loses_only_what_it_did_not_collect(scene: Scene) -> None:
    lane, bucket = (
        ConcurrencyLimit("lane", "lane", size=1),
        TokenBucket("row", rate=1.0, burst=1.0, transit=0.35),
    )
    scene.call(scene.runs, "first", lane)
    scene.call(scene.stops, "connecting", bucket)
    scene.call(scene.stops, "early", lane)
    scene.call(scene.runs, "second", lane)
    scene.stops.stop()
    scene.over("first")
    scene.world.run(1.0)
    assert scene.names == ["first", "connecting", "second"]
    assert not scene.grants["connecting"].revoked and bucket.in_flight(1.0) == 1
    scene.stops.resume()
    scene.world.run(30.0)
    assert not scene.grants["connecting"].revoked
    scene.over("connecting")
    scene.over("second")
    scene.world.run(1.0)
    assert scene.names[-1] == "early"


@scenes(*RESUMABLE)
def test_a_question_to_a_store_that_a_stopped_loop_never_ends_is_asked_by_another(scene: Scene) -> None:
    store = Reserved(scene.world.clock, late=1)
    scene.call(scene.stops, "asks", store)
    scene.call(scene.runs, "waits", store)
    scene.stops.stop()
    scene.world.run(RESERVE_WITHIN + GONE_AFTER - 0.01)
    assert scene.names == [] and len(store.asked) == 1
    scene.world.run(0.02)
    assert scene.names == ["waits"] and len(store.asked) == 2
    scene.stops.resume()
    scene.world.run(1.0)
    assert scene.names == ["waits", "asks"]
    assert not store.waiting and scene.limiter.snapshot([]).queued == 0


@scenes(*RESUMABLE)
def test_a_store_that_answers_late_makes_nobody_take_its_asker_for_stopped(scene: Scene) -> None:
    store, bucket = (
        Reserved(scene.world.clock, late=12),
        TokenBucket("row", rate=1.0, burst=1.0, transit=0.35),
    )
    scene.call(scene.stops, "connecting", bucket)
    scene.call(scene.stops, "asks", store)
    scene.call(scene.runs, "waits", store)
    scene.world.run(11.9)
    assert store.waiting == 1 and scene.limiter.snapshot([]).queued == 2
    assert not scene.grants["connecting"].revoked
    scene.world.run(0.2)
    assert sorted(scene.names) == ["asks", "connecting", "waits"]
