"""Follow events: no gap and no repeat, although events arrive late and in any order.

An event may be in the list only some time after its ``timestamp``. So each round reads again what is younger
than ``lateness``, and leaves out the ids that came before::

    time ------- watermark ------------------- newest ----->
          done   |   <----  lateness  ---->   |
                 read again each round, without the ids of ``seen``

The newest event shows that it is at least that late at the server. What is ``lateness`` older has arrived, if
that bound holds. So a slice of time that is read after the newest event was seen is complete up to there: the
watermark moves, and ids below it are forgotten. Where no newer event comes, the client's clock moves it; it
may be wrong by ten minutes. So "from now on" begins ten minutes ago, without what is there at the first read.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

from attrs import define, evolve

from aioemnify._checks import check_seconds, check_type
from aioemnify.clock import date_of
from aioemnify.errors import ArgumentError, ArgumentTypeError, EmnifyError
from aioemnify.models.events import Event, EventType
from aioemnify.operation import Operation
from aioemnify.options import LONGEST
from aioemnify.page_iterators import ANOTHER_TASK
from aioemnify.pagination import Caller
from aioemnify.polling.backoff import Backoff, is_temporary
from aioemnify.polling.client import PollingClient
from aioemnify.polling.position import Position, read_position
from aioemnify.polling.slices import SECOND, SliceReader

_logger = logging.getLogger("aioemnify.polling")

HISTORY = timedelta(days=30)
"""How long the API keeps events."""

_SKEW = timedelta(minutes=10)
"""By which the clocks of client and server may differ."""

_GROWTH, _LONGEST_PAUSE = 2.0, 60.0


@define
class _Round:
    """One pass from the watermark to the present.

    Attributes:
        begin: where the next slice begins.
        now: the client's time at the start of the pass.
        newest: the time of the newest event that was seen before the next slice is read.
        too_full: whether the newest slice had too many events.
    """

    begin: datetime
    now: datetime
    newest: datetime
    too_full: bool = False


class EventFollower(AsyncIterator[Event]):
    """The events of an organisation as they come: ``async for event in emnify.events.follow()``.

    It ends only when the loop is left, and needs no block: between two events nothing is in flight. After an
    error the same object continues where it was.
    """

    def __init__(
        self,
        caller: Caller,
        operation: Operation,
        *,
        since: datetime | str | None,
        types: Sequence[EventType | int] | None,
        lateness: float,
        every: float,
        options: object,
    ) -> None:
        self._clock = cast("PollingClient", caller)._clock
        self._lateness = timedelta(seconds=check_seconds("lateness", lateness, most=HISTORY.total_seconds()))
        self._every = check_seconds("every", every, most=LONGEST)
        self._types = _type_ids(types)
        self._slices = SliceReader(caller, operation, self._types, options)
        self._backoff = Backoff(self._every, _GROWTH, max(self._every, _LONGEST_PAUSE))
        # Where the follower begins with the present: older events of its first round have come before.
        # A timestamp may have whole seconds.
        self._present = self._now().replace(microsecond=0) if since is None else None
        position = self._start(since)
        self._watermark = self._newest = position.watermark
        # Their times are not known until they are read again.
        self._seen = dict.fromkeys(position.seen, max(position.watermark, self._now()) + _SKEW)
        self._fresh: deque[tuple[datetime, Event]] = deque()
        self._round: _Round | None = None
        self._complete_to = position.watermark
        self._due = self._clock.monotonic()
        self._busy = False

    def _start(self, since: datetime | str | None) -> Position:
        if since is None:
            return Position(self._now() - _SKEW, (), self._types)
        if isinstance(since, str):
            position = read_position(since)
            if list(position.types) != list(self._types):
                raise ArgumentError("since", f"is the position of follow(types={list(position.types)})")
        elif isinstance(since, datetime):
            if since.tzinfo is None:
                raise ArgumentError("since", "takes a time with a zone, such as datetime.now(UTC)")
            position = Position(since, (), self._types)
        else:
            raise ArgumentTypeError("since", f"takes a time, a position of follow() or None, not {since!r}")
        if position.watermark < self._now() - HISTORY:
            raise ArgumentError("since", "is more than 30 days ago: the API has no older events")
        if position.watermark > self._now() + HISTORY:
            raise ArgumentError("since", "is more than 30 days ahead")
        return evolve(position, watermark=position.watermark.astimezone(UTC))

    def _now(self) -> datetime:
        return date_of(self._clock.wall())

    def __repr__(self) -> str:
        return f"<EventFollower: all events before {self._watermark:%Y-%m-%d %H:%M:%S} UTC have come>"

    @property
    def position(self) -> str:
        """Return the position after the event that came last, as text for ``follow(since=...)``.

        Store it when the event is processed: then none is lost and none comes twice. It has the ids of the
        events of the last ``lateness`` seconds, so its length grows with their rate.
        """
        return str(Position(self._present or self._watermark, sorted(self._seen), self._types))

    async def __anext__(self) -> Event:
        if self._busy:
            raise RuntimeError(ANOTHER_TASK)
        self._busy = True
        try:
            while not self._fresh:
                await self._read_on()
        finally:
            self._busy = False
        moment, event = self._fresh.popleft()
        self._seen[event.id] = moment
        return event

    async def _read_on(self) -> None:
        """Read the next slice. A failure that may pass is waited out."""
        self._move_watermark()
        await self._clock.sleep(max(0.0, self._due - self._clock.monotonic()))
        if self._round is None:
            self._round = _Round(self._watermark, self._now(), self._newest)
        try:
            await self._read_slice(self._round)
        except EmnifyError as error:
            if not is_temporary(error):
                raise
            pause = self._backoff.pause()
            self._due = self._clock.monotonic() + pause
            _logger.warning("the events cannot be read, next attempt in %g s: %s", pause, error)
        else:
            self._backoff.reset()

    def _move_watermark(self) -> None:
        """Forget the ids that no read can bring again, once all events before them have come."""
        if self._complete_to > self._watermark:
            self._watermark = self._complete_to
            self._seen = {one: moment for one, moment in self._seen.items() if moment >= self._watermark}

    async def _read_slice(self, current: _Round) -> None:
        end, is_last = self._end(current)
        span = min(end, max(current.now, current.begin + SECOND)) - current.begin
        events = await self._slices.read(current.begin, end, span)
        if events is None:
            if not current.too_full:
                newest = await self._slices.newest(current.begin, current.now + _SKEW)
                current.newest = max(current.newest, newest or current.newest)
            current.too_full = True
            return
        current.too_full = False
        self._take(events, current)
        # Known before this slice was read: all before that time was in the list.
        arrived = max(min(current.newest, current.now), current.now - _SKEW) - self._lateness
        self._complete_to = min(end, arrived)
        current.begin = end
        if is_last:
            self._round = self._present = None
            self._due = self._clock.monotonic() + self._every

    def _end(self, current: _Round) -> tuple[datetime, bool]:
        """Return where the next slice ends, and whether it is the last one of its round."""
        last = (current.now + _SKEW).replace(microsecond=0)
        width = self._slices.width
        if width is None:
            return last, True
        end = current.begin.replace(microsecond=0) + max(SECOND, timedelta(seconds=width // SECOND))
        # Beyond the present there is nothing, unless the server's clock is ahead.
        if end >= last or (end > current.now and not current.too_full):
            return last, True
        return end, False

    def _take(self, events: Sequence[Event], current: _Round) -> None:
        fresh: dict[int, tuple[datetime, Event]] = {}
        for event in events:
            # One without a time is kept as long as one of now.
            moment = event.timestamp if isinstance(event.timestamp, datetime) else current.now
            self._newest = max(self._newest, moment)
            if event.id in self._seen or (self._present is not None and moment < self._present):
                self._seen[event.id] = moment
            elif moment >= self._watermark and self._is_wanted(event):
                fresh[event.id] = moment, event
        self._fresh.extend(sorted(fresh.values(), key=lambda one: (one[0], one[1].id)))

    def _is_wanted(self, event: Event) -> bool:
        return not self._types or (event.event_type is not None and event.event_type.id in self._types)


def _type_ids(types: object) -> tuple[int, ...]:
    if types is None:
        return ()
    accepted = "event types or their ids"
    given = list(check_type("types", types, (Sequence, set, frozenset), f"a sequence of {accepted}"))
    ids = {one.id if isinstance(one, EventType) else one for one in given}
    for one in ids:
        if isinstance(one, bool) or not isinstance(one, int):
            raise ArgumentTypeError("types", f"takes {accepted}, not {one!r}")
    if not ids:
        raise ArgumentError("types", "is empty: leave it out to follow all events")
    return tuple(sorted(ids))
