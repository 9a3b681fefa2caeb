"""A short campaign of kills; ``nox -s kills`` runs a long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fleet.kills.__main__ import main
from tests.fleet.kills.jobs import JobCampaign
from tests.fleet.kills.mirrors import MirrorCampaign
from tests.fleet.kills.plans import PlanCampaign
from tests.fleet.kills.sweeps import SweepCampaign

pytestmark = pytest.mark.process


def test_killed_jobs_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    campaign = JobCampaign(tmp_path, seed=7)
    campaign.run(8)
    assert len(campaign.runs) == 8 and sum(run.kills for run in campaign.runs) >= 4
    assert [run for run in campaign.runs if not run.good] == []


def test_killed_sweeps_miss_nothing_and_read_only_pages_in_flight_again(tmp_path: Path) -> None:
    campaign = SweepCampaign(tmp_path, seed=7)
    campaign.run(6)
    assert len(campaign.runs) == 6 and sum(run.kills for run in campaign.runs) >= 4
    assert [run for run in campaign.runs if not run.good] == []


def test_killed_mirrors_open_and_lose_nothing(tmp_path: Path) -> None:
    campaign = MirrorCampaign(tmp_path, seed=7)
    campaign.run(6)
    assert len(campaign.runs) == 6 and sum(run.kills for run in campaign.runs) >= 4
    assert [run for run in campaign.runs if not run.good] == []


def test_killed_plans_lose_nothing_and_overwrite_nothing(tmp_path: Path) -> None:
    campaign = PlanCampaign(tmp_path, seed=7)
    campaign.run(6)
    assert len(campaign.runs) == 6 and sum(run.kills for run in campaign.runs) >= 4
    assert [run for run in campaign.runs if not run.good] == []


def test_the_campaigns_run_after_one_another(capsys: pytest.CaptureFixture[str]) -> None:
    """They name files after their seeds, which are the same."""
    assert main(["--runs", "1", "--sweeps", "1", "--mirrors", "1", "--plans", "1", "--seed", "7"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4
