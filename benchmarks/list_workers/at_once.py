"""List SIMs many times at once with one client, in its environment.

``python -m benchmarks.list_workers.at_once CONTESTANT URL APPLICATION_TOKEN``. Each line on stdin is a
number of lists; the answer says how many were read, and in how many seconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import urllib.request
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any

from benchmarks.list_workers.protocol import answer

List = Callable[[], Awaitable[bool]]
"""Lists SIMs once; returns whether there were any."""


def log_in(url: str, application_token: str) -> str:
    """Return an auth token."""
    body = json.dumps({"application_token": application_token}).encode()
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(
        urllib.request.Request(f"{url}/api/v1/authenticate", body, headers)
    ) as response:
        return str(json.load(response)["auth_token"])


def aioemnify(url: str, application_token: str) -> List:
    """Return how aioemnify lists."""
    from aioemnify import Emnify

    client = Emnify(application_token, base_url=url)

    async def read() -> bool:
        return bool(await client.sims.list(per_page=50))

    return read


def emnify_sdk(url: str, application_token: str) -> List:
    """Return how emnify-sdk lists, in a thread for each call."""
    os.environ["EMNIFY_SDK_API_ENDPOINT_URL"] = f"{url}/api"
    from emnify import EMnify
    from emnify.errors import EMnifyBaseException

    sdk: Any = EMnify(application_token)
    threads = ThreadPoolExecutor(200)

    def one() -> bool:
        try:
            return bool(list(sdk.sim.get_sim_list()))
        except EMnifyBaseException as error:
            if "429" not in str(error):
                raise
            return False

    async def read() -> bool:
        return await asyncio.get_running_loop().run_in_executor(threads, one)

    return read


def generated_client(url: str, application_token: str) -> List:
    """Return how the generated client lists; it has no login, and returns errors."""
    from emnify_generated import AuthenticatedClient
    from emnify_generated.api.sims import sims_list

    client = AuthenticatedClient(base_url=url, token=log_in(url, application_token))

    async def read() -> bool:
        return isinstance(await sims_list.asyncio(client=client, per_page=50), list)

    return read


def raw_httpx(url: str, application_token: str) -> List:
    """Return how a program lists that uses httpx alone."""
    import httpx

    token = log_in(url, application_token)
    client = httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"})

    async def read() -> bool:
        response = await client.get(f"{url}/api/v1/sim", params={"per_page": 50})
        return response.status_code == 200 and bool(response.json())

    return read


CONTESTANTS = {
    "aioemnify": aioemnify,
    "emnify-sdk": emnify_sdk,
    "openapi-python-client": generated_client,
    "raw httpx": raw_httpx,
}


async def main(contestant: str, url: str, application_token: str) -> None:
    """Answer all requests, after a first list that logs in and opens a connection."""
    read = CONTESTANTS[contestant](url, application_token)
    assert await read()
    answer(contestant)
    for line in sys.stdin:
        start = perf_counter()
        lists = await asyncio.gather(*(read() for _ in range(int(line))))
        answer({"lists": sum(lists), "seconds": perf_counter() - start})


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
