"""The books against a model that keeps every call for ever and counts anew each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from aioemnify.transport.throttle.limits import SLACK, CountedLimit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow
from tests.property.storm import NEW_MONTH, bursts, rates
from tests.property.tally import examples, tell

EPOCH = NEW_MONTH - 30.0
"""A month ends half a minute after a machine has started."""


@dataclass(eq=False)
class Mark:
    """One call as the model knows it."""

    taken: float
    sent: float | None = None
    answered: float | None = None

    def counted(self, transit: float) -> float:
        """Return when the server has surely counted it."""
        if self.sent is None:
            return inf
        return min(self.sent + transit, inf if self.answered is None else self.answered)


def _month(moment: float) -> tuple[int, int]:
    today = datetime.fromtimestamp(EPOCH + moment, UTC)
    return today.year, today.month


class Books(RuleBasedStateMachine):
    """Does at random what a throttle does with one bucket, one window and one month."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.reservation_ids: list[Mark] = []
        self.lowered = False
        self.paused = {"bucket": -inf, "window": -inf, "month": -inf}

    @initialize(
        rate=rates,
        burst=bursts,
        count=st.integers(1, 12),
        seconds=st.sampled_from([0.5, 3.0, 20.0]),
        month=st.integers(1, 200),
        transit=st.sampled_from([0.05, 0.35, 2.0]),
    )
    def begin(
        self, rate: float, burst: float, count: int, seconds: float, month: int, transit: float
    ) -> None:
        self.rate, self.burst, self.count, self.seconds = rate, burst, count, seconds
        self.monthly, self.transit = month, transit
        self.bucket = TokenBucket("bucket", rate=rate, burst=burst, transit=transit)
        self.window = SlidingWindow("window", count=count, seconds=seconds, transit=transit)
        self.month = MonthlyQuota("month", count=month, wall_offset=lambda: EPOCH, transit=transit)
        self.books: list[CountedLimit] = [self.bucket, self.window, self.month]

    def _pending(self) -> int:
        return sum(reservation_id.counted(self.transit) > self.now for reservation_id in self.reservation_ids)

    def _level(self) -> float:
        """Return what a bucket holds that leaks at the documented rate, everything counted anew."""
        level, at = 0.0, -inf
        moments = sorted(
            m
            for reservation_id in self.reservation_ids
            if (m := reservation_id.counted(self.transit)) <= self.now
        )
        for moment in moments:
            level = max(0.0, level - self.rate * (moment - at)) + 1.0 if at > -inf else 1.0
            at = moment
        return max(0.0, level - self.rate * (self.now - at)) if at > -inf else 0.0

    def _inside(self) -> int:
        since = self.now - self.seconds
        return sum(
            since < reservation_id.counted(self.transit) <= self.now
            for reservation_id in self.reservation_ids
        )

    def _this_month(self) -> int:
        return sum(
            _month(m) == _month(self.now)
            for reservation_id in self.reservation_ids
            if (m := reservation_id.counted(self.transit)) <= self.now
        )

    @rule(calls=st.integers(1, 8), sent=st.booleans())
    def take(self, calls: int, sent: bool) -> None:
        """Let calls through as long as all have room, and send them."""
        for _ in range(calls):
            if all(book.free(self.now) for book in self.books):
                for book in self.books:
                    book.take(self.now)
                    if sent:
                        book.sent(self.now)
                self.reservation_ids.append(Mark(self.now, self.now if sent else None))

    @rule(data=st.data())
    @precondition(lambda self: any(reservation_id.sent is None for reservation_id in self.reservation_ids))
    def depart(self, data: st.DataObject) -> None:
        reservation_id = data.draw(
            st.sampled_from(
                [reservation_id for reservation_id in self.reservation_ids if reservation_id.sent is None]
            )
        )
        reservation_id.sent = self.now
        for book in self.books:
            book.sent(self.now)

    @rule(data=st.data())
    @precondition(lambda self: any(reservation_id.sent is None for reservation_id in self.reservation_ids))
    def give_back(self, data: st.DataObject) -> None:
        """A call that was never sent."""
        self.reservation_ids.remove(
            data.draw(
                st.sampled_from(
                    [reservation_id for reservation_id in self.reservation_ids if reservation_id.sent is None]
                )
            )
        )
        for book in self.books:
            book.give_back(self.now)

    @rule()
    def answer_all(self) -> None:
        for reservation_id in self.reservation_ids:
            if reservation_id.sent is not None and reservation_id.answered is None:
                self._answer(reservation_id)

    @rule(data=st.data())
    @precondition(lambda self: any(m.sent is not None and m.answered is None for m in self.reservation_ids))
    def answer(self, data: st.DataObject) -> None:
        flying = [m for m in self.reservation_ids if m.sent is not None and m.answered is None]
        self._answer(data.draw(st.sampled_from(flying)))

    def _answer(self, reservation_id: Mark) -> None:
        assert reservation_id.sent is not None
        reservation_id.answered = self.now
        for book in self.books:
            book.headers_received(self.now, reservation_id.sent)
            book.ended(self.now)

    @rule(seconds=st.sampled_from([1e-6, 0.01, 0.1, 0.5, 3.0, 12.0]) | st.floats(0.0, 4.0))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def wait_for_room(self) -> None:
        """Until all say that there is some."""
        ready = max(book.ready(self.now) for book in self.books)
        if ready < inf:
            self.now = max(self.now, ready)

    @rule(which=st.integers(0, 2), seconds=st.sampled_from([0.05, 1.0, 5.0]))
    @precondition(lambda self: self.reservation_ids and self.now % 1 < 0.2)
    def pause(self, which: int, seconds: float) -> None:
        book = self.books[which]
        book.pause(self.now, self.now + seconds)
        self.paused[book.name] = max(self.paused[book.name], self.now + seconds)
        self.lowered = self.lowered or which == 0  # its burst is taken for gone

    @rule()
    @precondition(lambda self: self.reservation_ids and self.now % 1 < 0.2)
    def lower(self) -> None:
        before = self.bucket.rate_now(self.now)
        self.bucket.lower(self.now)
        assert self.bucket.rate_now(self.now) <= before
        self.lowered = True

    @invariant()
    def the_uses_are_those_of_the_model(self) -> None:
        if not hasattr(self, "books"):
            return
        for book in self.books:
            assert book.in_flight(self.now) == self._pending()
        level = self._level() + self._pending()
        if self.lowered:
            assert self.bucket.used(self.now) >= level - 1e-6
        else:
            assert abs(self.bucket.used(self.now) - level) < 1e-6
        assert self.window.used(self.now) - self._inside() - self._pending() in (0, self._edge())
        assert self.month.used(self.now) == self._this_month() + self._pending()

    def _edge(self) -> int:
        """Return how many stand exactly at the end of the window, where both answers are right."""
        return sum(
            abs(reservation_id.counted(self.transit) + self.seconds - self.now) < SLACK
            for reservation_id in self.reservation_ids
            if reservation_id.sent is not None
        )

    @invariant()
    def what_is_free_fits(self) -> None:
        if not hasattr(self, "books"):
            return
        pending = self._pending()
        fits = {
            "bucket": self._level() + pending + 1 <= self.burst + 1e-6,
            "window": self._inside() + pending + 1 <= self.count,
            "month": self._this_month() + pending + 1 <= self.monthly,
        }
        for book in self.books:
            free, ready = book.free(self.now), book.ready(self.now)
            paused = self.paused[book.name] > self.now
            assert book.paused_until == self.paused[book.name]
            assert not free or (fits[book.name] and not paused), f"{book.name} promises too much"
            # Within a hair of its burst a bucket may say either.
            close = abs(self._level() + pending + 1 - self.burst) < 1e-5
            if fits[book.name] and not paused and not (book is self.bucket and (self.lowered or close)):
                assert ready <= self.now + 3 * SLACK or self._edge(), f"{book.name} holds back"
            assert free == (ready <= self.now) or ready <= self.now + 3 * SLACK
            assert book.soonest(self.now) <= ready + 1e-6, f"{book.name}: the soonest is not the soonest"
        rate = self.bucket.rate_now(self.now)
        assert 0 < rate <= self.rate and (self.lowered or rate == self.rate)

    def teardown(self) -> None:
        if not hasattr(self, "books"):
            return
        for reservation_id in [
            reservation_id for reservation_id in self.reservation_ids if reservation_id.sent is None
        ]:
            reservation_id.sent = self.now
            for book in self.books:
                book.sent(self.now)
        # A cut rate has come back by then, and every level is empty.
        later = self.now + 1000.0
        self.bucket.rate_now(later - 500.0)
        assert self.bucket.rate_now(later) == self.rate
        assert self.bucket.used(later) == 0 and self.window.used(later) == 0
        tell("10 books against a model", "none", calls=len(self.reservation_ids), refusals=0)


TestBooks = Books.TestCase
TestBooks.settings = examples(100)
