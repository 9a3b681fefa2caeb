"""Runs one schedule against a server of its own, and says which rules were broken."""

from __future__ import annotations

import asyncio
import gc
import logging
import tempfile
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import trio
import trustme
from anyio.abc import TaskGroup

from aioemnify import Emnify
from aioemnify.stores import FileStore, MemoryStore, RedisStore
from tests.campaign.calls import Make, Outcome, make
from tests.campaign.clients import client
from tests.campaign.fault_server import FaultServer, Record, ServerThread
from tests.campaign.invariants import Violation, chain, judge, shown
from tests.campaign.leaks import Leaks
from tests.campaign.schedule import Loop, Schedule, TaskPlan
from tests.stores.redis_server import RedisServer

PATIENCE = 60.0
"""Seconds after which a schedule that has not ended is said to never end."""


@dataclass
class Result:
    """What came of a schedule."""

    schedule: Schedule
    violations: list[Violation]
    outcomes: list[Outcome]
    record: Record
    seconds: float


class Runner:
    """Runs schedules one after the other, in this process."""

    def __init__(self) -> None:
        self.patience = PATIENCE
        self._folder = tempfile.TemporaryDirectory(prefix="campaign-")
        self._server = ServerThread()
        self._redis: RedisServer | None = None
        # A file with one authority: to read those of the system takes longer than a schedule.
        self._ca_file = Path(self._folder.name, "ca.pem")
        trustme.CA().cert_pem.write_to_path(self._ca_file)
        self._files = 0
        logging.getLogger("aioemnify").addHandler(logging.NullHandler())
        logging.getLogger("aioemnify").propagate = False

    def close(self) -> None:
        self._server.close()
        if self._redis is not None:
            self._redis.kill()
        gc.unfreeze()
        self._folder.cleanup()

    def run(self, schedule: Schedule, make: Make = make) -> Result:
        """Run a schedule; ``make`` makes each call."""
        began = time.perf_counter()
        if schedule.store == "redis":
            self._start_redis()
        gc.freeze()  # a collection looks at what this schedule has made only
        leaks = Leaks()
        with leaks.watched():
            server = FaultServer(schedule)
            self._server.run(server.start())
            run = _Run(schedule, server.url, self._store(schedule), self._ca_file, leaks, make, self.patience)
            try:
                run.run()
            finally:
                record = self._server.run(server.close())
            outcomes, violations = run.outcomes, run.violations
            del run, server
        if not any(violation.kind == "never ended" for violation in violations):
            leaks.check()
        violations += (Violation(f"left behind: {kind}", text) for kind, text in leaks.found)
        violations += judge(schedule, outcomes, record)
        return Result(schedule, violations, outcomes, record, time.perf_counter() - began)

    def _start_redis(self) -> None:
        if self._redis is None:
            self._redis = RedisServer(Path(self._folder.name))
            self._redis.start()

    def _store(self, schedule: Schedule) -> Any:
        if schedule.store == "file":
            self._files += 1
            return FileStore(Path(self._folder.name, f"{self._files}.db"))
        if schedule.store == "redis":
            assert self._redis is not None
            return RedisStore(self._redis.url)
        return MemoryStore()


@dataclass
class _Run:
    """One run of a schedule."""

    schedule: Schedule
    url: str
    store: Any
    ca_file: Path
    leaks: Leaks
    make: Make
    patience: float
    outcomes: list[Outcome] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)

    def run(self) -> None:
        """Run all loops: one here, two in threads of their own."""
        if len(self.schedule.loops) == 1:
            self._run_loop(0)
            return
        threads = [
            threading.Thread(target=self._run_loop, args=(place,), name=f"loop {place}", daemon=True)
            for place in range(len(self.schedule.loops))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(self.patience * 1.5)
            if thread.is_alive():
                self.violations.append(Violation("never ended", f"the thread of {thread.name}"))

    def _run_loop(self, place: int) -> None:
        backend: Loop = self.schedule.loops[place]
        try:
            anyio.run(self._main, place, backend=backend)
        except Exception as error:
            self.violations.append(
                Violation(f"undocumented error: {type(error).__name__}", f"outside a call: {shown(error)}")
            )

    async def _main(self, place: int) -> None:
        on_trio = self.schedule.loops[place] == "trio"
        if not on_trio:
            asyncio.get_running_loop().set_exception_handler(self.leaks.loop_complains)
        before = tasks_of(on_trio)
        with anyio.move_on_after(self.patience) as limit:
            async with client(self.schedule, self.url, self.store, self.ca_file) as emnify:
                await self._make_calls(emnify, place)
                await self._check_books(emnify)
        if limit.cancelled_caught:
            self.violations.append(Violation("never ended", f"after {self.patience} s"))
            return
        for _ in range(10):  # callbacks of tasks that have ended
            await anyio.lowlevel.checkpoint()
        left = tasks_of(on_trio) - before
        self.violations += (Violation("left behind: a task", name) for name in left)

    async def _make_calls(self, emnify: Emnify, place: int) -> None:
        numbers = 0
        async with anyio.create_task_group() as group:
            for number, task in enumerate(self.schedule.tasks):
                if number % len(self.schedule.loops) == place:
                    self._start(group, emnify, task, numbers)
                numbers += len(task.calls)
            if self.schedule.closed is not None:
                await anyio.sleep(self.schedule.closed)
                await emnify.aclose()

    def _start(self, group: TaskGroup, emnify: Emnify, task: TaskPlan, numbers: int) -> None:
        outcomes = [Outcome(numbers + place, call) for place, call in enumerate(task.calls, 1)]
        self.outcomes += outcomes
        group.start_soon(self._task, emnify, task, outcomes)

    async def _task(self, emnify: Emnify, plan: TaskPlan, outcomes: list[Outcome]) -> None:
        """Make the calls of one task, and cancel them when their time has come."""
        await anyio.sleep(plan.starts)
        work = partial(self._calls_of_task, emnify, outcomes)
        if plan.cancelled is None:
            await work()
        elif plan.natively and not _in_trio():
            task = asyncio.create_task(work())
            await asyncio.sleep(plan.cancelled)
            asked = task.cancel()
            await asyncio.wait([task])
            last = outcomes[-1]
            # An error may end a task before its cancellation does, as in asyncio's own task groups.
            if asked and not task.cancelled() and last.end == "value":
                text = f"call {last.number} ({last.plan.kind}) went on to its end"
                self.violations.append(Violation("cancellation swallowed", text))
        else:
            with anyio.move_on_after(plan.cancelled):
                await work()

    async def _calls_of_task(self, emnify: Emnify, outcomes: list[Outcome]) -> None:
        for place, outcome in enumerate(outcomes):
            try:
                outcome.value = await self.make(emnify, outcome.plan, outcome.number)
                outcome.end = "value"
            except BaseException as error:
                if _is_cancellation(error):
                    for unmade in outcomes[place:]:
                        unmade.end = "cancelled"
                    raise
                outcome.end, outcome.error = "error", error
                for one in chain(error):
                    one.__traceback__ = None  # its frames would keep what they hold

    async def _check_books(self, emnify: Emnify) -> None:
        """Wait until no call counts as waiting or in flight any more."""
        until = anyio.current_time() + 5.0
        while True:
            shown = emnify.throttle.snapshot()
            busy = [use for use in shown.limits if use.waiting or use.in_flight]
            if self.schedule.loops[1:] or (not busy and not shown.queued):
                return  # beside another loop, that one's calls count too
            if anyio.current_time() > until:
                text = ", ".join(f"{use.name}: {use.in_flight} in flight, {use.waiting} wait" for use in busy)
                self.violations.append(Violation("books not zero", f"{shown.queued} queued; {text}"))
                return
            await anyio.sleep(0.002)


def _is_cancellation(error: BaseException) -> bool:
    """Say whether an error is a cancellation; trio also raises a group of them."""
    cancelled = anyio.get_cancelled_exc_class()
    if isinstance(error, BaseExceptionGroup):
        return error.split(cancelled)[1] is None
    return isinstance(error, cancelled)


def _in_trio() -> bool:
    return "trio" in anyio.get_cancelled_exc_class().__module__


def tasks_of(on_trio: bool) -> set[str]:
    """Return the tasks of this loop."""
    if on_trio:
        return {str(number) for number in range(trio.lowlevel.current_statistics().tasks_living)}
    return {str(task) for task in asyncio.all_tasks() if task is not asyncio.current_task()}
