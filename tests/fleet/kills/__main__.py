"""``python -m tests.fleet.kills --runs 500 --plans 100 --seed 1``: exit status 1 if anything was lost.

With ``--hosts`` each job has three workers with an address each and one Redis: some runs kill a worker,
some stop and continue one, some kill Redis; and three workers are measured against the row of ``sims.get``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fleet.kills.hosts import WHATS, HostsCampaign, measure
from tests.fleet.kills.jobs import JobCampaign
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
    parser.add_argument("--hosts", action="store_true", help="jobs of three workers with one Redis")
    parser.add_argument("--calls", type=int, default=5000, help="calls of the measurement of --hosts")
    options = parser.parse_args()
    if options.hosts:
        return hosts(options)
    with tempfile.TemporaryDirectory() as folder:
        campaign = JobCampaign(Path(folder), options.seed)
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


def hosts(options: argparse.Namespace) -> int:
    good = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for what in WHATS:
            campaign = HostsCampaign(folder, options.seed, what)
            campaign.run(options.runs)
            sys.stdout.write(f"{campaign.summary()}\n")
            good = good and all(run.good for run in campaign.runs)
        for operation in ("sims.get", "endpoints.send_sms"):
            rate = measure(folder, operation, options.calls)
            sys.stdout.write(f"{operation}: {rate.summary()}\n")
            good = good and not rate.refused
        rate = measure(folder, "sims.get", options.calls, limits=False)
        sys.stdout.write(f"without limits: {rate.summary()}\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
