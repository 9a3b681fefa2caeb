"""What a 429 does: it pauses what refused, for as long as it says, and slows down what others spend too."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.clock import LoopClock
from aioemnify.errors import QuotaExhaustedError
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow
from tests.property.network import run
from tests.property.server_model import Arrival, Bucket, Judge, Log, Month, judge
from tests.property.storm import NEW_MONTH
from tests.property.tally import BACKENDS, examples, tell

IN_THE_MONTH = NEW_MONTH - 20 * 86400.0


@dataclass(frozen=True)
class Greed:
    """What is drawn for one case: the limits, and how others spend from them."""

    seed: int
    rate: float
    burst: int
    window: tuple[int, float]
    month: int
    others: float
    hoards: float
    calls: int
    span: float


greeds = st.builds(
    Greed,
    seed=st.integers(0, 2**32),
    rate=st.sampled_from([2.0, 10.0, 40.0]),
    burst=st.integers(1, 12),
    window=st.sampled_from([(10**6, 1.0), (60, 20.0), (150, 300.0)]),
    month=st.sampled_from([10**6, 10**6, 80]),
    others=st.sampled_from([0.0, 0.3, 0.9, 1.5]),
    hoards=st.sampled_from([0.0, 0.1]),
    calls=st.integers(5, 90),
    span=st.sampled_from([0.0, 3.0, 10.0]),
)


@dataclass
class Told:
    """One 429: when its answer came, from which limit, the wait it named, and what was made of it."""

    at: float
    truly: str
    taken_for: str
    wait: float
    window_full: float


@dataclass
class Market:
    """A server whose limits others spend from too, and our calls on it."""

    greed: Greed
    told: list[Told] = field(default_factory=list)
    admitted: list[float] = field(default_factory=list)
    headers_received: list[Arrival] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    refused: int = 0
    turned_away: int = 0
    final_rate: float = 0.0
    throttle: type[Limiter] = Limiter

    async def main(self) -> None:
        greed, chance, clock = self.greed, Random(self.greed.seed), LoopClock(IN_THE_MONTH)
        row = TokenBucket("row", rate=greed.rate, burst=greed.burst, transit=0.35)
        window = SlidingWindow("ip", count=greed.window[0], seconds=greed.window[1], transit=0.35)
        quota = MonthlyQuota(
            "month", count=10**6, wall_offset=lambda: clock.wall() - clock.monotonic(), transit=0.35
        )
        limits: tuple[Limit, ...] = (row, window, quota)
        server: dict[str, Judge] = {
            "row": Bucket(greed.rate, greed.burst),
            "ip": Log(*greed.window),
            "quota": Month(greed.month, clock.wall() - clock.monotonic()),
        }
        others = self._others(chance)
        throttle = self.throttle(clock)

        def judged(now: float) -> tuple[str, float] | None:
            while others and others[0] <= now:
                at = others.pop(0)
                if all(limit.opens(at) <= at for limit in server.values()):
                    for limit in server.values():
                        limit.take(at)
            for name, limit in server.items():
                if (opens := limit.opens(now)) > now:
                    return name, opens - now
            for limit in server.values():
                limit.take(now)
            return None

        async def call(starts: float) -> None:
            await clock.sleep(starts)
            turn = None
            for _ in range(12):
                try:
                    grant = await throttle.admit(limits, turn=turn)
                except QuotaExhaustedError:
                    self.turned_away += 1
                    return
                self.admitted.append(clock.monotonic())
                self.rates.append(row.rate_now(clock.monotonic()))
                grant.sent()
                await clock.sleep(0.1 * chance.random())
                self.headers_received.append(Arrival(clock.monotonic(), ("row", "ip")))
                verdict = judged(clock.monotonic())
                await clock.sleep(0.1 * chance.random())
                grant.headers_received()
                grant.end()
                if verdict is None:
                    return
                now = clock.monotonic()
                full = window.used(now) / window.capacity
                refusal = throttle.refused(grant, verdict[1])
                self.told.append(Told(now, verdict[0], refusal.cause, verdict[1], full))
                self.rates.append(row.rate_now(now))
                if refusal.cause == "quota":
                    return
                turn = grant.turn

        import anyio

        async with anyio.create_task_group() as group:
            for _ in range(greed.calls):
                group.start_soon(call, greed.span * chance.random())
        await clock.sleep(300.0)
        self.final_rate = row.rate_now(clock.monotonic())

    def _others(self, chance: Random) -> list[float]:
        """Return when others send: evenly at a part of the rate, and now and then many at once."""
        greed, now, moments = self.greed, 0.0, []
        while greed.others and now < 60.0 and len(moments) < 2000:
            now += chance.expovariate(greed.rate * greed.others)
            moments += [now] * (1 if chance.random() >= greed.hoards else 2 * greed.burst)
        return moments


@pytest.mark.parametrize("name", BACKENDS)
@examples(60)
@given(greed=greeds)
def test_pauses_are_kept_and_rates_come_back(name: str, greed: Greed) -> None:
    market = Market(greed)
    run(name, market.main)
    tell(
        "7 429s of a budget others spend", name, calls=len(market.headers_received), refusals=len(market.told)
    )
    check_pauses(market)
    for told in market.told:
        assert told.taken_for == cause(told), told
    # However much others leave unused, never more than is documented, and in the end that again.
    assert max(market.rates, default=0.0) <= greed.rate
    assert market.final_rate == greed.rate
    rows = {"row": Bucket(greed.rate, greed.burst), "ip": Log(*greed.window)}
    assert judge(market.headers_received, rows) == [], "more than the documented limits by itself"
    if not greed.others and greed.month > greed.calls:
        assert market.told == []


def check_pauses(market: Market) -> None:
    """Whatever refused, no call went that way until its wait was over, nor was a wait cut short."""
    for told in market.told:
        early = [moment for moment in market.admitted if told.at < moment < told.at + told.wait - 1e-6]
        assert early == [], f"{told} was not kept"


def cause(told: Told) -> str:
    """Return what a 429 can be taken for, from its wait and the own use of the window.

    The answer does not tell. A window of which others use a lot, and that is free again within a
    second, looks like a row: that costs a lower rate for a while, and its pause is kept all the same.
    """
    if told.wait > 330.0:
        return "quota"
    if told.truly == "ip":
        return "ip" if told.window_full >= 0.95 or told.wait > 1.0 else "row"
    return "ip" if told.window_full >= 0.95 else "row"
