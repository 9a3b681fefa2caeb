"""``sms``: send SMS to endpoints."""

from __future__ import annotations

import sys
from typing import Any

import click

from aioemnify.cli.arguments.objects import identity_of, objects_of
from aioemnify.cli.jobs import is_job, job_options, named, run_job
from aioemnify.cli.session import run
from aioemnify.cli.settings import Group, Settings, dry_run_option, pass_settings, with_options


@click.group(cls=Group)
def sms() -> None:
    """Send SMS to endpoints."""


@sms.command(
    epilog="emnify sms send pump-17 reboot --wait\nemnify sms send reboot --file endpoints.txt --job sms.job"
)
@click.argument("arguments", metavar="[ENDPOINT] TEXT", nargs=-1, required=True)
@click.option("--from", "source", metavar="SENDER", help="The sender that the device sees.")
@click.option("--wait", is_flag=True, help="Wait until it is delivered, or has failed.")
@click.option("--timeout", type=click.FloatRange(1), default=300.0, help="Seconds to wait (default: 300).")
@with_options(*job_options(), dry_run_option(job=True))
@pass_settings
def send(
    settings: Settings,
    /,
    arguments: tuple[str, ...],
    source: str | None,
    wait: bool,
    timeout: float,
    rows: str | None,
    **options: Any,
) -> int:
    """Send an SMS, and write its id; with --file to many endpoints."""
    *endpoints, text = arguments
    endpoints = named(endpoints, rows, "endpoint and the text")
    body = {"payload": text} | ({"source_address": source} if source else {})

    async def work(emnify: Any) -> int:
        if not is_job(settings, endpoints, rows, options):
            identity = await identity_of(emnify, "endpoints", endpoints[0])
            created = await emnify.endpoints.send_sms(identity, body)
            print(created.id)
            sys.stdout.flush()
            if wait:
                await emnify.endpoints.wait_for_sms(identity, created.id, timeout=timeout)
                print(f"SMS {created.id} is delivered", file=sys.stderr)
            elif settings.on_terminal:
                print("accepted; --wait waits until it is delivered", file=sys.stderr)
            return 0
        if wait:
            raise click.UsageError("--wait is for one endpoint")
        found = await objects_of(emnify, "endpoints", endpoints)
        parts = [("endpoints.send_sms", [(one.id, body) for one in found])]
        return await run_job(settings, emnify, "sms-send", parts, noun="message", **options)

    return run(settings, work)
