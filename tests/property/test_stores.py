"""Clients that share one budget: never a refusal while their store works, and few around its loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.clock import Clock, LoopClock
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.stores import MemoryStore
from aioemnify.transport.shared_state import SharedState, shared_state_of
from aioemnify.transport.throttle.limits import ConcurrencyLimit
from tests.property.network import run
from tests.property.server_model import Bucket, Judge, Log
from tests.property.tally import BACKENDS, examples, tell
from tests.stores.virtual_store import SharedPlace, VirtualStore

NETWORK = 0.13
"""Seconds: of a margin of 0.2, what is left beside 0.05 to use a slot and the store's way back."""

NOTICED = 1.0
"""Seconds after which a loss is noticed by all who send."""

RETURN = 5.0
"""Seconds after which all go by the store again: a try each second, and a silence of 1.5."""

AROUND = 5.0
"""Seconds before and after the store is lost and comes back in which refusals are counted."""

FEW = 0.01
"""The part of those calls that may be refused, and is repeated."""


@dataclass(frozen=True)
class Crowd:
    """What is drawn for one case."""

    seed: int
    clients: int
    workers: int
    rate: float
    burst: float
    window: tuple[int, float]
    latency: float
    lost: tuple[float, float]
    wiped: bool
    until: float = 40.0


crowds = st.builds(
    Crowd,
    seed=st.integers(0, 2**32),
    clients=st.sampled_from([1, 2, 3, 5]),
    workers=st.sampled_from([1, 2, 6]),
    rate=st.sampled_from([2.0, 10.0, 20.0]),
    burst=st.sampled_from([1.0, 5.0, 12.0]),
    window=st.sampled_from([(10**6, 1.0), (40, 5.0), (100, 30.0)]),
    latency=st.sampled_from([0.0, 0.001, 0.01]),
    lost=st.just((0.0, 0.0)),
    wiped=st.just(False),
)
losses = st.builds(
    lambda crowd, lost, lasts, wiped: Crowd(**{**vars(crowd), "lost": (lost, lost + lasts), "wiped": wiped}),
    crowds,
    st.floats(1.0, 12.0),
    st.sampled_from([0.01, 0.5, 1.9, 2.1, 3.5, 6.0, 10.0, 15.0]),
    st.booleans(),
)


@dataclass
class Played:
    """What came of one case."""

    arrived: list[tuple[float, bool]] = field(default_factory=list)
    """When each call reached the server, and whether it was refused."""

    granted: list[list[float]] = field(default_factory=list)
    """When each client's calls were let through."""

    given_up: int = 0

    @property
    def refused(self) -> list[float]:
        return [at for at, refused in self.arrived if refused]

    def around(self, crowd: Crowd) -> Counter[str]:
        """Count the calls around the loss and the return, and those of them that were refused."""
        near = [
            refused
            for at, refused in self.arrived
            if any(abs(at - change) <= AROUND for change in crowd.lost)
        ]
        return Counter(calls=len(near), refused=sum(near))


def _table(crowd: Crowd) -> LimitTable:
    return LimitTable(
        (RowLimit("row", "GET", "/api/row", crowd.rate, int(crowd.burst)),),
        (WindowLimit("window", "*", "/api/*", *crowd.window),),
        MonthLimit("month", 10**9),
    )


class Server:
    """Lets a call through where both of its limits do, or says how long to wait."""

    def __init__(self, crowd: Crowd, played: Played) -> None:
        self._limits: list[Judge] = [Bucket(crowd.rate, float(int(crowd.burst))), Log(*crowd.window)]
        self._played = played

    def arrive(self, now: float) -> float:
        opens = max(limit.opens(now) for limit in self._limits)
        self._played.arrived.append((now, opens > now))
        if opens <= now:
            for limit in self._limits:
                limit.take(now)
        return opens - now


async def _work(
    state: SharedState, crowd: Crowd, clock: Clock, chance: Random, server: Server, played: Played
) -> None:
    """Be one client: some workers that call one after the other, and repeat what is refused."""
    connections = ConcurrencyLimit("client", "connections", size=20)
    granted: list[float] = []
    played.granted.append(granted)

    async def call() -> None:
        turn = None
        for _ in range(8):
            limits = state.registry.of_call("7", "GET", "/api/row", None)
            grant = await state.throttle.admit((*limits, connections), turn=turn)
            granted.append(clock.monotonic())
            try:
                grant.sent()
                await clock.sleep(NETWORK * chance.choice([0.0, chance.random(), 1.0]))
                wait = server.arrive(clock.monotonic())
                await clock.sleep(0.1 * chance.random())
                grant.headers_received()
            finally:
                grant.end()
            if not wait:
                return
            turn = grant.turn
            state.throttle.refused(grant, wait)
            state.send_pauses(grant.limits)
        played.given_up += 1

    async def worker() -> None:
        while clock.monotonic() < crowd.until:
            with anyio.move_on_after(chance.random() if chance.random() < 0.05 else None):
                await call()
            await clock.sleep(chance.choice([0.0, 0.0, chance.random()]))

    async with anyio.create_task_group() as group:
        for _ in range(crowd.workers):
            await clock.sleep(0.3 * chance.random())
            group.start_soon(worker)


def play(
    name: str, crowd: Crowd, state_of: Callable[[Clock], Callable[[int], SharedState]] | None = None
) -> Played:
    """Let the clients call for a while."""
    chance, played = Random(crowd.seed), Played()

    async def main() -> None:
        clock = LoopClock(1.77e9)
        server, make = Server(crowd, played), (state_of or _of_a_store(crowd))(clock)
        async with anyio.create_task_group() as group:
            for which in range(crowd.clients):
                group.start_soon(_work, make(which), crowd, clock, chance, server, played)

    run(name, main)
    return played


def _of_a_store(crowd: Crowd, *, double: bool = False) -> Callable[[Clock], Callable[[int], SharedState]]:
    def state_of(clock: Clock) -> Callable[[int], SharedState]:
        place = SharedPlace(clock, latency=crowd.latency, lost=crowd.lost, wiped=crowd.wiped, double=double)
        stores = [VirtualStore(place, f"client {which}") for which in range(crowd.clients)]
        return lambda which: SharedState(_table(crowd), clock, store=stores[which], server="https://server")

    return state_of


def overdrawn(crowd: Crowd, *, double: bool = False) -> bool:
    """Say whether the server refuses anything."""
    return bool(play("asyncio", crowd, _of_a_store(crowd, double=double)).refused)


@pytest.mark.parametrize("name", BACKENDS)
@examples(15)
@given(crowd=crowds)
def test_clients_of_one_store_never_overdraw_it(name: str, crowd: Crowd) -> None:
    played = play(name, crowd)
    tell("9 shared store", name, calls=len(played.arrived), refusals=len(played.refused))
    assert played.refused == []


@pytest.mark.parametrize("name", BACKENDS)
def test_around_a_loss_few_calls_are_refused_and_all_of_them_repeated(name: str) -> None:
    near: Counter[str] = Counter()

    @examples(24)
    @given(crowd=losses)
    def one(crowd: Crowd) -> None:
        played = play(name, crowd)
        tell("9 shared store, lost and back", name, calls=len(played.arrived), refusals=len(played.refused))
        near.update(played.around(crowd))
        assert not played.given_up
        began, over = crowd.lost[0] + NOTICED, crowd.lost[1]
        for granted in played.granted:
            without = [at for at in granted if began < at < over]
            share = crowd.rate / crowd.clients
            for place, first in enumerate(without):
                for further, last in enumerate(without[place:], 1):
                    assert further <= 2 + share * (last - first), "more than its share"

    one()
    assert near["refused"] <= FEW * near["calls"], near


@pytest.mark.parametrize("name", BACKENDS)
@examples(6)
@given(seed=st.integers(0, 2**32), clients=st.integers(1, 4), wiped=st.booleans())
def test_after_the_loss_the_whole_rate_is_theirs_again(
    name: str, seed: int, clients: int, wiped: bool
) -> None:
    free = (10**6, 1.0)
    crowd = Crowd(seed, clients, 12, 10.0, 5.0, free, 0.001, lost=(6.0, 14.0), wiped=wiped)
    played = play(name, crowd)
    tell("9 back to the whole rate", name, calls=len(played.arrived), refusals=len(played.refused))
    near = played.around(crowd)
    assert near["refused"] <= FEW * near["calls"] and not played.given_up
    back = crowd.lost[1] + RETURN
    assert sum(back <= at < 39.0 for at, _ in played.arrived) >= 0.9 * crowd.rate * (39.0 - back)


@pytest.mark.parametrize("name", BACKENDS)
@examples(15)
@given(crowd=crowds)
def test_clients_of_one_memory_store_share_the_exact_rule(name: str, crowd: Crowd) -> None:
    def state_of(clock: Clock) -> Callable[[int], SharedState]:
        store, table = MemoryStore(), _table(crowd)
        return lambda which: shared_state_of("https://memory.example", table, store=store, clock=clock)

    played = play(name, crowd, state_of)
    tell("9 one MemoryStore", name, calls=len(played.arrived), refusals=len(played.refused))
    assert played.refused == []
