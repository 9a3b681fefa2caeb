"""A response that cannot be one to its request ends its connection: its late one would be the next."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from aioemnify import Clock, Emnify, StaticToken
from aioemnify.errors import DecodeError, OutcomeUnknownError
from aioemnify.fleet import Job
from tests.endtoend.counting_server import ThreadServer, read_request, whole

pytestmark = pytest.mark.anyio

CREATED = b"HTTP/1.1 201 Created\r\nlocation: /api/v1/endpoint/7\r\ncontent-length: 0\r\n\r\n"
REFUSED = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n"
ENDPOINT = {"name": "pump", "status": {"id": 0}, "service_profile": {"id": 1}, "tariff_profile": {"id": 1}}

STRANGERS: dict[str, tuple[bytes, Callable[[Emnify], Awaitable[Any]]]] = {
    "an object for a change": (
        whole(b'{"id":666}'),
        lambda emnify: emnify.endpoints.update(1, {"name": "a"}),
    ),
    "HTML for a read": (whole(b"<html>"), lambda emnify: emnify.request("GET", "/api/v1/sim/1")),
    "a list for an object": (whole(b"[[]]"), lambda emnify: emnify.endpoints.get(1)),
    "null for a creation": (whole(b"null"), lambda emnify: emnify.tags.create({"name": "a"})),
}


class Behind(ThreadServer):
    """Is one response behind on its first connection, and answers as it should on all others."""

    def __init__(self, *late: bytes) -> None:
        super().__init__()
        self.creations = 0
        self._late = list(late)

    def _serve(self, line: socket.socket) -> None:
        late = self._late if self.made == 1 else None
        with line, suppress(OSError):  # the client was first
            while head := read_request(line):
                self.creations += head.startswith(b"POST /api/v1/endpoint ")
                line.sendall(CREATED if late is None else late.pop(0))


async def update_by_job(emnify: Emnify) -> None:
    """Change a SIM in a job, and raise the error that the job records."""
    async with Job(emnify, None) as job:
        await job.add("sims.update", [(1, {"status": {"id": 1}})])
        async for outcome in job.run():
            assert outcome.error is not None
            raise DecodeError(outcome.error.message, operation="sims.update")


async def create_by_job(emnify: Emnify) -> None:
    """Send an SMS in a job, which stays unknown."""
    async with Job(emnify, None) as job:
        await job.add("endpoints.send_sms", [(1, {"payload": "a"})])
        async for outcome in job.run():
            raise OutcomeUnknownError(outcome.state, operation="endpoints.send_sms")


STRANGERS |= {
    "an object for a change of a job": (whole(b'{"id":6}'), update_by_job),
    "null for a creation of a job": (whole(b"null"), create_by_job),
}


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
@pytest.mark.parametrize(("stranger", "call"), STRANGERS.values(), ids=STRANGERS)
async def test_a_creation_is_not_sent_again_for_the_429_of_another_call(
    stranger: bytes, call: Callable[[Emnify], Awaitable[Any]], library: Any
) -> None:
    with Behind(stranger, REFUSED, CREATED) as server:
        async with Emnify(
            auth=StaticToken("t"),
            base_url=server.url,
            http_library=library,
            throttling=None,
            clock=Clock(),
        ) as emnify:
            with pytest.raises((DecodeError, OutcomeUnknownError)):
                await call(emnify)
            created = await emnify.endpoints.create(ENDPOINT)  # type: ignore[arg-type]
    assert (created.id, server.creations) == (7, 1)


async def test_a_response_that_is_no_token_ends_its_connection_too() -> None:
    with Behind(whole(b"[]"), whole(b"[]")) as server:
        async with Emnify("token", base_url=server.url, throttling=None, clock=Clock()) as emnify:
            for made in (1, 2):
                with pytest.raises(DecodeError):
                    await emnify.sims.get(1)
                assert server.made == made
