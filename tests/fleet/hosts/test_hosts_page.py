"""The programs of docs/hosts.md, against a simulator."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from aioemnify.simulator import Simulator
from benchmarks.hosts.__main__ import main as model
from tests.stores.redis_server import RedisServer

pytestmark = [pytest.mark.anyio, pytest.mark.redis]

PAGE = Path(__file__).parents[3] / "docs" / "hosts.md"
PROGRAMS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def names_of(program: str, **names: Any) -> dict[str, Any]:
    names["__name__"] = "page"
    exec(compile(program, str(PAGE), "exec"), names)
    return names


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_the_programs_run(
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    worker, whole, taskiq = PROGRAMS
    with Simulator(sims=10, tls=False) as simulator:
        with simulator.lock:
            first = next(iter(simulator.installation.world.organisations.values()))
            ids = [one.id for one in first.sims.states(first.sims.select())]
        for name, value in {
            "EMNIFY_REDIS": redis_server.url,
            "EMNIFY_ADDRESS": "ams-1",
            "EMNIFY_BASE_URL": simulator.url,
            "EMNIFY_APPLICATION_TOKEN": simulator.application_token,
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        names = names_of(worker)
        await names["main"](ids)
        assert "10 items: 10 ok" in capsys.readouterr().out
        async with names["Emnify"]() as emnify:
            body = "".join(f"    {line}\n" for line in whole.splitlines())
            more = names_of(
                f"async def whole():\n{body}", **names | {"emnify": emnify, "redis": redis_server.url}
            )
            await more["whole"]()
        assert "10 of 10 done" in capsys.readouterr().out
        assert len((tmp_path / "sims.jsonl").read_text(encoding="utf-8").splitlines()) == 10
        task = names_of(taskiq)["work"]
        assert await task("read-sims") == {
            "waiting": 0,
            "sent": 0,
            "ok": 10,
            "failed": 0,
            "unknown": 0,
            "skipped": 0,
        }


def test_the_model_says_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    model(["--items", "20000"])
    assert capsys.readouterr().out in PAGE.read_text(encoding="utf-8")
