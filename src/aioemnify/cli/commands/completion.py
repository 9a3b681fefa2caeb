"""``completion``: the script that a shell needs."""

from __future__ import annotations

import click

from aioemnify.cli.settings import Command

NAME, VARIABLE = "emnify", "_EMNIFY_COMPLETE"
"""The name of the program, and the variable that asks it for completions."""


@click.command(
    cls=Command,
    epilog="emnify completion bash > ~/.local/share/bash-completion/completions/emnify\n"
    "emnify completion zsh > ~/.zfunc/_emnify\n"
    "emnify completion fish > ~/.config/fish/completions/emnify.fish",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(kind(click.Command(NAME), {}, NAME, VARIABLE).source())
