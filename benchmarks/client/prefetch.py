"""List pages over a slow network, in virtual time: with prefetching, only the rate limits decide the time."""

from __future__ import annotations

import re

import anyio
import httpx

from aioemnify import Emnify, LoopClock, StaticToken
from benchmarks import sample_sims, virtual_time
from benchmarks.cases import Effort, Report, at_most, exactly
from benchmarks.rate_limits import WINDOW, limit_table
from benchmarks.server_model import Server, SlidingWindow, TokenBucket
from benchmarks.unlimited import auth_token

LATENCY = 0.15
SIZE = 10


class SlowServer(httpx.AsyncBaseTransport):
    """A server with its own rate limits, which answers after 150 ms."""

    def __init__(self, pages: int, rate: float, burst: int) -> None:
        self._pages = pages
        self.model = Server(TokenBucket(rate, burst), SlidingWindow(*WINDOW))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return a page, or refuse the call."""
        await anyio.sleep(LATENCY / 2)
        wait = self.model.arrive(anyio.current_time())
        await anyio.sleep(LATENCY / 2)
        if wait:
            return httpx.Response(429)
        found = re.search(rb"[?&]page=(\d+)", request.url.raw_path)
        number = found.group(1).decode() if found else "1"
        headers = {
            "X-Total-Pages": str(self._pages),
            "X-Current-Page": number,
            "X-Total-Count": str(SIZE * self._pages),
            "X-Count-Per-Page": str(SIZE),
        }
        return httpx.Response(200, headers=headers, content=sample_sims.page(int(number), SIZE))


def list_pages(pages: int, rate: float, burst: int, prefetched: int) -> tuple[float, int]:
    """Return the seconds that listing all pages takes, and the number of refused calls."""
    table = limit_table([("/api/v1/sim", (rate, burst))], WINDOW)
    server = SlowServer(pages, rate, burst)
    seconds = 0.0

    async def main() -> None:
        nonlocal seconds
        auth, clock = StaticToken(auth_token()), LoopClock(epoch=1.8e9)
        async with Emnify(
            auth=auth, base_url="http://127.0.0.1", transport=server, limits=table, clock=clock
        ) as emnify:
            sims = emnify.sims.list(per_page=SIZE)
            if prefetched:
                async with sims.prefetch(prefetched) as fetched:
                    count = sum([len(page) async for page in fetched])
            else:
                count = sum([len(page) async for page in sims.pages()])
            seconds = anyio.current_time()
        if count != SIZE * pages:
            raise RuntimeError(f"got {count} of {SIZE * pages} SIMs")

    virtual_time.run(main)
    return seconds, len(server.model.refused)


def prefetch(report: Report, effort: Effort) -> None:
    """List pages one after the other, and with 4 and 20 prefetched, under two limits."""
    pages = effort.pick(1500, 40)
    for rate, burst in ((10.0, 5), (100.0, 50)):
        # The moment at which the limit admits the last page, and one round trip.
        ideal = max(0.0, (pages - burst) / rate) + LATENCY
        row = f"{rate:g}/s, burst {burst}"
        report.add(f"ideal: {row}", ideal, "s", note=f"{pages} pages; only the limit and one round trip")
        refused = 0
        for prefetched, name in ((0, "no prefetch"), (4, "prefetch(4)"), (20, "prefetch(20)")):
            seconds, refusals = list_pages(pages, rate, burst, prefetched)
            refused += refusals
            report.add(f"{name}: {row}", seconds, "s")
            # n prefetched pages reach a rate of n per round trip; above it the latency decides.
            goal = at_most(1.05) if prefetched and rate <= prefetched / LATENCY else None
            report.add(f"{name}: relative to ideal, {row}", seconds / ideal, "x", goal=goal)
        report.add(f"refused: {row}", refused, goal=exactly(0), note=f"of {3 * pages:,} calls")
