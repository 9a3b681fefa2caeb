"""A simulator and clients of it in the virtual time of the event loop."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import anyio
import httpx

from aioemnify import Emnify
from aioemnify.clock import SimulatedClock
from aioemnify.simulator import Clock, Settings, Simulator

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def simulator(*, sims: int = 200, limits: Any = "seed", **settings: Any) -> Simulator:
    """Return a simulator whose clock is that of the event loop."""
    clock = Clock(source=anyio.current_time, start=START)
    options: dict[str, Any] = {} if limits == "seed" else {"limits": limits}
    return Simulator(sims=sims, seed=7, clock=clock, tls=False, settings=Settings(**settings), **options)


def client(sim: Simulator, **options: Any) -> Emnify:
    """Return a client of a simulator, on its clock, without a socket and with the same chance each time."""
    transport = httpx.ASGITransport(app=sim.app)
    options = {"clock": SimulatedClock(sim.clock), "chance": random.Random(7).random} | options
    return Emnify(sim.application_token, base_url=sim.url, transport=transport, **options)
