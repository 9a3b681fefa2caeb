"""Run jobs against a simulator, kill them, continue them, and count what the simulator says."""

from __future__ import annotations

import json
import logging
import random
from pathlib import Path

from attrs import define, frozen

from aioemnify.simulator import Settings, Simulator
from aioemnify.simulator.faults.effects import (
    Answer,
    CloseBefore,
    Delay,
    DropAfter,
    Effect,
    MalformedBody,
    RejectToken,
    TruncateBody,
    WrongGzip,
)
from tests.fleet.kills.campaign import Campaign
from tests.fleet.kills.tasks import KINDS, Kind, Verdict
from tests.fleet.kills.worker import Task, work

EFFECTS: tuple[Effect, ...] = (
    DropAfter(),
    DropAfter(reset=True),
    CloseBefore(),
    Answer(503),
    Answer(429, headers={"Retry-After": "20"}),
    Delay((0.0, 0.1)),
    MalformedBody(),
    TruncateBody(),
    WrongGzip("cut"),
    RejectToken(),
)

MOST_KILLS = 3
LONGEST_RUN = 0.8
"""Seconds after the first request within which a job is killed."""


@frozen
class Run:
    """What became of one job."""

    seed: int
    kind: str
    kills: int
    calls: int
    verdict: Verdict
    unknown: int

    @property
    def good(self) -> bool:
        return (self.verdict.lost, self.verdict.twice, self.verdict.stray) == (0, 0, 0)


@define
class JobCampaign(Campaign[Run]):
    """Runs and judges jobs, each in its own processes, all against one simulator in this process."""

    def __attrs_post_init__(self) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # the faults themselves

    def _one(self, seed: int) -> Run:
        chance = random.Random(seed)
        rollback, lane = chance.random() < 0.5, chance.choice(["count", "conflict"])
        settings = Settings(
            bulk_rollback=rollback,
            serial_lane=lane,  # type: ignore[arg-type]
            endpoint_create_body=chance.random() < 0.5,
        )
        delay = chance.choice([None, (0.0, 0.03)])
        with Simulator(
            sims=60, seed=seed, tls=False, limits=None, settings=settings, delay=delay
        ) as simulator:
            kind = chance.choice(KINDS)(chance, simulator)
            self._add_faults(chance, simulator, kind)
            task = Task(
                url=simulator.url,
                token=simulator.application_token,
                journal=str(self.folder / f"{seed}.job"),
                operation=kind.operation,
                items=kind.items,
                options=kind.options,
                chunk=chance.choice([2, 7, 20, 2000]),
                page=chance.choice([4, 1000]),
                backend=chance.choice(["asyncio", "trio"]),
            )
            kills = sum(
                self._workers.kill(work, task, simulator, chance, longest=LONGEST_RUN)
                for _ in range(chance.randint(1, MOST_KILLS))
            )
            self._workers.finish(work, task, simulator)
            states = self._states(task)
            verdict = kind.judge(simulator, states)
            return Run(
                seed=seed,
                kind=kind.operation,
                kills=kills,
                calls=len(simulator.requests),
                verdict=verdict,
                unknown=sum(1 for state in states.values() if state == "unknown"),
            )

    def _add_faults(self, chance: random.Random, simulator: Simulator, kind: Kind) -> None:
        for _ in range(chance.choice([0, 1, 1, 2])):
            operation = chance.choice([f"{kind.operation}*", f"{kind.operation}*", "*"])
            simulator.faults.add(
                chance.choice(EFFECTS),
                operation=operation,
                probability=chance.choice([0.1, 0.5, 1.0]),
                times=chance.randint(1, 4),
            )

    def _states(self, task: Task) -> dict[str, str]:
        lines = Path(f"{task.journal}.jsonl").read_text(encoding="utf-8").splitlines()
        return {str(row["key"]): row["state"] for row in map(json.loads, lines)}

    def summary(self) -> str:
        """Return one line with the counts of all runs."""
        runs, verdicts = self.runs, [one.verdict for one in self.runs]
        kinds = sorted({one.kind for one in runs})
        by_kind = {name: sum(1 for one in runs if one.kind == name) for name in kinds}
        return (
            f"{len(runs)} runs, {sum(one.kills for one in runs)} kills, "
            f"{sum(one.calls for one in runs)} calls: lost {sum(one.lost for one in verdicts)}, "
            f"done twice {sum(one.twice for one in verdicts)}, stray {sum(one.stray for one in verdicts)}; "
            f"{sum(one.unknown for one in runs)} SMS unknown, which cannot be looked up; {by_kind}"
        )
