"""The example of a job on many hosts: its files are those of the page, fit each other, and run."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from aioemnify.fleet import RedisJournal
from aioemnify.simulator import Simulator
from aioemnify.simulator.__main__ import parser
from tests.stores.redis_server import RedisServer

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / "examples" / "hosts"
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
WORKERS = ("worker-1", "worker-2", "worker-3")
SIMULATOR = "emnify-sim"


@pytest.mark.parametrize(("file", "language"), [("worker.py", "python"), ("compose.yaml", "yaml")])
def test_the_page_shows_the_very_file(file: str, language: str) -> None:
    page = (PROJECT / "docs" / "hosts.md").read_text(encoding="utf-8")
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert (FOLDER / file).read_text(encoding="utf-8") in blocks


def options_of_simulator() -> Any:
    lines = (PROJECT / "examples/container/Containerfile").read_text().splitlines()
    entry = next(line.partition(" ")[2] for line in lines if line.startswith("ENTRYPOINT"))
    return parser().parse_args([*json.loads(entry)[1:], *SERVICES[SIMULATOR]["command"]])


def test_the_services_fit_each_other() -> None:
    assert set(COMPOSE) == {"services", "volumes"}
    assert set(SERVICES) == {"redis", SIMULATOR, *WORKERS}
    options = options_of_simulator()
    assert options.name == [SIMULATOR]
    build = SERVICES[SIMULATOR]["build"]
    context = (FOLDER / build["context"]).resolve()
    assert context == PROJECT and (context / build["dockerfile"]).is_file()
    assert f"('127.0.0.1', {options.port})" in SERVICES[SIMULATOR]["healthcheck"]["test"][-1]
    (volume,) = COMPOSE["volumes"]
    assert SERVICES[SIMULATOR]["volumes"] == [f"{volume}:{Path(options.ca_file).parent}"]
    token = Simulator(seed=options.seed, sims=options.sims).application_token
    for name in WORKERS:
        worker = SERVICES[name]
        assert worker["environment"] == {
            "EMNIFY_REDIS": "redis://redis:6379/0",
            "EMNIFY_ADDRESS": name,
            "EMNIFY_BASE_URL": f"https://{SIMULATOR}:{options.port}",
            "EMNIFY_APPLICATION_TOKEN": token,
            "SSL_CERT_FILE": options.ca_file,
        }
        assert worker["command"] == ["python", "/app/worker.py"]
        assert worker["volumes"] == [".:/app:ro", f"{volume}:{Path(options.ca_file).parent}:ro"]
        assert worker["depends_on"] == {SIMULATOR: {"condition": "service_healthy"}}
        assert (FOLDER / worker["build"]["context"]).resolve() == PROJECT


def test_the_image_of_the_workers_installs_an_extra_that_there_is() -> None:
    steps = SERVICES["worker-1"]["build"]["dockerfile_inline"].splitlines()
    assert [step.split()[0] for step in steps] == ["FROM", "COPY", "RUN"]
    assert steps[1] == "COPY . /src"
    (extra,) = re.findall(r'"/src\[(\w+)\]"', steps[2])
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert any(one.startswith("redis") for one in extras[extra])


@pytest.mark.process
@pytest.mark.redis
def test_three_workers_carry_out_the_job(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    program, *arguments = shlex.split(SERVICES["redis"]["command"])
    assert program == "redis-server"
    redis = RedisServer(tmp_path, extra=tuple(arguments))
    options = options_of_simulator()
    redis.start()
    try:
        with Simulator(seed=options.seed, sims=options.sims) as simulator:
            here = {
                "EMNIFY_REDIS": redis.url,
                "EMNIFY_BASE_URL": simulator.url,
                "SSL_CERT_FILE": str(simulator.ca_file),
                "PYTHONPATH": str(PROJECT / "src"),
            }
            workers = [
                subprocess.Popen(
                    [sys.executable, str(FOLDER / "worker.py")],
                    env=os.environ | SERVICES[name]["environment"] | here,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                for name in WORKERS
            ]
            outputs = [one.communicate(timeout=120) for one in workers]
            calls = Counter(one.path for one in simulator.requests.of("sims.get"))
            refused = sum(1 for one in simulator.requests if one.status == 429)
        assert [one.returncode for one in workers] == [0, 0, 0], outputs
        sims = options.sims
        assert all(f": {sims:,} items: {sims:,} ok; {sims:,} calls" in out for out, _ in outputs)
        assert [error for _, error in outputs] == ["", "", ""]
        assert len(calls) == sims and set(calls.values()) == {1}
        assert refused == 0
        journal = RedisJournal(redis.url, "read-sims")
        with journal.reading():
            assert caplog.text == "", "this Redis keeps what it receives"
    finally:
        redis.kill()
