"""Kill mirrors at random points, let others finish their work, and compare them with the fleet."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from attrs import define, frozen

from aioemnify.simulator import Simulator
from tests.fleet.kills.campaign import Campaign
from tests.fleet.kills.sweeps import changing_list
from tests.fleet.kills.tasks import endpoint_names
from tests.fleet.kills.worker import MirrorTask, mirror

SIMS = 300
MOST_ROUNDS = 3
MOST_REQUESTS = 40
"""Requests of a process after which it is killed, at most."""


@frozen
class MirrorRun:
    """What became of one mirror: whether the file was whole after each kill, and what it has at the end.

    ``wrong`` endpoints differ from those of the fleet; ``unexplained`` is how many do not follow from the
    first state and the changes, each of which happened once.
    """

    seed: int
    kills: int
    damaged: int
    wrong: int
    changes: int
    unexplained: int

    @property
    def good(self) -> bool:
        """The file is whole, it is the fleet, and its changes lead there."""
        return not (self.damaged or self.wrong or self.unexplained)


@define
class MirrorCampaign(Campaign[MirrorRun]):
    """Runs and judges mirrors of a fleet whose endpoints are deleted and created meanwhile."""

    def _one(self, seed: int) -> MirrorRun:
        chance = random.Random(seed)
        kills = damaged = 0
        with Simulator(sims=SIMS, seed=seed, tls=False, limits=None, delay=(0.0, 0.01)) as simulator:
            task = MirrorTask(
                url=simulator.url,
                token=simulator.application_token,
                file=str(self.folder / f"{seed}.db"),
                full=chance.random() < 0.5,
                backend=chance.choice(["asyncio", "trio"]),
            )
            first = set[int]()
            if chance.random() < 0.7:  # else the first sync is one that is killed
                self._workers.finish(mirror, task, simulator)
                first = _endpoints(task)
            with changing_list(chance, simulator):
                for _ in range(chance.randint(1, MOST_ROUNDS)):
                    killed = self._workers.kill(
                        mirror,
                        task,
                        simulator,
                        chance,
                        requests=chance.randint(1, MOST_REQUESTS),
                        longest=0.05,
                    )
                    kills += killed
                    damaged += not _is_whole(task)
            for _ in range(2):  # the first one may continue an earlier one
                self._workers.finish(mirror, task, simulator)
            there = set(endpoint_names(simulator))
            changes = _changes(task)
            return MirrorRun(
                seed=seed,
                kills=kills,
                damaged=damaged + (not _is_whole(task)),
                wrong=len(there ^ _endpoints(task)),
                changes=len(changes),
                unexplained=_unexplained(first, there, changes) if first else 0,
            )

    def summary(self) -> str:
        """Return one line with the counts of all runs."""
        total = {name: sum(getattr(one, name) for one in self.runs) for name in ("kills", "damaged", "wrong")}
        return (
            f"{len(self.runs)} mirrors, {total['kills']} kills: {total['damaged']} files damaged, "
            f"{total['wrong']} endpoints wrong; {sum(one.changes for one in self.runs)} changes, "
            f"{sum(one.unexplained for one in self.runs)} lost or twice"
        )


def _is_whole(task: MirrorTask) -> bool:
    """Open the file as the next process does, and let SQLite check all of it."""
    if not Path(task.file).exists():
        return True
    with closing(sqlite3.connect(task.file)) as database:
        return bool(database.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def _endpoints(task: MirrorTask) -> set[int]:
    with closing(sqlite3.connect(task.file)) as database:
        return {row[0] for row in database.execute("SELECT id FROM endpoint")}


def _changes(task: MirrorTask) -> list[tuple[str, int]]:
    query = "SELECT kind, id FROM change WHERE collection = 'endpoints' AND kind <> 'changed' ORDER BY number"
    with closing(sqlite3.connect(task.file)) as database:
        return list(database.execute(query))


def _unexplained(first: set[int], last: set[int], changes: list[tuple[str, int]]) -> int:
    """Return how many changes repeat another, and how many endpoints do not follow from them."""
    now, twice = set(first), 0
    for kind, number in changes:
        twice += (number in now) is (kind == "new")
        (now.add if kind == "new" else now.discard)(number)
    return twice + len(now ^ last)
