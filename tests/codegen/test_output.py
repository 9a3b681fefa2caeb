"""The command writes the right files, and the same ones in every run."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.codegen.conftest import ROOT, TINY, Run, contents


def test_the_committed_output_is_up_to_date(run: Run) -> None:
    done = run("--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_three_hash_seeds_give_the_same_bytes(run: Run, tmp_path: Path) -> None:
    package = ROOT / "src" / "aioemnify"

    def generated(seed: int) -> dict[str, bytes]:
        output = tmp_path / str(seed)
        # The reference of the library is made of the modules that are written by hand.
        generated = shutil.ignore_patterns("models", "resources", "tables", "_stubs", "openapi.json", "*.pyc")
        shutil.copytree(package, output, ignore=generated)
        by_hand = set(contents(output))
        done = run("--output", output, "--docs", output / "docs", seed=seed)
        assert (done.returncode, done.stderr) == (0, "")
        return {name: data for name, data in contents(output).items() if name not in by_hand}

    with ThreadPoolExecutor() as pool:
        first, second, third = pool.map(generated, (1, 2, 3))
    assert first
    assert first == second == third
    assert first.pop("openapi.json") == (package / "openapi.json").read_bytes()
    committed = {
        "models": package / "models",
        "resources": package / "resources",
        "tables": package / "tables",
        "blocking/_stubs": package / "blocking" / "_stubs",
        "docs": ROOT / "docs" / "reference",
    }
    there = {
        f"{part}/{name}": data
        for part, folder in committed.items()
        for name, data in contents(folder).items()
    }
    assert first == there


def test_no_module_is_private_to_the_model_generator(tiny_output: Path) -> None:
    committed = ROOT / "src" / "aioemnify" / "models"
    for folder in (committed, tiny_output / "models"):
        assert not list(folder.rglob("_internal*"))
        assert {file.suffix for file in folder.iterdir() if file.is_file()} == {".py"}


def test_every_file_says_where_it_comes_from() -> None:
    for part in ("models", "resources", "tables", "blocking/_stubs"):
        for file in sorted((ROOT / "src" / "aioemnify" / part).glob("*.py*")):
            first, second, *_ = file.read_text(encoding="utf-8").splitlines()
            assert first.startswith("# Generated from schema/")
            assert first.endswith("by codegen. Do not edit.")
            assert second.endswith("run: nox -s codegen")


@pytest.fixture
def output(tiny_output: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_output, tmp_path / "output"))


def test_check_names_the_edited_file_and_the_command(run: Run, output: Path) -> None:
    edited = output / "models" / "things.py"
    edited.write_text(edited.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    before = contents(output)
    done = run("--schema", TINY, "--output", output, "--check")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"{edited}: is out of date",
        "The generated files are out of date. Run: nox -s codegen",
    ]
    assert contents(output) == before


def test_check_names_missing_and_stale_files(run: Run, output: Path) -> None:
    (output / "models" / "refs.py").rename(output / "resources" / "old.py")
    done = run("--schema", TINY, "--output", output, "--check")
    assert done.returncode == 1
    assert done.stderr.splitlines()[:2] == [
        f"{output / 'models' / 'refs.py'}: is missing",
        f"{output / 'resources' / 'old.py'}: is stale: the schema no longer generates it",
    ]


def test_a_run_puts_back_what_differs_and_removes_what_is_stale(run: Run, output: Path) -> None:
    before = contents(output)
    shutil.copy(output / "models" / "refs.py", output / "models" / "old.py")
    (output / "models" / "things.py").write_text("half\n", encoding="utf-8")
    (output / "tables" / "limits.py").unlink()
    (output / "openapi.json").write_text("{}", encoding="utf-8")
    done = run("--schema", TINY, "--output", output)
    assert (done.returncode, done.stdout) == (0, "codegen: 26 files, 4 changed\n")
    assert contents(output) == before


def test_a_file_written_by_hand_is_not_removed(run: Run, output: Path) -> None:
    mine = output / "resources" / "mine.py"
    mine.write_text("kept = True\n", encoding="utf-8")
    (output / "models" / "things.py").write_text("half\n", encoding="utf-8")
    before = contents(output)
    done = run("--schema", TINY, "--output", output)
    assert done.returncode == 2
    assert done.stderr == f"{mine}: was not written by codegen; move it away\n"
    assert contents(output) == before
