"""Hand records to the user's handlers, after the request that brought them has been answered.

Each kind of record has a lane: its records wait there and are handled one after the other, in the order in
which they came. A lane has a task while it holds records, so there is nothing to start or stop when the
application is mounted in another one, which may pass on no lifespan.

Nothing that was taken is lost without a word: a handler that raises, and a shutdown before a record was
handled, are logged and reported to the user's ``on_error``.
"""

from __future__ import annotations

import inspect
import logging
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeAlias

import anyio
import anyio.from_thread
import anyio.lowlevel
import anyio.to_thread
from attrs import define, field, frozen

from aioemnify._checks import is_async
from aioemnify._event_loop import BackgroundTasks
from aioemnify.errors import PushError
from aioemnify.receivers.records import Kind

_logger = logging.getLogger("aioemnify.receivers")

OnError: TypeAlias = Callable[[Exception, Sequence[Any]], object]
"""Is called with an error and the records that were not handled because of it."""

_TURN = 50
"""Records that a handler which never waits gets before other tasks have their turn."""

_CANCEL_SECONDS = 1.0
"""How long handlers may take to end once they are cancelled."""


@frozen
class Handler:
    """A function of the user. With ``batches`` it gets the list of a request's records, else each of them."""

    call: Callable[[Any], object]
    batches: bool

    @property
    def is_async(self) -> bool:
        """Whether it runs on the event loop; others run in a thread, where they may block."""
        return is_async(self.call)


@define
class _Batch:
    """The records of one request. ``units`` are what the handler is called with, ``done`` how many it had."""

    units: list[Any]
    size: int
    done: int = 0
    abandoned: bool = False


@define(eq=False)
class _Lane:
    kind: Kind
    handler: Handler
    batches: deque[_Batch] = field(factory=deque)
    running: anyio.CancelScope | None = None
    handled: int = 0


class HandlerQueue:
    """The records that wait for their handlers.

    ``queued`` is how many there are, with those that are being handled.

    Args:
        handlers: what handles each kind.
        max_queued: how many records may wait; more are refused, unless none waits.
        on_error: what the user wants to be called with when a record was not handled.
    """

    def __init__(self, handlers: Mapping[Kind, Handler], max_queued: int, on_error: OnError | None) -> None:
        self._lanes: dict[Kind, _Lane] = {kind: _Lane(kind, one) for kind, one in handlers.items()}
        self._most = max_queued
        self._on_error = on_error
        self._tasks = BackgroundTasks()
        self.queued: int = 0

    def has_room(self, count: int) -> bool:
        """Return whether so many records can be added: one request always can if nothing else waits."""
        return not self.queued or self.queued + count <= self._most

    def add(self, kind: Kind, records: list[Any]) -> None:
        """Add records; ``start`` hands them out."""
        lane = self._lanes[kind]
        units = [records] if lane.handler.batches else records
        lane.batches.append(_Batch(units, len(records)))
        self.queued += len(records)

    def start(self) -> None:
        """Hand out what was added, in tasks of the running event loop."""
        for lane in self._lanes.values():
            if lane.batches and lane.running is None:
                scope = lane.running = anyio.CancelScope()
                name = f"aioemnify receiver: {lane.kind}"
                self._tasks.start(partial(self._serve, lane, scope), partial(self._end, lane, scope), name)

    async def drain(self, seconds: float) -> None:
        """Wait until everything is handled, at most so long; cancel the rest, which is reported."""
        self.start()  # also what came with a request whose answer is still being sent
        try:
            with anyio.move_on_after(seconds):
                await self._tasks.finish()
        finally:
            for lane in self._lanes.values():
                if lane.running is not None:
                    lane.running.cancel()
        with anyio.move_on_after(_CANCEL_SECONDS, shield=True):
            await self._tasks.finish()

    async def _serve(self, lane: _Lane, scope: anyio.CancelScope) -> None:
        with scope:
            while lane.batches:
                batch = lane.batches[0]
                if lane.handler.is_async:
                    await self._handle(lane, batch)
                else:
                    try:
                        work = partial(self._handle_in_thread, lane, batch)
                        await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
                    finally:
                        batch.abandoned = True
                lane.batches.popleft()
                self.queued -= batch.size
            # At once: when asyncio says that a task has ended, another may have been needed meanwhile.
            lane.running = None

    def _end(self, lane: _Lane, scope: anyio.CancelScope) -> None:
        """Report what is left when the task of a lane was cancelled or failed."""
        if lane.running is not scope:
            return
        lane.running = None
        left = [unit for batch in lane.batches for unit in batch.units[batch.done :]]
        self.queued -= sum(batch.size for batch in lane.batches)
        lane.batches.clear()
        if left:
            text = "the receiver was stopped before it had handled these records"
            self._report(lane, PushError(text, status=503), left)

    async def _handle(self, lane: _Lane, batch: _Batch) -> None:
        for number, unit in enumerate(batch.units, start=1):
            try:
                await lane.handler.call(unit)  # type: ignore[misc]  # it is async
            except Exception as error:
                self._report(lane, error, [unit])
            except BaseException as error:
                if _ends_task(error):
                    raise
                self._report(lane, _as_error(error), [unit])
            batch.done = number
            lane.handled += 1
            if lane.handled % _TURN == 0:
                await anyio.lowlevel.checkpoint()

    def _handle_in_thread(self, lane: _Lane, batch: _Batch) -> None:
        for number, unit in enumerate(batch.units, start=1):
            if batch.abandoned:
                return
            try:
                found = _called(lane.handler, unit)
                if inspect.isawaitable(found):  # of a lambda, which does not look async
                    anyio.from_thread.run(_result_of, found)
            except Exception as error:
                self._report(lane, error, [unit])
            batch.done = number

    def _report(self, lane: _Lane, error: Exception, units: list[Any]) -> None:
        records = [record for unit in units for record in unit] if lane.handler.batches else units
        first = records[0].get("id") if isinstance(records[0], dict) else records[0].id
        more = f" and {len(records) - 1} more" if len(records) > 1 else ""
        _logger.error("not handled: %s with id %r%s", lane.kind, first, more, exc_info=error)
        if self._on_error is not None:
            try:
                self._on_error(error, records)
            except Exception:
                _logger.exception("on_error raised an error itself")


async def _result_of(waitable: Any) -> None:
    await waitable


def _called(handler: Handler, unit: Any) -> object:
    """Call a handler in its thread, which nothing else than an error of the handler ends."""
    try:
        return handler.call(unit)
    except Exception:
        raise
    except BaseException as error:
        raise _as_error(error) from error


def _as_error(error: BaseException) -> Exception:
    """Return what is reported of a handler that raised no ``Exception``."""
    found = RuntimeError(f"the handler raised {type(error).__name__}")
    found.__cause__ = error
    return found


def _ends_task(error: BaseException) -> bool:
    """Return whether an error is a cancellation of the task, or the end of the program."""
    ends = (KeyboardInterrupt, SystemExit, GeneratorExit, anyio.get_cancelled_exc_class())
    if isinstance(error, BaseExceptionGroup):
        return error.subgroup(ends) is not None
    return isinstance(error, ends) and not _is_stray(error)


def _is_stray(error: BaseException) -> bool:
    """Return whether a handler raised the cancellation of something else that it waited for.

    In trio that does not happen. In asyncio, a task that is cancelled itself says so.
    """
    with suppress(KeyError, RuntimeError):
        asyncio = sys.modules["asyncio"]
        task = asyncio.current_task()
        return isinstance(error, asyncio.CancelledError) and task is not None and not task.cancelling()
    return False
