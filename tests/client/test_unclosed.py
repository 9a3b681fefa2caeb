"""A client that is dropped with open connections is named in a ``ResourceWarning``."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap

import pytest

BEFORE = """
import asyncio, gc, sys
from aioemnify import Emnify, UserPassword
from aioemnify.simulator import Simulator

async def main(simulator):
    options = {"base_url": simulator.url}
"""
AFTER = """
with Simulator(sims=5, tls=False) as simulator:
    asyncio.run(main(simulator))
    gc.collect()
    print(simulator.url)
"""

pytestmark = pytest.mark.process


def warnings_of(body: str) -> tuple[str, list[str], str]:
    """Return the URL of the server, the warnings about clients, and all of the standard error."""
    program = BEFORE + textwrap.indent(textwrap.dedent(body), "    ") + AFTER
    command = [sys.executable, "-X", "tracemalloc=5", "-W", "always::ResourceWarning", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.findall(r"ResourceWarning: (unclosed client.*)", done.stderr)
    return done.stdout.strip(), found, done.stderr


def test_a_client_that_was_used_is_named_with_the_line_that_made_it() -> None:
    url, found, shown = warnings_of(
        """
        emnify = Emnify(simulator.application_token, **options)
        await emnify.sims.list()
        """
    )
    (text,) = found
    whose = r"\(ApplicationToken of organisation \d+\)"
    assert re.fullmatch(rf"unclosed client of {url} {whose}: use 'async with', or await aclose\(\)", text)
    assert "Object allocated at" in shown
    assert 'File "<string>", lineno 9' in shown


@pytest.mark.parametrize(
    "body",
    [
        "Emnify(simulator.application_token, **options).sims.list()",
        """
        async with Emnify(simulator.application_token, **options) as emnify:
            await emnify.sims.list()
            await emnify.with_response.sims.list()
            emnify.workspace(3)
        """,
        """
        emnify = Emnify(simulator.application_token, **options)
        await emnify.with_response.sims.list()
        await emnify.aclose()
        """,
        """
        try:
            Emnify(simulator.application_token, base_url="nothing")
        except ValueError:
            pass
        """,
    ],
    ids=["never used", "block", "closed", "refused"],
)
def test_others_are_not(body: str) -> None:
    _, found, _ = warnings_of(body)
    assert found == []


def test_what_was_made_from_a_client_is_not_a_second_one() -> None:
    _, found, _ = warnings_of(
        """
        emnify = Emnify(simulator.application_token, **options)
        there = emnify.workspace(3)
        await emnify.with_response.sims.list()
        del there
        """
    )
    assert len(found) == 1
