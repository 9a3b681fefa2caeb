"""A session of three workers, one of them killed: ``python -m tests.fleet.hosts.session`` records it.

The workers are real processes of ``emnify jobs`` with a redis-server and a simulator. The limit of the call,
10 a second for all of them, keeps them waiting most of the time. One is killed in such a wait, with items
that it has claimed, so no call is under way then; the kill campaign kills at any moment.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import redis
from attrs import frozen

from aioemnify.simulator import Simulator
from tests.fleet.hosts.keys import base_of
from tests.stores.redis_server import RedisServer

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "hosts.md"
BEGIN = "<!-- Recorded by python -m tests.fleet.hosts.session -->\n```console\n"
END = "```\n"

CALL = "endpoints.get_connectivity_info"
ITEMS = 120
LEASE = 2.0
JOB = "online"
ADD = f"jobs run {CALL} endpoints.csv --job redis:online --lease {LEASE:g} --add-only --yes"
HOSTS = (
    "jobs work online --address ams-1 --local-address 127.0.0.2",
    "jobs work online --address ams-2 --local-address 127.0.0.3",
    "jobs work online --address fra-1 --local-address 127.0.0.4",
)
KILLED, KILLED_ADDRESS = 1, "127.0.0.3"
LATER = ("jobs show redis:online", "jobs export redis:online --to online.csv", "jobs remove online --yes")


@frozen
class Session:
    """What was written, and what the simulator has recorded.

    ``calls`` has the calls by path, ``addresses`` by the address they came from, ``refused`` how many the
    limits refused. ``left`` is how many items the killed worker had claimed, ``rows`` the exported table.
    """

    text: str
    statuses: tuple[int, ...]
    calls: Counter[str]
    addresses: Counter[str]
    refused: int
    left: int
    rows: list[str]


def record() -> Session:
    """Run the session."""
    with tempfile.TemporaryDirectory() as name, Simulator(sims=400, seed=5, tls=False) as simulator:
        folder = Path(name)
        server = RedisServer(folder, extra=("--appendonly", "yes"))
        server.start()
        try:
            return _Recorder(folder, simulator, server).run()
        finally:
            server.kill()


class _Recorder:
    def __init__(self, folder: Path, simulator: Simulator, server: RedisServer) -> None:
        self._folder = folder
        self._simulator = simulator
        self._redis: redis.Redis = redis.Redis.from_url(server.url)
        self._port = server.port
        environment = {name: value for name, value in os.environ.items() if not name.startswith("EMNIFY_")}
        self._environment = environment | {
            "EMNIFY_APPLICATION_TOKEN": simulator.application_token,
            "EMNIFY_BASE_URL": simulator.url,
            "EMNIFY_REDIS": server.url,
            "PYTHONPATH": str(ROOT / "src"),
            "XDG_CONFIG_HOME": str(folder / "config"),
        }
        with simulator.lock:
            first = next(iter(simulator.installation.world.organisations.values()))
            ids = [one.id for one in first.endpoints.states(first.endpoints.select())][:ITEMS]
        (folder / "endpoints.csv").write_text("endpoint_id\n" + "".join(f"{one}\n" for one in ids))

    def run(self) -> Session:
        added, text = self._finish(ADD)
        outputs = [(self._folder / f"worker-{number}").open("w+") for number in range(len(HOSTS))]
        workers = [self._start(*one) for one in zip(HOSTS, outputs, strict=True)]
        try:
            left = self._kill(workers[KILLED])
            statuses = [added, *(one.wait(60) for one in workers)]
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
        for command, worker, output in zip(HOSTS, workers, outputs, strict=True):
            output.seek(0)
            killed = "Killed\n" if worker.returncode == -signal.SIGKILL else ""
            text += f"$ emnify {command}\n{output.read()}{killed}"
            output.close()
        for command in LATER:
            status, shown = self._finish(command)
            statuses.append(status)
            text += shown
        made = self._simulator.requests.of(CALL)
        return Session(
            text=text.replace(f"127.0.0.1:{self._port}", "127.0.0.1:6379"),
            statuses=tuple(statuses),
            calls=Counter(one.path for one in made),
            addresses=Counter(one.address for one in made),
            refused=sum(1 for one in self._simulator.requests if one.status == 429),
            left=left,
            rows=(self._folder / "online.csv").read_text().splitlines(),
        )

    def _finish(self, command: str) -> tuple[int, str]:
        """Run a command to its end; return its status, and what a terminal would show."""
        done = subprocess.run(
            self._command(command),
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, f"$ emnify {command}\n{done.stdout}"

    def _command(self, command: str) -> list[str]:
        return [sys.executable, "-m", "aioemnify.cli", *command.split()]

    def _start(self, command: str, output: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._command(command),
            cwd=self._folder,
            env=self._environment,
            stdout=output,  # type: ignore[arg-type]
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _kill(self, worker: subprocess.Popen[str]) -> int:
        """Kill a worker that waits for the limit; return how many items it had claimed."""
        until = time.monotonic() + 60
        while True:
            assert worker.poll() is None and time.monotonic() < until, "it was never found waiting"
            time.sleep(0.05)
            if self._calls_of_killed() < 2:
                continue
            worker.send_signal(signal.SIGSTOP)
            if self._all_is_reported():
                break
            worker.send_signal(signal.SIGCONT)
        claims = self._claims()
        worker.kill()
        worker.wait()
        # The others renew their leases; one that comes near its end is nobody's.
        while True:
            time.sleep(0.05)
            now = self._redis.time()
            late = now[0] * 1e6 + now[1] + LEASE * 0.4 * 1e6
            if abandoned := self._redis.zrangebyscore(f"{self._base()}leases", "-inf", late):
                return sum(claims.get(one, 0) for one in abandoned)
            assert time.monotonic() < until, "it had claimed nothing"

    def _calls_of_killed(self) -> int:
        return sum(1 for one in self._simulator.requests.of(CALL) if one.address == KILLED_ADDRESS)

    def _all_is_reported(self) -> bool:
        """Return whether each call that was made is answered, and its outcome in Redis."""
        until = time.monotonic() + LEASE / 4
        while time.monotonic() < until:
            made = self._simulator.requests.of(CALL)
            finished = int(self._redis.hget(f"{self._base()}totals", "1:2") or 0)
            if finished == len(made) and all(one.status is not None for one in made):
                return len(self._simulator.requests.of(CALL)) == len(made)
            time.sleep(0.002)
        return False

    def _base(self) -> str:
        return base_of(self._redis, JOB)

    def _claims(self) -> dict[bytes, int]:
        fences = self._redis.zrange(f"{self._base()}leases", 0, -1)
        return {one: self._redis.scard(f"{self._base()}claim:{one.decode()}") for one in fences}


def shown(page: str) -> str:
    """Return the session that a page shows."""
    return page.partition(BEGIN)[2].partition(END)[0]


def main() -> None:
    """Write the session to the page."""
    session, page = record(), PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    assert rest, f"{PAGE} has no place for it"
    PAGE.write_text(f"{before}{BEGIN}{session.text}{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
