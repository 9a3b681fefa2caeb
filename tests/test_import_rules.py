"""Who may import whom, and what an import may cost.

The rules stand in ``pyproject.toml`` (``[tool.importlinter]``). Here they are checked on the
tree, and each is shown to be able to fail: a copy of the tree gets one forbidden import, and
the rule has to find it.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "pyproject.toml"
RULES = [rule["id"] for rule in tomllib.loads(CONFIG.read_text())["tool"]["importlinter"]["contracts"]]
LINTER = "from importlinter.cli import lint_imports_command as run; run()"
HTTP_LIBRARIES = {"httpcore", "httpcore2", "httpx", "httpx2"}


class Plant(NamedTuple):
    """A line that a rule forbids, and the file where it goes."""

    rule: str
    file: str
    line: str


PLANTS = [
    Plant("layers", "src/aioemnify/types.py", "import aioemnify.options"),
    Plant("layers", "src/aioemnify/operation.py", "from aioemnify.pagination import Pages"),
    Plant("layers", "src/aioemnify/stores/file.py", "from aioemnify.transport.throttle.limits import Limit"),
    Plant("layers", "src/aioemnify/transport/auth/tokens.py", "import aioemnify.transport.wire.codec"),
    Plant(
        "layers",
        "src/aioemnify/transport/throttle/limits.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import aioemnify.client",
    ),
    Plant("layers", "src/aioemnify/fleet/sweep.py", "import aioemnify.resources.sims"),
    Plant("layers", "src/aioemnify/client.py", "import aioemnify.simulator"),
    Plant("layers", "src/aioemnify/client.py", "def f() -> None:\n    import aioemnify.receivers"),
    Plant("layers", "src/aioemnify/hooks.py", "import aioemnify.transport.throttle.snapshot"),
    Plant("layers", "src/aioemnify/telemetry/open_telemetry.py", "import aioemnify.fleet.jobs.job"),
    Plant("layers", "src/aioemnify/fleet/jobs/job.py", "from aioemnify.client import Emnify"),
    Plant("layers", "src/aioemnify/brand_new.py", "import aioemnify.errors"),
    Plant(
        "circles", "src/aioemnify/transport/throttle/limits.py", "import aioemnify.transport.throttle.limiter"
    ),
    Plant("circles", "src/aioemnify/options.py", "def f() -> None:\n    import aioemnify.hooks"),
    Plant("models", "src/aioemnify/models/sims.py", "from aioemnify.operation import Operation"),
    Plant("models", "src/aioemnify/models/brand_new.py", "import aioemnify.client"),
    Plant("resources", "src/aioemnify/resources/sims.py", "from aioemnify.page_iterators import PageCursor"),
    Plant("resources", "src/aioemnify/resources/sims.py", "import aioemnify.transport.pipeline"),
    Plant("resources", "src/aioemnify/resources/sims.py", "from aioemnify.fleet.sweep import Sweep"),
    Plant("transport", "src/aioemnify/transport/wire/codec.py", "from aioemnify.models import Sim"),
    Plant("transport", "src/aioemnify/transport/brand_new.py", "import aioemnify.resources"),
    Plant("transport", "src/aioemnify/transport/brand_new.py", "import aioemnify.tables.limits"),
    Plant("http-library", "src/aioemnify/client.py", "import httpx"),
    Plant("http-library", "src/aioemnify/transport/retry.py", "from httpx2 import ConnectError"),
    Plant("simulator", "src/aioemnify/simulator/brand_new.py", "import aioemnify.transport.throttle.limits"),
    Plant("simulator", "src/aioemnify/simulator/brand_new.py", "from aioemnify import errors"),
    Plant(
        "simulator-layers",
        "src/aioemnify/simulator/state/world.py",
        "from aioemnify.simulator.usage.connectivity import ONLINE",
    ),
    Plant(
        "simulator-layers",
        "src/aioemnify/simulator/control/views.py",
        "def f() -> None:\n    from aioemnify.simulator.simulator import Simulator",
    ),
    Plant(
        "simulator-layers",
        "src/aioemnify/simulator/platform/brand_new.py",
        "import aioemnify.simulator.api.handlers",
    ),
    Plant("simulator-layers", "src/aioemnify/simulator/brand_new.py", "import aioemnify.simulator.core"),
    Plant("codegen", "codegen/brand_new.py", "import aioemnify.operation"),
    Plant("codegen", "src/aioemnify/client.py", "def f() -> None:\n    import codegen"),
]


def lint_imports(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Check the rules on the packages of ``tree``, whatever else is installed."""
    return subprocess.run(
        [sys.executable, "-c", LINTER, "--config", str(CONFIG), "--no-cache", "--no-logo", *arguments],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tree / "src"), str(tree)]), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tree_keeps_every_rule() -> None:
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"{len(RULES)} kept, 0 broken" in checked.stdout


def test_every_rule_has_a_plant() -> None:
    assert {plant.rule for plant in PLANTS} == set(RULES)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.rule}-{Path(plant.file).stem}")
def test_a_planted_violation_is_found(plant: Plant, tmp_path: Path) -> None:
    for package in ("src/aioemnify", "codegen"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / plant.file).open("a") as file:
        file.write(f"\n{plant.line}\n")

    checked = lint_imports(tmp_path, "--contract", plant.rule)

    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "0 kept, 1 broken" in checked.stdout
    assert Path(plant.file).stem in checked.stdout.partition("Broken contracts")[2]


def imported_by(file: Path) -> set[str]:
    """Name the top-level packages that a file imports, for types only or not."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def test_not_even_for_its_types_is_the_http_library_named_elsewhere() -> None:
    package = ROOT / "src" / "aioemnify"
    naming = [
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if imported_by(file) & HTTP_LIBRARIES
    ]
    assert naming == ["transport/http/adapters.py"]


def loaded_after(statement: str) -> set[str]:
    """Run a statement in a fresh interpreter and name the modules it left loaded."""
    script = f"{statement}\nimport sys\nprint(*sys.modules)"
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(finished.stdout.split())


def test_the_public_door_loads_nothing_behind_it() -> None:
    loaded = loaded_after("import aioemnify")
    assert not {name for name in loaded if name.startswith("aioemnify.")}
    assert not loaded & HTTP_LIBRARIES


def test_reading_the_operation_table_loads_no_model_and_no_network_code() -> None:
    loaded = loaded_after("import aioemnify; aioemnify.OPERATIONS['sims.list']")
    assert "aioemnify.tables.operations" in loaded
    heavy = ("aioemnify.models", "aioemnify.transport", "aioemnify.client", "aioemnify.simulator")
    assert not {name for name in loaded if name.startswith(heavy)}
    assert not loaded & HTTP_LIBRARIES


def test_the_resources_name_models_for_their_types_only() -> None:
    loaded = loaded_after(
        "import aioemnify.resources as resources, importlib, pkgutil\n"
        "for one in pkgutil.iter_modules(resources.__path__, 'aioemnify.resources.'):\n"
        "    importlib.import_module(one.name)"
    )
    assert "aioemnify.resources.sims" in loaded
    assert not {name for name in loaded if name.startswith(("aioemnify.models", "aioemnify.fleet"))}


def test_the_client_class_loads_no_http_library_before_it_sends() -> None:
    loaded = loaded_after("from aioemnify import Emnify")
    assert "aioemnify.transport.http" in loaded
    # urllib.request brings http.client and email along, an eighth of the time of import httpx.
    stores = {"sqlite3", "redis", "aioemnify.stores.file", "aioemnify.stores.redis"}
    late = {"urllib.request", "trio", "pathlib", "base64"} - loaded_after("pass")
    assert not loaded & (HTTP_LIBRARIES | stores | late)


def test_hooks_are_loaded_by_those_who_use_them() -> None:
    hooks = {"aioemnify.hooks", "aioemnify.transport.hook_calls", "aioemnify.telemetry", "opentelemetry"}
    assert not loaded_after("from aioemnify import Emnify; Emnify('token')") & hooks
    loaded = loaded_after("from aioemnify import Emnify; Emnify('token', on_wait=print)") & hooks
    assert loaded == {"aioemnify.hooks", "aioemnify.transport.hook_calls"}


def test_jobs_are_loaded_by_those_who_use_them() -> None:
    plain = loaded_after("from aioemnify import Emnify; Emnify('token')")
    assert not {name for name in plain if name.startswith("aioemnify.fleet") or name.endswith("._bulk")}
    door = loaded_after("import aioemnify.fleet")
    assert "sqlite3" not in door and not {name for name in door if name.startswith("aioemnify.fleet.")}


def test_one_model_loads_only_the_groups_it_needs() -> None:
    loaded = loaded_after("from aioemnify.models import Sim")
    assert "aioemnify.models.sims" in loaded
    assert "aioemnify.models.endpoints" not in loaded
