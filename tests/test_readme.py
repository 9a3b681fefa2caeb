"""Every Python sample of README.md and of some pages of docs/ runs; the first is a program."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import aioemnify
from aioemnify import Emnify, fleet, models
from aioemnify.simulator import Simulator

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
SAMPLE = re.compile(r"^```python\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
PROGRAM, *README_SAMPLES = SAMPLE.findall(README)
ELSEWHERE = {"hosts", "schema-changes", "simulator", "simulator-fidelity"}
"""Pages whose samples are no programs for this simulator, or need a Redis and have a test of their own."""
PAGES = {
    page.stem: SAMPLE.findall(page.read_text(encoding="utf-8"))
    for page in sorted((PROJECT / "docs").glob("*.md"))
    if page.stem not in ELSEWHERE
}
SAMPLES = {
    f"{page}-{number}": sample
    for page, samples in {"README": README_SAMPLES, **PAGES}.items()
    for number, sample in enumerate(samples, start=1)
    if "import dlt" not in sample  # no dependency group installs it
}
COMMAND = "python3 -m pip install -qq --upgrade --target .tools nox && PYTHONPATH=.tools python3 -m nox -s "


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(sims=300, seed=7, tls=False) as running:
        yield running


def test_the_first_sample_is_a_program_to_paste_into_a_file(tmp_path: Path) -> None:
    (tmp_path / "first.py").write_text(PROGRAM, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EMNIFY_")}
    command = [sys.executable, "first.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 5
    for line in lines:
        assert re.fullmatch(r"\d+ \d{19} (Issued|Activated|Suspended|Factory Test)", line)


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES.keys())
@pytest.mark.asyncio
async def test_every_sample_runs(
    sample: str,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    if "fastapi" in sample:
        pytest.importorskip("fastapi", reason="needs fastapi, which the dependency group tests installs")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sims.csv").write_text("sim_id,place\n1,here\n2,there\n")
    monkeypatch.setenv("EMNIFY_BASE_URL", simulator.url)
    monkeypatch.setenv("STREAM_TOKEN", "what-only-you-know")
    monkeypatch.setenv("CALLBACK_SECRET", "at-least-32-random-characters-of-yours")
    async with Emnify(simulator.application_token) as emnify:
        service_profile_id = (await emnify.service_profiles.list())[0].id
        tariff_profile_id = (await emnify.tariff_profiles.list())[0].id
        pump = next(one for one in await emnify.endpoints.list(sort="-id") if one.sim is not None)
        await emnify.endpoints.update(pump.id, {"name": tmp_path.name})  # others may share its first name
        assert pump.sim is not None
        (tmp_path / "fleet.csv").write_text(f"id,tags\n{pump.id},{tmp_path.name}\n")
        (tmp_path / "suspend.csv").write_text(f"iccid;sim.status\n{pump.sim.iccid};Suspended\n")
        if "follow(" in sample:
            await emnify.endpoints.update(pump.id, {"status": 1 - pump.status.id})  # makes an event
        # The names that the text around the samples, or an earlier sample, introduces.
        names: dict[str, Any] = {
            "__name__": __name__,
            "Emnify": aioemnify.Emnify,
            "Job": fleet.Job,
            "NotFoundError": aioemnify.errors.NotFoundError,
            "SimStatus": models.SimStatus,
            "ask_for_the_code": lambda: "123456",
            "auth_token": "header.claims.signature",
            "body": {"status": 1, "service_profile": 10**9, "tariff_profile": 10**9},
            "emnify": emnify,
            "endpoint_id": pump.id,
            "endpoint_name": tmp_path.name,
            "iccid": (await emnify.sims.list(per_page=1)).items[0].iccid,
            "made": {"meter-7": (await emnify.endpoints.list(sort="-id", per_page=1)).items[0].id},
            "password": "secret",
            "rows": [(1, {"name": "pump-1"}), (999_999, {"name": "pump-2"})],
            "save": list,
            "service_profile_id": service_profile_id,
            "sim_id": (await emnify.sims.list(per_page=1)).items[0].id,
            "tag_id": (await emnify.tags.create({"name": tmp_path.name})).id,
            "tariff_profile_id": tariff_profile_id,
            "token": simulator.application_token,
            "tokens": {"acme": simulator.application_token},
        }
        code = compile(sample, "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        running = eval(code, names)
        if inspect.isawaitable(running):
            await running
    if "print(" in sample and "receivers" not in sample:  # those print what is pushed: tests/receivers
        assert capsys.readouterr().out.strip()


def test_the_table_of_features_leads_to_pages_and_tests() -> None:
    page = PROJECT / "docs" / "features.md"
    text = page.read_text(encoding="utf-8")
    for name, _, anchor in re.findall(r"\]\(([^)#]+)(#([^)]*))?\)", text):
        target = (page.parent / name).read_text(encoding="utf-8")
        headings = [line.lstrip("# ").lower() for line in target.splitlines() if line.startswith("#")]
        slugs = {re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in slugs, f"{name}#{anchor}"
    paths = re.findall(r"`(tests/[^`]+)`", text)
    assert len(paths) >= 13 and all((PROJECT / path).exists() for path in paths)


def test_there_are_samples_to_run() -> None:
    assert len(SAMPLES) >= 12


def test_the_two_commands_are_one_line_each() -> None:
    lines = README.splitlines()
    assert lines.count(f"{COMMAND}demo") == 1
    assert lines.count(f"{COMMAND}tests") == 1
