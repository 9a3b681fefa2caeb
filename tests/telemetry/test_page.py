"""The output on docs/telemetry.md is what its recipe prints."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from aioemnify import Emnify, Hooks
from aioemnify.errors import NotFoundError
from aioemnify.simulator import Simulator

PAGE = (Path(__file__).parents[2] / "docs" / "telemetry.md").read_text(encoding="utf-8")


@pytest.mark.asyncio
async def test_the_printed_spans_and_metrics(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(r"```python\n([^`]*InMemorySpanExporter[^`]*)```[^`]*```text\n([^`]*)```", PAGE)
    assert found is not None
    code = compile(found[1], "telemetry.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    with Simulator(sims=30, tls=False) as simulator:
        monkeypatch.setenv("EMNIFY_BASE_URL", simulator.url)
        names = {"Emnify": Emnify, "NotFoundError": NotFoundError, "token": simulator.application_token}
        running = eval(code, names)
        assert inspect.isawaitable(running)
        await running
    assert without_ratios(capsys.readouterr().out) == without_ratios(found[2])


def without_ratios(text: str) -> list[str]:
    """Return the lines, with a mark for each ratio, which depends on the time that the calls took."""
    return re.sub(r"ratio [\d.e-]+", "ratio #", text).splitlines()


def test_the_page_names_every_logger() -> None:
    source = Path(__file__).parents[2] / "src" / "aioemnify"
    told = set(re.findall(r"^\| `(aioemnify[a-z.]*)` \|", PAGE, re.MULTILINE))
    files = [file for file in source.rglob("*.py") if source / "simulator" not in file.parents]
    made = {
        name for file in files for name in re.findall(r'getLogger\("([a-z._]+)"\)', file.read_text("utf-8"))
    }
    assert told == made


def test_the_page_names_every_hook_with_its_arguments() -> None:
    told = re.findall(r"^\| `(\w+\([\w, ]+\))` \|", PAGE, re.MULTILINE)
    hooks = {name: hook for name, hook in vars(Hooks).items() if not name.startswith("_")}
    taken = {name: [*inspect.signature(hook).parameters][1:] for name, hook in hooks.items()}
    assert told == [f"{name}({', '.join(arguments)})" for name, arguments in taken.items()]
