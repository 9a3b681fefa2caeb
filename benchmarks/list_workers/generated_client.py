"""List the fleet with a client that openapi-python-client generated from our document, in its environment.

``python -m benchmarks.list_workers.generated_client URL TOKEN``
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

from benchmarks.list_workers.protocol import SIZE, serve


async def main(url: str, token: str) -> None:
    """Serve requests, after a first page that opens the connection."""
    from emnify_generated import AuthenticatedClient
    from emnify_generated.api.sims import sims_list

    async with AuthenticatedClient(base_url=url, token=token) as client:

        async def pages(request: dict[str, Any]) -> AsyncIterator[Any]:
            for number in range(1, request["sims"] // SIZE + 1):
                yield await sims_list.asyncio(client=client, page=number, per_page=SIZE)

        await sims_list.asyncio(client=client, page=1, per_page=SIZE)
        await serve(pages)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
