"""``mirror``: the fleet in a database on this machine, and what has changed in it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import click

from aioemnify.cli.settings import Group, Settings, output_options, pass_settings, with_options

FILE = "fleet.db"
COLLECTIONS = ("sims", "endpoints", "events")

_database = click.option(
    "--db", "file", metavar="FILE", default=FILE, help=f"The database (default: {FILE})."
)


@click.group(cls=Group)
def mirror() -> None:
    """Keep the fleet in a database on this machine, and see what changes in it."""


@mirror.command()
@click.argument("collections", metavar="[sims|endpoints|events]...", nargs=-1, type=click.Choice(COLLECTIONS))
@click.option(
    "--full",
    is_flag=True,
    help="Read everything again; this also finds changes that are not an update of the endpoint.",
)
@_database
@pass_settings
def sync(settings: Settings, collections: Any, full: bool, file: str) -> None:
    """Bring the database up to date; after an interruption it continues.

    The first sync reads everything and counts nothing as new.
    """
    from aioemnify.cli.session import run

    async def work(emnify: Any) -> Any:
        from aioemnify.fleet import Mirror

        async with Mirror(emnify, file) as there:
            return await there.sync(*collections, full=full)

    for name, found in run(settings, work).items():
        print(f"{name}: {found.new:,} new, {found.changed:,} changed, {found.gone:,} gone", file=sys.stderr)


@mirror.command()
@click.option("--since", metavar="TIME", help="Only those seen since then: 10m, 2h, yesterday, a time.")
@_database
@with_options(*output_options(many=False))
@pass_settings
def changes(settings: Settings, since: str | None, file: str) -> None:
    """List what has changed, the oldest first."""
    import asyncio

    from aioemnify.cli.arguments.times import moment
    from aioemnify.cli.output.writers import writer_for

    begin = moment("--since", since, datetime.now(UTC)) if since else None

    async def work() -> None:
        from aioemnify.fleet import Mirror

        writer = writer_for(settings, single=False)
        try:
            async with Mirror(None, file) as there:
                async for one in there.changes(begin):
                    whole = one.field is None
                    writer.item(
                        {
                            "at": one.at,
                            "kind": one.kind,
                            "collection": one.collection,
                            "id": one.id,
                            "field": one.field,
                            "old": None if whole else one.old,
                            "new": None if whole else one.new,
                        }
                    )
        finally:
            writer.end()

    asyncio.run(work())


@mirror.command(epilog='emnify mirror sql "SELECT status, count(*) AS sims FROM sim GROUP BY status"')
@click.argument("query")
@_database
@with_options(*output_options(many=False))
@pass_settings
def sql(settings: Settings, query: str, file: str) -> None:
    """Run a read-only SQL query on the tables sim, endpoint, event and change."""
    import asyncio

    from aioemnify.cli.output.writers import show

    async def work() -> Any:
        from aioemnify.fleet import Mirror

        async with Mirror(None, file) as there:
            return await there.sql(query)

    show(settings, asyncio.run(work()))
