"""The command ``aioemnify-simulator``, also where the simulator's own packages are not installed."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the simulator's command line; status 2 when something it needs is missing."""
    try:
        from aioemnify.simulator.__main__ import main as run
    except ModuleNotFoundError as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    return run()
