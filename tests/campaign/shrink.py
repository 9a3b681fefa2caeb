"""Makes a schedule that fails smaller, as long as it still fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from msgspec.structs import replace

from tests.campaign.schedule import CallPlan, Schedule, TaskPlan

T = TypeVar("T")

RUNS = 400
"""How many smaller schedules are tried at most."""


def shrink(schedule: Schedule, fails: Callable[[Schedule], bool], *, runs: int = RUNS) -> Schedule:
    """Return a schedule that still fails, and of which no single part can be left out."""
    smaller = True
    while smaller:
        smaller = False
        for candidate in candidates(schedule):
            runs -= 1
            if runs < 0:
                return schedule
            if fails(candidate):
                schedule, smaller = candidate, True
                break
    return schedule


def candidates(schedule: Schedule) -> Iterator[Schedule]:
    """Yield schedules that are a little smaller, those that leave out most first."""
    tasks = schedule.tasks
    size = len(tasks) // 2
    while size:
        for start in range(0, len(tasks), size):
            yield replace(schedule, tasks=tasks[:start] + tasks[start + size :])
        size //= 2
    yield from _plainer(schedule)
    for place, task in enumerate(tasks):
        for simpler in _simpler_tasks(task):
            yield replace(schedule, tasks=(*tasks[:place], simpler, *tasks[place + 1 :]))


def _plainer(schedule: Schedule) -> Iterator[Schedule]:
    plain = Schedule(seed=schedule.seed, tasks=schedule.tasks)
    for name in Schedule.__struct_fields__:
        if getattr(schedule, name) != getattr(plain, name):
            yield replace(schedule, **{name: getattr(plain, name)})
    if len(schedule.loops) > 1:
        for loop in schedule.loops:
            yield replace(schedule, loops=(loop,))
    for name in ("auth_faults", "connection_faults"):
        for fewer in _without_one(getattr(schedule, name)):
            yield replace(schedule, **{name: fewer})


def _simpler_tasks(task: TaskPlan) -> Iterator[TaskPlan]:
    if len(task.calls) > 1:
        for calls in _without_one(task.calls):
            yield replace(task, calls=calls)
    if task.cancelled is not None:
        yield replace(task, cancelled=None)
    if task.starts:
        yield replace(task, starts=0.0)
    for place, call in enumerate(task.calls):
        for simpler in _simpler_calls(call):
            yield replace(task, calls=(*task.calls[:place], simpler, *task.calls[place + 1 :]))


def _simpler_calls(call: CallPlan) -> Iterator[CallPlan]:
    for faults in _without_one(call.faults):
        yield replace(call, faults=faults)
    # The deadline stays: without one, a call may wait for minutes.
    for name, value in (("timeout", None), ("priority", "normal"), ("retry", True)):
        if getattr(call, name) != value:
            yield replace(call, **{name: value})


def _without_one(items: tuple[T, ...]) -> Iterator[tuple[T, ...]]:
    return (items[:place] + items[place + 1 :] for place in range(len(items)))
