"""Bodies as they come over the network: compressed, in any pieces, too long, or broken."""

from __future__ import annotations

import gzip
import itertools
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable
from importlib import import_module
from typing import Any

import anyio
import pytest

from aioemnify import Emnify, LoopClock, RetryPolicy, StaticToken
from aioemnify.errors import (
    DecodeError,
    EmnifyError,
    NotFoundError,
    OutcomeUnknownError,
    ProtocolError,
    ResponseTooLargeError,
)
from aioemnify.transport.http.exchange import Gzip
from aioemnify.types import Created
from tests.virtual_time import backends

pytestmark = pytest.mark.anyio

SIM = json.dumps({"id": 1, "iccid": "1", "status": {"id": 1}}).encode()
PACKED = gzip.compress(SIM)
NOTHING = gzip.compress(b"")
ENDPOINT = {"status": 0, "service_profile": 1, "tariff_profile": 2}
LIMIT = 1 << 20
Connect = Callable[..., Emnify]


@pytest.fixture(params=backends(), ids=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


def connect_by(kind: str, library: Any) -> Connect:
    """Return what makes a client of a server whose every answer is the same."""

    def make(
        *pieces: bytes,
        status: int = 200,
        coding: str | None = "gzip",
        pause: float = 0.0,
        **others: str,
    ) -> Emnify:
        class Body(library.AsyncByteStream):  # type: ignore[misc, name-defined]
            async def __aiter__(self) -> AsyncIterator[bytes]:
                for piece in pieces:
                    await anyio.sleep(pause)
                    yield piece

        class Transport(library.AsyncBaseTransport):  # type: ignore[misc, name-defined]
            async def handle_async_request(self, asked: Any) -> Any:
                headers = others if coding is None else {"content-encoding": coding, **others}
                return library.Response(status, headers=headers, stream=Body())

        options: dict[str, Any] = {
            "throttling": None,
            "clock": LoopClock(0),
            "max_response_bytes": LIMIT,
            "retry": RetryPolicy(attempts=1),
        }
        if kind == "transport":
            return Emnify(auth=StaticToken("t"), transport=Transport(), **options)
        hooks = {"response": [read]} if kind == "client that reads" else {}
        client = library.AsyncClient(transport=Transport(), event_hooks=hooks)
        return Emnify(auth=StaticToken("t"), http_client=client, **options)

    async def read(response: Any) -> None:
        await response.aread()

    return make


@pytest.fixture(params=["httpx", "httpx2"])
def library(request: pytest.FixtureRequest) -> Any:
    return import_module(request.param)


@pytest.fixture(params=["transport", "client"])
def connect(request: pytest.FixtureRequest, library: Any) -> Connect:
    return connect_by(request.param, library)


async def failure(emnify: Emnify) -> EmnifyError:
    with pytest.raises(EmnifyError) as caught:
        await emnify.sims.get(1)
    return caught.value


@pytest.mark.parametrize("coding", [None, "", "identity", "Identity", ", identity"])
async def test_no_coding(connect: Connect, coding: str | None) -> None:
    assert (await connect(SIM, coding=coding).sims.get(1)).id == 1


@pytest.mark.parametrize("coding", ["gzip", "GZIP", " x-gzip ", "identity, gzip", "gzip,"])
async def test_gzip_by_each_of_its_names(connect: Connect, coding: str) -> None:
    assert (await connect(PACKED, coding=coding).sims.get(1)).id == 1


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "gzip, identity, x-gzip", "?" * 99])
async def test_any_other_coding_is_refused_by_its_name(connect: Connect, coding: str) -> None:
    emnify = connect(zlib.compress(SIM), coding=coding)
    error = await failure(emnify)
    assert isinstance(error, DecodeError)
    assert f"Content-Encoding is gzip or identity, not {coding[:40]!r}" in str(error)
    with pytest.raises(OutcomeUnknownError):
        await emnify.endpoints.create(ENDPOINT)


async def test_a_coding_nobody_asked_for_does_not_hide_the_status(connect: Connect) -> None:
    assert isinstance(await failure(connect(b"\x00", status=404, coding="compress")), NotFoundError)


@pytest.mark.parametrize(
    "body",
    [
        PACKED,
        gzip.compress(SIM[:9]) + gzip.compress(SIM[9:]),
        NOTHING * 9 + PACKED + NOTHING,
        PACKED + b"\0" * 20,
        gzip.compress(SIM[:9]) + b"\0" * 3 + gzip.compress(SIM[9:]),
    ],
    ids=["one member", "two", "empty ones", "padding", "padding between"],
)
@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_members_follow_each_other_in_pieces_of_any_size(
    connect: Connect, body: bytes, size: int
) -> None:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    assert (await connect(*pieces).sims.get(1)).id == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        *((PACKED[:length], "it breaks off") for length in range(1, len(PACKED))),
        (PACKED + PACKED[:-1], "it breaks off"),
        (PACKED + b"</html>", "incorrect header check"),
        (PACKED[:-8] + bytes(8), "incorrect data check"),  # checksum and length
        (SIM, "incorrect header check"),
        (NOTHING * 10_001, "it has more than 10000 members"),
    ],
    ids=itertools.count(),
)
async def test_broken_gzip_is_an_error_even_if_all_of_its_text_came(
    library: Any, body: bytes, reason: str
) -> None:
    error = await failure(connect_by("transport", library)(body))
    assert isinstance(error, DecodeError)
    assert str(error).startswith("sims.get: the compression of the response cannot be read: ")
    assert str(error).endswith(reason)


async def test_no_bytes_are_no_gzip_and_an_empty_body(connect: Connect) -> None:
    await connect(coding="gzip", status=204).sims.delete(1)
    assert "it is empty" in str(await failure(connect()))
    piece = Gzip()
    assert list(piece.inflate(b"")) == []
    piece.end()  # an empty piece is no beginning


@pytest.mark.parametrize("longer", [0, 1])
@pytest.mark.parametrize("members", [1, 2])
async def test_the_limit_is_exact(connect: Connect, longer: int, members: int) -> None:
    text = SIM.ljust(LIMIT + longer)
    half = len(text) // members
    body = b"".join(gzip.compress(text[start : start + half]) for start in range(0, len(text), half))
    emnify = connect(body)
    if longer:
        assert isinstance(await failure(emnify), ResponseTooLargeError)
    else:
        assert (await emnify.sims.get(1)).id == 1


@pytest.mark.parametrize("members", [1, 64])
async def test_a_bomb_is_given_up_within_the_limit(connect: Connect, members: int) -> None:
    bomb = gzip.compress(bytes((64 << 20) // members)) * members
    emnify = connect(bomb)
    await failure(emnify)  # loads what is loaded on first use
    tracemalloc.start()
    try:
        assert isinstance(await failure(emnify), ResponseTooLargeError)
        assert tracemalloc.get_traced_memory()[1] < 8 * LIMIT
    finally:
        tracemalloc.stop()


async def test_bytes_that_inflate_to_nothing_are_limited_too(connect: Connect) -> None:
    member = zlib.compressobj(wbits=31)
    block = member.compress(b"") + member.flush(zlib.Z_FULL_FLUSH)
    empty = member.compress(b"") + member.flush(zlib.Z_FULL_FLUSH) or b"\0\0\0\xff\xff"
    pieces = [block, *[empty * 10_000] * 30]
    assert isinstance(await failure(connect(*pieces)), ResponseTooLargeError)


async def test_padding_is_limited_too(connect: Connect) -> None:
    assert isinstance(await failure(connect(PACKED, *[bytes(LIMIT // 4)] * 100)), ResponseTooLargeError)


@pytest.mark.parametrize("coding", ["gzip", None])
async def test_a_body_in_tiny_pieces_takes_no_more_time_than_a_large_one(
    connect: Connect, coding: str | None
) -> None:
    body = NOTHING * 4000 if coding else b" " * LIMIT
    pieces = (body[place : place + 1] for place in range(len(body)))
    assert isinstance(await failure(connect(*pieces, coding=coding)), ResponseTooLargeError)


@pytest.mark.parametrize("digits", [5000, 100_000])
async def test_a_number_that_python_does_not_have_is_a_documented_error(
    connect: Connect, digits: int
) -> None:
    number = b'{"id":%s}' % (b"9" * digits)
    emnify = connect(number, coding=None)
    assert isinstance(await failure(emnify), DecodeError)
    with pytest.raises(DecodeError):
        await emnify.request("GET", "/api/v1/unknown")
    with pytest.raises(OutcomeUnknownError):
        await emnify.endpoints.create(ENDPOINT)
    for broken in (number, number[:-1] + b',"message":"\xff"}'):
        assert isinstance(await failure(connect(broken, coding=None, status=404)), NotFoundError)


@pytest.mark.parametrize("coding", ["gzip", "br", None])
async def test_a_create_that_says_where_needs_no_body(connect: Connect, coding: str | None) -> None:
    emnify = connect(bytes(2 * LIMIT), status=201, coding=coding, location="/api/v1/endpoint/9")
    assert await emnify.endpoints.create(ENDPOINT) == Created(9, "/api/v1/endpoint/9")


@pytest.mark.parametrize("coding", ["gzip", None])
async def test_an_error_with_a_long_body_is_still_that_error(connect: Connect, coding: str | None) -> None:
    body = gzip.compress(bytes(2 * LIMIT)) if coding else bytes(2 * LIMIT)
    assert isinstance(await failure(connect(body, status=404, coding=coding)), NotFoundError)


async def test_an_error_whose_body_does_not_end_is_not_waited_for(connect: Connect) -> None:
    emnify = connect(*[b" "] * 1_000_000, status=404, coding=None, pause=1.0)
    began = anyio.current_time()
    assert isinstance(await failure(emnify), NotFoundError)
    assert anyio.current_time() - began <= 60


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "identity", "br"])
async def test_a_client_whose_hook_reads_the_body_gets_the_same(library: Any, coding: str) -> None:
    connect = connect_by("client that reads", library)
    if coding == "br":
        assert isinstance(await failure(connect(SIM, coding=coding)), (DecodeError, ProtocolError))
    elif coding == "x-gzip":  # which these libraries do not know
        assert isinstance(await failure(connect(PACKED, coding=coding)), DecodeError)
    else:
        body = PACKED if coding == "gzip" else SIM
        assert (await connect(body, coding=coding).sims.get(1)).id == 1
        assert isinstance(await failure(connect(bytes(LIMIT + 1), coding=None)), ResponseTooLargeError)


@pytest.mark.parametrize("anyio_backend", backends()[:1])  # httpx leaves its generators to trio
async def test_what_breaks_in_such_a_hook_is_a_broken_answer(library: Any) -> None:
    assert isinstance(await failure(connect_by("client that reads", library)(SIM)), ProtocolError)
