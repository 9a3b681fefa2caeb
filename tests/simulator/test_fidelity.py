"""Which operations keep state, what the header says, and the page that tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aioemnify.simulator import STATEFUL_OPERATIONS
from aioemnify.simulator.__main__ import main
from aioemnify.simulator.fidelity import choices, fidelity_page
from aioemnify.simulator.platform.settings import Settings
from aioemnify.tables.operations import OPERATIONS

PAGE = Path(__file__).parents[2] / "docs" / "simulator-fidelity.md"


def test_the_committed_page_is_current():
    assert PAGE.read_text("utf-8") == fidelity_page(), (
        "run: python -m aioemnify.simulator fidelity > docs/simulator-fidelity.md"
    )


def test_the_command_prints_the_page(capsys):
    assert main(["fidelity"]) == 0
    assert capsys.readouterr().out == fidelity_page()


def test_every_operation_and_every_setting_is_on_the_page():
    rows = [line.split(" | ") for line in fidelity_page().splitlines() if line.startswith("| `")]
    told = {row[0].strip("| `"): row[-1].strip("| ") for row in rows}
    for name in OPERATIONS:
        assert told[name] == ("stateful" if name in STATEFUL_OPERATIONS else "schema")
    for setting in Settings.__attrs_attrs__:
        assert told[setting.name], setting.name


def test_a_choice_ends_where_something_else_begins():
    def documented() -> None:
        """Do something.

        Choice: this ``way``,
            as far as it goes.
        Choice: and that way.

        Not a choice any more.

        Raises:
            Problem: never.
        """

    def documented_otherwise() -> None:
        """Do something.

        Choice: only this.
        Raises:
            Problem: never.
        """

    assert choices(documented) == ["This `way`, as far as it goes.", "And that way."]
    assert choices(documented_otherwise) == ["Only this."]
    assert choices(test_a_choice_ends_where_something_else_begins) == []


@pytest.mark.anyio
async def test_the_header_is_on_refusals_too(sim, session):
    async with session(sim) as client:
        for path, told in (("/api/v1/sim/999999", "stateful"), ("/api/v1/cnc/breakout/x", "schema")):
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["X-Sim-Fidelity"]) == (404, told)
    async with session(sim, token="") as client:
        answer = await client.get("/api/v1/automation")
        assert (answer.status_code, answer.headers["X-Sim-Fidelity"]) == (401, "schema")
