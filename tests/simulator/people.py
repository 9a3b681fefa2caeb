"""Logging in as a person, and learning what a mail would tell."""

from __future__ import annotations

from typing import Any

import httpx

from aioemnify.simulator import Simulator

LOGIN = "/api/v1/authenticate"
DIGEST = "a" * 40


async def log_in(client: httpx.AsyncClient, username: str, password: str = DIGEST) -> dict[str, str]:
    """Return the header that makes a call one of a person."""
    answer = await client.post(LOGIN, json={"username": username, "password": password})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['auth_token']}"}


async def seeded(client: httpx.AsyncClient, sim: Simulator) -> dict[str, str]:
    """Return the header of the user whom the simulator begins with."""
    return await log_in(client, sim.username, sim.password_digest)


async def events_of(client: httpx.AsyncClient, kind: int) -> list[dict[str, Any]]:
    """Return the organisation's events of one type."""
    return (await client.get("/api/v1/event", params={"q": f"type:{kind}"})).json()


async def make_user(client: httpx.AsyncClient, sim: Simulator, username: str, *roles: int) -> int:
    """Create and activate a person of the first organisation and return their id."""
    body = {
        "username": username,
        "name": "Somebody",
        "organisation": {"id": sim.organisation_id},
        "roles": [{"id": role} for role in roles or (1,)],
    }
    made = await client.post("/api/v1/user", json=body)
    assert made.status_code == 201, made.text
    key = (await events_of(client, 40))[-1]["detail"]["activationKey"]
    answer = await client.post("/api/v1/user/activation", json={"activationKey": key, "password": DIGEST})
    assert answer.status_code == 204, answer.text
    return int(made.headers["Location"].rpartition("/")[2])


def codes(answer: httpx.Response) -> list[int]:
    """Return the codes of every mistake that a 422 names."""
    assert answer.status_code == 422, answer.text
    return [error["error_code"] for error in answer.json()["errors"]]
