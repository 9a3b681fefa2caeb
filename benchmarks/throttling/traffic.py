"""Calls over a network with a random delay, in modelled time."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from random import Random
from typing import Any

import anyio

from aioemnify.clock import Clock
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import Limit
from benchmarks.server_model import Server
from benchmarks.throttling.rows import DELAY


class Client:
    """Sends calls through a throttle of its own to a modelled server.

    Args:
        clock: the modelled time.
        server: judges each call when it arrives.
        limits: what each call has to fit into.
        chance: where the delays come from.
        delay: seconds there and back, drawn between these two; the call arrives anywhere in between.
        thinking: seconds that the server takes for its answer, once a call has arrived.
        stubborn: whether the client learns from a refusal and makes the call again.
    """

    def __init__(
        self,
        clock: Clock,
        server: Server,
        limits: tuple[Limit, ...],
        chance: Random,
        delay: tuple[float, float] = DELAY,
        thinking: float = 0.0,
        *,
        stubborn: bool = True,
    ) -> None:
        self._clock = clock
        self._server = server
        self._limits = limits
        self._chance = chance
        self._delay = delay
        self._thinking = thinking
        self._stubborn = stubborn
        self._throttle = Limiter(clock)
        self.accepted: int = 0

    async def call(self) -> None:
        """Make one call, and unless told otherwise make it again until it is accepted."""
        turn = None
        while True:
            grant = await self._throttle.admit(self._limits, turn=turn)
            turn = grant.turn
            grant.sent()
            both_ways, part = self._chance.uniform(*self._delay), self._chance.random()
            await self._clock.sleep(both_ways * part)
            told = self._server.arrive(self._clock.monotonic())
            await self._clock.sleep(both_ways * (1 - part) + self._thinking)
            grant.headers_received()
            grant.end()
            self.accepted += not told
            if not told or not self._stubborn:
                return
            # Retry-After counts whole milliseconds.
            refusal = self._throttle.refused(grant, max(0.001, round(told, 3)))
            if not refusal.paused:
                await self._clock.sleep(refusal.wait)

    async def saturate(self, callers: int, until: float) -> None:
        """Have ``callers`` tasks make one call after the other."""

        async def caller() -> None:
            while self._clock.monotonic() < until:
                await self.call()

        await together([caller] * callers)

    async def in_bursts(self, size: int, idle: tuple[float, float], until: float) -> None:
        """Make ``size`` calls at once, wait for all of them, be idle for a while, and again."""
        while self._clock.monotonic() < until:
            await together([self.call] * size)
            await self._clock.sleep(self._chance.uniform(*idle))


async def together(tasks: Sequence[Callable[[], Coroutine[Any, Any, None]]]) -> None:
    """Run async functions at the same time, and wait for all of them."""
    async with anyio.create_task_group() as group:
        for task in tasks:
            group.start_soon(task)
