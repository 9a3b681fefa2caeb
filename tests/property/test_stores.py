"""Clients that share one budget never overdraw it together, with their store and without it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.clock import LoopClock
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.stores.memory import MemoryStore
from aioemnify.transport.shared_state import SharedState, shared_state_of
from aioemnify.transport.throttle.limits import ConcurrencyLimit
from tests.property.network import Call, arrivals, make, run
from tests.property.server_model import Bucket, Log, Verdict, judge
from tests.property.tally import BACKENDS, examples, tell
from tests.property.virtual_store import SharedLedger, SharedStore

NETWORK = 0.13
"""Seconds: of a margin of 0.2, what is left beside 0.05 to use a place and the store's way back."""

BOOKED_AHEAD = 2.0
RETURN = 5.0
"""Seconds after which all go by the store again: a try each second, and two to begin together."""


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
    lost=st.tuples(
        st.floats(1.0, 12.0), st.sampled_from([0.0, 0.01, 0.5, 1.9, 2.1, 3.5, 6.0, 10.0, 15.0])
    ).map(lambda drawn: (drawn[0], sum(drawn))),
    wiped=st.booleans(),
)


def _table(crowd: Crowd) -> LimitTable:
    return LimitTable(
        (RowLimit("row", "GET", "/api/row", crowd.rate, int(crowd.burst)),),
        (WindowLimit("window", "*", "/api/*", *crowd.window),),
        MonthLimit("month", 10**9),
    )


async def _work(
    shared_state: SharedState, crowd: Crowd, clock: LoopClock, chance: Random, calls: list[Call]
) -> None:
    """Be one client: some workers that call one after the other."""
    door = ConcurrencyLimit("client", "connections", size=20)

    async def worker() -> None:
        while clock.monotonic() < crowd.until:
            limits = shared_state.registry.of_call("7", "GET", "/api/row", None)
            call = Call(
                (*limits, door),
                ("row", "window"),
                there=NETWORK * chance.choice([0.0, chance.random(), 1.0]),
                back=0.1 * chance.random(),
                cancelled=chance.random() if chance.random() < 0.05 else None,
            )
            calls.append(call)
            await make(call, shared_state.throttle, clock)
            await clock.sleep(chance.choice([0.0, 0.0, chance.random()]))

    async with anyio.create_task_group() as group:
        for _ in range(crowd.workers):
            await clock.sleep(0.3 * chance.random())
            group.start_soon(worker)


def gather(name: str, crowd: Crowd, *, double: bool = False) -> tuple[list[Verdict], list[list[Call]]]:
    """Let the clients call for a while; return the server's refusals and the calls of each."""
    chance, of_client = Random(crowd.seed), [list[Call]() for _ in range(crowd.clients)]

    async def main() -> None:
        clock = LoopClock(1.77e9)
        rest = {"latency": crowd.latency, "lost": crowd.lost, "wiped": crowd.wiped}
        shared = SharedLedger(clock, double=double, **rest)  # type: ignore[arg-type]
        stores = [SharedStore(shared) for _ in of_client]
        for store in stores:
            # They know of each other: one that joins is known to the rest from their next booking on.
            shared.touch(store)
        async with anyio.create_task_group() as group:
            for store, calls in zip(stores, of_client, strict=True):
                shared_state = SharedState(_table(crowd), clock, store=store, server="https://server")
                group.start_soon(_work, shared_state, crowd, clock, chance, calls)

    run(name, main)
    everything = [call for calls in of_client for call in calls]
    # Of a window, each knows the others' use as of when it asked last. While the store is lost or
    # emptied that is a guess with a reserve, and no promise: then the row alone is judged.
    told = not crowd.wiped and crowd.lost[0] == crowd.lost[1]
    window = Log(*crowd.window) if told else Log(10**6, 1.0)
    server = {"row": Bucket(crowd.rate, float(int(crowd.burst))), "window": window}
    return judge(arrivals(everything), server), of_client


@pytest.mark.parametrize("name", BACKENDS)
@examples(24)
@given(crowd=crowds)
def test_clients_of_one_store_never_overdraw_it_nor_without_it(name: str, crowd: Crowd) -> None:
    refused, of_client = gather(name, crowd)
    everything = [call for calls in of_client for call in calls]
    tell("9 shared store, lost and back", name, calls=len(arrivals(everything)), refusals=len(refused))
    assert refused == []
    assert all(call.outcome for call in everything)
    began, over = crowd.lost[0] + BOOKED_AHEAD, crowd.lost[1]
    for calls in of_client:
        alone = sorted(call.granted_at for call in calls if began < (call.granted_at or 0.0) < over)
        share = crowd.rate / crowd.clients
        for place, first in enumerate(alone):
            for further, last in enumerate(alone[place:], 1):
                assert further <= 2 + share * (last - first), "more than its share"


@pytest.mark.parametrize("name", BACKENDS)
@examples(6)
@given(seed=st.integers(0, 2**32), clients=st.integers(1, 4), wiped=st.booleans())
def test_after_the_loss_the_whole_rate_is_theirs_again(
    name: str, seed: int, clients: int, wiped: bool
) -> None:
    free = (10**6, 1.0)
    crowd = Crowd(seed, clients, 12, 10.0, 5.0, free, 0.001, lost=(6.0, 14.0), wiped=wiped)
    refused, of_client = gather(name, crowd)
    everything = [call for calls in of_client for call in calls]
    tell("9 back to the whole rate", name, calls=len(arrivals(everything)), refusals=len(refused))
    assert refused == []
    moments = [arrival.at for arrival in arrivals(everything)]
    back = crowd.lost[1] + RETURN
    assert sum(back <= moment < 39.0 for moment in moments) >= 0.9 * crowd.rate * (39.0 - back)


@pytest.mark.parametrize("name", BACKENDS)
@examples(15)
@given(crowd=crowds)
def test_clients_of_one_memory_store_share_the_exact_rule(name: str, crowd: Crowd) -> None:
    chance, calls = Random(crowd.seed), list[Call]()

    async def main() -> None:
        clock = LoopClock(1.77e9)
        store, table = MemoryStore(), _table(crowd)
        async with anyio.create_task_group() as group:
            for _ in range(crowd.clients):
                shared_state = shared_state_of("https://memory.example", table, store=store, clock=clock)
                group.start_soon(_work, shared_state, crowd, clock, chance, calls)

    run(name, main)
    server = {"row": Bucket(crowd.rate, float(int(crowd.burst))), "window": Log(*crowd.window)}
    refused = judge(arrivals(calls), server)
    tell("9 one MemoryStore", name, calls=len(arrivals(calls)), refusals=len(refused))
    assert refused == []
