"""``python -m tests.fleet.kills --runs 500 --plans 100 --seed 1``: exit status 1 if anything was lost.

With ``--hosts`` each job has three workers with an address each and one Redis: some runs kill a worker,
some stop and continue one, some kill Redis; and three workers are measured against the row of ``sims.get``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.fleet.kills.campaign import Campaign
from tests.fleet.kills.hosts import WHATS, HostsCampaign, measure
from tests.fleet.kills.jobs import JobCampaign
from tests.fleet.kills.mirrors import MirrorCampaign
from tests.fleet.kills.plans import PlanCampaign
from tests.fleet.kills.sweeps import SweepCampaign


def main(arguments: Sequence[str] | None = None) -> int:
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
    options = parser.parse_args(arguments)
    if options.hosts:
        return hosts(options)
    done: list[Campaign[Any]] = []
    for kind, count in (
        (JobCampaign, options.runs),
        (SweepCampaign, options.sweeps),
        (MirrorCampaign, options.mirrors),
        (PlanCampaign, options.plans),
    ):
        with tempfile.TemporaryDirectory() as folder:
            done.append(kind(Path(folder), options.seed))
            done[-1].run(count)
        sys.stdout.write(f"{done[-1].summary()}\n")
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
