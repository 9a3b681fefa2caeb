"""``jobs``: look at a job, start one from a table, and continue what was interrupted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from aioemnify.cli.exit_status import FILE, CommandError
from aioemnify.cli.jobs import (
    ask_first,
    carry_out,
    job_file_options,
    run_job,
    status_of_report,
    tell,
    write_table,
)
from aioemnify.cli.session import run
from aioemnify.cli.settings import Group, Settings, dry_run_option, pass_settings, with_options


@click.group(cls=Group)
def jobs() -> None:
    """Look at jobs, run them, and continue them after an interruption.

    A job is a file. It makes each of its calls once, whatever happens to the program.
    """


def _existing(file: str) -> Path:
    if not Path(file).is_file():
        raise CommandError(f"{file}: there is no such file", FILE)
    return Path(file)


@jobs.command("show")
@click.argument("file")
@pass_settings
def show_job(settings: Settings, file: str) -> int:
    """Show how far a job is, and what failed; the exit status is that of the job."""
    place = _existing(file)

    async def work(emnify: Any) -> int:
        from aioemnify.fleet import Job

        async with Job(emnify, place) as job:
            print(job.progress())
            report = job.report()
            print(report)
            return status_of_report(report)

    return run(settings, work)


@jobs.command("run", epilog="emnify jobs run endpoints.update names.csv --job rename.job")
@click.argument("operation")
@click.argument("rows", metavar="FILE.csv|FILE.jsonl|-")
@with_options(*job_file_options(), dry_run_option())
@pass_settings
def run_table(settings: Settings, /, operation: str, rows: str, **options: Any) -> int:
    """Make a call for each row of a table.

    The columns of a CSV file are the values of the path, such as endpoint_id, and the members of the
    body, such as name or sim.id. An empty cell is left out, null clears a value. A line of a .jsonl
    file, or of stdin, is an object of the same names.
    """
    from aioemnify.cli.arguments.tables import read_items

    items = read_items(operation, rows)
    name = operation.replace(".", "-").replace("_", "-")
    return run(
        settings,
        lambda emnify: run_job(settings, emnify, name, [(operation, items)], noun="row", **options),
    )


@jobs.command()
@click.argument("file")
@click.option(
    "--retry", type=click.Choice(["failed", "unknown", "skipped"]), help="Also send these items again."
)
@with_options(*job_file_options()[1:])
@pass_settings
def resume(settings: Settings, file: str, retry: Any, table: str | None, yes: bool) -> int:
    """Continue a job where it stopped."""
    place = _existing(file)

    async def work(emnify: Any) -> int:
        from aioemnify.fleet import Job

        async with Job(emnify, place) as job:
            if retry:
                print(f"{job.retry(retry):,} are tried again", file=sys.stderr)
            ask_first(job, "item", yes=yes)
            return await carry_out(job, place, table=table)

    return run(settings, work)


@jobs.command()
@click.argument("file")
@pass_settings
def settle(settings: Settings, file: str) -> int:
    """Look again for the items whose outcome is unknown."""
    place = _existing(file)

    async def work(emnify: Any) -> int:
        from aioemnify.fleet import Job

        async with Job(emnify, place) as job:
            left = await job.settle()
            print(f"{left:,} are still unknown", file=sys.stderr)
            return tell(job.report(), place, None)

    return run(settings, work)


@jobs.command("export")
@click.argument("file")
@click.option("--to", "table", metavar="FILE", required=True, help="The table to write: .csv or .jsonl.")
@pass_settings
def export_job(settings: Settings, file: str, table: str) -> None:
    """Write the outcome of each item as a table."""
    place = _existing(file)

    async def work(emnify: Any) -> None:
        from aioemnify.fleet import Job

        async with Job(emnify, place) as job:
            write_table(job.report(), table)

    run(settings, work)
