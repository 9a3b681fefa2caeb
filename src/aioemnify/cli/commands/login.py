"""Credentials: ``login``, ``profile``, ``whoami``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from aioemnify.cli.exit_status import CREDENTIALS, FILE, CommandError
from aioemnify.cli.profiles import Configuration, Login, find_login, forget_token, keep_token
from aioemnify.cli.settings import Command, Group, Settings, output_options, pass_settings, with_options

DEFAULT = "default"
"""The name of a profile that is given none."""


@click.command(cls=Command)
@click.option("--with-token", is_flag=True, help="Read the token from stdin instead of asking for it.")
@click.option(
    "--simulator",
    metavar="FILE|-",
    help="Point the profile at a simulator, by the line of JSON that it prints when it starts.",
)
@click.option(
    "--credential-process", metavar="COMMAND", help="Run this command for the token, at every call."
)
@click.option("--base-url", metavar="URL", help="Another server than emnify's own.")
@click.option("--ca-file", metavar="FILE", help="Certificate authorities to trust instead of the system's.")
@pass_settings
def login(
    settings: Settings,
    with_token: bool,
    simulator: str | None,
    credential_process: str | None,
    base_url: str | None,
    ca_file: str | None,
) -> None:
    """Store the credentials of a workspace as a profile.

    Asks for an application token without echo, checks it, and names its workspace. The token goes into
    the keyring if there is one, else into config.toml, which only you can read. A token is never an
    argument: others could read it in the list of processes.
    """
    if sum(map(bool, (with_token, simulator, credential_process))) > 1:
        raise click.UsageError("pass one of --with-token, --simulator and --credential-process")
    configuration = Configuration.load()
    name = settings.profile or DEFAULT
    old = configuration.profiles.get(name, {})
    profile: dict[str, Any] = {}
    token: str | None = None
    if simulator is not None:
        token, profile = _of_simulator(simulator)
    elif credential_process is not None:
        profile["credential_process"] = credential_process
    elif with_token:
        token = sys.stdin.readline().strip()
    else:
        if not sys.stdin.isatty():
            raise click.UsageError("stdin is not a terminal: pass the token with --with-token")
        token = click.prompt("Application token", hide_input=True, err=True).strip()
    if token == "":
        raise CommandError("the token is empty", CREDENTIALS)
    if base_url:
        profile["base_url"] = base_url
    if ca_file:
        profile["ca_file"] = str(Path(ca_file).resolve())
    workspace = _check(settings, name, profile, token)
    profile["workspace"] = workspace
    forget_token(name, old)
    place = "the credential process" if token is None else keep_token(name, profile, token)
    configuration.profiles[name] = profile
    configuration.default = configuration.default or name
    configuration.save()
    print(f"profile {name!r}: workspace {workspace}; the token is in {place}", file=sys.stderr)


def _of_simulator(source: str) -> tuple[str, dict[str, Any]]:
    """Return the token and the profile that a simulator's first line describes."""
    text = sys.stdin.readline() if source == "-" else _first_line(Path(source))
    try:
        given = json.loads(text)
        found = {"base_url": given["url"]}
        token: str = given["application_token"]
    except (ValueError, KeyError, TypeError):
        raise CommandError(
            f"{source} is not the line of JSON that a simulator prints when it starts", FILE
        ) from None
    if given.get("ca_file"):
        found["ca_file"] = given["ca_file"]
    return token, found


def _first_line(file: Path) -> str:
    with file.open(encoding="utf-8") as opened:
        return opened.readline()


def _check(settings: Settings, name: str, profile: dict[str, Any], token: str | None) -> str:
    """Make a call with the new credentials; return the name of their workspace."""
    from aioemnify import ApplicationToken
    from aioemnify.cli.profiles import credential_of
    from aioemnify.cli.session import run_with

    credential = ApplicationToken(token) if token is not None else credential_of(name, profile)
    login = Login("login", name, profile.get("base_url"), profile.get("ca_file"), credential)
    organisation = run_with(settings, login, lambda emnify: emnify.organisations.get_my())
    return f"{organisation.name} ({organisation.id})"


@click.group(cls=Group)
def profile() -> None:
    """List, choose and remove profiles."""


@profile.command("list")
@with_options(*output_options(many=False))
@pass_settings
def list_profiles(settings: Settings) -> None:
    """List the profiles; the token of none is shown."""
    from aioemnify.cli.output.writers import show

    configuration = Configuration.load()
    rows = [
        {
            "name": name,
            "default": name == configuration.default,
            "workspace": one.get("workspace"),
            "server": one.get("base_url", "emnify"),
            "token": "credential_process"
            if "credential_process" in one
            else "keyring"
            if one.get("keyring")
            else "file",
        }
        for name, one in configuration.profiles.items()
    ]
    show(settings, rows)


@profile.command()
@click.argument("name")
def use(name: str) -> None:
    """Make a profile the default one."""
    configuration = Configuration.load()
    configuration.profile(name)
    configuration.default = name
    configuration.save()
    print(f"the default profile is {name!r}", file=sys.stderr)


@profile.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove a profile and its token."""
    configuration = Configuration.load()
    forget_token(name, configuration.profile(name))
    del configuration.profiles[name]
    if configuration.default == name:
        configuration.default = None
    configuration.save()
    print(f"profile {name!r} is removed; its token stays valid until it is revoked", file=sys.stderr)


@click.command(cls=Command)
@with_options(*output_options(many=False))
@pass_settings
def whoami(settings: Settings) -> None:
    """Show which credentials are used, and for which workspace."""
    from aioemnify.cli.output.writers import show
    from aioemnify.cli.session import run_with
    from aioemnify.client_arguments import BASE_URL

    login = find_login(settings.profile)
    organisation = run_with(settings, login, lambda emnify: emnify.organisations.get_my())
    show(
        settings,
        {
            "workspace": organisation.name,
            "workspace_id": organisation.id,
            "profile": login.profile,
            "chosen_by": login.source,
            "server": login.base_url or BASE_URL,
        },
    )
