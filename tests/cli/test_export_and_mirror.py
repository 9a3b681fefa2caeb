"""Exports, which leave the old file after a failure, and the mirror."""

from __future__ import annotations

import csv
import signal
from pathlib import Path

import pytest

from aioemnify.simulator import Answer, Simulator
from tests.cli.conftest import SIMS, Run


def test_export(simulator: Simulator, emnify: Run) -> None:
    done = emnify("export", "sims", "--to", "sims.csv", "--columns", "iccid,status,endpoint.name")
    assert done == (0, "", f"{SIMS} rows → sims.csv\n")
    with Path("sims.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["iccid"] for row in rows}) == SIMS
    assert emnify("export", "endpoints", "--to", "endpoints.jsonl").status == 0
    assert emnify("export", "usage", "--to", "usage.csv").status == 0
    assert emnify("export", "events", "--to", "events.csv").status == 0


def test_an_export_that_fails_leaves_the_old_file(simulator: Simulator, emnify: Run) -> None:
    Path("sims.csv").write_text("as it was")
    simulator.faults.add(Answer(403), operation="sims.list")
    assert emnify("export", "sims", "--to", "sims.csv").status == 1
    wrong = emnify("export", "sims", "--to", "sims.csv", "--columns", "icid")
    assert (wrong.status, wrong.err.startswith("emnify: --columns ")) == (2, True)
    wrong = emnify("export", "sims", "--to", "sims.pdf")
    assert (wrong.status, wrong.err.startswith("emnify: --to ")) == (2, True)
    assert Path("sims.csv").read_text() == "as it was"
    assert sorted(file.name for file in Path().iterdir()) == ["config", "sims.csv"]


def test_a_full_disk_leaves_the_old_file(simulator: Simulator, emnify: Run) -> None:
    resource = pytest.importorskip("resource")
    emnify("whoami")  # its store is there then, and does not grow
    Path("sims.jsonl").write_text("as it was")
    limit, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # Above the size of the store, and below that of the file.
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, limit[1]))
    try:
        done = emnify("export", "sims", "--to", "sims.jsonl")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, handler)
    assert done.status == 10
    assert "File too large" in done.err
    assert Path("sims.jsonl").read_text() == "as it was"
    assert sorted(file.name for file in Path().iterdir()) == ["config", "sims.jsonl"]


def test_a_mirror_finds_what_has_changed(simulator: Simulator, emnify: Run) -> None:
    first = emnify("mirror", "sync", "sims", "endpoints")
    assert first.status == 0
    assert first.err.startswith("sims: 0 new, 0 changed, 0 gone\n")
    emnify("sim", "suspend", "1")
    assert emnify("mirror", "sync", "sims").err == "sims: 0 new, 1 changed, 0 gone\n"
    changes = emnify("mirror", "changes", "--since", "1h", "-o", "json").json()
    assert [(one["id"], one["field"], one["old"], one["new"]) for one in changes] == [
        (1, "status", "Activated", "Suspended")
    ]
    counted = emnify("mirror", "sql", "SELECT count(*) AS sims FROM sim", "-o", "json")
    assert counted.json() == [{"sims": SIMS}]
    wrong = emnify("mirror", "sql", "DELETE FROM sim")
    assert wrong.status == 2
    assert wrong.err.startswith("emnify: query c")
