"""Fleet work: thousands of calls as one job that nothing stops for good.

A ``Job`` makes one call for each of many items, on bulk routes where the API has them. Its journal is a
file: after a crash, a full disk or Ctrl-C the job continues where it was, and nothing is lost or done twice::

    from aioemnify.fleet import Job

    async with Job(emnify, "rename.job") as job:
        await job.add("endpoints.update", rows)
        print(job.plan())
        async for outcome in job.run():
            if outcome.state != "ok":
                print(outcome.key, outcome.state, outcome.error)
        print(job.report())
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify._lazy_names import lazy_names

if TYPE_CHECKING:
    from aioemnify.fleet.checkpoint import SweepError as SweepError
    from aioemnify.fleet.checkpoint import SweepReport as SweepReport
    from aioemnify.fleet.exports.export import export as export
    from aioemnify.fleet.exports.replacement import ExportError as ExportError
    from aioemnify.fleet.hosts.journal import RedisJournal as RedisJournal
    from aioemnify.fleet.hosts.worker import WorkerReport as WorkerReport
    from aioemnify.fleet.hosts.worker import run_worker as run_worker
    from aioemnify.fleet.jobs.job import Job as Job
    from aioemnify.fleet.jobs.records import ItemError as ItemError
    from aioemnify.fleet.jobs.records import JobPlan as JobPlan
    from aioemnify.fleet.jobs.records import Outcome as Outcome
    from aioemnify.fleet.jobs.records import Progress as Progress
    from aioemnify.fleet.jobs.report import Report as Report
    from aioemnify.fleet.journals.journal_file import JournalError as JournalError
    from aioemnify.fleet.many import get_many as get_many
    from aioemnify.fleet.many import run_many as run_many
    from aioemnify.fleet.many import set_many as set_many
    from aioemnify.fleet.mirror.changes import Change as Change
    from aioemnify.fleet.mirror.database import MirrorError as MirrorError
    from aioemnify.fleet.mirror.mirror import Mirror as Mirror
    from aioemnify.fleet.mirror.tables import MirrorTable as MirrorTable
    from aioemnify.fleet.mirror.writing import Synced as Synced
    from aioemnify.fleet.plans.csv_table import PlanError as PlanError
    from aioemnify.fleet.plans.plan import Plan as Plan
    from aioemnify.fleet.plans.records import PlanChange as PlanChange
    from aioemnify.fleet.rehearsal import Rehearsal as Rehearsal
    from aioemnify.fleet.rehearsal import rehearse as rehearse
    from aioemnify.fleet.sweep import Sweep as Sweep

# Loaded on first use: sqlite3 is not wanted by everybody. The functions are for the resources.
_HOMES = {
    "Change": "mirror.changes",
    "Mirror": "mirror.mirror",
    "MirrorError": "mirror.database",
    "MirrorTable": "mirror.tables",
    "Synced": "mirror.writing",
    "ExportError": "exports.replacement",
    "ItemError": "jobs.records",
    "Job": "jobs.job",
    "JobPlan": "jobs.records",
    "JournalError": "journals.journal_file",
    "Outcome": "jobs.records",
    "Plan": "plans.plan",
    "PlanChange": "plans.records",
    "PlanError": "plans.csv_table",
    "Progress": "jobs.records",
    "RedisJournal": "hosts.journal",
    "Rehearsal": "rehearsal",
    "Report": "jobs.report",
    "Sweep": "sweep",
    "SweepError": "checkpoint",
    "SweepReport": "checkpoint",
    "WorkerReport": "hosts.worker",
    "export": "exports.export",
    "get_many": "many",
    "rehearse": "rehearsal",
    "run_many": "many",
    "run_worker": "hosts.worker",
    "set_many": "many",
}

__all__ = [
    "Change",
    "ExportError",
    "ItemError",
    "Job",
    "JobPlan",
    "JournalError",
    "Mirror",
    "MirrorError",
    "MirrorTable",
    "Outcome",
    "Plan",
    "PlanChange",
    "PlanError",
    "Progress",
    "RedisJournal",
    "Rehearsal",
    "Report",
    "Sweep",
    "SweepError",
    "SweepReport",
    "Synced",
    "WorkerReport",
    "export",
    "rehearse",
    "run_worker",
]


if not TYPE_CHECKING:  # type checkers find misspelt names without it
    __getattr__ = lazy_names(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
