"""Let Taskiq start the workers of a job, and start them again.

The engine only says where a worker runs and when. Which items it gets, and that none is sent twice, is the
journal's: Taskiq delivers a message at least once, and a second delivery is one more worker.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import FrameType
from typing import Any

from aioemnify._checks import check_seconds
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.fleet.hosts.worker import run_worker
from aioemnify.fleet.jobs.job import Job

Connect = Callable[[str], AbstractAsyncContextManager[Job]]

ACKNOWLEDGED = "when_executed"
"""When a message is acknowledged: before, a killed worker would lose it; later, results could."""


def job_task(
    broker: Any, connect: Connect, *, seconds: float = 60.0, task_name: str = "aioemnify.job"
) -> Any:
    """Return the Taskiq task that runs one worker of a job: ``await task.kiq("suspend-0412")``.

    A worker works for ``seconds``, and then sends itself the message again unless the job is done. So no
    message is under way for longer than the broker waits before it gives it to somebody else. Send as many
    messages as there are to be workers. SIGTERM ends a worker in order.

    Args:
        broker: a ``RedisStreamBroker`` of taskiq-redis with ``maxlen`` and ``unacknowledged_lock_timeout``.
        connect: called with the name of the job; returns an async context manager that gives the ``Job``,
            not yet opened, with its client and its ``RedisJournal``.
        seconds: how long a message lasts, above 0.
        task_name: the name of the task in Taskiq.

    Raises:
        ArgumentError: the broker would lose messages, deliver them twice all the time, or keep them for ever.
    """
    check_seconds("seconds", seconds)
    check_broker(broker, seconds)
    from taskiq import TaskiqEvents

    running: set[Job] = set()
    ending = asyncio.Event()

    async def work(name: str) -> dict[str, int]:
        """Work on a job for a while, and return its counts."""
        if ending.is_set():  # Taskiq hands out one more message after SIGTERM: it is for another process
            await task.kiq(name)
            return {}
        async with connect(name) as job:
            running.add(job)
            try:
                done = await run_worker(job, seconds=seconds, signals=False)
            finally:
                running.discard(job)
        if not done.finished:
            await task.kiq(name)
        return {str(state): count for state, count in done.job.counts.items()}

    task: Any = broker.register_task(work, task_name, ack_type=ACKNOWLEDGED)

    def stop_in_order(_state: object) -> None:
        _chain_sigterm(running, ending)

    broker.add_event_handler(TaskiqEvents.WORKER_STARTUP, stop_in_order)
    return task


def check_broker(broker: Any, seconds: float) -> None:
    """Check the settings of a broker, which decide what becomes of the message of a killed worker.

    Raises:
        ArgumentError: they cannot work; the message names the setting.
    """
    try:
        from taskiq import InMemoryBroker
        from taskiq_redis import RedisStreamBroker
    except ImportError:
        raise ArgumentError("broker", "needs Taskiq: pip install 'aioemnify[taskiq]'") from None
    if isinstance(broker, InMemoryBroker):
        return  # for tests; it has no other process
    if not isinstance(broker, RedisStreamBroker):
        raise ArgumentTypeError(
            "broker",
            f"takes a RedisStreamBroker, whose messages are acknowledged, not {type(broker).__name__}, which "
            "loses the message of a killed worker",
        )
    if broker.maxlen is None:
        raise ArgumentError(
            "broker", "needs maxlen=, such as 10_000: else acknowledged messages stay in the stream for ever"
        )
    if broker.unacknowledged_lock_timeout is None:
        raise ArgumentError(
            "broker",
            "needs unacknowledged_lock_timeout=, such as 30: a worker that is killed while it looks for "
            "messages of others would keep everybody from doing so for ever",
        )
    if broker.idle_timeout < 2000 * seconds:
        raise ArgumentError(
            "broker",
            f"has idle_timeout={broker.idle_timeout} (milliseconds), and a message lasts {seconds:g} s: it "
            f"would be delivered again while its worker lives; give it at least {2000 * seconds:.0f}, or "
            "job_task fewer seconds=",
        )


def _chain_sigterm(running: set[Job], ending: asyncio.Event) -> None:
    """Stop the jobs at SIGTERM, before Taskiq waits for their tasks; its own handler is called first."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def handle(got: int, frame: FrameType | None, before: Any = before) -> None:
            if callable(before):
                before(got, frame)
            loop.call_soon_threadsafe(ending.set)
            for job in tuple(running):
                loop.call_soon_threadsafe(job.interrupt)

        signal.signal(number, handle)
