"""The programs of docs/receivers.md do what the page says."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.receivers.pushed import EVENT, SECRET, SMS, USAGE, body, signed
from tests.served import served

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "receivers.md"
TOKEN = "what-only-you-know"


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLBACK_SECRET", SECRET)
    monkeypatch.setenv("STREAM_TOKEN", TOKEN)


def program(with_text: str) -> dict[str, Any]:
    """Run the sample that contains a text, and return its names."""
    samples = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (code,) = [sample for sample in samples if with_text in sample]
    names: dict[str, Any] = {"__name__": "page"}
    exec(compile(code, str(PAGE), "exec"), names)
    return names


def test_the_application(capfd: pytest.CaptureFixture[str]) -> None:
    with served(program("# service.py")["app"]) as http:
        stream = {"Authorization": f"Bearer {TOKEN}"}
        assert http.post("/", content=body([EVENT]), headers=stream).status_code == 200
        assert http.put("/any/path", content=body([USAGE]), headers=stream).status_code == 200
        assert http.post("/", content=body(SMS), headers=signed()).status_code == 200
        assert http.post("/", content=body(SMS), headers=stream).status_code == 401
    lines = capfd.readouterr().out.splitlines()
    assert sorted(line.partition(" ")[0] for line in lines) == ["EndpointRef(id=5,", "MB:", "blocked:"]
    assert "MB: 0.1553" in lines


def test_the_service_with_fastapi() -> None:
    pytest.importorskip("fastapi", reason="the dependency group tests installs it")
    with served(program("FastAPI(")["service"]) as http:
        assert http.post("/emnify/", content=body(SMS), headers=signed()).status_code == 200
        assert http.post("/emnify", content=body(SMS), headers=signed()).status_code == 307
        assert http.post("/emnify/", content=body(SMS)).status_code == 401
        for _ in range(200):
            if found := http.get("/messages").json():
                break
    assert found == ["level=3"]


@pytest.mark.parametrize("encode", [False, True])
def test_the_serverless_function(encode: bool, capsys: pytest.CaptureFixture[str]) -> None:
    handler = program("def handler(")["handler"]
    text = json.dumps(SMS)
    request: dict[str, Any] = {
        "body": base64.b64encode(text.encode()).decode() if encode else text,
        "isBase64Encoded": encode,
        "headers": signed(),
    }
    assert handler(request, None) == {"statusCode": 200}
    assert capsys.readouterr().out == "999000000000005 level=3\n"
    assert handler(request | {"headers": {}}, None)["statusCode"] == 401
    assert handler(request | {"body": None}, None) == {
        "statusCode": 400,
        "body": "the body is empty; it must be a JSON object or an array of objects",
    }


@pytest.mark.parametrize(
    ("statement", "heavy"),
    [
        ("import aioemnify.receivers", ("aioemnify.models", "msgspec", "attr", "anyio", "jwt", "asyncio")),
        ("from aioemnify.receivers import parse_events", ("jwt", "httpx", "asyncio", "cattrs")),
        ("from aioemnify.receivers import verify_callback", ("aioemnify.models", "httpx", "asyncio")),
        ("from aioemnify.receivers import app", ("aioemnify.client", "httpx", "asyncio", "starlette")),
    ],
)
def test_nothing_is_loaded_before_it_is_used(statement: str, heavy: tuple[str, ...]) -> None:
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & set(heavy) == set()
