"""A client that openapi-python-client generated walks the fleet, in its environment.

``python -m benchmarks.walkers.generated URL TOKEN``; ``emnify_generated`` is made from our schema.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from benchmarks.walkers.rounds import Growth, distinct, orders, tell, timed


async def main(url: str, token: str) -> None:
    """Walk as often as asked, after a first page that opens the connection."""
    from emnify_generated import AuthenticatedClient
    from emnify_generated.api.default import sims_list

    async with AuthenticatedClient(base_url=url, token=token) as client:
        await sims_list.asyncio(client=client, page=1, per_page=1000)
        for order in orders():
            tell(await _walk(client, sims_list, order))


async def _walk(client: Any, sims_list: Any, order: dict[str, Any]) -> dict[str, float]:
    answer: dict[str, float] = {}
    kept: list[Any] = []
    growth, count = Growth(), 0
    with timed(answer):
        for number in range(1, order["sims"] // 1000 + 1):
            page = await sims_list.asyncio(client=client, page=number, per_page=1000)
            count += len(page)
            if order["keep"]:
                kept.extend(page)
            else:
                growth.look(len(page))
        page = None  # freed while the clock runs
    return answer | {"count": count, "growth": growth.most, "distinct": distinct(kept)}


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
