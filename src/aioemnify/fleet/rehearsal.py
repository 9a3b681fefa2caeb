"""``rehearse``: run a copy of a job, or a plan, against a simulator, and see what it would do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from types import TracebackType
from typing import Any, Protocol

from attrs import frozen

from aioemnify._checks import check_number
from aioemnify.clock import SimulatedClock, SimulatorClock
from aioemnify.errors import ArgumentTypeError, EmnifyError
from aioemnify.fleet.client import FleetClient
from aioemnify.fleet.jobs.job import Job
from aioemnify.fleet.jobs.records import JobPlan, Outcome, counted
from aioemnify.fleet.jobs.report import Report
from aioemnify.fleet.journals.journal import Journal
from aioemnify.fleet.plans.plan import Plan
from aioemnify.options import duration_text

_MOST_SHOWN = 10
_MOST_KEPT = 10_000


class RehearsalClock(SimulatorClock, Protocol):
    """The clock of a simulator, whose speed can be set."""

    @property
    def factor(self) -> float:
        """Return how many simulated seconds pass in a second."""

    def scale(self, factor: float) -> None:
        """Set how many simulated seconds pass in a second."""


class RehearsalServer(Protocol):
    """What a rehearsal needs of ``aioemnify.simulator.Simulator``."""

    @property
    def clock(self) -> RehearsalClock:
        """Return the clock of all that is simulated."""

    @property
    def application_token(self) -> str:
        """Return the token of the organisation that has the fleet."""

    @property
    def url(self) -> str:
        """Return the URL that it serves."""

    @property
    def ca_file(self) -> str | None:
        """Return the certificate authority to trust."""

    @property
    def serving(self) -> bool:
        """Return whether it serves."""

    async def __aenter__(self) -> Any:
        """Begin to serve."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Serve no longer."""


@frozen(kw_only=True)
class Rehearsal:
    """What a job or a plan did to a simulated fleet.

    ``report`` is that of the copy: also items that were done before are in it. ``plan`` is how the items
    were to be sent, and how long the limits alone take; ``seconds`` is how long it took on the simulator's
    clock. ``failures`` has the first 10,000 outcomes that are failed or unknown. ``stopped`` is the error
    that would have ended the job early.
    """

    name: str
    report: Report
    plan: JobPlan
    seconds: float
    failures: tuple[Outcome, ...]
    stopped: EmnifyError | None = None

    def __str__(self) -> str:
        report = self.report
        total = sum(report.counts.values())
        states = ", ".join(f"{count:,} {state}" for state, count in report.counts.items() if count)
        lines = [
            f"rehearsal of {self.name}: {counted(total, 'item')}: {states or 'none'}; "
            f"{counted(report.calls, 'call')} in {duration_text(self.seconds)}, of which the limits take "
            f"{duration_text(self.plan.seconds)}"
        ]
        lines += [f"  {count:,} x {label}" for label, count in report.errors.items()]
        lines += [f"  {one.key}: {one.state}, {one.error}" for one in self.failures[:_MOST_SHOWN]]
        if len(self.failures) > _MOST_SHOWN:
            lines.append(f"  and {len(self.failures) - _MOST_SHOWN:,} more: see failures")
        lines += [f"  waited {seconds:,.1f} s for {limit}" for limit, seconds in report.waits.items()]
        if self.stopped is not None:
            lines.append(f"  stopped by {type(self.stopped).__name__}: {self.stopped}")
        return "\n".join(lines)


async def rehearse(work: Job | Plan, simulator: RehearsalServer, *, scale: float = 10.0) -> Rehearsal:
    """Run a job or a plan against a simulator. The journal, and the fleet of the client, stay untouched.

    ``Simulator(fleet="fleet.db")`` has the fleet of a mirror, with its ids. The items that wait are sent to
    it, with the documented rate limits, in simulated time; it is not reset, so look at its fleet afterwards.
    What depends on what a mirror does not have, such as profiles that no endpoint uses, fails here and
    not there.

    Args:
        work: a job, open and with its items, that does not run; or a plan.
        simulator: the simulator. It is served for the time of the rehearsal, unless it is served already.
        scale: the simulated seconds that pass in a second, above 0. A call takes that many times as long
            as the simulator needs for it. A frozen clock stays frozen, and jumps to the end of each wait.

    Raises:
        ArgumentError: an argument cannot work.
        ClientStateError: the job is not open, or runs.
    """
    if not isinstance(work, (Job, Plan)):
        raise ArgumentTypeError("work", f"takes a Job or a Plan, not {type(work).__name__}")
    check_number("scale", scale, above=0.0)
    journal = None
    if isinstance(work, Job):
        work._check_idle("rehearse")
        journal = await work._journal.run(Journal.copy_of, work._journal)
    clock = simulator.clock
    async with nullcontext() if simulator.serving else simulator:
        before = clock.factor
        if not clock.frozen:
            clock.scale(scale)
        try:
            client = _client_of(work._client, simulator)
            async with client, _job(work, journal, client) as job:
                return await _run(job, work, clock)
        finally:
            clock.scale(before)


def _client_of(like: FleetClient, simulator: RehearsalServer) -> Any:
    """Return a client of the simulator that is made as another one."""
    kind: Any = type(like)
    return kind(
        simulator.application_token,
        base_url=simulator.url,
        ca_file=simulator.ca_file,
        clock=SimulatedClock(simulator.clock),
        connections=like._pipeline.connections.size,
    )


@asynccontextmanager
async def _job(work: Job | Plan, journal: Journal | None, client: FleetClient) -> AsyncIterator[Job]:
    if isinstance(work, Job):
        share, unknown = work._window_share, work._unknown
        async with Job(client, journal, window_share=share, unknown=unknown) as job:
            yield job
    else:
        async with work._for(client).job() as job:
            yield job


async def _run(job: Job, work: Job | Plan, clock: SimulatorClock) -> Rehearsal:
    plan, began = job.plan(), clock.monotonic()
    failures: list[Outcome] = []
    stopped = None
    try:
        async for outcome in job.run():
            if outcome.state in ("failed", "unknown") and len(failures) < _MOST_KEPT:
                failures.append(outcome)
    except EmnifyError as error:
        stopped = error
    return Rehearsal(
        name=work.source if isinstance(work, Plan) else work._journal.name,
        report=job.report(),
        plan=plan,
        seconds=clock.monotonic() - began,
        failures=tuple(failures),
        stopped=stopped,
    )
