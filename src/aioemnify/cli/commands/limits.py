"""``limits`` and ``estimate``: how much of the rate limits is used, and how long calls take."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from aioemnify.cli.exit_status import CREDENTIALS, FILE, CommandError
from aioemnify.cli.settings import Command, Settings, output_options, pass_settings, with_options

SECONDS = 2.0
"""Between two reads of ``--watch``."""


@click.command(cls=Command)
@click.option("--watch", is_flag=True, help="Show it again and again, until Ctrl-C.")
@click.option("--every-limit", is_flag=True, help="Also limits of which nothing is used.")
@click.option(
    "--every",
    type=click.FloatRange(0.1, 3600),
    default=SECONDS,
    help="Seconds between two reads (default: 2).",
)
@with_options(*output_options(many=False))
@pass_settings
def limits(settings: Settings, watch: bool, every_limit: bool, every: float) -> None:
    """Show how much of each rate limit is used.

    It counts the calls of all shells of this machine that share the file beside the configuration; the server
    does not report its own count. The last line says when the month's calls run out at this rate.
    """
    import asyncio

    from aioemnify.cli.limit_usage import read_usage
    from aioemnify.cli.output.writers import show
    from aioemnify.cli.session import run, server_of, shared_store

    async def work(emnify: Any) -> None:
        organisation = await emnify.organisations.get_my()
        store = shared_store()
        if store is None:
            raise CommandError(
                "the folder of the configuration cannot be written: no calls are counted", FILE
            )
        try:
            while True:
                rows = await read_usage(store, server_of(emnify), organisation.id)
                if watch and settings.on_terminal:
                    click.clear()
                shown = [row for row in rows if row["used"] or row["kind"] == "month" or every_limit]
                show(settings, shown)
                print(pace(rows[0]["used"], rows[0]["allowed"], datetime.now(UTC)), file=sys.stderr)
                if not watch:
                    return
                sys.stdout.flush()
                await asyncio.sleep(every)
        finally:
            store.close()

    run(settings, work)


def pace(used: float, allowed: float, now: datetime) -> str:
    """Return when the month's calls run out at the pace of this month so far."""
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = (start + timedelta(days=32)).replace(day=1)
    passed = (now - start).total_seconds()
    if used <= 0 or passed <= 0:
        return "no call counted this month"
    if used >= allowed:
        return f"the month's calls are used up until {end:%Y-%m-%d}"
    share = f"{used / allowed:.2%} of the month's calls are used"
    whole = used / allowed * (end - start).total_seconds() / passed
    if whole < 1:
        return f"{share}; at this rate {whole:.1%} by the end of the month"
    out = start + timedelta(seconds=passed * allowed / used)
    return f"{share}; at this rate they run out on {out:%Y-%m-%d %H:%M} UTC"


def _operations(_ctx: click.Context, _param: click.Parameter, start: str) -> list[str]:
    from aioemnify.cli.description import operations

    return [name for name in operations() if name.startswith(start)]


@click.command(cls=Command, epilog="emnify estimate sims.get 10000\nemnify estimate endpoints.update 100000")
@click.argument("operation", shell_complete=_operations)
@click.argument("count", type=click.IntRange(0))
@with_options(*output_options(many=False))
@pass_settings
def estimate(settings: Settings, operation: str, count: int) -> None:
    """Estimate how long COUNT calls of an OPERATION take if nothing else uses the limits.

    Where the operation has a bulk route, also how many calls that takes. One call finds out what is used
    already, by all shells of this machine; without credentials nothing is sent, and nothing counts as used.
    """
    from aioemnify.cli.output.writers import show
    from aioemnify.cli.profiles import find_login
    from aioemnify.cli.session import offline, run_with
    from aioemnify.tables.bulk import BULK

    route = BULK.get(operation)
    wanted = [(operation, count), *([(route["route"], -(-count // route["size"]))] if route else [])]

    async def work(emnify: Any) -> list[dict[str, Any]]:
        await emnify.organisations.get_my()
        return [_estimate(emnify, *one) for one in wanted]

    try:
        login = find_login(settings.profile)
    except CommandError as error:
        if settings.profile is not None or error.status != CREDENTIALS:
            raise
        print("no credentials: as if no call had been made this month", file=sys.stderr)
        rows = [_estimate(offline(), *one) for one in wanted]
    else:
        offline().throttle.estimate(operation, count)  # a name that is wrong needs no call
        rows = run_with(settings, login, work)
    show(settings, rows)


def _estimate(emnify: Any, operation: str, calls: int) -> dict[str, Any]:
    from aioemnify.options import duration_text

    found = emnify.throttle.estimate(operation, calls)
    return {
        "operation": operation,
        "calls": calls,
        "time": duration_text(found.seconds) if found.finishes_at else "never",
        "limit": found.limit,
        "share_of_month": f"{found.share_of_month:.2%}",
        "done": found.finishes_at,
    }
