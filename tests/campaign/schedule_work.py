"""Runs the schedule of each seed, and counts what happened in it."""

from __future__ import annotations

from collections import Counter

from tests.campaign.run_schedule import Runner
from tests.campaign.schedule import draw
from tests.campaign.workers import Report


class ScheduleWork:
    """The work of a campaign of schedules; a number is a seed."""

    def __init__(self) -> None:
        self._runner = Runner()

    def do(self, number: int) -> Report:
        result = self._runner.run(draw(number))
        counts = Counter({"schedules": 1, "calls": len(result.outcomes)})
        counts["requests"] = sum(map(len, result.record.calls.values())) + result.record.authentications
        counts["faults"] = len(result.record.faults)
        counts.update(f"calls with a {outcome.end}" for outcome in result.outcomes)
        return Report(number, counts, result.violations)

    def close(self) -> None:
        self._runner.close()
