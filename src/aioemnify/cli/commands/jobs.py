"""``jobs``: look at a job, start one from a table, work on it on many hosts, and continue it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from aioemnify.cli.exit_status import CommandError
from aioemnify.cli.folders import jobs_folder
from aioemnify.cli.job_places import JobInRedis, JobPlace, in_redis, place_of
from aioemnify.cli.jobs import (
    ask_first,
    ask_on_terminal,
    carry_out,
    remove_finished,
    report_option,
    run_job,
    status_of_report,
    tell,
    write_table,
    yes_option,
)
from aioemnify.cli.session import run
from aioemnify.cli.settings import (
    Group,
    Settings,
    address_options,
    dry_run_option,
    output_options,
    pass_settings,
    redis_option,
    with_options,
)

JOB = "FILE|redis:NAME"

STATES = ("ok", "waiting", "sent", "failed", "unknown", "skipped")
"""Of items, as columns."""


@click.group(cls=Group)
def jobs() -> None:
    """Look at jobs, run them, and continue them after an interruption.

    A job is a file, or redis:NAME in a Redis, where many hosts work on it. It makes each of its calls once,
    whatever happens to the programs.
    """


def _existing(settings: Settings, name: str) -> JobPlace:
    place = place_of(settings, name)
    place.check_there()
    return place


@jobs.command("list")
@with_options(*output_options(many=False))
@pass_settings
def list_jobs(settings: Settings) -> None:
    """List the jobs without a --job file that are not all ok yet.

    Such as one that runs now, or was killed. 'emnify jobs resume FILE' continues one, and
    'emnify apply FILE.plan --job FILE' one of apply, which reads the endpoints again first. Delete the
    file of one that needs nothing more.
    """
    from aioemnify.cli.output.writers import show

    files = sorted(jobs_folder().glob("*.job"))

    async def work(emnify: Any) -> None:
        show(settings, [_numbers(emnify, file) for file in files])

    if files:
        run(settings, work)
    else:
        print("no job is left, all are ok", file=sys.stderr)


def _numbers(emnify: Any, file: Path) -> dict[str, Any]:
    from aioemnify.fleet import Job, JournalError

    counts: Mapping[Any, int] = {}
    try:
        counts = Job(emnify, file).report().counts
    except JournalError as error:  # such as one that runs now
        print(f"emnify: {error}", file=sys.stderr)
    return {"file": str(file), **{state: counts.get(state) for state in STATES}}


@jobs.command("show")
@click.argument("job", metavar=JOB)
@with_options(redis_option())
@pass_settings
def show_job(settings: Settings, job: str) -> int:
    """Show how far a job is, and what failed; the exit status is that of the job."""
    place = _existing(settings, job)

    async def work(emnify: Any) -> int:
        from aioemnify.fleet import Job

        async with Job(emnify, place.journal()) as job:
            print(job.progress())
            report = job.report()
            print(report)
            return status_of_report(report)

    return run(settings, work, store=place.store())


@jobs.command(
    "run",
    epilog="emnify jobs run endpoints.update names.csv --job rename.job\n"
    "emnify jobs run sims.get sims.csv --job redis:read-sims --address ams-1",
)
@click.argument("operation")
@click.argument("rows", metavar="FILE.csv|FILE.jsonl|-")
@click.option(
    "--job",
    "journal",
    metavar=JOB,
    help="The file to continue from after an interruption, or the job in Redis for many hosts.",
)
@click.option(
    "--lease",
    type=click.FloatRange(1),
    metavar="SECONDS",
    help="In Redis: when others get what a worker that has died had (default: 10).",
)
@click.option(
    "--add-only", is_flag=True, help="In Redis: add the rows, and leave the calls to 'emnify jobs work'."
)
@with_options(redis_option(), *address_options(), report_option(), yes_option(), dry_run_option(job=True))
@pass_settings
def run_table(
    settings: Settings,
    /,
    operation: str,
    rows: str,
    journal: str | None,
    lease: float | None,
    add_only: bool,
    table: str | None,
    yes: bool,
) -> int:
    """Make a call for each row of a table.

    The columns of a CSV file are the values of the path, such as endpoint_id, and the members of the
    body, such as name or sim.id. An empty cell is left out, null clears a value. A line of a .jsonl
    file, or of stdin, is an object of the same names.
    """
    from aioemnify.cli.arguments.tables import read_items

    if journal is None and settings.redis is not None:
        raise CommandError("a job in Redis needs a name: --job NAME")
    place = None if journal is None else place_of(settings, journal)
    items = read_items(operation, rows)
    if isinstance(place, JobInRedis):
        from aioemnify.cli.shared_jobs import run_in_redis

        return run_in_redis(
            settings, place, operation, items, lease=lease, add_only=add_only, table=table, yes=yes
        )
    if lease is not None or add_only or settings.address is not None:
        raise CommandError("--lease, --add-only and --address are for a job in Redis: --job redis:NAME")
    name = operation.replace(".", "-").replace("_", "-")
    parts = [(operation, items)]
    return run(
        settings,
        lambda emnify: run_job(
            settings, emnify, name, parts, noun="row", journal=journal, table=table, yes=yes
        ),
    )


@jobs.command(epilog="emnify jobs work read-sims --address ams-2")
@click.argument("name")
@with_options(redis_option(), *address_options(), report_option())
@pass_settings
def work(settings: Settings, name: str, table: str | None) -> int:
    """Work on a job in Redis, beside the other hosts, until it is done.

    'emnify jobs run --job redis:NAME' makes the job. SIGTERM and Ctrl-C end the calls under way and leave
    the rest to the other workers; what a worker that is killed had goes to them after its lease. The exit
    status is that of the whole job.
    """
    from aioemnify.cli.shared_jobs import run_worker_of

    place = in_redis(settings, name)
    place.check_there()
    return run_worker_of(settings, place, table)


@jobs.command()
@click.argument("job", metavar=JOB)
@click.option(
    "--retry", type=click.Choice(["failed", "unknown", "skipped"]), help="Also send these items again."
)
@with_options(redis_option(), *address_options(), report_option(), yes_option())
@pass_settings
def resume(settings: Settings, job: str, retry: Any, table: str | None, yes: bool) -> int:
    """Continue a job where it stopped."""
    place = _existing(settings, job)

    async def prepare(job: Any) -> None:
        if retry:
            print(f"{job.retry(retry):,} are tried again", file=sys.stderr)
        ask_first(job, "item", yes=yes)

    if isinstance(place, JobInRedis):
        from aioemnify.cli.shared_jobs import run_worker_of

        return run_worker_of(settings, place, table, prepare)

    async def work(emnify: Any) -> int:
        from aioemnify.fleet import Job

        async with Job(emnify, place.journal()) as job:
            await prepare(job)
            return await carry_out(job, place, table=table)

    status = run(settings, work)
    remove_finished(place, status)
    return status


@jobs.command()
@click.argument("job", metavar=JOB)
@with_options(redis_option(), *address_options())
@pass_settings
def settle(settings: Settings, job: str) -> int:
    """Look again for the items whose outcome is unknown."""
    place = _existing(settings, job)

    async def work(emnify: Any) -> int:
        from aioemnify.fleet import Job

        async with Job(emnify, place.journal()) as job:
            left = await job.settle()
            print(f"{left:,} are still unknown", file=sys.stderr)
            return tell(job.report(), place, None)

    status = run(settings, work, store=place.store())
    remove_finished(place, status)
    return status


@jobs.command("export")
@click.argument("job", metavar=JOB)
@click.option("--to", "table", metavar="FILE", required=True, help="The table to write: .csv or .jsonl.")
@with_options(redis_option())
@pass_settings
def export_job(settings: Settings, job: str, table: str) -> None:
    """Write the outcome of each item as a table."""
    place = _existing(settings, job)

    async def work(emnify: Any) -> None:
        from aioemnify.fleet import Job

        async with Job(emnify, place.journal()) as job:
            write_table(job.report(), table)

    run(settings, work, store=place.store())


@jobs.command()
@click.argument("name")
@with_options(redis_option(), yes_option())
@pass_settings
def remove(settings: Settings, name: str, yes: bool) -> None:
    """Remove a job from Redis, with its items and their outcomes.

    Redis does so by itself 30 days after the last change.
    """
    import asyncio

    place = in_redis(settings, name)
    place.check_there()
    text = f"{place.name} in Redis at {place.location}, with its items and their outcomes"
    if not yes:
        ask_on_terminal(f"This removes {text}.", "nothing was removed")
    asyncio.run(place.journal().remove())
    print(f"removed {text}", file=sys.stderr)
