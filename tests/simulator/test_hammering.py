"""Ten clients at once, and a count of what was let through that shares nothing with the limiter.

The server keeps buckets. This count keeps none: calls may pass at the times t1, t2, ... of one
path if of any of them up to any other there are no more than ``burst + rate * seconds between``;
and a call was refused rightly if it would have broken just that.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict

import anyio
import httpx
import pytest

from aioemnify.simulator import Clock, Simulator
from aioemnify.tables.limits import LIMITS

pytestmark = pytest.mark.anyio

CLIENTS = 10
PATHS = [
    ("GET", "/api/v1/sim/{id}"),
    ("GET", "/api/v1/endpoint/{id}"),
    ("GET", "/api/v1/endpoint/{id}/connectivity"),
    ("GET", "/api/v1/endpoint/{id}/connectivity_info"),
    ("GET", "/api/v1/sim/{id}/stats/daily"),
    ("GET", "/api/v1/endpoint/{id}/stats/daily"),
    ("GET", "/api/v1/service_profile"),
    ("GET", "/api/v1/event/alerts_pending"),
    ("GET", "/api/v1/user/my"),
    ("PATCH", "/api/v1/endpoint/{id}"),
]
ROUNDING = 1e-6


class Count:
    """Everything that was let through, by what limits it."""

    def __init__(self) -> None:
        self.passed: dict[tuple[str, object], list[float]] = defaultdict(list)

    def excess(self, row, key: object, moment: float) -> float:
        """Return by how many calls one more now would be too many; above zero it is."""
        times = self.passed[row.id, key][-500:]
        worst = 1 - row.burst
        for place, earlier in enumerate(reversed(times), start=2):
            worst = max(worst, place - row.burst - row.rate * (moment - earlier))
        return worst

    def crowd(self, window, key: object, moment: float) -> int:
        """Return how many calls passed in the window that ends now."""
        return sum(1 for earlier in self.passed[window.id, key] if earlier > moment - window.seconds)


async def hammer(simulator: Simulator, number: int, calls: int) -> None:
    chance = random.Random(number)
    token = simulator.application_token if number % 3 else simulator.second_application_token
    transport = httpx.ASGITransport(app=simulator.app, client=(f"192.0.2.{number % 2}", 1))
    async with httpx.AsyncClient(transport=transport, base_url=simulator.url) as client:
        answer = await client.post("/api/v1/authenticate", json={"application_token": token})
        client.headers["Authorization"] = f"Bearer {answer.json()['auth_token']}"
        for _ in range(calls):
            method, path = chance.choice(PATHS)
            body = {"name": "x"} if method == "PATCH" else None
            await client.request(method, path.replace("{id}", str(chance.randrange(1, 20))), json=body)
            if chance.random() < 0.3:
                simulator.clock.advance(chance.expovariate(1000))
            await anyio.lowlevel.checkpoint()


@pytest.mark.parametrize(("calls", "delay"), [(200, None), (550, (0.0, 0.0002))])
async def test_no_limit_is_ever_enforced_wrongly(calls, delay):
    simulator = Simulator(sims=50, seed=5, clock=Clock.manual(), delay=delay)
    async with anyio.create_task_group() as group:
        for number in range(CLIENTS):
            group.start_soon(hammer, simulator, number, calls)
    rows, windows = {row.id: row for row in LIMITS.rows}, {window.id: window for window in LIMITS.windows}
    count, refused, used = Count(), Counter(), Counter()
    records = sorted(simulator.requests, key=lambda record: record.arrived)
    assert len(records) == CLIENTS * (calls + 1)
    for record in records:
        moment = record.arrived
        row = rows.get(record.limit or "")
        meant = [each for each in windows.values() if record.path.startswith(each.path.rstrip("*"))]
        if record.status != 429:
            if row is not None:
                assert count.excess(row, record.organisation, moment) <= ROUNDING, record
                count.passed[row.id, record.organisation].append(moment)
            for window in meant:
                assert count.crowd(window, record.address, moment) < window.count, record
                count.passed[window.id, record.address].append(moment)
            used[record.organisation] += record.organisation is not None
            continue
        refused[record.refused_by] += 1
        wait = int(record.response_headers["Retry-After"]) / 1000
        if record.refused_by in rows:
            assert row is not None and record.refused_by == row.id
            excess = count.excess(row, record.organisation, moment)
            assert excess > -ROUNDING, record
            assert excess / row.rate - 0.001 <= wait <= excess / row.rate + 0.002
        else:
            window = windows[record.refused_by]
            assert count.crowd(window, record.address, moment) == window.count, record
            assert 0 < wait <= window.seconds
    assert refused == simulator.refused
    assert len(refused) > 3, "too few limits were reached to say anything"
    assert ("ip_general" in refused) == (calls > 400)
    for organisation, calls_made in used.items():
        if organisation is not None:
            assert simulator.quota_used(organisation_id=organisation) == calls_made
