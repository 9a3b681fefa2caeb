"""Kill sweeps at random points, continue them, and count by the simulator's journal what was read again."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import httpx
from attrs import define, frozen

from aioemnify.fleet.sweep import IN_FLIGHT
from aioemnify.simulator import Simulator
from tests.fleet.kills.campaign import Campaign
from tests.fleet.kills.tasks import SHARED, endpoint_names
from tests.fleet.kills.worker import PER_PAGE, SweepTask, sweep

SIMS = 600
MOST_KILLS = 4
MOST_PAGES = 20
"""Requests of a process after which it is killed, at most."""


@frozen
class SweepRun:
    """What became of one sweep: ``missed`` items, ``again`` pages that were read again, and its calls."""

    seed: int
    changing: bool
    in_flight: int
    kills: int
    calls: int
    missed: int
    again: int
    twice: int

    @property
    def good(self) -> bool:
        """Only pages that were in flight at a kill are read again, and only the one in use comes again."""
        fair = self.twice <= PER_PAGE * self.kills and (
            self.changing or self.again <= self.in_flight * self.kills
        )
        return not self.missed and fair


@define
class SweepCampaign(Campaign[SweepRun]):
    """Runs and judges sweeps, each in its own processes.

    In half of the runs the list changes while it is read. In the others every page that is read again
    shows in the journal as the same request.
    """

    def _one(self, seed: int) -> SweepRun:
        chance, changing = random.Random(seed), seed % 2 == 1
        with Simulator(sims=SIMS, seed=seed, tls=False, limits=None, delay=(0.02, 0.08)) as simulator:
            task = SweepTask(
                url=simulator.url,
                token=simulator.application_token,
                checkpoint=str(self.folder / f"{seed}.sweep"),
                strict=chance.random() < 0.3,
                backend=chance.choice(["asyncio", "trio"]),
            )
            with (
                changing_list(chance, simulator)
                if changing
                else nullcontext(set(endpoint_names(simulator))) as there
            ):
                kills = sum(
                    self._workers.kill(
                        sweep, task, simulator, chance, requests=chance.randint(1, MOST_PAGES), longest=0.05
                    )
                    for _ in range(chance.randint(1, MOST_KILLS))
                )
                self._workers.finish(sweep, task, simulator)
            lines = Path(f"{task.checkpoint}.ids").read_text(encoding="ascii").splitlines()
            # A line that was cut off by the kill belongs to a page that came again.
            found = Counter(int(one) for line in lines if line.endswith(";") for one in line[:-1].split(","))
            assert not Path(task.checkpoint).exists()
            asked = [one.query for one in simulator.requests.of("endpoints.list") if one.status == 200]
            return SweepRun(
                seed=seed,
                changing=changing,
                in_flight=1 if task.strict else IN_FLIGHT,
                kills=kills,
                calls=len(asked),
                missed=len(there - set(found)),
                # Any sweep reads the newest page twice: first, and last for what was created meanwhile.
                again=len(asked) - len(set(asked)) - 1,
                twice=sum(found.values()) - len(found),
            )

    def summary(self) -> str:
        """Return one line with the counts of all runs."""
        still = [one for one in self.runs if not one.changing]
        kills = sum(one.kills for one in still)
        return (
            f"{len(self.runs)} sweeps, {sum(one.kills for one in self.runs)} kills, "
            f"{sum(one.calls for one in self.runs)} pages: missed {sum(one.missed for one in self.runs)}; "
            f"in {len(still)} of a list that does not change, {sum(one.again for one in still)} pages read "
            f"again after {kills} kills, at most {IN_FLIGHT} each and 1 where they are read one by one"
        )


@contextmanager
def changing_list(chance: random.Random, simulator: Simulator) -> Iterator[set[int]]:
    """Delete and create endpoints all the time; the set has those that were there all the time."""
    stayed = set(endpoint_names(simulator))
    leaving = chance.sample(sorted(stayed), len(stayed) // 3)
    stayed.difference_update(leaving)
    ended = threading.Event()

    def change() -> None:
        with httpx.Client(base_url=simulator.url) as client:
            body = {"application_token": simulator.application_token}
            answer = client.post("/api/v1/authenticate", json=body).json()
            client.headers["Authorization"] = f"Bearer {answer['auth_token']}"
            wanted = {name: {"id": value} for name, value in SHARED.items()}
            for number, endpoint in enumerate(leaving):
                if ended.wait(0.01):
                    return
                path = "/api/v2/endpoint/multi"
                client.request("DELETE", path, json=[{"id": endpoint}]).raise_for_status()
                new = [{"name": f"more-{number}"}]
                client.post(path, json={**wanted, "endpoints": new}).raise_for_status()

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield stayed
    finally:
        ended.set()
        thread.join()
