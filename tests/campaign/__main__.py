"""The campaign: calls under faults at random, answers of any kind, and a long steady load.

``nox -s campaign -- --schedules 20000 --answers 100000 --seed 1`` fails on every broken rule, and prints
for each kind the smallest schedule that shows it, with the command that repeats it.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import partial

from tests.campaign.answer_work import BATCH, AnswerWork, show_answer
from tests.campaign.invariants import Violation
from tests.campaign.run_schedule import Runner
from tests.campaign.schedule import Schedule, draw, read
from tests.campaign.schedule_work import ScheduleWork
from tests.campaign.shrink import shrink
from tests.campaign.soak import soak
from tests.campaign.workers import Report, Work, run

SHORT = {"schedules": 300, "answers": 2000}
SEEDS = 10_000_000
"""Seeds of one campaign: those of ``--seed 2`` begin where those of ``--seed 1`` end."""

AGAIN = 3
"""How often a schedule is run before it counts as one that does not fail: no two runs are quite the same."""


def main() -> int:
    """Run what the command line asks for."""
    options = arguments()
    if options.repeat:
        return repeat(read(options.repeat))
    if options.schedule is not None:
        return repeat(draw(options.schedule))
    if options.answer is not None:
        say(*show_answer(options.answer))
        return 0
    failed = 0
    first = options.seed * SEEDS
    if options.schedules:
        found = carry_out("schedules", ScheduleWork, range(first, first + options.schedules), options)
        failed |= bool(found)
        for kind, numbers in found.items():
            say(*smallest(kind, numbers))
    if options.answers:
        batches = range(first, first + options.answers, BATCH)
        failed |= bool(carry_out("answers", partial(AnswerWork, timed=not options.short), batches, options))
    if options.soak:
        failed |= report_of(soak(options.soak, options.seed))
    say("FAILED" if failed else "passed")
    return int(failed)


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="nox -s campaign --", description=__doc__)
    parser.add_argument("--schedules", type=int, default=0, help="how many schedules of calls and faults")
    parser.add_argument("--answers", type=int, default=0, help="how many answers to read")
    parser.add_argument(
        "--soak", type=float, default=0.0, metavar="SECONDS", help="how long to watch for growth"
    )
    parser.add_argument("--seed", type=int, default=0, help="the same seed, the same schedules and answers")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="how many processes")
    parser.add_argument("--short", action="store_true", help=f"the short form: {SHORT}")
    parser.add_argument("--schedule", type=int, metavar="SEED", help="run one schedule and tell about it")
    parser.add_argument("--repeat", metavar="JSON", help="the same for a schedule that was printed")
    parser.add_argument("--answer", type=int, metavar="SEED", help="read one answer and show it")
    options = parser.parse_args()
    if options.short or not any((options.schedules, options.answers, options.soak)):
        options.schedules, options.answers = SHORT["schedules"], SHORT["answers"]
    return options


def carry_out(
    title: str, work: Callable[[], Work], numbers: range, options: argparse.Namespace
) -> dict[str, list[int]]:
    """Do all the work, print the counts, and return the numbers of the failures by kind."""
    began, counts = time.perf_counter(), Counter[str]()
    failures: dict[str, list[int]] = defaultdict(list)
    for done, report in enumerate(run(work, numbers, options.workers), 1):
        counts.update(report.counts)
        for violation in report.violations:
            if len(failures[violation.kind]) < 3:
                say(f"{report.number}: {violation}")
            failures[violation.kind].append(report.number)
        if done % 1000 == 0:
            say(f"{done:,} of {len(numbers):,} in {time.perf_counter() - began:.0f} s")
    say(f"{title}, seed {options.seed}: " + ", ".join(f"{n:,} {name}" for name, n in sorted(counts.items())))
    say(f"broken rules: {sum(map(len, failures.values()))} in {time.perf_counter() - began:.0f} s")
    for kind, found in failures.items():
        say(f"  {kind}: {len(found)}, such as {', '.join(map(str, sorted(set(found))[:5]))}")
    return failures


def smallest(kind: str, seeds: list[int]) -> list[str]:
    """Return lines with the smallest schedule found that breaks a rule."""
    runner = Runner()

    def fails(schedule: Schedule) -> bool:
        return any(kind in kinds(runner.run(schedule).violations) for _ in range(AGAIN))

    try:
        for seed in sorted(set(seeds))[:5]:
            if fails(draw(seed)):
                found = shrink(draw(seed), fails)
                return [f"{kind}, made smaller:", f"  nox -s campaign -- --repeat {shlex.quote(found.text)}"]
    finally:
        runner.close()
    return [f"{kind}: not seen again; try nox -s campaign -- --schedule {min(seeds)}"]


def kinds(violations: list[Violation]) -> set[str]:
    """Return the kinds of broken rules."""
    return {violation.kind for violation in violations}


def repeat(schedule: Schedule) -> int:
    """Run one schedule until it fails, a few times at most, and tell what happened."""
    runner = Runner()
    try:
        for _ in range(10):
            result = runner.run(schedule)
            if result.violations:
                break
    finally:
        runner.close()
    say(schedule.text)
    for outcome in result.outcomes:
        faults = [request.fault or "answered" for request in result.record.calls.get(outcome.number, [])]
        shown = repr(outcome.value if outcome.end == "value" else outcome.error)
        say(f"call {outcome.number} ({outcome.plan.kind}): {outcome.end}: {shown[:200]}; requests: {faults}")
    say(f"{result.record.authentications} authentications, {result.record.connections} connections")
    return report_of(Report(schedule.seed, violations=result.violations))


def report_of(report: Report) -> int:
    """Print the broken rules and counts of a report; return 1 if there are any."""
    say(*(f"{name}: {value:,}" for name, value in report.counts.items()))
    say(*(str(violation) for violation in report.violations))
    return int(bool(report.violations))


def say(*lines: str) -> None:
    """Print at once."""
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
