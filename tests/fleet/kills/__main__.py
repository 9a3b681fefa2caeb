"""``python -m tests.fleet.kills --runs 500 --plans 100 --seed 1``: exit status 1 if anything was lost."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fleet.kills.campaign import Campaign
from tests.fleet.kills.mirrors import MirrorCampaign
from tests.fleet.kills.plans import PlanCampaign
from tests.fleet.kills.sweeps import SweepCampaign


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="kills",
        description="Kill jobs, sweeps, mirrors and plans, and count what they lost or did twice.",
    )
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--sweeps", type=int, default=20)
    parser.add_argument("--mirrors", type=int, default=20)
    parser.add_argument("--plans", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder), options.seed)
        campaign.run(options.runs)
        sweeps = SweepCampaign(Path(folder), options.seed)
        sweeps.run(options.sweeps)
        mirrors = MirrorCampaign(Path(folder), options.seed)
        mirrors.run(options.mirrors)
        plans = PlanCampaign(Path(folder), options.seed)
        plans.run(options.plans)
    done = (campaign, sweeps, mirrors, plans)
    sys.stdout.write("".join(f"{one.summary()}\n" for one in done))
    return 0 if all(run.good for one in done for run in one.runs) else 1


if __name__ == "__main__":
    sys.exit(main())
