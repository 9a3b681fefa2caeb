"""A walk over a server that is far away, in modelled time: with pages ahead, the limits alone decide."""

from __future__ import annotations

import re

import anyio
import httpx

from aioemnify import Emnify, StaticToken
from aioemnify.clock import LoopClock
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from benchmarks import virtual_time
from benchmarks.cases import Effort, Report, at_most, exactly
from benchmarks.lifted import some_token
from benchmarks.server_model import Log, Refill, Rule, Server
from benchmarks.walkers import fleet

LATENCY = 0.15
SIZE = 10


class Far(httpx.AsyncBaseTransport):
    """A server with limits of its own, whose answers take 150 ms."""

    def __init__(self, pages: int, rules: list[Rule]) -> None:
        self._pages = pages
        self.server = Server(*rules)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer with a page, or refuse."""
        await anyio.sleep(LATENCY / 2)
        wait = self.server.arrive(anyio.current_time())
        await anyio.sleep(LATENCY / 2)
        if wait:
            return httpx.Response(429)
        found = re.search(rb"[?&]page=(\d+)", request.url.raw_path)
        number = found.group(1).decode() if found else "1"
        head = {
            "X-Total-Pages": str(self._pages),
            "X-Current-Page": number,
            "X-Total-Count": str(SIZE * self._pages),
            "X-Count-Per-Page": str(SIZE),
        }
        return httpx.Response(200, headers=head, content=fleet.page(int(number), SIZE))


def walk(pages: int, rate: float, burst: int, ahead: int | None) -> tuple[float, int]:
    """Return the seconds of a walk, and the calls that were refused."""
    table = LimitTable(
        rows=(RowLimit(id="sims", method="GET", path="/api/v1/sim", rate=rate, burst=burst),),
        windows=(WindowLimit(id="window", method="*", path="/*", count=2000, seconds=300.0),),
        month=MonthLimit(id="month", count=10**9),
    )
    far = Far(pages, [Refill(rate, float(burst)), Log(2000, 300.0)])
    seconds = 0.0

    async def main() -> None:
        nonlocal seconds
        clock = LoopClock(epoch=1.8e9)
        auth = StaticToken(some_token())
        async with Emnify(
            auth=auth, base_url="http://127.0.0.1", transport=far, limits=table, clock=clock
        ) as emnify:
            sims = emnify.sims.list(per_page=SIZE)
            count = 0
            if ahead is None:
                async for page in sims.pages():
                    count += len(page)
            else:
                async with sims.prefetch(ahead) as fetched:
                    async for page in fetched:
                        count += len(page)
            seconds = anyio.current_time()
        if count != SIZE * pages:
            raise RuntimeError(f"{count} SIMs came of {SIZE * pages}")

    virtual_time.run(main)
    return seconds, len(far.server.refused)


def ideal(pages: int, rate: float, burst: int) -> float:
    """Return the least that the limits allow: the moment of the last page's place, and one round trip."""
    return max(0.0, (pages - burst) / rate) + LATENCY


def prefetch(report: Report, effort: Effort) -> None:
    """Walk with 150 ms of latency: one page after the other, and with 4 and 20 ahead."""
    pages = effort.pick(1500, 40)
    limits: tuple[tuple[float, int], ...] = ((10.0, 5), (100.0, 50))
    for rate, burst in limits:
        least = ideal(pages, rate, burst)
        row = f"{rate:g}/s, burst {burst}"
        report.add(f"the limits alone: {row}", least, "s", note=f"{pages} pages; 150 ms of latency")
        refused = 0
        for ahead, name in ((None, "one by one"), (4, "prefetch(4)"), (20, "prefetch(20)")):
            seconds, said_no = walk(pages, rate, burst, ahead)
            refused += said_no
            report.add(f"{name}: {row}", seconds, "s")
            # Pages ahead carry a rate of as many in one round trip; beyond that the latency decides.
            goal = at_most(1.05) if ahead is not None and rate <= ahead / LATENCY else None
            report.add(f"{name}: by the limits alone, {row}", seconds / least, "x", goal=goal)
        report.add(f"refused: {row}", refused, goal=exactly(0), note=f"of {3 * pages:,} calls")
