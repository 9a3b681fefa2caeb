"""The client of a schedule: over the HTTP library, the limits and the store that the schedule names."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx2

from aioemnify import Emnify, RetryPolicy, Throttling, Timeouts
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from tests.campaign.schedule import Schedule

WIDE = LimitTable(
    rows=(
        RowLimit("sims", "GET", "/api/v1/sim", rate=1000.0, burst=500),
        RowLimit("sim", "GET", "/api/v1/sim/{id}", rate=1000.0, burst=500),
    ),
    windows=(WindowLimit("all", "*", "/api/*", count=100_000, seconds=1.0),),
    month=MonthLimit("month", 1_000_000),
)
TIGHT = LimitTable(
    rows=(
        RowLimit("sims", "GET", "/api/v1/sim", rate=200.0, burst=2),
        RowLimit("sim", "GET", "/api/v1/sim/{id}", rate=500.0, burst=3),
        RowLimit("tags", "POST", "/api/v2/tags", rate=300.0, burst=2),
    ),
    windows=(WindowLimit("all", "*", "/api/*", count=50, seconds=0.05),),
    month=MonthLimit("month", 300),
)

_NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@asynccontextmanager
async def client(schedule: Schedule, url: str, store: Any, ca_file: Path) -> AsyncIterator[Emnify]:
    """Open the client of a schedule. Its timeouts and delays are short."""
    more: dict[str, Any] = {}
    async with AsyncExitStack() as stack:
        if schedule.library.endswith("client"):
            library: Any = httpx2 if schedule.library.startswith("httpx2") else httpx
            inner = library.AsyncClient(verify=_NO_AUTHORITIES, trust_env=False)
            more["http_client"] = await stack.enter_async_context(inner)
        elif schedule.library.endswith("transport"):
            more["transport"] = httpx.AsyncHTTPTransport(verify=_NO_AUTHORITIES, trust_env=False)
        else:
            more |= {"http_library": schedule.library, "ca_file": ca_file}
        emnify = Emnify(
            "an-application-token",
            base_url=url,
            store=store,
            limits=TIGHT if schedule.tight else WIDE,
            throttling=Throttling(transit=0.01),
            timeouts=Timeouts(connect=0.1, read=schedule.read_timeout, write=0.1, pool=0.1),
            retry=RetryPolicy(first_delay=0.002, longest_delay=0.005, longest_wait=0.02),
            connections=schedule.connections,
            max_response_bytes=256 * 1024,
            **more,
        )
        yield await stack.enter_async_context(emnify)
