"""``simulator``: the simulated API, with the options of ``aioemnify-simulator``."""

from __future__ import annotations

import click

from aioemnify.cli.exit_status import CommandError
from aioemnify.cli.settings import Command


@click.command(
    cls=Command,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def simulator(arguments: tuple[str, ...]) -> int:
    """Serve a simulated API on this machine, until Ctrl-C.

    Prints a line of JSON with its address and token, which 'emnify login --simulator' reads.
    """
    try:
        from aioemnify.simulator.__main__ import main
    except ModuleNotFoundError as error:
        raise CommandError(f"{error}") from None
    return main(arguments)
