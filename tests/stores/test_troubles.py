"""Processes that share a budget in real time, with a store that works and with one that is lost."""

from __future__ import annotations

import re

import pytest

from tests.stores.troubles import FEW, Outcome, play

pytestmark = [pytest.mark.redis, pytest.mark.process]


def asked(outcome: Outcome) -> int:
    return sum(sum(report["asked"].values()) for report in outcome.reports)


def test_processes_share_one_budget() -> None:
    outcome = play("none", 10, seconds=6.5, window=(70, 300.0))
    assert outcome.refused == []
    # How long they take to send that many depends on the machine.
    moments = [entry[0] for entry in outcome.log]
    assert 20 <= len(moments) <= 5 + 10 * (max(moments) - min(moments))
    assert asked(outcome) <= 1.5 * len(moments)


def test_redis_is_killed_in_mid_run_and_comes_back() -> None:
    outcome = play("killed", 100, window=(1500, 300.0))
    refused, calls = outcome.around()
    assert refused <= FEW * calls, outcome.texts
    assert outcome.total("given up") == outcome.total("failed") == 0, "all that are refused are repeated"
    lost, back = outcome.changes
    without = [entry for entry in outcome.log if lost + 1.0 < entry[0] < back]
    assert len(without) >= 60, "they go on without the store, each at its share"
    assert {entry[1] for entry in without} == {0, 1, 2}
    for text in outcome.texts:
        assert len(re.findall("store: lost", text)) == len(re.findall("store: back", text)) == 1, text
