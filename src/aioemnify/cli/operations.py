"""The commands of the operation table: a group for each group of the API, a command for each operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from aioemnify.cli.description import Described, groups, operations_of
from aioemnify.cli.settings import Command, Group, Settings, dry_run_option, output_options, settings_of

OBJECTS = {"sim_id": "sims", "endpoint_id": "endpoints"}
"""Path values that may also be another identifier of the object, such as an ICCID or a name."""


class OperationGroup(Group):
    """The operations of one group, and the hand-made commands that belong to it.

    Args:
        name: the name of the group.
        more: hand-made commands by name: module and attribute.
    """

    def __init__(self, name: str, more: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(name, help=f"{groups()[name]}: the calls of this group.")
        self._described = operations_of(name)
        self._more = more

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, sorted."""
        return sorted({*self._described, *self._more})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make the command of an operation, or load a hand-made one."""
        if cmd_name in self._more:
            from importlib import import_module

            module, attribute = self._more[cmd_name]
            found: click.Command = getattr(import_module(module), attribute)
            return found
        described = self._described.get(cmd_name)
        return None if described is None else command_of(described)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the summaries of the operations, without making their commands."""
        rows = []
        for name in self.list_commands(ctx):
            if name in self._more:
                command = self.get_command(ctx, name)
                rows.append((name, command.get_short_help_str(200) if command else ""))
            else:
                rows.append((name, self._described[name].summary))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def command_of(described: Described) -> Command:
    """Return the command of one operation."""
    params: list[click.Parameter] = [_argument(one) for one in described.parameters("path")]
    params += [_query_option(one) for one in described.parameters("query")]
    if described.paging is not None:
        params += _paging_options(described)
    if described.body is not None:
        params += _body_options()
    if described.result is not None or described.method == "POST":
        params += output_options(many=described.paging is not None)
    params.append(dry_run_option())
    return OperationCommand(
        described,
        described.name,
        params=params,
        callback=lambda **given: _run(described, given),
        help=_help(described),
        short_help=described.summary,
        deprecated=bool(described.facts.get("deprecated")),
    )


class OperationCommand(Command):
    """A command whose help ends with the members of the body and the request."""

    def __init__(self, described: Described, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._described = described

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the members of the body, the limit, and the request."""
        rows = []
        for one in self._described.members():
            marks = f"{', required' if one.required else ''}{', secret' if one.secret else ''}"
            rows.append((one.name, f"{one.kind}{marks}. {one.about}"))
        if rows:
            with formatter.section("Members of the body"):
                formatter.write_dl(rows)
        formatter.write_paragraph()
        formatter.write(f"  Sends {self._described.method} {self._described.path}\n")
        limit = self._described.facts.get("x-rate-limit", {})
        if "rate" in limit:
            formatter.write(f"  At most {limit['rate']:g} a second, {limit['burst']} at once.\n")


def _argument(facts: Mapping[str, Any]) -> click.Argument:
    name, schema = facts["name"], facts["schema"]
    about = facts.get("description") or f"{name.replace('_', ' ').capitalize()}."
    return click.Argument(
        [name],
        metavar=name.upper(),
        type=click.Choice(schema["enum"]) if "enum" in schema else click.STRING,
        help=f"{about} Or its ICCID, IMSI, IP address or name." if name in OBJECTS else about,
    )


def _query_option(facts: Mapping[str, Any]) -> click.Option:
    schema = facts["schema"]
    kinds: dict[str, Any] = {"integer": click.INT, "boolean": click.BOOL}
    kind = (
        click.Choice([str(one) for one in schema["enum"]]) if "enum" in schema else kinds.get(schema["type"])
    )
    return click.Option(
        [f"--{facts['name'].replace('_', '-')}", facts["name"]],
        type=kind,
        required=bool(facts.get("required")),
        help=facts.get("description"),
        metavar=None if "enum" in schema else {"date": "YYYY-MM-DD"}.get(schema.get("format", "")),
    )


def _paging_options(described: Described) -> list[click.Parameter]:
    paging = described.paging or {}
    found: list[click.Parameter] = []
    if paging.get("filter"):
        fields = list(paging["filter"]["fields"])
        several = paging["filter"].get("multi", ())
        either = f", a|b for alternatives of {', '.join(several)}" if several else ""
        found.append(
            click.Option(
                ["-q", "--filter", "conditions"],
                multiple=True,
                metavar="FIELD:VALUE",
                help=f"Filter the list; null for none{either}. Fields: {', '.join(fields)}.",
                shell_complete=lambda _ctx, _param, start: [
                    f"{one}:" for one in fields if one.startswith(start)
                ],
            )
        )
    if order := paging.get("sort"):
        both = [*order, *(f"-{one}" for one in order)]
        found.append(
            click.Option(
                ["--sort"],
                metavar="FIELD,-FIELD",
                help=f"The order, with - for descending. Fields: {', '.join(order)}.",
                shell_complete=lambda _ctx, _param, start: [one for one in both if one.startswith(start)],
            )
        )
    return found


def _body_options() -> list[click.Parameter]:
    return [
        click.Option(["-F", "typed"], multiple=True, metavar="NAME=VALUE",
                     help="A member of the body: a number, true, false, null, JSON or text; @file reads it."),
        click.Option(["-f", "texts"], multiple=True, metavar="NAME=TEXT",
                     help="A member of the body that is text; @file reads it."),
        click.Option(["--body"], metavar="JSON|@FILE|-", help="The whole body, also from a file or stdin."),
    ]  # fmt: skip


def _help(described: Described) -> str:
    return "\n\n".join(part for part in (described.summary, described.facts.get("description")) if part)


def _run(described: Described, given: dict[str, Any]) -> None:
    """Make the call and write its result."""
    from aioemnify.cli.arguments.fields import read_body, read_filter
    from aioemnify.cli.output.writers import show, show_list
    from aioemnify.cli.session import NothingSent, preview, run

    settings = settings_of(click.get_current_context())
    path = [given.pop(one["name"]) for one in described.parameters("path")]
    keywords: dict[str, Any] = {}
    if described.body is not None:
        body = read_body(described.body, given.pop("body"), given.pop("typed"), given.pop("texts"))
        if body is None:
            raise click.UsageError(f"{described.name} needs a body: -F name=value, or --body @file")
        keywords["body"] = body
    if (paging := described.paging) is not None:
        keywords |= _page_arguments(described, settings)
        keywords["filter"] = read_filter(paging, given.pop("conditions", ()))
        keywords["sort"] = given.pop("sort", None)
    keywords |= given

    async def work(emnify: Any) -> None:
        values = await _path_values(emnify, described, path, dry=settings.dry_run)
        group, _, method = described.id.partition(".")
        arguments = {name: value for name, value in keywords.items() if value is not None}
        result = getattr(getattr(emnify, group), method)(*values, **arguments)
        if paging is None:
            show(settings, await result)
        elif settings.dry_run:
            await result
        else:
            await show_list(settings, result)

    if settings.dry_run:
        import asyncio

        try:
            asyncio.run(work(preview()))
        except NothingSent:
            return
    else:
        run(settings, work)


def _page_arguments(described: Described, settings: Settings) -> dict[str, Any]:
    """Return the page size: the largest, unless fewer items are shown."""
    from aioemnify.cli.output.writers import LIMIT

    paging = described.paging or {}
    most = paging.get("max")
    wanted = None if settings.all else settings.limit or LIMIT
    size = min(one for one in (wanted, most) if one is not None) if wanted or most else None
    return {paging.get("size", "per_page"): size}


async def _path_values(emnify: Any, described: Described, path: Sequence[str], *, dry: bool) -> list[Any]:
    """Return the values of the path; SIMs and endpoints may be given by any of their identifiers."""
    values: list[Any] = []
    value: Any
    for facts, value in zip(described.parameters("path"), path, strict=True):
        kind = OBJECTS.get(facts["name"])
        if kind is not None and not dry:
            from aioemnify.cli.arguments.objects import identity_of

            value = await identity_of(emnify, kind, value)
        values.append(value)
    return values
