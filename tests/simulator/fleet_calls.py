"""What many tests of the simulated fleet do with a client."""

from __future__ import annotations

from typing import Any

import httpx


async def get(client: httpx.AsyncClient, path: str) -> Any:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def status_of(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> int:
    answer = await client.request(method, path, json=body)
    return answer.status_code


async def faults(client: httpx.AsyncClient, method: str, path: str, body: Any) -> list[str]:
    """Return the single mistakes that a 422 names."""
    answer = await client.request(method, path, json=body)
    assert answer.status_code == 422, answer.text
    return [error["message"] for error in answer.json()["errors"]]


async def working(client: httpx.AsyncClient) -> dict[str, Any]:
    """Return an endpoint that is enabled and holds an active SIM."""
    found: dict[str, Any] = (await get(client, "/api/v1/endpoint?q=status:0,sim_status:1&per_page=1"))[0]
    return found


async def kinds(client: httpx.AsyncClient) -> list[int]:
    """Return the types of all events, oldest first."""
    return [event["event_type"]["id"] for event in await get(client, "/api/v1/event?per_page=1000")]
