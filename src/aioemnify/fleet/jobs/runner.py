"""One run of a job: its workers, from the first waiting item to the last."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from attrs import define, field

from aioemnify.errors import ClientStateError
from aioemnify.fleet.jobs.bisection import Bisection
from aioemnify.fleet.jobs.items import SENT, UNKNOWN, WAITING, Item, Part
from aioemnify.fleet.jobs.journal import Journal
from aioemnify.fleet.jobs.journal_file import JournalError
from aioemnify.fleet.jobs.records import Outcome
from aioemnify.fleet.jobs.routes import Route, route_of
from aioemnify.fleet.jobs.sending import Interrupted, Sender, Target

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
    journal: Journal
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
                await self._run()
        except Interrupted:
            pass
        except Exception as error:
            self.error = error
        finally:
            self.output.close()
            self.done.set()

    async def _run(self) -> None:
        while not self.sender.interrupted:
            part = next((one for one in self.journal.parts() if self._is_open(one)), None)
            if part is not None:
                counts, count = dict(self.journal.counts), self.journal.count
                await self._carry_out(part)
                left = count(WAITING, part) + count(SENT, part)
                if left and self.journal.counts == counts and not self.sender.interrupted:
                    name = self.journal.name
                    raise JournalError(f"{name} is damaged: it counts items that it does not have")
            elif self.more():
                self.added = anyio.Event()
                await self.added.wait()
            else:
                return

    def _is_open(self, part: Part) -> bool:
        count = self.journal.count
        unsettled = (
            count(UNKNOWN, part) > 0 and part.id not in self._settled and self.sender.unknown != "keep"
        )
        return unsettled or count(WAITING, part) > 0 or count(SENT, part) > 0

    async def _carry_out(self, part: Part) -> None:
        route = route_of(part.operation)
        target = Target(part, route)
        if route.look is not None and route.once and part.mark is None:
            part.mark = await self.sender.patiently(lambda: self.sender.looks.newest(route))
            self.journal.set_mark(part, part.mark)
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
        for part in self.journal.parts():
            await self.recover(Target(part, route_of(part.operation)), UNKNOWN)

    async def recover(self, target: Target, state: int) -> None:
        """Find out what became of the items that were under way when an earlier run ended."""
        part, sender = target.part, self.sender
        if not self.journal.count(state, part):
            return
        if state == SENT and not target.route.once:
            await self.journal.run(self.journal.change_all, SENT, WAITING, part)
            return
        cannot = sender.unknown == "keep" or not sender.looks.can_find(target.route, part)
        if state == UNKNOWN and sender.unknown != "repeat" and cannot:
            return
        items = self.journal.items(part, state)
        for begin in range(0, len(items), 1000):
            await sender.settle(target, items[begin : begin + 1000], None)

    async def _work(self, work: _Work, errors: list[Exception]) -> None:
        """Send one call after the other. After an error, the other workers end their calls."""
        try:
            while not self.sender.interrupted and (items := self._claim(work)):
                error = await self.sender.send(work.target, items)
                if error is not None:
                    await work.bisection.run(items, error)
        except Interrupted:
            return
        except Exception as error:
            errors.append(error)
            self.sender.interrupt()

    def _claim(self, work: _Work) -> list[Item]:
        """Return the items of the next call; none if all of the part are taken."""
        route = work.target.route
        if len(work.ready) < route.size:
            limit = max(route.size, _READ_AHEAD)
            fresh = self.journal.items(work.target.part, WAITING, work.read_to, limit)
            work.ready.extend(fresh)
            if fresh:
                work.read_to = fresh[-1].number
        count = next(route.chunks(len(item.body) for item in work.ready), 0)
        return [work.ready.popleft() for _ in range(count)]


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
