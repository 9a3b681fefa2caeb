"""Many calls as a job: estimate and question before, a bar during, a report after."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aioemnify.cli.exit_status import DONE, INCOMPLETE, INTERRUPTED, USAGE, CommandError
from aioemnify.cli.folders import jobs_folder, make_jobs_folder
from aioemnify.cli.interrupts import confirm
from aioemnify.cli.job_places import JobFile, JobPlace, file_only
from aioemnify.cli.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import AbstractAsyncContextManager

    from aioemnify import Emnify
    from aioemnify.fleet import Job, JobPlan, Report


def job_options() -> list[click.Parameter]:
    """Return the options of a command that may start a job."""
    return [
        click.Option(["--file", "rows"], metavar="FILE|-", help="The objects, one a line; - is stdin."),
        *job_file_options(),
    ]


def job_file_options() -> list[click.Parameter]:
    """Return the options of every job in a file."""
    return [
        click.Option(
            ["--job", "journal"],
            metavar="FILE",
            callback=file_only,
            help="The file to continue from after an interruption.",
        ),
        report_option(),
        yes_option(),
    ]


def report_option() -> click.Option:
    """Return the option that names a report."""
    return click.Option(
        ["--report", "table"], metavar="FILE", help="Write the outcome of each item (.csv or .jsonl)."
    )


def yes_option() -> click.Option:
    """Return the option that answers a question."""
    return click.Option(["-y", "--yes"], is_flag=True, help="Do not ask.")


def read_lines(name: str) -> list[str]:
    """Return each line of a file up to its first tab, without empty lines and those that begin with ``#``."""
    from aioemnify.cli.arguments.fields import read_file

    lines = [line.strip() for line in read_file(name).splitlines()]
    return [line.split("\t")[0] for line in lines if line and not line.startswith("#")]


def named(objects: Sequence[str], rows: str | None, noun: str) -> list[str]:
    """Return the objects that the arguments and a file name; the file may have none, as a list may.

    Raises:
        UsageError: there are no arguments and no file.
    """
    if not objects and rows is None:
        raise click.UsageError(f"name the {noun}, or pass --file")
    return [*objects, *(read_lines(rows) if rows is not None else ())]


def is_job(settings: Settings, objects: Sequence[str], rows: str | None, options: Mapping[str, Any]) -> bool:
    """Return whether a command is a job: for one object that an argument names, it is a call."""
    given = (rows, options["journal"], options["table"])
    return len(objects) != 1 or settings.dry_run or any(one is not None for one in given)


def new_journal(name: str) -> Path:
    """Return a file for a job that was given none, so that it can be continued.

    Jobs of the same command that run, were killed, or have items that are not ok are pointed out: to start
    one again would send an SMS twice.
    """
    folder = make_jobs_folder()
    if left := len(list(folder.glob(f"*-[0-9]*-{name}.job"))):
        jobs = "1 earlier job of this command is" if left == 1 else f"{left} earlier jobs of this command are"
        print(f"{jobs} not all ok yet: see 'emnify jobs list'", file=sys.stderr)
    return folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}-{name}.job"


async def run_job(
    settings: Settings,
    emnify: Emnify,
    name: str,
    parts: Sequence[tuple[str, Sequence[Any]]],
    *,
    noun: str,
    journal: str | None,
    table: str | None,
    yes: bool,
) -> int:
    """Run a job of some operations, and return the exit status.

    Args:
        settings: whether it is a dry run.
        emnify: makes the calls.
        name: of the command, for the name of the file.
        parts: operations and their items.
        noun: what the items are, such as ``SIM``.
        journal: the file of the job; ``None`` for one that is removed if all is ok.
        table: where to write what became of each.
        yes: whether nobody is asked.
    """
    from aioemnify.fleet import Job

    if settings.dry_run:
        return await dry_run(emnify, parts)

    @asynccontextmanager
    async def opened(file: Path) -> AsyncIterator[Job]:
        async with Job(emnify, file) as job:
            for operation, items in parts:
                await job.add(operation, items)
            yield job

    check_table(table)
    place = JobFile(Path(journal) if journal else new_journal(name))
    return await run_opened(opened, place, noun, table, yes=yes, keep=bool(journal))


async def dry_run(emnify: Emnify, parts: Sequence[tuple[str, Sequence[Any]]]) -> int:
    """Write what a job of these operations and items would send."""
    from aioemnify.fleet import Job

    async with Job(emnify, None) as job:
        for operation, items in parts:
            await job.add(operation, items)
        print(job.plan())
    return DONE


async def run_opened(
    opened: Callable[[Path], AbstractAsyncContextManager[Job]],
    place: JobFile,
    noun: str,
    table: str | None,
    *,
    yes: bool,
    keep: bool,
    again: str | None = None,
) -> int:
    """Ask, run a job and tell what became of it; return the exit status.

    Args:
        opened: opens the job with this file, its items in it.
        place: the file of the job.
        noun: what the items are, such as ``SIM``.
        table: where to write what became of each.
        yes: whether nobody is asked.
        keep: whether the file stays if all is ok, or nothing was sent.
        again: the command that continues the job, where it is not ``jobs resume``.
    """
    status: int | None = None
    sent = False
    try:
        async with opened(place.path) as job:
            ask_first(job, noun, yes=yes)
            sent = True
            status = await carry_out(job, place, table=table, again=again)
            return status
    finally:
        # What was interrupted or is not ok can be continued, and its file stays.
        if not keep and not sent:
            remove_journal(place.path)
        remove_finished(place, status)


def remove_finished(place: JobPlace, status: int | None) -> None:
    """Remove the file of a job that was given none, if all is ok."""
    if (
        status == DONE
        and isinstance(place, JobFile)
        and place.path.resolve().parent == jobs_folder().resolve()
    ):
        remove_journal(place.path)


def remove_journal(file: Path) -> None:
    """Remove the file of a job, and those beside it."""
    for end in ("", "-wal", "-shm", ".plan"):
        Path(f"{file}{end}").unlink(missing_ok=True)


def ask_first(job: Job, noun: str, *, yes: bool) -> None:
    """Ask whether to run a job that is open, unless there is nothing to do."""
    plan = job.plan()
    if plan.items:
        ask(plan, noun, yes=yes)


async def carry_out(job: Job, place: JobFile, *, table: str | None, again: str | None = None) -> int:
    """Run a job that is open, and tell what became of it; return the exit status."""
    items = job.plan().items
    if items:
        with bar(items) as advance:
            async for outcome in job.run():
                advance(outcome.state, job)
    return tell(job.report(), place, table, again=again)


def ask(plan: JobPlan, noun: str, *, yes: bool) -> None:
    """Show what a job takes, and ask whether to go on.

    Raises:
        CommandError: the answer is no, or there is nobody to ask.
    """
    from aioemnify.options import duration_text

    calls = sum(plan.calls.values()) + plan.single_calls
    items = f"{plan.items:,} {noun}{'' if plan.items == 1 else 's'}"
    text = (
        f"{items} in {calls:,} call{'' if calls == 1 else 's'}, {duration_text(plan.seconds)}, "
        f"{plan.share_of_month:.2%} of the month's calls."
    )
    if yes:
        print(text, file=sys.stderr)
    else:
        ask_on_terminal(text, "nothing was sent")


def ask_on_terminal(text: str, refused: str) -> None:
    """Ask whether to go on.

    Raises:
        CommandError: the answer is no, and the text is ``refused``; or there is nobody to ask.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CommandError(f"{text} There is no terminal to ask on: -y goes on without a question", USAGE)
    if not confirm(f"{text} Continue?"):
        raise CommandError(refused, USAGE)


@contextmanager
def bar(total: int) -> Iterator[Callable[[str, Job], None]]:
    """Draw a bar on a terminal while a job runs, with the time of its end."""
    if not sys.stderr.isatty():
        yield lambda _state, _job: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[note]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total, note="")
        counts = {"failed": 0, "unknown": 0}
        done = 0

        def advance(state: str, job: Job) -> None:
            nonlocal done
            done += 1
            if state in counts:
                counts[state] += 1
            if done % 200 == 1:
                eta = job.progress().eta
                note = f"until {eta.astimezone():%H:%M:%S}" if eta else ""
                note += "".join(f", {count} {name}" for name, count in counts.items() if count)
                progress.update(task, note=note)
            progress.advance(task)

        yield advance


def status_of_report(report: Report) -> int:
    """Return the exit status of a job."""
    if report.interrupted:
        return INTERRUPTED
    return INCOMPLETE if sum(report.counts.values()) != report.counts["ok"] else DONE


def tell(report: Report, place: JobPlace, table: str | None, *, again: str | None = None) -> int:
    """Write the summary of a job to stderr and its table to a file; return the exit status."""
    status = status_of_report(report)
    counts = (
        ", ".join(f"{count:,} {state}" for state, count in report.counts.items() if count) or "nothing to do"
    )
    if table is None and status != DONE:
        table = place.table
    if table is not None:
        write_table(report, table)
    print(f"{counts}{f' → {table}' if table else ''}", file=sys.stderr)
    for label, count in report.errors.items():
        print(f"  {count:,} x {label}", file=sys.stderr)
    if report.counts["waiting"] or report.counts["sent"]:
        print(f"continue with: {again or place.resume}", file=sys.stderr)
    elif report.counts["unknown"]:
        print(f"look again with: emnify jobs settle {place.words}", file=sys.stderr)
        print(
            f"send them again, perhaps twice, with: emnify jobs resume --retry unknown {place.words}",
            file=sys.stderr,
        )
    elif report.counts["failed"]:
        print(
            f"try the failed ones again with: emnify jobs resume --retry failed {place.words}",
            file=sys.stderr,
        )
    if table is None and status == INCOMPLETE:
        print(f"see all outcomes with: emnify jobs export {place.words} --to FILE.csv", file=sys.stderr)
    return status


def check_table(table: str | None) -> None:
    """Check the name of a report before anything is sent.

    Raises:
        CommandError: its suffix is that of no format.
    """
    if table is not None and Path(table).suffix.lower() not in (".csv", ".jsonl"):
        raise CommandError(f"{table}: a report ends with .csv or .jsonl", USAGE)


def write_table(report: Report, table: str) -> None:
    """Write what became of each item; the suffix is the format."""
    check_table(table)
    if Path(table).suffix.lower() == ".jsonl":
        report.to_jsonl(table)
    else:
        report.to_csv(table)
