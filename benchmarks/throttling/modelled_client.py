"""Calls over a network with a random delay, in virtual time."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from random import Random
from typing import Any

import anyio

from aioemnify import LoopClock, Throttling
from benchmarks.rate_limits import CONNECTIONS, DELAY, Limits, OurLimiter
from benchmarks.server_model import Server


class ModelledClient:
    """Sends calls through its own limiter to a modelled server.

    Args:
        server: Judges each call when it arrives.
        limits: What each call needs room in.
        rng: The source of the delays.
        throttling: How the limits are kept.
        connections: Calls in flight at once.
        delay: Seconds of a round trip, random between these two; the call arrives at any time in between.
        thinking: Seconds that the server takes to answer.
        retry: Whether a refused call is sent again.
    """

    def __init__(
        self,
        server: Server,
        limits: Limits,
        rng: Random,
        throttling: Throttling | None = None,
        *,
        connections: int = CONNECTIONS,
        delay: tuple[float, float] = DELAY,
        thinking: float = 0.0,
        retry: bool = True,
    ) -> None:
        self._clock = LoopClock()
        mine = limits.of_client(self._clock, throttling, connections=connections)
        self._limiter = OurLimiter(self._clock, mine)
        self._server = server
        self._rng = rng
        self._delay = delay
        self._thinking = thinking
        self._retry = retry
        self.accepted: int = 0

    async def call(self) -> None:
        """Make one call, and with ``retry`` send it until it is accepted."""
        permit = await self._limiter.admit()
        while True:
            self._limiter.sent(permit)
            round_trip, part = self._rng.uniform(*self._delay), self._rng.random()
            await self._clock.sleep(round_trip * part)
            wait = self._server.arrive(self._clock.monotonic())
            await self._clock.sleep(round_trip * (1 - part) + self._thinking)
            self._limiter.answered(permit)
            self.accepted += not wait
            if not wait or not self._retry:
                return
            # Retry-After has whole milliseconds.
            if pause := self._limiter.refused(permit, max(0.001, round(wait, 3))):
                await self._clock.sleep(pause)
            permit = await self._limiter.admit_again(permit)

    async def saturate(self, callers: int, until: float) -> None:
        """Run ``callers`` tasks that make one call after the other."""

        async def caller() -> None:
            while self._clock.monotonic() < until:
                await self.call()

        await together([caller] * callers)

    async def in_bursts(self, size: int, idle: tuple[float, float], until: float) -> None:
        """Make ``size`` calls at once, wait for all of them, then be idle, repeatedly."""
        while self._clock.monotonic() < until:
            await together([self.call] * size)
            await self._clock.sleep(self._rng.uniform(*idle))


async def together(tasks: Sequence[Callable[[], Coroutine[Any, Any, None]]]) -> None:
    """Run async functions concurrently, and wait for all of them."""
    async with anyio.create_task_group() as group:
        for task in tasks:
            group.start_soon(task)
