"""``doctor``: what works and what does not, one line each."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator
from typing import Any

import click

from aioemnify.cli.exit_status import status_of, text_of
from aioemnify.cli.folders import config_folder
from aioemnify.cli.profiles import Configuration, find_login
from aioemnify.cli.settings import Command, Settings, output_options, pass_settings, with_options


@click.command(cls=Command)
@with_options(*output_options(many=False))
@pass_settings
def doctor(settings: Settings) -> int:
    """Check the configuration and the connection.

    Writes a line for each check; the exit status is that of the first failure. It shows no secret.
    """
    from aioemnify.cli.output.writers import show

    rows, status = [], 0
    for name, check in (
        ("program", _program),
        ("configuration", _configuration),
        ("store", _store),
        ("credentials", lambda: _credentials(settings)),
        ("connection", lambda: _connection(settings)),
    ):
        try:
            rows.append({"check": name, "result": "ok", "detail": check()})
        except Exception as error:
            found = status_of(error)
            if found is None:
                raise
            status = status or found
            rows.append({"check": name, "result": "failed", "detail": text_of(error)})
    show(settings, rows)
    return status


def _program() -> str:
    found = ", ".join(f"{name} {version}" for name, version in _versions())
    return f"Python {sys.version.split()[0]}, {found}"


def _versions() -> Iterator[tuple[str, str]]:
    for name in ("aioemnify", "click", "httpx", "rich", "keyring"):
        try:
            yield name, importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield name, "not installed"


def _configuration() -> str:
    configuration = Configuration.load()
    names = ", ".join(configuration.profiles) or "no profile"
    return f"{configuration.file}: {names}; default: {configuration.default or 'none'}"


def _store() -> str:
    from aioemnify.cli.session import shared_store

    store = shared_store()
    if store is None:
        return f"{config_folder()} cannot be written: shells do not share their token and their limits"
    store.close()
    return f"{config_folder() / 'store.db'}"


def _credentials(settings: Settings) -> str:
    login = find_login(settings.profile)
    return f"profile {login.profile!r}, chosen by {login.source}" if login.profile else login.source


def _connection(settings: Settings) -> str:
    from time import perf_counter

    from aioemnify.cli.session import run

    begin = perf_counter()
    organisation: Any = run(settings, lambda emnify: emnify.organisations.get_my())
    return f"workspace {organisation.name} ({organisation.id}), answered in {perf_counter() - begin:.2f} s"
