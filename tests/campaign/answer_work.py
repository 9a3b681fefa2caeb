"""Hands answers to the client without a socket: each call returns a value or raises a documented error."""

from __future__ import annotations

import asyncio
import logging
import pickle
import resource
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import httpx
import httpx2

from aioemnify import ApplicationToken, Emnify, LoopClock, StaticToken
from aioemnify.errors import ArgumentError, ClientStateError, EmnifyError
from tests.campaign.answers import SECRET, DrawnAnswer, draw_answer, draw_token_answer
from tests.campaign.invariants import Violation, chain, shown
from tests.campaign.workers import Report
from tests.contract.arguments import arguments_of, stub_of
from tests.contract.documented import CALLS, Call
from tests.contract.sampling import Sampler
from tests.virtual_time import VirtualLoop

BATCH = 100
"""Answers that one event loop reads; a piece of work."""

SECONDS, MEGABYTES = 1.0, 200
"""The most that one answer may take: of processor time, and of memory above what was in use."""

MAX_RESPONSE_BYTES = 1 << 20


class Clients:
    """The clients that read answers: of two libraries, lenient and strict, and one for each log-in."""

    def __init__(self) -> None:
        self.answer: DrawnAnswer | None = None
        self._clients: dict[tuple[ModuleType, bool], Emnify] = {}

    def of(self, drawn: Drawn) -> Emnify:
        """Return a client whose next request gets the answer of ``drawn``."""
        self.answer = drawn.answer
        if drawn.logs_in:  # it would keep the token
            return self._new(drawn.library, drawn.strict, ApplicationToken(SECRET))
        key = drawn.library, drawn.strict
        if key not in self._clients:
            self._clients[key] = self._new(*key, StaticToken(SECRET))
        return self._clients[key]

    def _new(self, library: ModuleType, strict: bool, credential: ApplicationToken | StaticToken) -> Emnify:
        return Emnify(
            auth=credential,
            base_url="https://cdn.emnify.net",
            transport=_transport(library, self),
            throttling=None,
            strict=strict,
            max_response_bytes=MAX_RESPONSE_BYTES,
            clock=LoopClock(1_790_000_000.0),
        )

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()


def _transport(library: ModuleType, clients: Clients) -> Any:
    class Stream(library.AsyncByteStream):  # type: ignore[misc, name-defined]
        async def __aiter__(self) -> AsyncIterator[bytes]:
            assert clients.answer is not None
            for piece in clients.answer.pieces:
                yield piece

    class Transport(library.AsyncBaseTransport):  # type: ignore[misc, name-defined]
        async def handle_async_request(self, request: Any) -> Any:
            assert clients.answer is not None
            return library.Response(clients.answer.status, headers=clients.answer.headers, stream=Stream())

    return Transport()


@dataclass
class Drawn:
    """What a seed stands for: a call, a client, and the answer that it gets."""

    call: Call
    library: ModuleType
    strict: bool
    logs_in: bool
    answer: DrawnAnswer


_CALLS = sorted(CALLS.values(), key=lambda call: call.id)


def draw(seed: int) -> Drawn:
    """Return what a seed stands for. One call follows the other, so that all of them are met."""
    chance = Random(seed)
    call = _CALLS[seed % len(_CALLS)]
    logs_in = chance.random() < 0.05
    answer = draw_token_answer(chance) if logs_in else draw_answer(chance, call)
    return Drawn(call, chance.choice((httpx, httpx, httpx2)), chance.random() < 0.2, logs_in, answer)


async def _outcome(clients: Clients, drawn: Drawn) -> Any:
    """Return what the client makes of an answer: a value, or the error that it raises."""
    given, keywords = _arguments(drawn.call.id)
    client = clients.of(drawn)
    try:
        return await stub_of(client, drawn.call)(*given, **keywords, options={"retry": False})
    except Exception as error:
        return error
    finally:
        if drawn.logs_in:
            await client.aclose()


@cache
def _arguments(operation: str) -> tuple[list[Any], dict[str, Any]]:
    call = CALLS[operation]
    arguments = arguments_of(call, with_query=False)
    body = [Sampler(request=True).payload(call.body)] if call.body else []
    return [*arguments.path, *body], arguments.keywords


def problems_of(outcome: Any, *, sent: bool) -> Iterator[tuple[str, str]]:
    """Yield the kinds of what is wrong with an outcome, and how.

    Args:
        outcome: the value that a call returned, or the error that it raised.
        sent: whether the call has sent the secret, so that its errors must not show it.
    """
    if not isinstance(outcome, BaseException):
        return
    name = type(outcome).__name__
    if not isinstance(outcome, EmnifyError) or isinstance(outcome, (ArgumentError, ClientStateError)):
        yield f"undocumented error: {name}", shown(outcome)
    for error in chain(outcome):
        if sent and SECRET in f"{error}{error!r}{vars(error)}":
            yield f"secret shown by {type(error).__name__}", f"in the chain of {name}"
    try:
        again = pickle.loads(pickle.dumps(outcome))
    except Exception as error:
        yield f"{name} cannot be pickled", shown(error)
    else:
        if str(again) != str(outcome):
            yield f"{name} changes when it is pickled", str(again)[:200]


def _resident() -> float:
    """Return the megabytes of memory that this process has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def _peak() -> float:
    """Return the most megabytes that this process had; ``getrusage`` begins with those of its parent."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(kilobytes) * 1024 / 1e6


class AnswerWork:
    """The work of a campaign of answers; a number is the seed of the first answer of a batch.

    Args:
        timed: whether an answer may take ``SECONDS`` of processor time at most.
    """

    def __init__(self, *, timed: bool = True) -> None:
        self._timed = timed
        logging.getLogger("aioemnify").addHandler(logging.NullHandler())
        logging.getLogger("aioemnify").propagate = False
        self._runner = asyncio.Runner(loop_factory=VirtualLoop)
        self._clients = Clients()

    def do(self, number: int) -> Report:
        report = Report(number, Counter({"answers": BATCH}))
        for seed in range(number, number + BATCH):
            report.violations += self.read(seed)
        return report

    def read(self, seed: int) -> list[Violation]:
        """Let a client read the answer of a seed."""
        drawn = draw(seed)
        memory, peak, began = _resident(), _peak(), time.process_time()
        outcome = self.outcome(drawn)
        seconds, more = time.process_time() - began, _peak() - memory
        problems = list(problems_of(outcome, sent=drawn.call.authenticated or drawn.logs_in))
        if self._timed and seconds > SECONDS:
            problems.append(("slow answer", f"{seconds:.2f} s"))
        if more > MEGABYTES and _peak() > peak:
            problems.append(("large answer", f"{more:.0f} MB"))
        return [Violation(kind, f"answer {seed} to {drawn.call.id}: {text}") for kind, text in problems]

    def outcome(self, drawn: Drawn) -> Any:
        return self._runner.run(_outcome(self._clients, drawn))

    def close(self) -> None:
        self._runner.run(self._clients.close())
        self._runner.close()


def show_answer(seed: int) -> Iterator[str]:
    """Read one answer; yield lines that show it and what the client made of it."""
    drawn = draw(seed)
    work = AnswerWork()
    try:
        yield f"{drawn.call.id}, {drawn.library.__name__}, strict={drawn.strict}, logs in={drawn.logs_in}"
        yield str(drawn.answer)
        yield repr(work.outcome(drawn))[:1000]
        yield from map(str, work.read(seed))
    finally:
        work.close()
