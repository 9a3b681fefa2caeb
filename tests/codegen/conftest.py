"""The schemas to generate from, and the generator as a user runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TINY = Path(__file__).parent / "tiny"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def run() -> Run:
    """Run ``python -m codegen`` with these arguments and this hash seed."""
    pytest.importorskip("datamodel_code_generator", reason="needs the codegen dependency group")

    def runner(*arguments: object, seed: int = 0) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "codegen", *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=False,
        )

    return runner


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A copy of the tiny schema that a test may change."""
    return Path(shutil.copytree(TINY, tmp_path / "schema"))


@pytest.fixture(scope="session")
def tiny_output(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of the tiny schema; tests must not change it."""
    output = tmp_path_factory.mktemp("tiny_output")
    done = run("--schema", TINY, "--output", output)
    assert (done.returncode, done.stderr) == (0, "")
    return output


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, by path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }
