"""One run of a job: its workers, from the first waiting item to the last."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from attrs import define, field

from aioemnify.errors import ClientStateError
from aioemnify.fleet.jobs.bisection import Bisection
from aioemnify.fleet.jobs.records import Outcome
from aioemnify.fleet.jobs.routes import Route, route_of
from aioemnify.fleet.jobs.sending import Sender
from aioemnify.fleet.jobs.target import Interrupted, Target
from aioemnify.fleet.journals.items import SENT, UNKNOWN, WAITING, Item, Part
from aioemnify.fleet.journals.journal_file import JournalError
from aioemnify.fleet.journals.protocol import JobJournal

BULK_WORKERS = 2
"""Calls of a bulk route under way at once: while the server works on one, the next is prepared."""

_READ_AHEAD = 200
"""Items of single calls that are read from the journal at once."""


def workers_of(route: Route, connections: int) -> int:
    """Return how many calls of a route are under way at once."""
    return BULK_WORKERS if route.bulk else connections


@define(eq=False)
class _Work:
    """What the workers of one part share."""

    target: Target
    bisection: Bisection
    ready: deque[Item] = field(factory=deque)
    read_to: int = 0
    over: bool = False
    turn: anyio.Lock = field(factory=anyio.Lock)


@define(eq=False)
class Runner:
    """Sends all waiting items of a job.

    Args:
        sender: makes the calls.
        journal: the items and their states.
        connections: calls of the client in flight at once, at most.
        output: takes the outcomes; closed at the end.
        more: whether items may still be added.
    """

    sender: Sender
    journal: JobJournal
    connections: int
    output: MemoryObjectSendStream[list[Outcome]]
    more: Callable[[], bool]
    added: anyio.Event = field(factory=anyio.Event)
    done: anyio.Event = field(factory=anyio.Event)
    scope: anyio.CancelScope = field(factory=anyio.CancelScope)
    error: Exception | None = None
    _settled: set[int] = field(factory=set, init=False)

    async def run(self) -> None:
        """Send until nothing waits; an error that ends the run is kept for the reader."""
        try:
            with self.scope:
                await self._holding_claims(self._run)
        except Interrupted:
            pass
        except Exception as error:
            self.error = error
        finally:
            self.output.close()
            self.done.set()

    async def _holding_claims(self, work: Callable[[], Awaitable[None]]) -> None:
        errors: list[Exception] = []
        async with anyio.create_task_group() as group:
            group.start_soon(self._keep_claims, errors)
            try:
                await work()
            except Exception as error:
                errors.append(error)
            finally:
                # A journal that cannot be used has ended the run, or what it holds is free after its lease.
                with anyio.CancelScope(shield=True), suppress(JournalError):
                    await self.journal.run(self.journal.release)
            group.cancel_scope.cancel()
        if errors:
            raise errors[0]

    async def _keep_claims(self, errors: list[Exception]) -> None:
        try:
            await self.journal.keep_claims(self.sender.client._clock.sleep)
        except Exception as error:
            errors.append(error)
            self.sender.interrupt()

    async def _run(self) -> None:
        while not self.sender.interrupted:
            part = await self._next_part()
            if part is not None:
                counts = dict(self.journal.counts)
                await self._carry_out(part)
                self._check_counts(part, counts)
            elif self.more():
                self.added = anyio.Event()
                await self.added.wait()
            else:
                return

    async def _next_part(self) -> Part | None:
        """Return an open part: of a shared journal one with items that nobody has, if there is one."""
        parts = [one for one in await self.journal.run(self.journal.parts) if self._is_open(one)]
        free = self.journal.free_parts() if self.journal.shared else set()
        return next((one for one in parts if one.id in free), parts[0] if parts else None)

    def _check_counts(self, part: Part, before: dict[tuple[int, int], int]) -> None:
        """Check that a part was carried out: else the next round would do nothing again, for ever."""
        journal = self.journal
        if journal.shared or self.sender.interrupted or journal.counts != before:
            return
        if self._left(part):
            raise JournalError(f"{journal.name} is damaged: it counts items that it does not have")

    def _left(self, part: Part) -> int:
        return self.journal.count(WAITING, part) + self.journal.count(SENT, part)

    def _is_open(self, part: Part) -> bool:
        unsettled = part.id not in self._settled and self.sender.unknown != "keep"
        return self._left(part) > 0 or (unsettled and self.journal.count(UNKNOWN, part) > 0)

    async def _carry_out(self, part: Part) -> None:
        route = route_of(part.operation)
        target = Target(part, route)
        if route.look is not None and route.once and part.mark is None:
            newest = await self.sender.patiently(lambda: self.sender.looks.newest(route))
            part.mark = await self.journal.run(self.journal.settle_mark, part, newest)
        await self.recover(target, SENT)
        if part.id not in self._settled:
            self._settled.add(part.id)
            await self.recover(target, UNKNOWN)
        work = _Work(target, Bisection(self.sender, target))
        errors: list[Exception] = []
        async with anyio.create_task_group() as group:
            for _ in range(workers_of(route, self.connections)):
                group.start_soon(self._work, work, errors)
        if errors:
            raise errors[0]

    async def settle(self) -> None:
        """Look again for all items whose outcome is unknown."""
        await self._holding_claims(self._settle)

    async def _settle(self) -> None:
        for part in await self.journal.run(self.journal.parts):
            await self.recover(Target(part, route_of(part.operation)), UNKNOWN)

    async def recover(self, target: Target, state: int) -> None:
        """Find out what became of the items that were under way when an earlier run ended."""
        part, sender = target.part, self.sender
        if not self.journal.count(state, part) or (self.journal.shared and state == SENT):
            return  # what is sent in a shared journal may be somebody's; claims bring what is nobody's
        if state == SENT and not target.route.once:
            await self.journal.run(self.journal.change_all, SENT, WAITING, part)
            return
        cannot = sender.unknown == "keep" or not sender.looks.can_find(target.route, part)
        if state == UNKNOWN and sender.unknown != "repeat" and cannot:
            return
        items = await self.journal.run(self.journal.unsettled, part, state)
        for begin in range(0, len(items), 1000):
            rest = await sender.settle(target, items[begin : begin + 1000], None)
            await self.journal.run(self.journal.release, rest)

    async def _work(self, work: _Work, errors: list[Exception]) -> None:
        """Send one call after the other. After an error, the other workers end their calls."""
        try:
            while not self.sender.interrupted and (items := await self._claim(work)):
                if work.target.route.once and items[0].state == SENT:  # another worker has left them
                    rest = await self.sender.settle(work.target, items, None)
                    await self.journal.run(self.journal.release, rest)
                    continue
                error = await self.sender.send(work.target, items)
                if error is not None:
                    await work.bisection.run(items, error)
        except Interrupted:
            return
        except Exception as error:
            errors.append(error)
            self.sender.interrupt()

    async def _claim(self, work: _Work) -> list[Item]:
        """Return the items of the next call; none if all of the part are taken."""
        route = work.target.route
        async with work.turn:
            while len(work.ready) < route.size and not work.over and not self.sender.interrupted:
                fresh = await self._claim_more(work)
                if fresh and route.once and fresh[0].state == SENT:
                    return fresh
                work.ready.extend(fresh)
                if work.ready:
                    break
                if not self.journal.shared:
                    break
                # There is something to do elsewhere.
                work.over = not self._left(work.target.part) or bool(self.journal.free_parts())
                if not work.over:
                    await self.sender.pause(self.journal.claim_again, "items that other workers have")
            number = next(route.chunks(len(item.body) for item in work.ready), 0)
            return [work.ready.popleft() for _ in range(number)]

    async def _claim_more(self, work: _Work) -> list[Item]:
        route, part = work.target.route, work.target.part
        claim = partial(self.journal.claim, single=not route.bulk, once=route.once, direct=route.repeatable)
        fresh = await self.journal.run(claim, part, max(route.size, _READ_AHEAD), work.read_to)
        if fresh:
            work.read_to = fresh[-1].number
        return fresh


class OutcomeIterator(AsyncIterator[Outcome]):
    """The outcomes of one run, which begins when the first is read.

    Args:
        start: begins the run, and returns it with its outcomes.
    """

    def __init__(self, start: Callable[[OutcomeIterator], Awaitable[Run]]) -> None:
        self._start = start
        self._batch: Iterator[Outcome] = iter(())
        self._run: Run | None = None
        self._ended: str | None = None
        self._over = False
        self.reading: bool = False

    def end(self, reason: str) -> None:
        """Let further reading raise an error with this reason, unless all was read."""
        self._ended = reason

    async def __anext__(self) -> Outcome:
        if self.reading:
            raise ClientStateError(
                "another task reads this run; read it in one task, and hand out its outcomes"
            )
        self.reading = True
        try:
            for outcome in self._batch:
                return outcome
            if self._over:
                raise StopAsyncIteration
            self._batch = iter(await self._next_batch())
            return next(self._batch)
        finally:
            self.reading = False

    async def _next_batch(self) -> list[Outcome]:
        self._check_ended()
        if self._run is None:
            self._run = await self._start(self)
        runner, output = self._run
        try:
            return await output.receive()
        except (anyio.EndOfStream, anyio.ClosedResourceError):
            await runner.done.wait()
        self._check_ended()
        self._over = True
        if runner.error is not None:
            raise runner.error from None
        raise StopAsyncIteration

    def _check_ended(self) -> None:
        if self._ended is not None:
            raise ClientStateError(self._ended)


Run = tuple[Runner, MemoryObjectReceiveStream[list[Outcome]]]
