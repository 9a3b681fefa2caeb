"""``sim``: SIMs by any of their identifiers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from aioemnify.cli.arguments.objects import HELP, object_of, objects_of
from aioemnify.cli.jobs import is_job, job_options, named, run_job
from aioemnify.cli.output.writers import LIMIT, show, show_list
from aioemnify.cli.session import run
from aioemnify.cli.settings import (
    Group,
    Settings,
    dry_run_option,
    output_options,
    pass_settings,
    with_options,
)


@click.group(cls=Group, help=f"Manage SIMs. Name a SIM by {HELP}. 'emnify sims list' lists them.")
def sim() -> None:
    """Manage SIMs."""


@sim.command("show")
@click.argument("sims", metavar="SIM...", nargs=-1, required=True)
@with_options(*output_options(many=False))
@pass_settings
def show_sims(settings: Settings, sims: tuple[str, ...]) -> None:
    """Show one SIM, or several as a list."""

    async def work(emnify: Any) -> None:
        if len(sims) == 1:
            show(settings, await object_of(emnify, "sims", sims[0]))
        else:
            show(settings, await objects_of(emnify, "sims", sims))

    run(settings, work)


def _status_command(name: str, status: str, about: str) -> Callable[..., Any]:
    @sim.command(
        name,
        help=f"{about}\n\nWith several SIMs, or --file, this is a job: it asks first, and can be continued.",
    )
    @click.argument("sims", metavar="[SIM]...", nargs=-1)
    @with_options(*job_options(), dry_run_option(job=True))
    @pass_settings
    def command(settings: Settings, /, sims: tuple[str, ...], rows: str | None, **options: Any) -> int:
        wanted = named(sims, rows, "SIMs")
        if is_job(settings, wanted, rows, options):
            return run(settings, lambda emnify: set_statuses(settings, emnify, wanted, name, status, options))
        run(settings, lambda emnify: set_status(emnify, wanted[0], status))
        return 0

    return command


async def set_status(emnify: Any, wanted: str, status: str) -> None:
    """Set the status of one SIM by a call."""
    import sys

    from aioemnify.models import SimStatus

    value = getattr(SimStatus, status)
    one = await object_of(emnify, "sims", wanted)
    if one.status == value:
        print(f"SIM {one.id} is {value.description.lower()} already", file=sys.stderr)
    else:
        await emnify.sims.update(one.id, {"status": value})
        print(f"SIM {one.id} is {value.description.lower()}", file=sys.stderr)


async def set_statuses(
    settings: Settings, emnify: Any, wanted: list[str], name: str, status: str, options: dict[str, Any]
) -> int:
    """Set the status of SIMs by a job, on the bulk route of their endpoints where they have one."""
    import sys

    from aioemnify.models import SimStatus

    value = getattr(SimStatus, status)
    found = await objects_of(emnify, "sims", wanted)
    changed = [one for one in found if one.status != value]
    if len(changed) < len(found):
        print(f"{len(found) - len(changed):,} are {value.description.lower()} already", file=sys.stderr)
    held = [one for one in changed if one.endpoint is not None]
    alone = [one for one in changed if one.endpoint is None]
    parts = [
        ("endpoints.update", [(one.endpoint.id, {"sim": {"id": one.id, "status": value}}) for one in held]),
        ("sims.update", [(one.id, {"status": value}) for one in alone]),
    ]
    return await run_job(settings, emnify, f"sim-{name}", parts, noun="SIM", **options)


suspend: Callable[..., Any] = _status_command(
    "suspend", "SUSPENDED", "Suspend SIMs: they get no service until they are activated."
)
activate: Callable[..., Any] = _status_command("activate", "ACTIVATED", "Activate SIMs.")


@sim.command()
@click.argument("sim_name", metavar="SIM")
@click.option("--from", "start", metavar="YYYY-MM-DD", help="The first day (default: that of this month).")
@click.option("--to", "end", metavar="YYYY-MM-DD", help="The last day.")
@with_options(*output_options(many=False))
@pass_settings
def usage(settings: Settings, sim_name: str, start: str | None, end: str | None) -> None:
    """Show the traffic of a SIM, day by day; volumes are in MB."""

    async def work(emnify: Any) -> None:
        one = await object_of(emnify, "sims", sim_name)
        days = await emnify.sims.list_daily_stats(one.id, start_date=start, end_date=end)
        show(settings, days)

    run(settings, work)


@sim.command()
@click.argument("sim_name", metavar="SIM")
@with_options(*output_options(many=True))
@pass_settings
def events(settings: Settings, sim_name: str) -> None:
    """List the events of a SIM, the newest first."""

    async def work(emnify: Any) -> None:
        one = await object_of(emnify, "sims", sim_name)
        size = None if settings.all else settings.limit or LIMIT
        await show_list(settings, emnify.sims.list_events(one.id, sort="-id", per_page=size))

    run(settings, work)
