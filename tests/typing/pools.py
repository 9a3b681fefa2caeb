"""A pool knows the type of its tenants, the options of its clients, and what a function may return."""

from __future__ import annotations

from typing import assert_type
from uuid import UUID

from aioemnify import Emnify, EmnifyPool, StaticToken
from aioemnify.models import Sim
from aioemnify.transport.throttle.snapshot import ThrottleSnapshot


async def token_of(tenant: UUID) -> str | None:
    return str(tenant)


def credential_of(tenant: int) -> StaticToken:
    return StaticToken(str(tenant))


async def accepted() -> None:
    async with EmnifyPool({"acme": "a token"}, max_idle=60, deadline=5.0, connections=3) as pool:
        async with pool.client("acme") as emnify:
            assert_type(emnify, Emnify)
            assert_type(await emnify.sims.get(1), Sim)
        assert_type(pool.snapshots(), dict[str, ThrottleSnapshot])
        pool.forget("acme")
    assert_type(EmnifyPool(token_of), EmnifyPool[UUID])
    assert_type(EmnifyPool(credential_of), EmnifyPool[int])
    Emnify.preload("sims", ca_file="ca.pem")


def mistakes() -> None:
    EmnifyPool("a token")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    EmnifyPool({"acme": "a token"}, max_idel=60)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    EmnifyPool({"acme": "a token"}, strict=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    EmnifyPool(token_of).client("acme")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
