"""The way of one call through the client: few files, in few folders, and no folder entered from below."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import aioemnify
from aioemnify import Emnify
from aioemnify.simulator import Simulator

pytestmark = pytest.mark.anyio

ROOT = Path(aioemnify.__file__).parent
FOLDERS = [
    "",
    "resources",
    "transport",
    "transport/http",
    "transport/throttle",
    "transport/auth",
    "transport/wire",
]
"""From top to bottom. The last three do not know each other."""


class Steps:
    """The files of the client that run, and which file calls into which."""

    def __init__(self) -> None:
        self.files: dict[str, None] = {}
        self.calls: set[tuple[str, str]] = set()

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> None:
        file = own_file(frame)
        if event != "call" or file is None:
            return
        self.files.setdefault(file)
        caller = frame.f_back
        while caller is not None and own_file(caller) is None:
            caller = caller.f_back
        if caller is not None:
            self.calls.add((str(own_file(caller)), file))


def own_file(frame: FrameType) -> str | None:
    """Name the file of a frame, if it is one of the client's."""
    path = Path(frame.f_code.co_filename)
    if not path.is_relative_to(ROOT) or path.is_relative_to(ROOT / "simulator"):
        return None
    return path.relative_to(ROOT).as_posix()


def folder(file: str) -> str:
    return file.rpartition("/")[0]


@pytest.mark.introspection
async def test_a_call_passes_few_files_and_never_enters_a_folder_from_below() -> None:
    steps = Steps()
    async with (
        Simulator(sims=10) as simulator,
        Emnify(simulator.application_token, base_url=simulator.url, ca_file=simulator.ca_file) as emnify,
    ):
        await emnify.sims.list()  # authenticates, connects and loads what is loaded on first use
        sys.setprofile(steps)
        try:
            page = await emnify.sims.list()
        finally:
            sys.setprofile(None)

    assert len(page) == 10
    assert "transport/pipeline.py" in steps.files
    assert len(steps.files) <= 25, list(steps.files)
    assert {folder(file) for file in steps.files} == set(FOLDERS)
    # The root holds the client above the other folders, and options, filters and errors below them.
    upward = [
        (caller, called)
        for caller, called in sorted(steps.calls)
        if "" not in (folder(caller), folder(called))
        and FOLDERS.index(folder(called)) < FOLDERS.index(folder(caller))
    ]
    assert upward == []
    assert not {caller for caller, called in steps.calls if called == "client.py"} - {
        "client.py",
        "pagination.py",
    }
