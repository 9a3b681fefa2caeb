"""The session of docs/hosts.md: three workers of ``emnify jobs``, one killed, and each call made once."""

from __future__ import annotations

import csv
import signal

import pytest

from tests.fleet.hosts import session

pytestmark = [pytest.mark.process, pytest.mark.redis]


def test_three_workers_one_of_them_killed_make_each_call_once() -> None:
    made = session.record()
    assert made.statuses == (0, 0, -signal.SIGKILL, 0, 0, 0, 0)
    assert len(made.calls) == session.ITEMS and set(made.calls.values()) == {1}
    assert made.addresses.total() == session.ITEMS and len(made.addresses) == 3
    assert made.refused == 0
    assert made.left > 0, "what the killed worker had claimed was made by the others"
    assert [row["state"] for row in csv.DictReader(made.rows)] == ["ok"] * session.ITEMS
    page = session.PAGE.read_text(encoding="utf-8")
    assert session.shown(page) == made.text, "run python -m tests.fleet.hosts.session"
