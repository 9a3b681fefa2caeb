"""``plan``, ``apply`` and ``drift``: a CSV file that says what the fleet should be."""

from __future__ import annotations

import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, Unpack

import click

from aioemnify.cli.exit_status import CHANGES, DONE, USAGE, CommandError
from aioemnify.cli.jobs import job_file_options
from aioemnify.cli.settings import Command, Settings, output_options, pass_settings, with_options

if TYPE_CHECKING:
    from typing import TypedDict

    from aioemnify.fleet import Plan

    class Reading(TypedDict):
        """How a CSV file is read."""

        key: Any
        empty: Any
        prune: bool
        max_changes: str | None


MOST_SHOWN = 20
"""Changes on a terminal, where a file has them all."""


def _reading_options() -> list[click.Parameter]:
    """Return the options that say how a CSV file is read."""
    return [
        click.Option(
            ["--key"],
            type=click.Choice(["id", "iccid", "name"]),
            help="The column that names the endpoint (default: the first of these that the file has).",
        ),
        click.Option(
            ["--empty"],
            type=click.Choice(["keep", "clear"]),
            default="keep",
            help="What an empty cell means for tags and imei (default: keep).",
        ),
        click.Option(
            ["--prune"],
            is_flag=True,
            help="Delete the endpoints that the file does not have; needs --max-changes.",
        ),
        click.Option(
            ["--max-changes"],
            metavar="N|N%",
            help="Refuse to change or delete more endpoints, such as 100 or 5%.",
        ),
    ]


@click.command(cls=Command, epilog="emnify plan fleet.csv --out plan.json && emnify apply plan.json")
@click.argument("file", metavar="FILE.csv")
@click.option("-o", "--out", metavar="FILE", help="Write the plan, which 'emnify apply' carries out.")
@with_options(*_reading_options())
@pass_settings
def plan(settings: Settings, /, file: str, out: str | None, **reading: Unpack[Reading]) -> int:
    """Show what makes the fleet look like a CSV file, and what that takes.

    Each row is an endpoint, named by its id, the ICCID of its SIM, or its name. The columns name, tags,
    status, service_profile, tariff_profile, imei, imei_lock, ip_address and sim.status set something, and
    only those that the file has. 'emnify export endpoints' writes such a file. Nothing is changed; the exit
    status is 8 if something differs, and 0 if nothing does.
    """
    from aioemnify.cli.session import run

    async def work(emnify: Any) -> int:
        found = await _read(emnify, file, reading)
        _show(settings, found, most=MOST_SHOWN if settings.on_terminal else None)
        _tell_cost(found)
        if out is not None:
            found.save(out)
            print(f"→ {out}; carry it out with: emnify apply {quote(out)}", file=sys.stderr)
        return CHANGES if found else DONE

    return run(settings, work)


@click.command(cls=Command, epilog="emnify drift fleet.csv -o json || echo the fleet has changed")
@click.argument("file", metavar="FILE.csv")
@with_options(*_reading_options(), *output_options(many=False))
@pass_settings
def drift(settings: Settings, /, file: str, **reading: Unpack[Reading]) -> int:
    """List how the fleet differs from a CSV file: what is there, and what the file says.

    'emnify plan --help' tells what the file may have. The exit status is 8 if something differs, and 0 if
    nothing does.
    """
    from aioemnify.cli.session import run

    async def work(emnify: Any) -> int:
        found = await _read(emnify, file, reading)
        _show(settings, found)
        return CHANGES if found else DONE

    return run(settings, work)


@click.command(cls=Command, epilog="emnify apply plan.json\nemnify apply fleet.csv --max-changes 5%")
@click.argument("file", metavar="PLAN|FILE.csv")
@with_options(*job_file_options(), *_reading_options())
@pass_settings
def apply(
    settings: Settings,
    /,
    file: str,
    journal: str | None,
    table: str | None,
    yes: bool,
    **reading: Unpack[Reading],
) -> int:
    """Carry out a plan, or make the fleet look like a CSV file.

    The endpoints are read again before anything is sent: one that was changed since the plan was made is
    left as it is, and the report says so. 'emnify plan' shows the changes without making them.
    """
    from aioemnify.cli.job_places import JobFile
    from aioemnify.cli.jobs import check_table, new_journal, run_opened
    from aioemnify.cli.session import run

    check_table(table)
    is_plan = _is_plan(file)
    if is_plan and any(
        (reading["key"], reading["empty"] != "keep", reading["prune"], reading["max_changes"])
    ):
        raise CommandError(
            "--key, --empty, --prune and --max-changes are for a CSV file: a plan has been made with them"
        )
    place = Path(journal) if journal else new_journal("apply")
    # After an interruption the CSV file would give another plan: this one is kept with the job.
    kept = Path(f"{place}.plan")
    source = file if is_plan else str(kept)
    begun = not is_plan and kept.is_file()

    async def work(emnify: Any) -> int:
        from aioemnify.fleet import Plan

        if is_plan or begun:
            found = Plan.load(emnify, source)
        else:
            found = await _read(emnify, file, reading)
            if found:
                found.save(kept)
        if begun:
            print(f"continuing the plan of {found.source} in {kept}", file=sys.stderr)
        # People look at the changes before they answer.
        _show(settings, found, most=MOST_SHOWN if settings.on_terminal else 0)
        again = f"emnify apply {quote(source)} --job {quote(str(place))}"
        return await run_opened(
            found.job, JobFile(place), "endpoint", table, yes=yes, keep=bool(journal), again=again
        )

    status: int | None = None
    try:
        status = run(settings, work)
        return status
    finally:
        if not is_plan and (status == DONE or not place.is_file()):
            kept.unlink(missing_ok=True)


def _is_plan(file: str) -> bool:
    """Return whether a file is one that ``plan`` wrote: an object of JSON, unlike a CSV file."""
    with Path(file).open("rb") as opened:
        return opened.read(200).lstrip()[:1] == b"{"


async def _read(emnify: Any, file: str, reading: Reading) -> Plan:
    from aioemnify.fleet import Plan as _Plan

    most = reading["max_changes"]
    if reading["prune"] and most is None:
        raise CommandError(
            "--prune deletes endpoints, so it needs a cap: --max-changes 100, or --max-changes 5%", USAGE
        )
    cap = int(most) if most is not None and most.isdecimal() else most
    return await _Plan.from_csv(
        emnify, file, key=reading["key"], empty=reading["empty"], prune=reading["prune"], max_changes=cap
    )


def _show(settings: Settings, found: Plan, most: int | None = None) -> None:
    """Write the changes to stdout, and their number to stderr."""
    from aioemnify.cli.output.writers import writer_for

    changes = found.changes
    if changes and most != 0:
        writer = writer_for(settings, single=False)
        for one in changes[:most]:
            writer.item(
                {
                    "id": one.id,
                    "key": one.key,
                    "field": one.field if one.field is not None else "(deleted)",
                    "old": one.old,
                    "new": one.new,
                }
            )
        writer.end()
        sys.stdout.flush()
    endpoints = f"{found.read:,} endpoint{'' if found.read == 1 else 's'}"
    if not changes:
        print(f"{found.source}: nothing differs, in {endpoints}", file=sys.stderr)
        return
    if most and len(changes) > most:
        print(f"{most} of {len(changes):,}; 'emnify drift {quote(found.source)}' lists all", file=sys.stderr)
    number = f"{len(changes):,} change{'' if len(changes) == 1 else 's'}"
    print(f"{found.source}: {number}, in {endpoints}", file=sys.stderr)


def _tell_cost(found: Plan) -> None:
    """Write what the changes take, and which columns have no effect."""
    if found:
        print(found.estimate(), file=sys.stderr)
    if found.ignored:
        print(f"these columns set nothing: {', '.join(found.ignored)}", file=sys.stderr)
