"""The command ``emnify``: which commands there are, each loaded when it is used, and how a run ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from aioemnify.cli.commands.completion import NAME, VARIABLE
from aioemnify.cli.exit_status import INTERRUPTED, PIPE_CLOSED, USAGE, report, status_of
from aioemnify.cli.settings import Group, Settings

_COMMANDS = "aioemnify.cli.commands"

WORK = {
    "sim": ("sim", "Show, suspend, activate SIMs, and look at their usage and events."),
    "endpoint": ("endpoint", "Show, rename, tag, reset endpoints."),
    "sms": ("sms", "Send an SMS to an endpoint, or to many."),
    "limits": ("limits", "Show how much of each rate limit is used."),
    "estimate": ("limits", "Estimate how long a number of calls takes."),
    "export": ("export", "Write all SIMs, endpoints, events or usage to a file."),
    "plan": ("plan", "Show what makes the fleet look like a CSV file, and what that takes."),
    "apply": ("plan", "Make the fleet look like a CSV file, or carry out a plan."),
    "drift": ("plan", "List how the fleet differs from a CSV file."),
    "mirror": ("mirror", "Keep the fleet in a database, and see what changes in it."),
    "jobs": ("jobs", "Look at a job, run it, continue it after an interruption."),
    "api": ("api", "Make any call, by path or by the id of an operation."),
}
"""The commands for daily work: module and short help."""

SETUP = {
    "login": ("login", "Store the credentials of a workspace as a profile."),
    "profile": ("login", "List, choose and remove profiles."),
    "whoami": ("login", "Show which credentials are used, and for which workspace."),
    "doctor": ("doctor", "Check the configuration and the connection."),
    "simulator": ("simulator", "Serve a simulated API on this machine."),
    "demo": ("demo", "See a day of an operator with these commands on a simulator."),
    "completion": ("completion", "Print the completion script of a shell."),
}
"""The commands around it."""

IN_GROUPS: dict[str, dict[str, tuple[str, str]]] = {"events": {"tail": (f"{_COMMANDS}.events", "tail")}}
"""Hand-made commands in groups of the API."""


class Root(Group):
    """The root: hand-made commands, then the groups of the API."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        from aioemnify.cli.description import groups

        return [*WORK, *SETUP, *groups()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        known = WORK.get(cmd_name) or SETUP.get(cmd_name)
        if known is not None:
            found: click.Command = getattr(import_module(f"{_COMMANDS}.{known[0]}"), cmd_name)
            return found
        from aioemnify.cli.description import groups

        if cmd_name not in groups():
            return None
        from aioemnify.cli.operations import OperationGroup

        return OperationGroup(cmd_name, IN_GROUPS.get(cmd_name, {}))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands without loading them."""
        from aioemnify.cli.description import groups

        for title, table in (("Work", WORK), ("Setup", SETUP)):
            with formatter.section(title):
                formatter.write_dl([(name, about) for name, (_, about) in table.items()])
        with formatter.section("All calls of the API, by group"):
            formatter.write_dl([(name, f"{title}.") for name, title in groups().items()])


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        from aioemnify._version import __version__

        click.echo(f"emnify {__version__}")
        ctx.exit()


app: Root = Root(
    "emnify",
    help="Manage SIMs and endpoints of emnify from a terminal.\n\n"
    "Start with 'emnify login', or try everything on a simulator with 'emnify demo'.",
    epilog="'emnify sims list' lists the SIMs, 'emnify endpoints list' the endpoints. "
    "Each command has --help. In a pipe, output is tab-separated and nothing is cut.",
    params=[
        click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version,
                     help="Print the version."),
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=True,
)  # fmt: skip


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit status."""
    if instruction := os.environ.get(VARIABLE):
        from click.shell_completion import shell_complete

        return shell_complete(app, {}, NAME, VARIABLE, instruction)
    as_json = "--json-errors" in arguments
    try:
        status = _invoke(arguments)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return USAGE
    except click.ClickException as error:
        return _usage(error, as_json=as_json)
    except (click.Abort, EOFError) as error:
        if isinstance(error.__context__, EOFError) or isinstance(error, EOFError):
            print("emnify: the input ended before the question was answered", file=sys.stderr)
            return USAGE
        return _interrupted()
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as error:
        return _failed(error, as_json=as_json)
    return status


def _invoke(arguments: Sequence[str]) -> int:
    with app.make_context("emnify", list(arguments), obj=Settings()) as ctx:
        result = app.invoke(ctx)
    return result if isinstance(result, int) and not isinstance(result, bool) else 0


def _failed(error: Exception, *, as_json: bool) -> int:
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    status = status_of(error)
    if status is None:
        raise error
    if status == PIPE_CLOSED:
        # Python would try to flush once more at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return status
    _flush_output()
    report(error, status, as_json=as_json)
    return status


def _flush_output() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage(error: click.ClickException, *, as_json: bool) -> int:
    if as_json:
        report(error, USAGE, as_json=True)
        return USAGE
    text = " ".join(error.format_message().split())
    print(f"emnify: {text[:1].lower()}{text[1:]}", file=sys.stderr)
    ctx = getattr(error, "ctx", None)
    if ctx is not None:
        print(f"Try '{ctx.command_path} --help'.", file=sys.stderr)
    return USAGE


def _interrupted() -> int:
    _flush_output()
    print("emnify: interrupted", file=sys.stderr)
    return INTERRUPTED
