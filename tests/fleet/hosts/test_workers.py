"""A short campaign of three processes; ``nox -s kills -- --hosts`` runs a long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fleet.kills.hosts import WHATS, HostsCampaign, What, measure

pytestmark = [pytest.mark.process, pytest.mark.redis]


@pytest.mark.parametrize("what", WHATS)
def test_three_workers_lose_nothing_and_do_nothing_twice(tmp_path: Path, what: What) -> None:
    campaign = HostsCampaign(tmp_path, seed=7, what=what)
    campaign.run(2)
    assert len(campaign.runs) == 2
    assert [run for run in campaign.runs if not run.good] == []


def test_three_workers_share_the_row_and_no_call_is_refused(tmp_path: Path) -> None:
    rate = measure(tmp_path, "sims.get", 300)
    assert rate.calls == 300 and rate.refused == 0
    assert all(rate.by_address.values())
    # What a call costs in Redis; claims and renewals weigh more in a job as short as this one.
    assert rate.journal_calls <= 2 and rate.store_calls <= 1.1
