"""A schedule: which calls are made, and what goes wrong at which of them. It follows from a seed."""

from __future__ import annotations

from random import Random
from typing import Literal, get_args

import msgspec

from tests.campaign.faults import CONNECTION_FAULTS, FAULTS, WITHOUT_WAIT

CallKind = Literal[
    "sims.get",
    "sims.update",
    "sims.page",
    "sims.walk",
    "sims.walk left early",
    "sims.prefetch",
    "sims.prefetch left early",
    "endpoints.get",
    "endpoints.create",
    "endpoints.update",
    "endpoints.delete",
    "tags.create",
]
Library = Literal["httpx", "httpx2", "httpx client", "httpx2 client", "httpx transport"]
StoreKind = Literal["memory", "file", "redis"]
Loop = Literal["asyncio", "trio"]


class CallPlan(msgspec.Struct, frozen=True, omit_defaults=True):
    """One call. The n-th fault is that of its n-th request; further requests have none."""

    kind: CallKind
    faults: tuple[str, ...] = ()
    deadline: float | None = None
    timeout: float | None = None
    priority: Literal["interactive", "normal", "bulk"] = "normal"
    retry: bool = True


class TaskPlan(msgspec.Struct, frozen=True, omit_defaults=True):
    """Calls that one task makes one after the other. Times are seconds from the beginning.

    ``cancelled`` is when it is cancelled: by a cancel scope, or with ``natively`` by ``Task.cancel``.
    """

    calls: tuple[CallPlan, ...]
    starts: float = 0.0
    cancelled: float | None = None
    natively: bool = False


class Schedule(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that is decided before a run. Task n runs in loop n modulo the number of loops."""

    seed: int
    tasks: tuple[TaskPlan, ...]
    loops: tuple[Loop, ...] = ("asyncio",)
    library: Library = "httpx"
    store: StoreKind = "memory"
    auth_faults: tuple[str, ...] = ()
    connection_faults: tuple[str, ...] = ()
    connections: int = 20
    tight: bool = False
    token_lifetime: float = 14400.0
    read_timeout: float = 0.04
    closed: float | None = None

    @property
    def text(self) -> str:
        """Return it as JSON, which ``--repeat`` reads."""
        return msgspec.json.encode(self).decode()


def read(text: str) -> Schedule:
    """Return the schedule that ``text`` describes."""
    return msgspec.json.decode(text.encode(), type=Schedule)


WRITES = ("sims.update", "endpoints.create", "endpoints.update", "endpoints.delete", "tags.create")
CREATES = ("endpoints.create", "tags.create")

WEIGHTS = {
    ("asyncio",): 6,
    ("trio",): 2,
    ("asyncio", "asyncio"): 1,
    ("asyncio", "trio"): 1,
}
SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 50)
SIZE_WEIGHTS = (8, 8, 8, 8, 8, 8, 8, 6, 6, 4, 3, 2, 1)


def draw(seed: int) -> Schedule:
    """Return the schedule of a seed."""
    chance = Random(seed)
    (loops,) = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
    stores: list[StoreKind] = [*("memory",) * 6, "file"]
    if "trio" not in loops:  # redis-py works under asyncio only
        stores.append("redis")
    (size,) = chance.choices(SIZES, SIZE_WEIGHTS)
    severity = chance.choice((0.0, 0.1, 0.3, 0.5, 0.8))
    store = chance.choice(stores)
    patient = chance.random() < 0.1
    cancels = chance.choice((0.0, 0.0, 0.2, 0.6))
    return Schedule(
        seed=seed,
        loops=loops,  # type: ignore[arg-type]
        library=chance.choices(get_args(Library), (6, 2, 1, 1, 1))[0],
        store=store,
        tasks=tuple(_task(chance, severity, cancels, patient) for _ in range(size)),
        auth_faults=_faults(chance, severity * 0.6, tuple(FAULTS), patient),
        connection_faults=_connection_faults(chance, severity),
        connections=chance.choice((1, 2, 3, 5, 20, 20)),
        tight=store == "memory" and chance.random() < 0.25,  # margins of shared limits are longer
        token_lifetime=chance.choice((14400.0, 14400.0, 14400.0, 1.0, 0.0, 1e17)),
        closed=_moment(chance) if chance.random() < 0.1 else None,
    )


def _moment(chance: Random) -> float:
    """Return a moment of a run, more often an early one."""
    return round(0.05 * chance.random() ** 2, 5)


def _task(chance: Random, severity: float, cancels: float, patient: bool) -> TaskPlan:
    return TaskPlan(
        calls=tuple(_call(chance, severity, patient) for _ in range(chance.choice((1, 1, 2, 3)))),
        starts=chance.choice((0.0, 0.0, _moment(chance))),
        cancelled=_moment(chance) if chance.random() < cancels else None,
        natively=chance.random() < 0.5,
    )


def _call(chance: Random, severity: float, patient: bool) -> CallPlan:
    deadline = None if patient else round(chance.choice((0.02, 0.1, 0.25)) * (0.2 + chance.random()), 4)
    return CallPlan(
        kind=chance.choice(get_args(CallKind)),
        faults=_faults(chance, severity, tuple(FAULTS), patient),
        deadline=deadline,
        timeout=chance.choice((None, None, 0.02)),
        priority=chance.choice(("normal", "normal", "interactive", "bulk")),
        retry=chance.random() < 0.85,
    )


def _faults(chance: Random, severity: float, names: tuple[str, ...], patient: bool) -> tuple[str, ...]:
    found: list[str] = []
    while len(found) < 5 and chance.random() < severity:
        name = chance.choice(names)
        if not (patient and name in WITHOUT_WAIT):
            found.append(name)
    return tuple(found)


def _connection_faults(chance: Random, severity: float) -> tuple[str, ...]:
    """Return the faults of the first connections, ``"-"`` for none."""
    if chance.random() > severity:
        return ()
    return tuple(chance.choice(("-", "-", *CONNECTION_FAULTS)) for _ in range(chance.randint(1, 6)))
