"""Kill plans while they are applied, let others change the fleet between, and count what was lost."""

from __future__ import annotations

import csv
import json
import random
import time
from pathlib import Path

import anyio
from attrs import define, frozen

from aioemnify import Emnify
from aioemnify.fleet import Plan
from aioemnify.simulator import Settings, Simulator
from aioemnify.simulator.state.fleet import EndpointState, SimState
from tests.fleet.kills.campaign import Campaign
from tests.fleet.kills.jobs import EFFECTS, LONGEST_RUN
from tests.fleet.kills.worker import PlanTask, plan

SIMS = 80
MOST_ROUNDS = 3
SETTLED = 0.08
"""Seconds in which the server ends what a killed process has sent."""


@frozen
class PlanRun:
    """What became of one plan.

    ``lost`` endpoints are not as planned, though nobody else has changed them. ``overwritten`` ones were
    changed by others while no process ran, and are not as those left them. ``drift`` is how many changes a
    second plan of the file has that others did not make.
    """

    seed: int
    kills: int
    items: int
    others: int
    lost: int
    overwritten: int
    drift: int

    @property
    def good(self) -> bool:
        return not (self.lost or self.overwritten or self.drift)


@define
class PlanCampaign(Campaign[PlanRun]):
    """Runs and judges plans that rename, suspend and delete."""

    def _one(self, seed: int) -> PlanRun:
        chance = random.Random(seed)
        settings = Settings(bulk_rollback=chance.random() < 0.5)
        delay = chance.choice([None, (0.0, 0.03)])
        with Simulator(
            sims=SIMS, seed=seed, tls=False, limits=None, settings=settings, delay=delay
        ) as simulator:
            wanted, suspended, deleted = _wishes(chance, simulator)
            table = self.folder / f"{seed}.csv"
            _write(table, wanted, suspended)
            task = PlanTask(
                url=simulator.url,
                token=simulator.application_token,
                plan=str(self.folder / f"{seed}.plan"),
                journal=str(self.folder / f"{seed}.job"),
                chunk=chance.choice([2, 7, 20, 2000]),
                backend=chance.choice(["asyncio", "trio"]),
            )
            anyio.run(_save, simulator, table, task.plan)
            self._add_faults(chance, simulator)
            theirs: dict[int, str] = {}
            kills = 0
            for _ in range(chance.randint(1, MOST_ROUNDS)):
                kills += self._workers.kill(
                    plan, task, simulator, chance, requests=chance.randint(1, 12), longest=LONGEST_RUN
                )
                time.sleep(SETTLED)
                anyio.run(_change, simulator, chance, theirs)
            self._workers.finish(plan, task, simulator)
            simulator.faults.clear()
            now, sims = endpoints(simulator)
            mine = [number for number in wanted if number not in theirs]
            lost = sum(number not in now or now[number].name != wanted[number] for number in mine)
            lost += sum(sims[now[number].sim or 0].status != 2 for number in suspended if number in mine)
            lost += sum(number in now for number in deleted if number not in theirs)
            lost += sum(state not in ("ok", "skipped") for state in _states(task).values())
            others = sum(number not in now or now[number].name != name for number, name in theirs.items())
            drift = anyio.run(_drift, simulator, table, theirs)
            return PlanRun(
                seed=seed,
                kills=kills,
                items=len(wanted) + len(deleted),
                others=len(theirs),
                lost=lost,
                overwritten=others,
                drift=drift,
            )

    def _add_faults(self, chance: random.Random, simulator: Simulator) -> None:
        for _ in range(chance.choice([0, 1, 1, 2])):
            simulator.faults.add(
                chance.choice(EFFECTS),
                operation=chance.choice(["endpoints.update_bulk", "endpoints.delete_bulk", "endpoints.list"]),
                probability=chance.choice([0.1, 0.5, 1.0]),
                times=chance.randint(1, 4),
            )

    def summary(self) -> str:
        """Return one line with the counts of all runs."""
        names = ("kills", "items", "others", "lost", "overwritten", "drift")
        total = {name: sum(getattr(one, name) for one in self.runs) for name in names}
        return (
            f"{len(self.runs)} plans, {total['kills']} kills, {total['items']} endpoints, {total['others']} "
            f"changed by others between: lost {total['lost']}, overwritten {total['overwritten']}, drift "
            f"afterwards {total['drift']}"
        )


def endpoints(simulator: Simulator) -> tuple[dict[int, EndpointState], dict[int, SimState]]:
    """Return the endpoints and the SIMs of the organisation, by id."""
    with simulator.lock:
        first = next(iter(simulator.installation.world.organisations.values()))
        there = {one.id: one for one in first.endpoints.states(first.endpoints.select())}
        return there, {one.id: one for one in first.sims.states(first.sims.select())}


def _wishes(chance: random.Random, simulator: Simulator) -> tuple[dict[int, str], set[int], set[int]]:
    """Choose the names of the endpoints that stay, those to suspend, and those to delete."""
    now, sims = endpoints(simulator)
    deleted = set(chance.sample(sorted(now), chance.choice([0, 3, 10])))
    wanted = {number: f"is-{number}" for number in sorted(now) if number not in deleted}
    active = [number for number in wanted if now[number].sim and sims[now[number].sim or 0].status == 1]
    return wanted, set(chance.sample(active, len(active) // 2)), deleted


def _write(table: Path, wanted: dict[int, str], suspended: set[int]) -> None:
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "sim.status"])
        writer.writerows(
            [number, name, "Suspended" if number in suspended else ""] for number, name in wanted.items()
        )


def _client(simulator: Simulator) -> Emnify:
    return Emnify(simulator.application_token, base_url=simulator.url, throttling=None)


async def _save(simulator: Simulator, table: Path, path: str) -> None:
    async with _client(simulator) as emnify:
        made = await Plan.from_csv(emnify, table, prune=True, max_changes="100%")
        made.save(path)


async def _change(simulator: Simulator, chance: random.Random, theirs: dict[int, str]) -> None:
    now, _ = endpoints(simulator)
    async with _client(simulator) as emnify:
        for number in chance.sample(sorted(now), 2):
            theirs[number] = f"theirs-{number}-{len(theirs)}"
            await emnify.endpoints.update(number, {"name": theirs[number]})


async def _drift(simulator: Simulator, table: Path, theirs: dict[int, str]) -> int:
    async with _client(simulator) as emnify:
        again = await Plan.from_csv(emnify, table, prune=True, max_changes="100%")
        return sum(change.id not in theirs for change in again.changes)


def _states(task: PlanTask) -> dict[str, str]:
    lines = Path(f"{task.journal}.jsonl").read_text(encoding="utf-8").splitlines()
    return {str(row["key"]): row["state"] for row in map(json.loads, lines)}
