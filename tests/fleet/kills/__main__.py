"""``python -m tests.fleet.kills --runs 500 --seed 1``: exit status 1 if anything was lost or done twice."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fleet.kills.campaign import Campaign


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="kills", description="Kill jobs and count what they lost or did twice."
    )
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder), options.seed)
        campaign.run(options.runs)
    sys.stdout.write(f"{campaign.summary()}\n")
    return 0 if all(run.good for run in campaign.runs) else 1


if __name__ == "__main__":
    sys.exit(main())
