"""The options that every command has, and where their values go."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import click


class Settings:
    """What the options of a command line say; commands get it as ``ctx.obj``."""

    def __init__(self) -> None:
        self.profile: str | None = None
        self.json_errors = False
        self.verbose = False
        self.dry_run = False
        self.output: str | None = None
        self.columns: Sequence[str] = ()
        self.limit: int | None = None
        self.all = False
        self.redis: str | None = None
        self.address: str | None = None
        self.local_address: str | None = None

    @property
    def on_terminal(self) -> bool:
        """Whether people read the output."""
        return sys.stdout.isatty()


def settings_of(ctx: click.Context) -> Settings:
    """Return the settings of the running command."""
    settings: Settings = ctx.ensure_object(Settings)
    return settings


pass_settings: Callable[[Callable[..., Any]], Callable[..., Any]] = click.make_pass_decorator(Settings)


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Store a value that was given, at whichever level of the command line."""
    if value not in (None, False, ()) and param.name is not None:
        setattr(settings_of(ctx), param.name, value)


def _profile_names(_ctx: click.Context, _param: click.Parameter, start: str) -> list[str]:
    from aioemnify.cli.profiles import Configuration

    return [name for name in Configuration.load().profiles if name.startswith(start)]


def shared_options() -> list[click.Option]:
    """Return the options that every command has."""
    kept: dict[str, Any] = {"expose_value": False, "callback": _keep}
    return [
        click.Option(
            ["--profile"],
            metavar="NAME",
            help="The credentials to use; 'emnify profile list' names them.",
            shell_complete=_profile_names,
            **kept,
        ),
        click.Option(["--json-errors"], is_flag=True, help="Write errors as JSON to stderr.", **kept),
        click.Option(["-v", "--verbose"], is_flag=True, help="Log calls and waits to stderr.", **kept),
    ]


_SHARED = {option.name for option in shared_options()} | {"help"}
_OF_ALL = "Options of every command"


class Command(click.Command):
    """A command with the shared options, in a section of their own."""

    def __init__(self, *args: Any, params: list[click.Parameter] | None = None, **more: Any) -> None:
        more["params"] = [*(params or []), *shared_options()]
        super().__init__(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. An argument that the library refuses gets the name of the option it came from."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            argument = getattr(error, "argument", None)
            given = [one for one in self.params if isinstance(one, click.Option) and one.name == argument]
            if given and str(error).startswith(f"{argument} "):
                error.args = (max(given[0].opts, key=len) + str(error)[len(given[0].name or "") :],)
            raise

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples, a line each."""
        if self.epilog:
            with formatter.section("Examples"):
                for line in self.epilog.splitlines():
                    formatter.write(f"  {line}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options first."""
        found: dict[str, list[tuple[str, str]]] = {"Options": [], _OF_ALL: []}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record is not None:
                found[_OF_ALL if param.name in _SHARED else "Options"].append(record)
        for title, records in found.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class Group(click.Group):
    """A group whose commands are ``Command``; underscores in their names are accepted for hyphens."""

    command_class: type[click.Command] | None = Command

    def __init__(self, *args: Any, params: list[click.Parameter] | None = None, **more: Any) -> None:
        more["params"] = [*(params or []), *shared_options()]
        super().__init__(*args, **more)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or name the closest one."""
        name = args[0].replace("_", "-")
        command = self.get_command(ctx, name)
        if command is not None:
            return name, command, args[1:]
        from aioemnify._checks import did_you_mean

        if name.startswith("-"):
            raise click.NoSuchOption(name, ctx=ctx)
        known = self.list_commands(ctx)
        there = _elsewhere(ctx, name)
        hint = f"; it is {there!r}" if there else did_you_mean(name, known)
        raise click.UsageError(f"no such command: {args[0]!r}{hint}", ctx)


def _elsewhere(ctx: click.Context, name: str) -> str | None:
    """Return the command where it is: ``sim`` has the daily work, and ``sims`` the calls of the API."""
    outer = ctx.parent
    if outer is None or ctx.info_name is None or not isinstance(outer.command, click.Group):
        return None
    twin = ctx.info_name.removesuffix("s") if ctx.info_name.endswith("s") else f"{ctx.info_name}s"
    group = outer.command.get_command(outer, twin)
    if isinstance(group, click.Group) and group.get_command(ctx, name) is not None:
        return f"{outer.command_path} {twin} {name}"
    return None


Group.group_class = Group


OUTPUTS = ("table", "wide", "json", "jsonl", "csv", "tsv", "name")


def _columns(ctx: click.Context, param: click.Parameter, value: Sequence[str]) -> None:
    names = [name.strip() for given in value for name in given.split(",") if name.strip()]
    _keep(ctx, param, tuple(names))


def output_options(*, many: bool) -> list[click.Parameter]:
    """Return the options of a command that writes objects: one, or with ``many`` a list of them."""
    found: list[click.Parameter] = [
        click.Option(
            ["-o", "--output"],
            type=click.Choice(OUTPUTS),
            expose_value=False,
            callback=_keep,
            help="How to write; by default a table on a terminal, and tsv in a pipe.",
        ),
        click.Option(
            ["--columns"],
            multiple=True,
            metavar="NAME,NAME",
            expose_value=False,
            callback=_columns,
            help="Only these columns, such as id,iccid,endpoint.name.",
        ),
    ]
    if many:
        found += [
            click.Option(
                ["--limit"],
                type=click.IntRange(1),
                expose_value=False,
                callback=_keep,
                help="At most this many items (default: 50).",
            ),
            click.Option(["--all"], is_flag=True, expose_value=False, callback=_keep, help="All items."),
        ]
    return found


def dry_run_option(*, job: bool = False) -> click.Option:
    """Return the option that shows a request, or with ``job`` how many it takes, instead of sending it."""
    return click.Option(
        ["--dry-run"],
        is_flag=True,
        expose_value=False,
        callback=_keep,
        help="Send nothing; write how many calls it takes."
        if job
        else "Send nothing; write the method, the path and the body.",
    )


def redis_option() -> click.Option:
    """Return the option that says in which Redis a job is."""
    return click.Option(
        ["--redis"],
        metavar="URL",
        expose_value=False,
        callback=_keep,
        help="The Redis that has the job (default: EMNIFY_REDIS, which may hold a password).",
    )


def address_options() -> list[click.Parameter]:
    """Return the options of a worker that say from which network address it calls."""
    kept: dict[str, Any] = {"expose_value": False, "callback": _keep}
    return [
        click.Option(
            ["--address"],
            metavar="NAME",
            help="A name for the network address of this host, which has limits of its own; hosts behind one "
            "NAT have one name (default: EMNIFY_ADDRESS, else all hosts count as one address).",
            **kept,
        ),
        click.Option(
            ["--local-address"], metavar="IP", help="The address of this host to call from.", **kept
        ),
    ]


def with_options(*options: click.Parameter) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add options to the function of a command, as ``click.option`` does."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        there: list[click.Parameter] = getattr(function, "__click_params__", [])
        function.__click_params__ = [*there, *reversed(options)]  # type: ignore[attr-defined]
        return function

    return decorate
