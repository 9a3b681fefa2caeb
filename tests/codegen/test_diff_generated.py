"""Twelve changes to the schema at once: the output for them, and the code generated from them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from codegen.__main__ import main
from tests.codegen.conftest import ROOT, Run
from tests.codegen.schema_edit import SchemaEdit

SIMS = "resources/sims.yaml"

OUTPUT = """\
### Added

- **Breaking:** `SimUpdate.reason`: `str`, required.
- `sims.get_puk` (`GET /api/v1/sim/{sim_id}/puk`): Get the PUK of a SIM.
- `SimStatus.LOST` (77).
- Error code 4711 (`Jammed`, 409): Shake it.

### Changed

- **Breaking:** `sims.delete` takes its path values as `sim`, took `sim_id`.
- **Breaking:** `sims.list`: a page holds at most 500 items, held 2500.
- **Breaking:** `sims.list_daily_stats`: parameter `start_date` is required.
- **Breaking:** `Sim.production_date` is `str`, was `Timestamp`.
- `sims.delete_many`: item is `{"id": "sim"}`, was `{"id": "sim_id"}`.
- `sims.list`: a page holds 100 items by default, held 2000.
- Limit `get_sim` (`GET /api/v1/sim`) is 3 calls/s, burst 2, was 10 calls/s, burst 5.

### Deprecated

- `sims.list_statuses`: Use the constants of SimStatus.

### Removed

- **Breaking:** `sims.list_unlinked_product_stats` (`GET /api/v1/sim/unlinked_product_stats`).
- **Breaking:** `Sim.msisdn`.
- **Breaking:** Filter field `SimFilter.msisdn`.
"""

USED = """\
import inspect

import attrs

import aioemnify
from aioemnify import OPERATIONS
from aioemnify.models import Sim, SimStatus, SimUpdate
from aioemnify.resources import filters
from aioemnify.tables.errors import ERROR_CODES
from aioemnify.tables.limits import LIMITS
from aioemnify.resources.sims import Sims

assert aioemnify.__file__.startswith({root!r}), aioemnify.__file__


def parameters(method):
    return inspect.signature(getattr(Sims, method)).parameters


assert OPERATIONS["sims.get_puk"].path == "/api/v1/sim/{{sim_id}}/puk"
assert list(parameters("get_puk")) == ["self", "sim_id", "options"]
assert SimStatus.LOST == SimStatus(id=77)
assert ERROR_CODES[4711].token == "Jammed"
assert attrs.fields(SimUpdate).reason.default is attrs.NOTHING
assert list(parameters("delete")) == ["self", "sim", "options"]
start, end = (parameters("list_daily_stats")[name] for name in ("start_date", "end_date"))
assert start.default is inspect.Parameter.empty
assert end.default is None
assert (OPERATIONS["sims.list"].listing.max_size, OPERATIONS["sims.list"].listing.default_size) == (500, 100)
assert attrs.fields(Sim).production_date.type == str | None
[row] = [row for row in LIMITS.rows if row.id == "get_sim"]
assert (row.rate, row.burst) == (3.0, 2)
assert OPERATIONS["sims.list_statuses"].deprecated == "Use the constants of SimStatus."
assert "Deprecated: Use the constants of SimStatus." in Sims.list_statuses.__doc__
assert "sims.list_unlinked_product_stats" not in OPERATIONS
assert not hasattr(Sims, "list_unlinked_product_stats")
assert not hasattr(Sim, "msisdn")
assert "msisdn" not in filters.SimFilter.__annotations__
assert "msisdn" not in OPERATIONS["sims.list"].listing.filter_fields
"""


def change(schema: SchemaEdit) -> None:
    paths = schema[SIMS]["paths"]
    paths["/api/v1/sim/{sim_id}/puk"] = {
        "get": {
            "operationId": "sims.get_puk",
            "summary": "Get the PUK of a SIM.",
            "parameters": [{"name": "sim_id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "responses": {
                "200": {
                    "description": "The PUK.",
                    "content": {"application/json": {"schema": {"type": "object"}}},
                }
            },
            "x-retry": "safe",
        }
    }
    del paths["/api/v1/sim/unlinked_product_stats"]
    delete = paths["/api/v1/sim/{sim_id}"].pop("delete")
    delete["parameters"][0]["name"] = "sim"
    delete["x-bulk"]["item"] = {"id": "sim"}
    paths["/api/v1/sim/{sim}"] = {"delete": delete}
    [start] = [
        one for one in schema.operation("sims.list_daily_stats")["parameters"] if one["name"] == "start_date"
    ]
    start["required"] = True
    schema.operation("sims.list_statuses")["x-deprecated"] = "Use the constants of SimStatus."
    schema.operation("sims.list")["x-paging"].update(default=100, max=500)
    schema.model("SimStatus")["x-lookup"]["77"] = "Lost"
    update = schema.model("SimUpdate")
    update["properties"]["reason"] = {"type": "string"}
    update["required"] = [*update.get("required", []), "reason"]
    sim = schema.model("Sim")["properties"]
    del sim["msisdn"], sim["production_date"]["format"]
    del schema["filters.yaml"]["SimFilter"]["fields"]["msisdn"]
    [row] = [row for row in schema["limits.yaml"]["rows"] if row["id"] == "get_sim"]
    row.update(rate=3, burst=2)
    schema["errors.yaml"]["codes"].append(
        {"code": 4711, "token": "Jammed", "statuses": [409], "advice": "Shake it."}
    )


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the schema with all these changes."""
    folder = Path(shutil.copytree(ROOT / "schema", tmp_path_factory.mktemp("changed") / "schema"))
    schema = SchemaEdit(folder)
    change(schema)
    schema.save()
    return folder


def test_the_output(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--schema", str(changed), "--diff", str(ROOT / "schema")]) == 1
    assert capsys.readouterr() == (OUTPUT, "")


def test_the_generated_code(run: Run, changed: Path, tmp_path: Path) -> None:
    package = tmp_path / "aioemnify"
    leave = shutil.ignore_patterns("__pycache__", "models", "resources", "tables")
    shutil.copytree(ROOT / "src" / "aioemnify", package, ignore=leave)
    done = run("--schema", changed, "--output", package)
    assert (done.returncode, done.stderr) == (0, "")
    used = subprocess.run(
        [sys.executable, "-c", USED.format(root=str(tmp_path))],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (used.returncode, used.stderr) == (0, "")
