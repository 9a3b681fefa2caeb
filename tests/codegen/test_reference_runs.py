"""Every example of the reference of operations runs against the simulator.

What it finds there is made up, so an object that does not exist is fine; a refusal of the call's form is not.
"""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from aioemnify import OPERATIONS, Emnify
from aioemnify.errors import APIError
from aioemnify.simulator import Simulator

PAGES = Path(__file__).parents[2] / "docs" / "reference"
SECTION = re.compile(r"^### emnify\.([\w.]+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VALUE = re.compile(r"^\| `(\w+)` \| `(int|str)(?: \\\| str)?` \| required \|", re.MULTILINE)
EXAMPLES = {
    name: (example[1], dict(VALUE.findall(text)))
    for page in sorted(PAGES.glob("*.md"))
    for name, text in SECTION.findall(page.read_text(encoding="utf-8"))
    if (example := EXAMPLE.search(text))
}
NEEDS = {
    "auth.authenticate": "a real token",
    "endpoints.create_traffic_limit_extension": "a service profile with a data limit",
    "sim_batches.register": "a batch that is not registered",
    "users.activate": "a key from a mail",
}
"""What an example needs that the simulator has not got by itself."""


@pytest.mark.asyncio
@pytest.mark.emnify(in_process=True, sims=20)
@pytest.mark.parametrize("name", EXAMPLES)
async def test_the_example_runs(
    name: str, emnify: Emnify, emnify_simulator: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    example, kinds = EXAMPLES[name]
    values: dict[str, Any] = {one: 1 if kind == "int" else "1" for one, kind in kinds.items()}
    code = compile(example, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    try:
        running = eval(code, {"emnify": emnify, **values})
        if inspect.isawaitable(running):
            await running
    except APIError as error:
        missing = error.details and {one.error_token for one in error.details} == {"InvalidReference"}
        assert missing or error.status in (403, 404, 409) or name in NEEDS, str(error)
    else:
        assert name not in NEEDS
        assert "print(" not in example or "for " in example or capsys.readouterr().out.strip()
    assert emnify_simulator.requests.of(name), "the example sent another call"


def test_there_is_one_for_every_operation() -> None:
    assert EXAMPLES.keys() == OPERATIONS.keys()
