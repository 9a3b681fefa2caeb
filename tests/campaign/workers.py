"""Spreads numbered pieces of work over processes, and notices the one that never ends."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Protocol

from tests.campaign.invariants import Violation

PATIENCE = 180.0
"""Seconds without a report after which a process is stopped. It has a limit of its own for each wait."""


@dataclass
class Report:
    """What came of one piece of work: what was done, how often, and which rules were broken."""

    number: int
    counts: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)


class Work(Protocol):
    """Does pieces of work, one after the other."""

    def do(self, number: int) -> Report:
        """Do one piece."""

    def close(self) -> None:
        """Clean up."""


def run(start: Callable[[], Work], numbers: range, workers: int) -> Iterator[Report]:
    """Do all pieces, in ``workers`` processes; with one, in this process.

    Args:
        start: creates what does the work, in its process.
        numbers: the numbers of the pieces.
        workers: the number of processes.
    """
    if workers == 1:
        work = start()
        try:
            yield from map(work.do, numbers)
        finally:
            work.close()
        return
    open_pipes = dict(_start(start, numbers[place::workers]) for place in range(workers))
    try:
        while open_pipes:
            ready = wait(list(open_pipes), PATIENCE)
            for pipe in ready or list(open_pipes):
                assert isinstance(pipe, Connection)
                process, rest = open_pipes.pop(pipe)
                report = _receive(pipe) if ready else None
                if report is None and not rest:
                    process.join()
                    continue
                if report is None:
                    yield _lost(process, rest[0])
                    if rest[1:]:
                        open_pipes.update([_start(start, rest[1:])])
                    continue
                yield report
                open_pipes[pipe] = process, rest[1:]
    finally:
        for process, _ in open_pipes.values():
            process.kill()


def _start(start: Callable[[], Work], numbers: range) -> tuple[Connection, tuple[BaseProcess, range]]:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_do_all, args=(theirs, start, numbers))
    process.start()
    theirs.close()
    return ours, (process, numbers)


def _do_all(pipe: Connection, start: Callable[[], Work], numbers: range) -> None:
    faulthandler.enable()
    work = start()
    try:
        for number in numbers:
            pipe.send(work.do(number))
    finally:
        work.close()


def _receive(pipe: Connection) -> Report | None:
    try:
        report: Report = pipe.recv()
    except EOFError:
        return None
    return report


def _lost(process: BaseProcess, number: int) -> Report:
    """Return the report of a process that says nothing any more, or that is gone."""
    if process.is_alive() and process.pid is not None:
        os.kill(process.pid, signal.SIGABRT)  # its stacks appear on our stderr
        sys.stderr.flush()
    process.join()
    text = f"{number}: its process said nothing for {PATIENCE} s, or ended with {process.exitcode}"
    return Report(number, violations=[Violation("never ended", text)])
