"""Who goes next: hands out slots to waiting calls, and knows when it has to look again."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from math import inf

from aioemnify._event_loop import Event, is_closed
from aioemnify.transport.throttle.grant import Grant
from aioemnify.transport.throttle.limits import SLACK, Limit
from aioemnify.transport.throttle.wait_queue import (
    DueTimes,
    LimitQueue,
    LoopTimers,
    StoreQuestion,
    Waiter,
    WaitingQueue,
)

ASK_EVERY = 2.0
"""Seconds between questions to an event loop with calls under way, while calls of another one wait."""

PROBED_WITHIN = 2.0
"""Seconds in which a call that goes alone is surely answered."""

RESERVE_WITHIN = 5.0
"""Seconds after which another waiter asks a store, if the one that asks does not come to an end."""

LANDED_WITHIN = 5.0
"""Seconds after which a request that was sent is over for the server, if its event loop has stopped."""


class Scheduler:
    """Keeps the waiting calls of a limiter; used only under its lock.

    Tasks cannot be woken under the lock: those to wake are collected in ``woken``.

    Args:
        floor: the minimum share of the slots of each lower priority while it waits.
    """

    def __init__(self, floor: float) -> None:
        self.floor: float = floor
        self.queues: dict[tuple[Limit, ...], WaitingQueue] = {}
        self.limit_queues: dict[Limit, LimitQueue] = {}
        self.loops: dict[object, LoopTimers] = {}
        # The stores that are being asked.
        self.asked: dict[Limit, StoreQuestion] = {}
        # Event loops, and the event to set in each; without one, whether they run.
        self.woken: list[tuple[object, Event | None]] = []
        self.calls: int = 0
        self.waits: int = 0
        self.waited: float = 0.0
        # Limits that were paused for a doubtful reason, and whether a call probes them now.
        self.probes: dict[Limit, bool] = {}
        self._ask_at = inf
        self.due_times: DueTimes = DueTimes(self.limit_queues)

    def forget_tasks(self) -> None:
        """Forget every task, in a child process that was forked; none of them runs there."""
        for timers in self.loops.values():
            for grant in timers.grants:
                grant.over = True  # its slots are the parent's, also when its task is collected here
        for kept in (self.queues, self.limit_queues, self.loops, self.asked, self.woken, self.due_times):
            kept.clear()
        self._ask_at = inf

    def join(self, waiter: Waiter, now: float) -> None:
        """Put the call of the running task into its queue."""
        timers = self._timers(waiter.loop, now)
        waiter.event, waiter.since = timers.new_event(), now
        self._add(waiter, timers, now)
        self._own_timer(waiter, timers)

    def look(self, waiter: Waiter, now: float) -> bool:
        """Hand out what is due on behalf of a waiter that runs; say whether it has its slots now."""
        timers = self._timers(waiter.loop, now)
        if self._collect(waiter, timers, now):
            return True
        if waiter not in timers.waiters:
            # Its loop had stopped for a while, and others went on without it.
            self._add(waiter, timers, now)
        while self.due_times.first() <= now:
            self.serve(self.due_times.pop(), now)
        self.check_others(waiter.loop, now)
        collected = self._collect(waiter, timers, now)
        if not collected:
            if waiter.event.is_set():
                waiter.event = timers.new_event()
            self._own_timer(waiter, timers)
        self.rearm()
        return collected

    def _collect(self, waiter: Waiter, timers: LoopTimers, now: float) -> bool:
        """Let a waiter that runs have its slots, if it was given any."""
        if not self._take_given(waiter, timers, now):
            return False
        self.waits += 1
        self.waited += now - waiter.since
        for limit in waiter.limits:
            limit.waits += 1
            limit.waited += now - waiter.since
        self._pass_on(waiter, now)
        return True

    def _take_given(self, waiter: Waiter, timers: LoopTimers, now: float) -> bool:
        """Return whether a waiter that runs was given slots; so its event loop runs."""
        slots = timers.given.pop(waiter, False)
        timers.silent_since = now if timers.given else inf
        return slots

    def leave(self, waiter: Waiter, now: float) -> None:
        """Remove a waiter that gave up, perhaps just when it was given its slots."""
        timers = self.loops.get(waiter.loop)
        if timers is not None:
            if waiter in timers.waiters:
                self._remove(waiter, timers)
            if self._take_given(waiter, timers, now):
                self.give_back(waiter.limits, now)
        self._pass_on(waiter, now)
        self.rearm()

    def turn_away(self, waiter: Waiter, error: Exception, now: float) -> None:
        """Remove a waiter that has to raise an error."""
        waiter.error = error
        self.leave(waiter, now)
        self.woken.append((waiter.loop, waiter.event))

    def _pass_on(self, waiter: Waiter, now: float) -> None:
        """Let somebody else ask a store, if a waiter that leaves was to do it."""
        limit, waiter.reserves = waiter.reserves, None
        if limit is not None and limit in self.limit_queues:
            self.serve(limit, now)

    def begin_reservation(self, waiter: Waiter, now: float) -> StoreQuestion | None:
        """Return the question to the store of a limit that is to be asked now, if calls wait for it."""
        limit, waiter.reserves = waiter.reserves, None
        timers = self.loops.get(waiter.loop)
        if timers is not None and timers.given.get(waiter) is False:
            self._take_given(waiter, timers, now)
        limit_queue = None if limit is None else self.limit_queues.get(limit)
        if limit_queue is None:
            return None
        limit, until = limit_queue.limit, now + RESERVE_WITHIN
        question = self.asked[limit] = StoreQuestion(limit, len(limit_queue), waiter.loop, until)
        limit_queue.reserving = None
        self._watch(limit, now)
        self.rearm()
        return question

    def end_reservation(self, question: StoreQuestion, now: float) -> None:
        """Note that a store was asked, and hand out what it brought: slots, or its error to all in line."""
        limit, error = question.limit, question.error
        if self.asked.get(limit) is question:
            del self.asked[limit]
        limit_queue = self.limit_queues.get(limit)
        if limit_queue is not None and error is not None:
            for waiter in [waiter for queue in limit_queue.queues() for waiter in queue]:
                self.turn_away(waiter, copy(error), now)
        if limit in self.limit_queues:
            self.serve(limit, now)
            self._wake_hopeless(limit, now)
        self.rearm()

    def _wake_hopeless(self, limit: Limit, now: float) -> None:
        """Wake the calls that wait in vain, as the answer of a store says; each looks and gives up."""
        limit_queue, soonest = self.limit_queues.get(limit), limit.soonest(now)
        for queue in limit_queue.queues() if limit_queue is not None and soonest > now else ():
            month_over = any(other.kind == "quota" and not other.free(now) for other in queue.limits)
            hopeless = (waiter for waiter in queue if month_over or waiter.deadline < soonest)
            self.woken += [(waiter.loop, waiter.event) for waiter in hopeless]

    def changed(self, limits: Sequence[Limit], now: float, *, answered: bool = False) -> None:
        """Serve those who wait for limits in which a call has moved on.

        Only an answer brings the moment forward at which a limit has room. Where that moment is known,
        neither sending nor ending changes it, and the timer for it runs.
        """
        served = False
        for limit in limits:
            if limit.waiting and (answered or self.limit_queues[limit].due == inf):
                self.serve(limit, now)
                served = True
        if served:
            self.rearm()

    def give_back(self, limits: Sequence[Limit], now: float) -> None:
        """Free the slots of a call that was never sent."""
        for limit in limits:
            limit.give_back(now)
        for limit in limits:
            if limit.waiting:
                self.serve(limit, now)
        self.rearm()

    def serve_due(self, limits: Sequence[Limit], now: float) -> None:
        """Hand out what has become free of several limits because time has passed."""
        for limit in limits:
            if limit.waiting and limit.free(now):
                self.serve(limit, now)
                # It may be free before it was due: a rate that recovers is faster than was foreseen.
                self.rearm()

    def serve(self, limit: Limit, now: float) -> None:
        """Hand out the slots of one limit to the calls that it holds up."""
        while limit.waiting and limit.free(now):
            limit_queue = self.limit_queues[limit]
            queue, rank = limit_queue.first()
            obstacle = queue.obstacle(now)
            if obstacle is not None:
                self._hold(queue, obstacle, now)
                continue
            limit_queue.served(queue, rank, self.floor)
            self.hand_over(queue.head(rank), now)
        self._watch(limit, now)

    def hand_over(self, waiter: Waiter, now: float) -> None:
        """Take a waiter out of its queue, and its slots for it; its task collects them when it runs."""
        timers = self.loops[waiter.loop]
        self._remove(waiter, timers)
        for limit in waiter.limits:
            limit.take(now)
        if self.probes:
            self.probe(waiter.limits, now)
        timers.give(waiter, now, slots=True)
        self.woken.append((waiter.loop, waiter.event))

    def probe(self, limits: Sequence[Limit], now: float) -> None:
        """Let a call that was just admitted go alone after a doubtful pause, and others follow later."""
        for limit in limits:
            if self.probes.get(limit) is False:
                self.probes[limit] = True
                limit.pause(now, now + PROBED_WITHIN)
            else:
                self.probes.pop(limit, None)

    def open(self, grant: Grant, now: float) -> None:
        """Note that a call has its grant now."""
        self.calls += 1
        timers = self.loops.get(grant.loop) or self._timers(grant.loop, now)
        timers.grants[grant] = None
        if len(self.loops) > 1 and self._ask_at == inf:
            self._ask_at = now + ASK_EVERY

    def close(self, grant: Grant, now: float) -> None:
        """Note that the exchange of a grant is over; if it was never sent, its slots are free again."""
        timers = self.loops.get(grant.loop)
        if timers is not None:
            timers.grants.pop(grant, None)
        if grant.sent_at is None:
            self.calls -= 1
            self.give_back(grant.limits, now)
            return
        # A call given up unanswered may still be on its way: it lands when its transit time is over.
        for limit in grant.limits:
            limit.ended(now)
        self.changed(grant.limits, now)

    def retake(self, grant: Grant, now: float) -> None:
        """Count a call that is being sent after all, though its slots were taken back.

        Its event loop had stopped for a while, and a user-supplied transport had the request already.
        Others may have its slots: it is counted beside them, so that those who come next wait longer.
        """
        grant.revoked = False
        for limit in grant.limits:
            limit.take(now)
        self.open(grant, now)

    def check_others(self, loop: object, now: float) -> None:
        """See whether other event loops than ``loop`` run, as far as calls depend on that."""
        if len(self.loops) == 1 and loop in self.loops:
            return  # as in nearly every process
        others = {other: timers for other, timers in self.loops.items() if other is not loop}
        for other, timers in others.items():
            if timers.answers_by <= now:
                self.pass_over(other, now)
        if now >= self._ask_at or self._ask_at == inf:
            self._ask(others, now)

    def _ask(self, others: dict[object, LoopTimers], now: float) -> None:
        """Ask event loops with calls under way whether they run."""
        self._ask_at = inf
        for other, timers in others.items():
            if timers.grants:
                self._call(other, now)
                self._ask_at = now + ASK_EVERY

    def _call(self, loop: object, now: float) -> None:
        timers = self._timers(loop, now)
        timers.silent_since = min(timers.silent_since, now)
        self.woken.append((loop, None))

    def answered(self, loop: object, now: float) -> None:
        """Note that an event loop runs."""
        timers = self.loops.get(loop)
        if timers is not None:
            timers.silent_since = now if timers.given else inf

    def pass_over(self, loop: object, now: float, *, closed: bool = False) -> None:
        """Go on without an event loop that does not run: its slots are free, and others are served.

        No waiting call of it is kept here meanwhile, so that they can be collected with their loop.
        If it runs again, each of them comes back to its turn.
        """
        timers = self.loops.get(loop)
        if timers is None:
            return
        silent_since, gone = timers.silent_since, closed or now >= timers.gone_at
        self.woken += [(loop, waiter.event) for waiter in timers.waiters]
        for waiter in [*timers.waiters, *timers.given]:
            self.leave(waiter, now)
        for question in list(self.asked.values()) if gone else ():
            if question.loop is loop:
                self.end_reservation(question, now)
        for grant in list(timers.grants) if gone else ():
            if grant.sent_at is None or now - grant.sent_at >= LANDED_WITHIN:
                grant.revoked = True
                self.close(grant, now)
        # It is asked again for what is left.
        timers.silent_since = inf if gone else silent_since
        if not gone:
            self.woken.append((loop, None))  # a loop that does run can say so

    def rearm(self) -> None:
        """See to it that every event loop with waiting calls has a timer that is early enough."""
        for timers in self.loops.values():
            if timers.waiters and self._looks_at(timers) < timers.until:
                timer_owner = timers.timer_owner or timers.elect()
                if timer_owner is not None:
                    timers.until = self._looks_at(timers)
                    self.woken.append((timer_owner.loop, timer_owner.event))

    def _own_timer(self, waiter: Waiter, timers: LoopTimers) -> None:
        """Make a waiter the owner of its event loop's timer, if nobody else is, and set when it looks."""
        waiter.until = waiter.deadline
        if timers.timer_owner is None:
            timers.timer_owner = waiter
        if timers.timer_owner is waiter:
            timers.until = self._looks_at(timers)
            if timers.until < waiter.deadline:
                waiter.until = timers.until

    def _looks_at(self, timers: LoopTimers) -> float:
        """Return when somebody of an event loop has to look; no loop watches over itself."""
        due = self.due_times.first()
        if len(self.loops) > 1:
            others = (other.answers_by for other in self.loops.values() if other is not timers)
            due = min(due, self._ask_at, *others)
        return due

    def _timers(self, loop: object, now: float) -> LoopTimers:
        timers = self.loops.get(loop)
        if timers is None:
            # Loops that have ended are forgotten when the next one comes.
            for other in [other for other in self.loops if is_closed(other)]:
                self.pass_over(other, now, closed=True)
            self.loops = {other: known for other, known in self.loops.items() if not known.idle}
            timers = self.loops[loop] = LoopTimers()
        return timers

    def _add(self, waiter: Waiter, timers: LoopTimers, now: float) -> None:
        """Put a waiter into its queue."""
        queue = self.queues.get(waiter.limits)
        if queue is None:
            queue = self.queues[waiter.limits] = WaitingQueue(waiter.limits)
        queue.join(waiter)
        timers.waiters[waiter] = None
        if queue.held_by is None:
            self._hold(queue, queue.obstacle(now) or queue.limits[0], now)
            self.rearm()
        elif queue.waiting[waiter.rank] == 1:
            self.limit_queues[queue.held_by].update(queue, waiter.rank)

    def _remove(self, waiter: Waiter, timers: LoopTimers) -> None:
        """Take a waiter out of its queue."""
        queue = self.queues[waiter.limits]
        queue.leave(waiter)
        del timers.waiters[waiter]
        if timers.timer_owner is waiter:
            timers.resign()
        if not len(queue):
            self._release(queue)
            del self.queues[queue.limits]
        elif queue.held_by is not None and not queue.waiting[waiter.rank]:
            self.limit_queues[queue.held_by].update(queue, waiter.rank)

    def _hold(self, queue: WaitingQueue, limit: Limit, now: float) -> None:
        """Put a queue behind the limit that holds it up."""
        self._release(queue)
        queue.held_by = limit
        limit_queue = self.limit_queues.get(limit)
        if limit_queue is None:
            limit_queue = self.limit_queues[limit] = LimitQueue(limit)
        limit_queue.add(queue)
        if limit.kind == "quota":
            # Nobody waits for the next month: each of them looks and gives up.
            self.woken += [(waiter.loop, waiter.event) for waiter in queue]
        self._watch(limit, now)

    def _release(self, queue: WaitingQueue) -> None:
        """Take a queue from the limit that held it up."""
        limit, queue.held_by = queue.held_by, None
        if limit is not None:
            self.limit_queues[limit].remove(queue)
            if not limit.waiting:
                del self.limit_queues[limit]

    def _watch(self, limit: Limit, now: float) -> None:
        """Note when a limit that holds up calls has to be looked at again, and who asks its store."""
        while limit.waiting and limit.needs_reservation(now) and not self._will_ask(limit):
            limit_queue = self.limit_queues[limit]
            queue, rank = limit_queue.first()
            obstacle = queue.obstacle(now)
            if obstacle is not None and obstacle is not limit:
                self._hold(queue, obstacle, now)
                continue
            question = self.asked.get(limit)
            if question is not None:
                if now >= question.until:
                    # It takes very long: perhaps the event loop has stopped.
                    question.until = now + RESERVE_WITHIN
                    self._call(question.loop, now)
                self.due_times.note(limit_queue, question.until)
                return
            waiter = queue.head(rank)
            limit_queue.reserving, waiter.reserves = waiter, limit
            self.loops[waiter.loop].give(waiter, now, slots=False)
            self.woken.append((waiter.loop, waiter.event))
        if limit.waiting:
            # Never at once again: whoever serves due limits one after the other has to come to an end.
            self.due_times.note(self.limit_queues[limit], max(limit.ready(now), now + SLACK))

    def _will_ask(self, limit: Limit) -> bool:
        """Return whether a waiter is about to ask the store of a limit."""
        waiter = self.limit_queues[limit].reserving
        timers = None if waiter is None else self.loops.get(waiter.loop)
        return timers is not None and waiter in timers.given
