"""``events tail``: events as they come."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from aioemnify.cli.arguments.fields import lookup_id
from aioemnify.cli.exit_status import printable
from aioemnify.cli.settings import Command, Settings, output_options, pass_settings, with_options


def _known(name: str) -> dict[str, int]:
    from aioemnify.cli.description import document, lookup_of

    return dict(lookup_of(document()["components"]["schemas"][name]))


def _types(_ctx: click.Context, _param: click.Parameter, start: str) -> list[str]:
    return [name for name in _known("EventType") if name.startswith(start.lower())]


@click.command(
    cls=Command,
    epilog="emnify events tail --since 10m\n"
    "emnify events tail --severity warn,critical -o jsonl >> events.jsonl\n"
    "emnify events tail --type 'SIM suspension' --endpoint pump-17",
)
@click.option("--since", metavar="TIME", help="Begin there: 10m, 2h, yesterday, a time (default: now).")
@click.option(
    "--type", "types", multiple=True, metavar="NAME|ID", shell_complete=_types, help="Only this type."
)
@click.option("--severity", metavar="NAME,NAME", help="Only these: info, warn, critical.")
@click.option("--endpoint", metavar="ENDPOINT", help="Only events of this endpoint.")
@click.option(
    "--every", type=click.FloatRange(0.1, 3600), default=5.0, help="Seconds between reads (default: 5)."
)
@click.option("--position", metavar="FILE", help="Continue where this file says, and keep it up to date.")
@with_options(*output_options(many=False))
@pass_settings
def tail(
    settings: Settings,
    since: str | None,
    types: tuple[str, ...],
    severity: str | None,
    endpoint: str | None,
    every: float,
    position: str | None,
) -> None:
    """Write events as they come, without a gap and without a repeat, until Ctrl-C."""
    from aioemnify.cli.arguments.objects import identity_of
    from aioemnify.cli.arguments.times import moment
    from aioemnify.cli.output.writers import writer_for
    from aioemnify.cli.session import run

    kinds = [int(lookup_id("--type", one, _known("EventType"))) for one in types]
    severities = {
        int(lookup_id("--severity", one.strip(), _known("EventSeverity")))
        for one in (severity or "").split(",")
        if one
    }
    begin: Any = moment("--since", since, datetime.now(UTC)) if since else None
    if position is not None and Path(position).is_file():
        begin = Path(position).read_text(encoding="utf-8").strip()

    async def work(emnify: Any) -> None:
        wanted = None if endpoint is None else await identity_of(emnify, "endpoints", endpoint)
        events = emnify.events.follow(since=begin, types=kinds or None, every=every)
        writer = writer_for(settings, single=False)
        people = settings.on_terminal and settings.output in (None, "table", "wide")
        try:
            async for event in events:
                fits = not severities or (event.event_severity and event.event_severity.id in severities)
                if fits and (wanted is None or (event.endpoint and event.endpoint.id == wanted)):
                    if people:
                        print(_line(event))
                    else:
                        writer.item(event)
                    sys.stdout.flush()
                if position is not None:
                    _replace(Path(position), events.position)
        finally:
            if not people:
                writer.end()

    run(settings, work)


def _line(event: Any) -> str:
    time = event.timestamp.astimezone().strftime("%H:%M:%S") if event.timestamp else "--:--:--"
    severity = (event.event_severity.description if event.event_severity else None) or ""
    kind = (event.event_type.description if event.event_type else None) or ""
    whose = (
        (event.endpoint.name if event.endpoint else None) or (event.sim.iccid if event.sim else None) or ""
    )
    text = f"{time}  {severity:<8} {kind:<24} {whose:<20} {event.description or ''}"
    return printable(text.rstrip()).replace("\n", " ")


def _replace(file: Path, text: str) -> None:
    """Replace a file in one step."""
    temporary = file.with_name(f".{file.name}.new")
    temporary.write_text(text + "\n", encoding="utf-8")
    temporary.replace(file)
