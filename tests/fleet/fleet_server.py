"""A simulated fleet behind a line that a test controls: latency in virtual time, lost and refused calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import anyio
import httpx

from aioemnify import Emnify, LoopClock
from aioemnify.fleet import Job, Outcome
from aioemnify.simulator import Settings, Simulator

EPOCH = 1_700_000_000.0
Fault = str | int | Callable[[httpx.Request], httpx.Response]


class FleetServer(httpx.AsyncBaseTransport):
    """A simulator, and what happens to each write on its way.

    ``faults`` are used up by the writes in order: ``ok``; ``lost`` (done, and the response is lost);
    ``dropped`` (not done, and nobody knows); a status, with which a gateway answers in its place.
    """

    def __init__(self, *, rollback: bool = True, latency: float = 0.1, sims: int = 60) -> None:
        self.simulator = Simulator(sims=sims, limits=None, settings=Settings(bulk_rollback=rollback))
        self.latency = latency
        self.faults: list[Fault] = []
        self.writes: list[httpx.Request] = []
        self.reads: list[httpx.Request] = []
        self.clock = LoopClock(EPOCH)
        self.hints = True
        self._inner = httpx.ASGITransport(app=self.simulator.app)

    def client(self, **options: Any) -> Emnify:
        options = {"clock": self.clock, "chance": lambda: 1.0, "base_url": self.simulator.url} | options
        token = options.pop("token", self.simulator.application_token)
        return Emnify(token, transport=self, **options)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/authenticate"):
            return await self._inner.handle_async_request(request)
        await anyio.sleep(self.latency / 2)
        answer = await self._answer(request)
        await anyio.sleep(self.latency / 2)
        return answer

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            self.reads.append(request)
            return await self._inner.handle_async_request(request)
        self.writes.append(request)
        fault = self.faults.pop(0) if self.faults else "ok"
        if callable(fault):
            return fault(request)
        if isinstance(fault, int):
            return httpx.Response(fault, json={"message": "in its place"})
        answer = None
        if fault != "dropped":
            answer = await self._inner.handle_async_request(request)
            await answer.aread()
        if answer is None or fault == "lost":
            raise httpx.ReadError("the connection broke")
        return answer if self.hints else _without_hints(answer)

    def names(self) -> dict[int, str]:
        """Return the names of all endpoints of the organisation, by id."""
        with self.simulator.lock:
            first = next(iter(self.simulator.installation.world.organisations.values()))
            return {state.id: state.name for state in first.endpoints.states(first.endpoints.select())}


def _without_hints(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    return httpx.Response(answer.status_code, json={"error_code": 1400, "message": "Validation failed"})


def sizes(requests: Sequence[httpx.Request]) -> list[int]:
    """Return how many items each bulk call had."""
    bodies = [json.loads(request.content) for request in requests]
    return [len(body["endpoints"] if isinstance(body, dict) else body) for body in bodies]


async def read(job: Job) -> list[Outcome]:
    """Run a job and return its outcomes by number."""
    return sorted([outcome async for outcome in job.run()], key=lambda one: one.number)


SHARED = {"service_profile": 400001, "tariff_profile": 400003, "status": 0}
