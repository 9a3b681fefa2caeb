"""``Plan``: make the fleet look like a file, and see first what that means."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import msgspec
from attrs import evolve, field, frozen

from aioemnify._checks import check_bool, check_choice, check_number, check_type, check_whole_number
from aioemnify.clock import date_of
from aioemnify.errors import ArgumentError
from aioemnify.fleet.client import FleetClient
from aioemnify.fleet.jobs.job import Job
from aioemnify.fleet.jobs.planning import Planner
from aioemnify.fleet.jobs.records import JobPlan, counted
from aioemnify.fleet.jobs.report import Report
from aioemnify.fleet.jobs.routes import ItemReader, route_of
from aioemnify.fleet.journals.journal import Journal
from aioemnify.fleet.plans.applying import add_and_check
from aioemnify.fleet.plans.comparison import Comparison
from aioemnify.fleet.plans.csv_table import CsvTable, PlanError
from aioemnify.fleet.plans.plan_file import PlanFile, read_plan, write_plan
from aioemnify.fleet.plans.records import PlanChange, PlanItem
from aioemnify.fleet.plans.targets import Empty, KeyName, read_targets

_MOST_SHOWN = 20


@frozen(kw_only=True, repr=False, eq=False)
class Plan:
    """The changes that make the fleet look like a file.

    Make one with ``await Plan.from_csv(emnify, "fleet.csv")`` or ``Plan.load(emnify, "fleet.plan")``. It
    has no effect before ``apply``. ``len(plan)`` is the number of its changes: an empty plan is false.

    Attributes:
        source: the file that says what the fleet should be.
        server: the URL of the API.
        organisation: the workspace.
        made: when the fleet was read.
        read: how many endpoints were read.
        ignored: the columns of the file that set nothing.
    """

    _client: FleetClient = field(alias="client")
    source: str
    server: str
    organisation: str | None
    made: datetime
    read: int
    ignored: Sequence[str] = ()
    _items: Sequence[PlanItem] = field(alias="items")

    @classmethod
    async def from_csv(
        cls,
        emnify: FleetClient,
        path: str | os.PathLike[str],
        *,
        key: KeyName | None = None,
        empty: Empty = "keep",
        prune: bool = False,
        max_changes: int | str | None = None,
    ) -> Self:
        """Read a CSV file and the fleet, and return what differs.

        The first line names the columns, as ``export`` of endpoints and ``to_row`` do: ``name``, ``tags``,
        ``status``, ``service_profile``, ``tariff_profile``, ``imei``, ``imei_lock``, ``ip_address`` and
        ``sim.status`` set something, and only those that the file has. Other columns of an export are not
        read, but ``sim.id``: a row whose endpoint has another SIM is refused. All endpoints are read, 1,000
        in a call, and the profiles of the account where one changes.

        Args:
            emnify: the client that reads now and writes later.
            path: a CSV file in UTF-8, separated by commas, semicolons or tabs.
            key: the column that identifies an endpoint: ``id``, ``iccid`` (of its SIM, with or without the
                check digit) or ``name``; by default the first of them that the file has.
            empty: what an empty cell means: ``keep`` what is there, or ``clear`` it, where the column is
                ``tags`` or ``imei``.
            prune: delete the endpoints that the file does not have; it needs ``max_changes``.
            max_changes: the most endpoints that may be changed or deleted, such as 100 or ``"5%"`` of the
                fleet.

        Raises:
            PlanError: the file cannot be used, or more than ``max_changes`` would change. Each problem
                names its line and column.
            ArgumentError: an argument cannot work.
            EmnifyError: a call failed.
        """
        check_type("path", path, (str, os.PathLike), "a path")
        check_choice("empty", empty, ("keep", "clear"))
        check_bool("prune", prune)
        cap = _Cap.of(max_changes)
        if prune and cap is None:
            raise ArgumentError(
                "prune", "deletes endpoints, so it needs a cap: max_changes=100, or max_changes='5%'"
            )
        targets = await read_targets(CsvTable(path), key, empty)
        made = date_of(emnify._clock.wall())
        comparison = Comparison(targets, prune, whole=prune or cap is not None)
        await comparison.run(emnify)
        if cap is not None:
            cap.check(comparison.items, comparison.read, targets.table.name)
        return cls(
            client=emnify,
            source=targets.table.name,
            server=emnify._base_url,
            organisation=emnify._pipeline.organisation,
            made=made,
            read=comparison.read,
            ignored=tuple(targets.ignored),
            items=tuple(comparison.items),
        )

    @classmethod
    def load(cls, emnify: FleetClient, path: str | os.PathLike[str]) -> Self:
        """Return a plan that ``save`` wrote. It makes no call.

        Args:
            emnify: the client that applies it.
            path: the file.

        Raises:
            PlanError: it is not a plan, is damaged or of a newer version, or is that of another server or
                workspace.
        """
        check_type("path", path, (str, os.PathLike), "a path")
        kept = read_plan(path)
        plan = cls(
            client=emnify,
            source=kept.source,
            server=kept.server,
            organisation=kept.organisation,
            made=kept.made,
            read=kept.read,
            ignored=kept.ignored,
            items=kept.items,
        )
        if plan.server != emnify._base_url:
            raise PlanError(
                f"{os.fspath(path)} is a plan for {plan.server}, and this client calls {emnify._base_url}"
            )
        if emnify._pipeline.organisation is not None:
            plan._check_organisation()
        return plan

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the plan as JSON, in the place of the file that is there.

        Args:
            path: the file.

        Raises:
            ArgumentError: it is the file that the plan was made of.
            ExportError: it cannot be written; what was there before still is.
        """
        check_type("path", path, (str, os.PathLike), "a path")
        if Path(path).resolve() == Path(self.source).resolve():
            raise ArgumentError(
                "path", f"{os.fspath(path)} is the file that the plan was made of: name another"
            )
        write_plan(path, self._file())

    def _file(self) -> PlanFile:
        return PlanFile(
            server=self.server,
            organisation=self.organisation,
            source=self.source,
            made=self.made,
            read=self.read,
            ignored=tuple(self.ignored),
            items=tuple(self._items),
        )

    @property
    def changes(self) -> list[PlanChange]:
        """Return the changes: those of fields in the order of the file, then the deletions."""
        return [change for item in self._items for change in item.changes]

    def __len__(self) -> int:
        return sum(len(item.fields) or 1 for item in self._items)

    def __repr__(self) -> str:
        return f"<Plan of {self.source}: {counted(len(self), 'change')}>"

    def __str__(self) -> str:
        what = f"plan of {self.source}, for {counted(self.read, 'endpoint')}"
        if not self._items:
            lines = [f"{what}: nothing differs"]
        else:
            changed = counted(len(self._items), "endpoint")
            lines = [f"{what}: {counted(len(self), 'change')} of {changed}"]
            kinds = Counter(change.field or "deleted" for change in self.changes)
            lines += [f"  {count:,} x {name}" for name, count in kinds.items()]
            lines += [f"  {change}" for change in self.changes[:_MOST_SHOWN]]
            if len(self) > _MOST_SHOWN:
                lines.append(f"  and {len(self) - _MOST_SHOWN:,} more: plan.changes has all")
            lines.append(f"  {self.estimate()}")
        if self.ignored:
            lines.append(f"  these columns set nothing: {', '.join(self.ignored)}")
        return "\n".join(lines)

    def estimate(self) -> JobPlan:
        """Return how the changes would be sent: calls, seconds and share of the month, as of now.

        Reading the endpoints again before, which ``apply`` does, is not in it.
        """
        journal = Journal(None)
        journal.open()
        with journal.transaction():
            for operation, entries in self._entries().items():
                reader = ItemReader(route_of(operation), self._client._codec, None, None)
                for number, entry in enumerate(entries):
                    shared, key, body = reader.read(number, entry)
                    journal.add([(journal.part(operation, reader.key, shared), key, body)])
        return Planner(self._client, journal, None).plan()

    def _entries(self) -> dict[str, list[Any]]:
        entries: dict[str, list[Any]] = {}
        for item in self._items:
            entries.setdefault(item.operation, []).append(item.entry)
        return entries

    async def apply(
        self, journal: str | os.PathLike[str] | None = None, *, window_share: float = 1.0
    ) -> Report:
        """Make the changes, as a job, and return its report.

        The endpoints are read again first: all in pages, or each, whichever is less. One that has neither
        the old nor the new value of a field is ``skipped``, with the reason in its row of the report; one
        that is as planned already needs no call. The API cannot compare and write in one step, so what
        others change in the seconds between is overwritten.

        Args:
            journal: the file of the job. After a crash, apply the same plan with the same journal again:
                it continues. ``None`` keeps it in memory.
            window_share: see ``Job``.

        Raises:
            PlanError: the plan is that of another workspace; nothing was changed.
            ArgumentError: the journal is that of something else.
            EmnifyError: the job cannot go on; it can be continued.
        """
        async with self.job(journal, window_share=window_share) as job:
            async for _ in job.run():
                pass
            return job.report()

    @asynccontextmanager
    async def job(
        self, journal: str | os.PathLike[str] | None = None, *, window_share: float = 1.0
    ) -> AsyncIterator[Job]:
        """Open the job that ``apply`` runs, with its items checked, for those who want to see its outcomes.

        Args:
            journal: see ``apply``.
            window_share: see ``Job``.

        Raises:
            PlanError: the plan is that of another workspace; nothing was changed.
            ArgumentError: the journal is that of something else.
            EmnifyError: a call failed.
        """
        if journal is not None:
            check_type("journal", journal, (str, os.PathLike), "a path, or None for memory")
        kept = Journal(journal)
        async with Job(self._client, kept, window_share=window_share) as job:
            self._check_journal(kept)
            if self._items:
                await add_and_check(
                    self._client, job, kept, self._items, self._entries(), self._check_organisation
                )
            yield job

    def _check_journal(self, journal: Journal) -> None:
        digest = hashlib.sha256(msgspec.json.encode(self._file())).hexdigest()
        known = journal.fact("plan")
        if known != digest and (known is not None or journal.counts):
            raise ArgumentError(
                "journal", f"{journal.name} is that of another plan or another job: use another file"
            )
        journal.note("plan", digest)

    def _check_organisation(self) -> None:
        here = self._client._pipeline.organisation
        if self.organisation is not None and here != self.organisation:
            raise PlanError(
                f"the plan of {self.source} is one of workspace {self.organisation}, and this client works "
                f"in {here}: nothing was changed"
            )

    def _for(self, client: FleetClient) -> Self:
        """Return the same plan for another server, to rehearse it."""
        return evolve(self, client=client, server=client._base_url, organisation=None)


@frozen
class _Cap:
    """The most endpoints that a plan may change."""

    given: int | str
    count: float | None = None
    share: float | None = None

    @classmethod
    def of(cls, given: Any) -> _Cap | None:
        if given is None:
            return None
        if isinstance(given, str):
            try:
                share = float(given.removesuffix("%"))
            except ValueError:
                share = -1.0
            if not given.endswith("%") or not 0 <= share <= 100:
                raise ArgumentError("max_changes", f"takes a number, or a share such as '5%', not {given!r}")
            return cls(given, share=check_number("max_changes", share) / 100)
        return cls(given, count=check_whole_number("max_changes", given, 0))

    def check(self, items: Sequence[PlanItem], fleet: int, name: str) -> None:
        most = self.count if self.share is None else self.share * fleet
        if most is not None and len(items) > most:
            deleted = sum(not item.fields for item in items)
            raise PlanError(
                f"{name} would change {counted(len(items), 'endpoint')} of {fleet:,}, {deleted:,} of them by "
                f"deletion, more than the cap of {self.given} (max_changes): look at the file, or raise it"
            )
