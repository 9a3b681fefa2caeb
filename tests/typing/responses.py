"""What a call with its response returns. Never run."""

from __future__ import annotations

from typing import Any, assert_type

from aioemnify import CallResponse, Created, Emnify, Page
from aioemnify.models import Endpoint, Sim, Tag


async def responses(emnify: Emnify) -> None:
    response = await emnify.with_response.sims.get(1)
    assert_type(response, CallResponse[Sim])
    assert_type(response.value, Sim)
    assert_type(response.status, int)
    assert_type(response.headers["X-Total-Count"], str)
    assert_type(response.attempts, int)
    assert_type(response.waited + response.elapsed, float)
    page = await emnify.with_response.endpoints.list(filter={"name": "pump"}, sort="-name", per_page=5)
    assert_type(page.value, Page[Endpoint])
    assert_type((await emnify.with_response.tags.list()).value[0], Tag)
    assert_type(await emnify.with_response.sims.update(1, {"status": 2}), CallResponse[None])
    created = await emnify.workspace(3).with_response.service_profiles.create({"name": "a"})
    assert_type(created.value, Created)
    assert_type(await emnify.with_response.request("GET", "/api/v1/sim"), CallResponse[Any])


async def mistakes(emnify: Emnify) -> None:
    await emnify.with_response.sims.get()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await emnify.with_response.sims.update(1, {"statsu": 2})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    emnify.with_response.sims.sweep()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    response = await emnify.with_response.sims.get(1)
    response.value.idd  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  # noqa: B018
    response.status = 3  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
