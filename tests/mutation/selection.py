"""A pytest plugin for mutmut's runs: which tests meet a mutant, in which order, and for how long each."""

from __future__ import annotations

import gc
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import settings

from tests.mutation.verdicts import TIMED_OUT

CPU_LIMIT = 30.0
WALL_LIMIT = 90.0
"""Seconds that one test may take before its mutant counts as one that never ends."""

CLEAN_TESTS = 100
"""How many tests show once more, before the first mutant, that all is well without one."""

RUN = pytest.StashKey[str]()
WANTED = pytest.StashKey[set[str]]()

settings.register_profile("repeatable", settings.default, derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")  # tests/conftest.py derives its own from it


def pytest_configure(config: pytest.Config) -> None:
    """Find out what kind of run this is, and collect whole files.

    pytest looks up hundreds of tests one by one slowly, and those with a backslash in their id not at all.
    """
    # The processes that tests start need not know: a mutant lives in this one alone.
    config.stash[RUN] = os.environ.pop("MUTANT_UNDER_TEST", "")
    if config.stash[RUN] == "stats":
        # Which tests reach a function is clear after a few of the properties' examples, and counting is slow.
        os.environ["AIOEMNIFY_EXAMPLES"] = "0.1"
    config.stash[WANTED] = {argument for argument in config.args if "::" in argument}
    config.args[:] = dict.fromkeys(argument.partition("::")[0] for argument in config.args)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the fastest test. Ask a real server only about what no other test has noticed."""
    if config.stash[WANTED]:
        items[:] = [item for item in items if item.nodeid in config.stash[WANTED]]
    if is_mutant(config):
        durations = json.loads(Path("mutmut-stats.json").read_text(encoding="utf-8"))["duration_by_test"]
        items.sort(
            key=lambda item: (item.get_closest_marker("redis") is not None, durations[item.nodeid]),
        )
    elif config.stash[RUN] == "":
        del items[CLEAN_TESTS:]  # the run that counted has just passed all of them


def pytest_collection_finish() -> None:
    """Spare the garbage collector the modules, which hold hundreds of mutants each."""
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """End the run when a test takes too long: a mutant may wait for ever, or run in circles."""
    if not is_mutant(item.config):
        return (yield)
    signal.signal(signal.SIGPROF, give_up)
    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_PROF, CPU_LIMIT)
    signal.setitimer(signal.ITIMER_REAL, WALL_LIMIT)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def give_up(signum: int, frame: FrameType | None) -> None:
    os._exit(TIMED_OUT[0])


def is_mutant(config: pytest.Config) -> bool:
    """Say whether a mutant is active: mutmut has other runs too."""
    return "__mutmut_" in config.stash[RUN]
