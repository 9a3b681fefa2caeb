"""``python -m aioemnify.cli``, and the console script ``emnify``."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; ``docs/command-line.md`` lists the statuses."""
    try:
        import click  # noqa: F401
    except ModuleNotFoundError:
        print("emnify: the command line needs click: pip install 'aioemnify[cli]'", file=sys.stderr)
        return 2
    from aioemnify.cli.app import run

    return run(sys.argv[1:] if arguments is None else list(arguments))


if __name__ == "__main__":
    sys.exit(main())
