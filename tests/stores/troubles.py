"""What a budget that processes share goes through when its store is in trouble, in real time.

``python -m tests.stores.troubles [NAME ...] [--row 10|100] [--times N]`` plays the named troubles, or
all of them, each with three processes that send as many calls as they may for some 20 seconds, and
prints what a server in another process saw. It needs ``redis-server`` and, to move that one's clock, ``cc``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.stores.arrivals import Entry, Judge
from tests.stores.redis_server import RedisServer

PROCESSES = 3
LEAD = 3.5
"""Seconds for all processes to be loaded."""

AROUND = 5.0
"""Seconds before and after a change of the store in which refusals are compared with all calls."""

FEW = 0.01
"""The part of those calls that may be refused."""

SETTINGS: dict[int, dict[str, Any]] = {
    # The window holds up some of the calls: what was used before a loss has to be remembered.
    10: {"row": (10, 5), "window": (95, 10.0), "callers": 8},
    100: {"row": (100, 50), "window": (950, 10.0), "callers": 16},
}


@dataclass
class Run:
    """Processes under way, and what was done to their store."""

    settings: dict[str, Any]
    seconds: float
    judge: Judge
    store: str
    start: float
    running: list[subprocess.Popen[str]] = field(default_factory=list)
    killed: list[subprocess.Popen[str]] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)

    def add(self, me: int) -> None:
        orders = {
            **self.settings,
            "store": self.store,
            "judge": self.judge.port,
            "start": self.start,
            "seconds": self.seconds,
            "delay": (0.002, 0.08),
            "me": me,
        }
        worker = str(Path(__file__).with_name("worker.py"))
        self.running.append(
            subprocess.Popen(
                [sys.executable, worker, json.dumps(orders)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )

    def wait_until(self, after: float) -> None:
        """Wait until so many seconds after the start."""
        time.sleep(max(0.0, self.start + after - time.time()))

    def changed(self) -> None:
        """Note that the store was lost, or came back."""
        self.changes.append(time.time())


@dataclass
class Outcome:
    """What came of a run: what the server saw, and what each process reported."""

    start: float
    seconds: float
    rate: float
    log: list[Entry]
    reports: list[dict[str, Any]]
    texts: list[str]
    changes: list[float]

    @property
    def refused(self) -> list[Entry]:
        return [entry for entry in self.log if entry[2] or entry[3]]

    def around(self) -> tuple[int, int]:
        """Return refused and all calls of the worst 10 s around a change."""
        worst = (0, 1)
        for change in self.changes:
            near = [entry for entry in self.log if abs(entry[0] - change) <= AROUND]
            bad = sum(entry[2] or entry[3] for entry in near)
            if near and bad / len(near) > worst[0] / worst[1]:
                worst = (bad, len(near))
            elif not worst[0]:
                worst = (0, max(worst[1], len(near)))
        return worst

    def total(self, what: str) -> int:
        return sum(report.get(what, 0) for report in self.reports)

    def row(self) -> str:
        bad, near = self.around()
        by_row, by_window = (sum(entry[place] for entry in self.log) for place in (2, 3))
        lost = sum(text.count("store: lost") for text in self.texts)
        deaf = self.total("deaf")
        errors = sorted({error for report in self.reports for error in report["errors"]})
        return (
            f"{len(self.log):>6} {len(self.refused):>6} {by_row:>5}/{by_window:<5}"
            f" {bad:>4}/{near:<5} {bad / near:>6.1%} {self.total('given up'):>5} {self.total('failed'):>5}"
            f" {(len(self.log) - len(self.refused)) / self.seconds:>8.1f} {lost:>4}"
            + f" {self.total('stalls'):>6}"
            + (f"  {deaf} cancelled in vain" if deaf else "")
            + "".join(f"\n    {error[:150]}" for error in errors)
        )


HEAD = (
    f"{'trouble':<22} {'row':>4} {'calls':>6} {'429':>6} {'row/window':>11} {'around':>10} {'share':>6}"
    f" {'lost':>5} {'fail':>5} {'taken/s':>8} {'logs':>4} {'stalls':>6}"
)


SHIFTED_CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>
int gettimeofday(struct timeval *now, void *zone) {
  static int (*original)(struct timeval *, void *);
  static int file = -1;
  char text[16] = {0};
  if (!original) {
    original = dlsym(RTLD_NEXT, "gettimeofday");
    file = open(getenv("CLOCK_SHIFT"), O_RDONLY);
  }
  int result = original(now, zone);
  if (pread(file, text, sizeof text - 1, 0) > 0) now->tv_sec += atoi(text);
  return result;
}
"""
"""Moves the clock of redis-server, which asks gettimeofday. (libfaketime does not work with jemalloc.)"""


class Redis(RedisServer):
    """A server whose clock can be moved, with a door for commands."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, extra=("--enable-debug-command", "local"))
        self._shift = directory / "shift"
        self.shift(0)
        library = directory / "clock.so"
        (directory / "clock.c").write_text(SHIFTED_CLOCK)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, directory / "clock.c", "-ldl"], check=True)
        self.environment = {"LD_PRELOAD": str(library), "CLOCK_SHIFT": str(self._shift)}

    def shift(self, seconds: int) -> None:
        self._shift.write_text(f"{seconds:<10}")

    def command(self, *words: object) -> None:
        import redis

        with redis.Redis(port=self.port, socket_timeout=10) as client:
            client.execute_command(*words)

    def kill_connections(self, password: str) -> None:
        import redis

        with redis.Redis(port=self.port, password=password) as client:
            client.execute_command("CLIENT", "KILL", "TYPE", "normal")


Trouble = Callable[[Run, Any], None]
LOST, BACK = 6.0, 12.0


def killed(run: Run, redis: Redis) -> None:
    run.wait_until(LOST)
    redis.kill()
    run.changed()
    run.wait_until(BACK)
    redis.start()
    run.changed()


def never_back(run: Run, redis: Redis) -> None:
    run.wait_until(LOST)
    redis.kill()
    run.changed()


def restarted_at_once(run: Run, redis: Redis) -> None:
    run.wait_until(LOST)
    redis.kill()
    redis.start()
    run.changed()


def flapping(run: Run, redis: Redis) -> None:
    for turn in range(4):
        run.wait_until(5.0 + 3 * turn)
        redis.kill()
        run.changed()
        run.wait_until(6.5 + 3 * turn)
        redis.start()
        run.changed()


def commands(*at: tuple[float, tuple[object, ...]]) -> Trouble:
    """Send commands, each so many seconds after the start."""

    def play(run: Run, redis: Redis) -> None:
        for after, words in at:
            run.wait_until(after)
            run.changed()
            redis.command(*words)

    return play


def password(run: Run, redis: Redis) -> None:
    run.wait_until(LOST)
    redis.command("CONFIG", "SET", "requirepass", "secret")
    run.changed()
    redis.kill_connections("secret")


def shifted(seconds: int) -> Trouble:
    def play(run: Run, redis: Redis) -> None:
        run.wait_until(LOST)
        redis.shift(seconds)
        run.changed()

    return play


def sigkills(run: Run, path: Path) -> None:
    for turn in range(3):
        run.wait_until(5.0 + 3 * turn)
        victim = run.running.pop(0)
        victim.send_signal(signal.SIGKILL)
        run.killed.append(victim)
        run.changed()
        run.add(PROCESSES + turn)


def disk_full(run: Run, path: Path) -> None:
    run.wait_until(LOST)
    for limit in (1, resource.RLIM_INFINITY):
        for process in run.running:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        run.changed()
        run.wait_until(BACK)


def removed(run: Run, path: Path) -> None:
    run.wait_until(LOST)
    for file in path.parent.iterdir():
        file.unlink()
    run.changed()


def overwritten(run: Run, path: Path) -> None:
    run.wait_until(LOST)
    path.write_bytes(b"SQLite format 3\x00" + b"nonsense" * 4096)
    run.changed()
    run.wait_until(BACK)
    removed(run, path)


REDIS: dict[str, Trouble] = {
    "none": lambda run, redis: (run.wait_until(LOST), run.changed())[1],
    "killed": killed,
    "killed-at-once-back": restarted_at_once,
    "never-back": never_back,
    "flapping": flapping,
    "flushall": commands((LOST, ("FLUSHALL",))),
    "client-pause": commands((LOST, ("CLIENT", "PAUSE", 3000)), (LOST + 3, ("PING",))),
    "debug-sleep": commands((LOST, ("DEBUG", "SLEEP", 3)), (LOST + 3, ("PING",))),
    "maxmemory": commands(
        (LOST, ("CONFIG", "SET", "maxmemory", 1)), (BACK, ("CONFIG", "SET", "maxmemory", 0))
    ),
    "readonly": commands((LOST, ("REPLICAOF", "127.0.0.1", 1)), (BACK, ("REPLICAOF", "NO", "ONE"))),
    "password": password,
    "client-kill": commands((LOST, ("CLIENT", "KILL", "TYPE", "normal"))),
    "clock-30s": shifted(-30),
    "clock-1h": shifted(-3600),
    "clock+1h": shifted(3600),
}
FILE: dict[str, Trouble] = {
    "file-sigkills": sigkills,
    "file-disk-full": disk_full,
    "file-removed": removed,
    "file-overwritten": overwritten,
}
TROUBLES = [*REDIS, *FILE]


@contextmanager
def _store(name: str, directory: Path) -> Iterator[tuple[str, Any]]:
    if name in FILE:
        yield str(directory / "store"), directory / "store"
        return
    redis = Redis(directory)
    redis.start()
    try:
        yield redis.url, redis
    finally:
        redis.kill()


def play(name: str, row: int, *, seconds: float = 19.0, **settings: Any) -> Outcome:
    """Let three processes work on through one trouble, and return what came of it."""
    settings = {**SETTINGS[row], **settings}
    rate, burst = settings["row"]
    with tempfile.TemporaryDirectory() as folder, _store(name, Path(folder)) as (address, store):
        judge = Judge(rate, burst, settings["window"])
        run = Run(settings, seconds, judge, address, time.time() + LEAD)
        for me in range(PROCESSES):
            run.add(me)
        ({**REDIS, **FILE})[name](run, store)
        ended = [process.communicate(timeout=seconds + 60) for process in run.running]
        for process in run.killed:
            process.communicate()
        log = judge.end()
    for process, (_, text) in zip(run.running, ended, strict=True):
        if process.returncode:
            raise RuntimeError(text)
    reports = [json.loads(output.strip().splitlines()[-1]) for output, _ in ended]
    return Outcome(run.start, seconds, rate, log, reports, [text for _, text in ended], run.changes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TROUBLES))
    parser.add_argument("--row", type=int, choices=list(SETTINGS), action="append")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--log", action="store_true", help="print what the processes logged")
    given = parser.parse_args()
    if unknown := set(given.names) - set(TROUBLES):
        parser.error(f"{', '.join(sorted(unknown))}: takes {', '.join(TROUBLES)}")
    print(HEAD, flush=True)
    for name in given.names or TROUBLES:
        for row in given.row or SETTINGS:
            for _ in range(given.times):
                outcome = play(name, row)
                print(f"{name:<22} {row:>4} {outcome.row()}", flush=True)
                if given.log:
                    moments = [f"{entry[0] - outcome.start:.3f}" for entry in outcome.refused]
                    changes = [f"{change - outcome.start:.3f}" for change in outcome.changes]
                    print(f"changes {changes}; refused {moments}", *outcome.texts, sep="\n", flush=True)


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[2])
    main()
