"""``endpoint``: endpoints by any of their identifiers."""

from __future__ import annotations

import sys
from typing import Any

import click

from aioemnify.cli.arguments.objects import HELP, identity_of, object_of, objects_of
from aioemnify.cli.exit_status import NOT_FOUND, CommandError
from aioemnify.cli.jobs import is_job, job_options, named, run_job
from aioemnify.cli.output.writers import show
from aioemnify.cli.session import run
from aioemnify.cli.settings import (
    Group,
    Settings,
    dry_run_option,
    output_options,
    pass_settings,
    with_options,
)


@click.group(
    cls=Group, help=f"Manage endpoints. Name an endpoint by {HELP}. 'emnify endpoints list' lists them."
)
def endpoint() -> None:
    """Manage endpoints."""


@endpoint.command("show")
@click.argument("endpoints", metavar="ENDPOINT...", nargs=-1, required=True)
@with_options(*output_options(many=False))
@pass_settings
def show_endpoints(settings: Settings, endpoints: tuple[str, ...]) -> None:
    """Show one endpoint, or several as a list."""

    async def work(emnify: Any) -> None:
        if len(endpoints) == 1:
            show(settings, await object_of(emnify, "endpoints", endpoints[0]))
        else:
            show(settings, await objects_of(emnify, "endpoints", endpoints))

    run(settings, work)


@endpoint.command()
@click.argument("endpoint_name", metavar="ENDPOINT")
@click.argument("name")
@pass_settings
def rename(settings: Settings, endpoint_name: str, name: str) -> None:
    """Give an endpoint another name.

    For many, see 'emnify jobs run endpoints.update names.csv'.
    """

    async def work(emnify: Any) -> None:
        identity = await identity_of(emnify, "endpoints", endpoint_name)
        await emnify.endpoints.update(identity, {"name": name})
        print(f"endpoint {identity} is called {name!r}", file=sys.stderr)

    run(settings, work)


async def _tag_id(emnify: Any, text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    tags = [tag async for tag in emnify.tags.list()]
    found: list[int] = [tag.id for tag in tags if tag.name == text]
    if not found:
        from aioemnify._checks import did_you_mean

        names = [tag.name for tag in tags if tag.name]
        raise CommandError(f"there is no tag {text!r}{did_you_mean(text, names)}", NOT_FOUND)
    return found[0]


async def _tagging(
    settings: Settings,
    emnify: Any,
    name: str,
    tag: str,
    wanted: list[str],
    options: dict[str, Any],
    *,
    job: bool,
) -> int:
    tag_id = await _tag_id(emnify, tag)
    found = await objects_of(emnify, "endpoints", wanted)
    assign = name == "tag"
    items = [(one.id, {"id": tag_id}) if assign else (one.id, tag_id) for one in found]
    if not job:
        await (emnify.endpoints.assign_tag if assign else emnify.endpoints.unassign_tag)(*items[0])
        print(
            f"endpoint {found[0].id} {'has' if assign else 'no longer has'} the tag {tag!r}", file=sys.stderr
        )
        return 0
    operation = "endpoints.assign_tag" if assign else "endpoints.unassign_tag"
    return await run_job(
        settings, emnify, f"endpoint-{name}", [(operation, items)], noun="endpoint", **options
    )


def _tag_command(name: str, about: str) -> None:
    @endpoint.command(name, help=about)
    @click.argument("tag")
    @click.argument("endpoints", metavar="[ENDPOINT]...", nargs=-1)
    @with_options(*job_options(), dry_run_option(job=True))
    @pass_settings
    def command(
        settings: Settings, /, tag: str, endpoints: tuple[str, ...], rows: str | None, **options: Any
    ) -> int:
        wanted = named(endpoints, rows, "endpoints")
        job = is_job(settings, wanted, rows, options)
        return run(settings, lambda emnify: _tagging(settings, emnify, name, tag, wanted, options, job=job))


_tag_command("tag", "Give endpoints a tag, by its name or id.")
_tag_command("untag", "Remove a tag from endpoints.")


@endpoint.command()
@click.argument("endpoint_name", metavar="ENDPOINT")
@click.option("--live", is_flag=True, help="Ask the visited network now, which takes some seconds.")
@with_options(*output_options(many=False))
@pass_settings
def connectivity(settings: Settings, endpoint_name: str, live: bool) -> None:
    """Show whether an endpoint is online, and where."""

    async def work(emnify: Any) -> None:
        identity = await identity_of(emnify, "endpoints", endpoint_name)
        read = emnify.endpoints.get_connectivity_info if live else emnify.endpoints.get_connectivity
        show(settings, await read(identity))

    run(settings, work)


@endpoint.command()
@click.argument("endpoint_name", metavar="ENDPOINT")
@click.option("--data", is_flag=True, help="Only drop the data session.")
@click.option("--location", is_flag=True, help="Only detach it from the network.")
@pass_settings
def reset(settings: Settings, endpoint_name: str, data: bool, location: bool) -> None:
    """Drop the data session of an endpoint and detach it from the network, so that it connects again."""
    body: dict[str, Any] = {}
    if data or not location:
        body["pdp_context"] = None
    if location or not data:
        body["location"] = None

    async def work(emnify: Any) -> None:
        identity = await identity_of(emnify, "endpoints", endpoint_name)
        await emnify.endpoints.reset_connectivity(identity, body)
        print(f"the connectivity of endpoint {identity} is reset", file=sys.stderr)

    run(settings, work)
