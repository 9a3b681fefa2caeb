"""A client that is dropped with open connections is named in a ``ResourceWarning``."""

from __future__ import annotations

import asyncio
import gc
import re
import tracemalloc
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress

import pytest

from aioemnify import Emnify
from aioemnify.errors import ArgumentError
from aioemnify.simulator import Simulator

# The sockets of the clients that were dropped show, too.
pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed (transport|<socket):ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

Program = Callable[[Simulator], Awaitable[None]]


@pytest.fixture(autouse=True)
def leave_no_socket_to_later_tests() -> Iterator[None]:
    """A caught warning holds the pipeline that it is about, and with it its connections."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(sims=5, tls=False) as running:
        yield running


def warnings_of(simulator: Simulator, program: Program) -> list[warnings.WarningMessage]:
    """Return the warnings about clients of a program; those about its sockets are not of interest."""

    async def main() -> None:
        await program(simulator)

    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(main())
        gc.collect()
    return [one for one in caught if "unclosed client" in str(one.message)]


async def dropped(simulator: Simulator) -> None:
    emnify = Emnify(simulator.application_token, base_url=simulator.url)
    await emnify.sims.list()


async def never_used(simulator: Simulator) -> None:
    Emnify(simulator.application_token, base_url=simulator.url).sims.list()


async def in_a_block(simulator: Simulator) -> None:
    async with Emnify(simulator.application_token, base_url=simulator.url) as emnify:
        await emnify.with_response.sims.list()
        emnify.workspace(3)


async def closed(simulator: Simulator) -> None:
    emnify = Emnify(simulator.application_token, base_url=simulator.url)
    await emnify.sims.list()
    await emnify.aclose()


async def refused(simulator: Simulator) -> None:
    with suppress(ArgumentError):
        Emnify(simulator.application_token, base_url="nothing")


async def with_others_made_from_it(simulator: Simulator) -> None:
    emnify = Emnify(simulator.application_token, base_url=simulator.url)
    emnify.workspace(3)
    await emnify.with_response.sims.list()


def test_a_client_that_was_used_is_named_with_the_place_that_made_it(simulator: Simulator) -> None:
    tracemalloc.start(5)
    try:
        (warning,) = warnings_of(simulator, dropped)
        made = tracemalloc.get_object_traceback(warning.source)
        warning.source = None
    finally:
        tracemalloc.stop()
    assert warning.category is ResourceWarning
    whose = r"\(ApplicationToken of organisation \d+\)"
    text = rf"unclosed client of {simulator.url} {whose}: use 'async with', or await aclose\(\)"
    assert re.fullmatch(text, str(warning.message))
    assert made is not None
    assert dropped.__code__.co_firstlineno + 1 in [
        frame.lineno for frame in made if frame.filename == __file__
    ]


@pytest.mark.parametrize("program", [never_used, in_a_block, closed, refused])
def test_others_are_not(program: Program, simulator: Simulator) -> None:
    assert warnings_of(simulator, program) == []


def test_what_was_made_from_a_client_is_not_a_second_one(simulator: Simulator) -> None:
    (warning,) = warnings_of(simulator, with_others_made_from_it)
    warning.source = None
