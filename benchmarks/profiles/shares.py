"""Whose code the processor's time is spent in, by looking every now and then.

A profiler that follows each call makes what is called often look dear: here it took three times the time of
what it measured. A look at what runs, each time so much of the processor's time has gone by, costs next to
nothing, so the parts add up to what is measured without it.
"""

from __future__ import annotations

import signal
import sysconfig
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

from attrs import Factory, frozen

import aioemnify

EVERY = 0.001
"""Seconds of the processor between two looks; the system may make them more."""

OWN = str(Path(aioemnify.__file__).parent)
PYTHON = sysconfig.get_path("stdlib")
INSTALLED = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}

LIBRARIES = ("httpx", "httpcore", "h11", "anyio")
DECODING, LOOP = "decoding", "event loop and sockets"
GROUPS = ("aioemnify", *LIBRARIES, LOOP, "decompression", DECODING, "the rest")
"""Where time goes, in the order of the tables."""

COMPILED = {
    ("transport/wire/codec.py", "_read"): DECODING,
    ("transport/wire/interning.py", "decode"): DECODING,
    ("/<string>", "method"): DECODING,  # of a substitute, see wire/interning.py
    ("profiles/worker.py", "decode"): DECODING,
    ("httpx/_decoders.py", "decode"): "decompression",
}
"""Functions that do little more than call one of a compiled library, whose time is seen as theirs."""


@frozen
class Looks:
    """How often each function was seen at work; a built-in counts for the code that calls it."""

    groups: Counter[str] = Factory(Counter)
    functions: Counter[str] = Factory(Counter)

    @classmethod
    def of(cls, seen: Counter[CodeType]) -> Looks:
        """Return what was seen of code."""
        looks = cls()
        for code, times in seen.items():
            path = Path(code.co_filename)
            group = group_of(path, code.co_name)
            looks.groups[group] += times
            looks.functions[f"{group}: {path.parent.name}/{path.name} {code.co_qualname}"] += times
        return looks


def group_of(path: Path, name: str) -> str:
    """Return whose a function is."""
    compiled = COMPILED.get((f"{path.parent.name}/{path.name}", name))
    if compiled is not None:
        return compiled
    if path.is_relative_to(OWN):
        return "aioemnify"
    for folder in INSTALLED:
        if path.is_relative_to(folder):
            library = path.relative_to(folder).parts[0]
            return library if library in LIBRARIES else "the rest"
    in_loop = path.is_relative_to(f"{PYTHON}/asyncio") or path.name == "selectors.py"
    return LOOP if in_loop else "the rest"


@contextmanager
def looking() -> Iterator[Counter[CodeType]]:
    """Look at what this thread does, until the block ends."""
    seen: Counter[CodeType] = Counter()

    def look(_: int, frame: FrameType | None) -> None:
        if frame is not None:
            seen[frame.f_code] += 1

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        yield seen
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
