"""The client's own connections at a real socket: used again, given up, closed, and never lost."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Literal

import anyio
import pytest
from anyio import to_thread

from aioemnify import Clock, Emnify, RetryPolicy, StaticToken, Timeouts
from aioemnify.errors import (
    ClientStateError,
    OutcomeUnknownError,
    ProtocolError,
    ResponseTooLargeError,
)
from aioemnify.transport.http.adapters import make_adapter
from aioemnify.transport.http.exchange import Attempt, OutgoingRequest
from tests.endtoend.counting_server import ONE, PATIENCE, Lines
from tests.transport.http.granted import granted

pytestmark = pytest.mark.anyio

ENDPOINT = {"status": 0, "service_profile": 1, "tariff_profile": 2}
PATIENT = RetryPolicy(first_delay=0.001)


@pytest.fixture(params=["httpx", "httpx2"])
def library(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def lines() -> Iterator[Lines]:
    with Lines() as running:
        yield running
    gc.collect()  # what was not closed is warned of now, and not in the middle of another test


def client(url: str, library: Literal["httpx", "httpx2"], **options: Any) -> Emnify:
    given: dict[str, Any] = {"throttling": None, "clock": Clock(), "connections": 3} | options
    return Emnify(auth=StaticToken("t"), base_url=url, http_library=library, **given)


@pytest.fixture
async def emnify(lines: Lines, library: Any) -> AsyncIterator[Emnify]:
    async with client(lines.url, library, retry=PATIENT) as made:
        yield made


async def together(*calls: Callable[[], Awaitable[object]]) -> None:
    async with anyio.create_task_group() as group:
        for call in calls:
            group.start_soon(call)


async def test_calls_one_after_the_other_use_one_connection(lines: Lines, emnify: Emnify) -> None:
    for _ in range(5):
        assert (await emnify.sims.get(1)).id == 1
    assert lines.made == 1


async def test_each_connection_tells_the_attempt_how_far_it_comes(lines: Lines, library: Any) -> None:
    adapter = make_adapter(lines.url, name=library, ca_file=None)
    told: list[str] = []
    steps: list[str] = []

    class Watched(Attempt):
        async def trace(self, event: str, details: Any) -> None:
            steps.append(event.partition(".")[2])
            await super().trace(event, details)

    for _ in range(2):
        attempt = Watched(
            granted(told.append),
            traced=True,
        )
        answer = await adapter.send(OutgoingRequest("GET", lines.url, {}, None, {}, attempt))
        assert told.pop() == "sent" and attempt.phase == "response"
        told.append("over a new one" if attempt.stream is not None else "over the same")
        attempt.headers_received()
        assert await answer.read(100) == ONE
        await answer.aclose()
    assert told == ["over a new one", "answered", "over the same", "answered"]
    sending = ["send_request_headers.started", "send_request_headers.complete"]
    assert steps == ["connect_tcp.started", "connect_tcp.complete", *sending, *sending], "and no step more"
    await adapter.aclose()


async def test_there_are_never_more_connections_than_were_asked_for(lines: Lines, emnify: Emnify) -> None:
    for _ in range(3):
        await together(*[lambda: emnify.sims.get(1)] * 12)
    assert lines.made == lines.most == 3


async def test_what_the_server_has_closed_is_made_anew_unseen(lines: Lines, library: Any) -> None:
    once = RetryPolicy(attempts=1)
    async with client(lines.url, library, retry=once) as emnify:
        await together(*[lambda: emnify.sims.get(1)] * 3)
        await to_thread.run_sync(lines.hang_up)
        await emnify.endpoints.create(ENDPOINT)
        await together(*[lambda: emnify.sims.get(1)] * 3)
    assert lines.made == 6 and len(lines.requests) == 7


async def test_what_the_server_closes_just_then_is_sent_again_where_that_is_safe(
    lines: Lines, emnify: Emnify
) -> None:
    await emnify.sims.get(1)
    lines.says = ["drop"]
    assert (await emnify.sims.get(1)).id == 1
    lines.says = ["drop"]
    with pytest.raises(OutcomeUnknownError):
        await emnify.endpoints.create(ENDPOINT)
    assert (await emnify.sims.get(1)).id == 1
    assert lines.made == 3


async def test_a_server_that_closes_after_each_answer_is_asked_over_new_ones(
    lines: Lines, emnify: Emnify
) -> None:
    for number in range(1, 4):
        lines.says = ["close"]
        assert (await emnify.sims.get(1)).id == 1
        await to_thread.run_sync(lines.until, lambda: not lines.open)
        assert lines.made == number


# httpx leaves the generators that it reads with to the garbage collector, of which trio warns.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
async def test_an_answer_that_is_not_read_to_its_end_costs_the_connection(lines: Lines, library: Any) -> None:
    async with client(lines.url, library, max_response_bytes=2000) as emnify:
        lines.body = b" " * 500_000 + ONE
        with pytest.raises(ResponseTooLargeError):
            await emnify.sims.get(1)
        await to_thread.run_sync(lines.until, lambda: not lines.open)
        lines.body = ONE
        assert (await emnify.sims.get(1)).id == 1
        gc.collect()
    assert lines.made == 2


async def test_closing_closes_all_of_them(lines: Lines, library: Any) -> None:
    async with client(lines.url, library) as emnify:
        await together(*[lambda: emnify.sims.get(1)] * 3)
        assert lines.open == 3
    await to_thread.run_sync(lines.until, lambda: not lines.open)


@pytest.mark.parametrize("said", ["silence", "half"])
async def test_closing_ends_the_calls_that_wait_for_the_server(lines: Lines, library: Any, said: str) -> None:
    emnify = client(lines.url, library)
    lines.says = [said] * 2
    outcomes: list[str] = []

    async def call(made: Awaitable[object]) -> None:
        try:
            await made
        except Exception as error:
            outcomes.append(type(error).__name__)

    async with anyio.create_task_group() as group:
        group.start_soon(call, emnify.sims.get(1))
        await to_thread.run_sync(lines.until, lambda: len(lines.requests) == 1)
        group.start_soon(call, emnify.endpoints.create(ENDPOINT))
        await to_thread.run_sync(lines.until, lambda: len(lines.requests) == 2)
        await emnify.aclose()
    assert outcomes in (
        ["ClientStateError", "OutcomeUnknownError"],
        ["OutcomeUnknownError", "ClientStateError"],
    )
    await to_thread.run_sync(lines.until, lambda: not lines.open)


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Listen and never say a word, not even of the handshake."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE)
        yield listening
    gc.collect()


def hung_up(line: socket.socket) -> None:
    """Wait until the other side has closed."""
    line.settimeout(PATIENCE)
    with line:
        try:
            while line.recv(65536):
                pass
        except ConnectionResetError:
            pass


# A call whose handshake outlasts the patience of ``hung_up`` has not ended because it was cancelled.
HANDSHAKE = Timeouts(connect=2 * PATIENCE)


@pytest.mark.parametrize("how", ["closed", "scope"])
async def test_a_connection_in_the_making_is_closed_with_its_call(
    silent: socket.socket, library: Any, how: str
) -> None:
    """The library itself leaves it to the garbage collector."""
    url = f"https://127.0.0.1:{silent.getsockname()[1]}"
    async with (
        client(url, library, timeouts=HANDSHAKE) as emnify,
        anyio.create_task_group() as watching,
        anyio.create_task_group() as group,
    ):

        async def call() -> None:
            with pytest.raises(ClientStateError):  # said nowhere that the outcome were unknown
                await emnify.endpoints.create(ENDPOINT)

        group.start_soon(call)
        line, _ = await to_thread.run_sync(silent.accept)
        await to_thread.run_sync(line.recv, 1)  # the handshake has begun
        watching.start_soon(to_thread.run_sync, hung_up, line)
        if how == "closed":
            await emnify.aclose()
        elif how == "scope":
            group.cancel_scope.cancel()


@pytest.mark.parametrize("times", [1, 2, 3])
def test_so_is_one_whose_call_is_cancelled_by_asyncio(
    silent: socket.socket, library: Any, times: int
) -> None:
    async def main() -> None:
        async with client(f"https://127.0.0.1:{silent.getsockname()[1]}", library) as emnify:
            task = asyncio.create_task(emnify.endpoints.create(ENDPOINT))
            line, _ = await asyncio.to_thread(silent.accept)
            await asyncio.to_thread(line.recv, 1)
            for _ in range(times):
                task.cancel()
                await asyncio.sleep(0)
            async with asyncio.timeout(PATIENCE):
                with pytest.raises(asyncio.CancelledError):
                    await task
            await asyncio.to_thread(hung_up, line)

    asyncio.run(main())


@pytest.mark.parametrize("said", ["answer", "half", "silence", "drop"])
async def test_cancellation_at_any_step_loses_no_connection(lines: Lines, library: Any, said: str) -> None:
    async with client(lines.url, library, retry=RetryPolicy(attempts=1)) as emnify:
        for steps in range(50):
            lines.says = [said]

            async def call() -> None:
                try:
                    await emnify.sims.get(1)
                except ProtocolError:
                    assert said == "drop"

            async with anyio.create_task_group() as group:
                group.start_soon(call)
                for _ in range(steps):
                    await anyio.lowlevel.checkpoint()
                group.cancel_scope.cancel()
        lines.says = []
        with anyio.fail_after(10):
            await together(*[lambda: emnify.sims.get(1)] * 6)
        await to_thread.run_sync(lines.until, lambda: lines.open <= 3)
    await to_thread.run_sync(lines.until, lambda: not lines.open)


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("said", ["answer", "half", "silence", "drop"])
def test_nor_does_the_cancellation_of_asyncio_however_often(
    lines: Lines, library: Any, said: str, times: int
) -> None:
    async def main() -> None:
        async with client(lines.url, library, retry=RetryPolicy(attempts=1)) as emnify:
            for steps in range(50):
                lines.says = [said]
                task = asyncio.create_task(emnify.sims.get(1))
                for _ in range(steps):
                    await asyncio.sleep(0)
                for _ in range(times):
                    task.cancel()
                    await asyncio.sleep(0)
                assert all(
                    one is None or isinstance(one, (asyncio.CancelledError, ProtocolError)) or one.id == 1
                    for one in await asyncio.gather(task, return_exceptions=True)
                )
            lines.says = []
            async with asyncio.timeout(10):
                await asyncio.gather(*(emnify.sims.get(1) for _ in range(6)))
            await asyncio.to_thread(lines.until, lambda: lines.open <= 3)
        await asyncio.to_thread(lines.until, lambda: not lines.open)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
