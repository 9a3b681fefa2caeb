"""``export``: the fleet as a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from aioemnify.cli.settings import Command, Settings, pass_settings

SOURCES = ("sims", "endpoints", "events", "usage")


@click.command(
    cls=Command,
    epilog="emnify export sims --to sims.xlsx\n"
    "emnify export endpoints --to fleet.csv --columns id,name,sim.iccid",
)
@click.argument("what", type=click.Choice(SOURCES))
@click.option(
    "--to", "path", metavar="FILE", required=True, help="The file: .csv, .jsonl, .parquet or .xlsx."
)
@click.option("--columns", metavar="NAME,NAME", help="Only these columns, such as id,iccid,endpoint.name.")
@pass_settings
def export(settings: Settings, what: str, path: str, columns: str | None) -> None:
    """Write all SIMs, endpoints, events, or the usage of each day to a file.

    It misses nothing while others change the fleet. The file is replaced in one step when all is read:
    after a failure the old one is still there. Parquet and Excel need the extra export.
    """
    from aioemnify.cli.session import run

    chosen = [name.strip() for name in columns.split(",") if name.strip()] if columns else None

    async def work(emnify: Any) -> int:
        from aioemnify.fleet import export as write

        if what == "usage":
            days = await emnify.organisations.list_daily_stats("my")
            return await write([day for day in days if day.date != "TOTAL"], path, columns=chosen)
        with rows_so_far() as progress:
            return await write(getattr(emnify, what).sweep(), path, columns=chosen, progress=progress)

    count = run(settings, work)
    print(f"{count:,} rows → {path}", file=sys.stderr)


@contextmanager
def rows_so_far() -> Iterator[Callable[[int, int | None], None] | None]:
    """Draw a bar on a terminal while rows are read."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
