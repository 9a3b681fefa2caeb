"""``--diff`` against git revisions, and its messages for unreadable revisions."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from codegen.__main__ import main
from tests.codegen.conftest import TINY, Run, contents
from tests.codegen.schema_edit import SchemaEdit

Git = Callable[..., str]

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """A repository that holds the tiny schema at ``part/schema``, tagged ``v1``; run git there."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    root = tmp_path / "repository"

    def git(*arguments: str) -> str:
        who = ("-c", "user.name=Someone", "-c", "user.email=someone@example.com")
        done = subprocess.run(["git", *who, *arguments], cwd=root, capture_output=True, text=True, check=True)
        return done.stdout

    shutil.copytree(TINY, root / "part" / "schema")
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message=One")
    git("tag", "v1")
    return git


@pytest.fixture
def schema(git: Git, tmp_path: Path) -> Path:
    return tmp_path / "repository" / "part" / "schema"


def without_made(folder: Path) -> None:
    schema = SchemaEdit(folder)
    del schema.model("Thing")["properties"]["made"]
    schema.save()


def with_rate(folder: Path, rate: int) -> None:
    schema = SchemaEdit(folder)
    schema["limits.yaml"]["rows"][0]["rate"] = rate
    schema.save()


REMOVED = "### Removed\n\n- **Breaking:** `Thing.made`.\n"
FASTER = (
    "### Changed\n\n"
    "- Limit `get_thing` (`GET /api/v1/thing`) is 20 calls/s, burst 5, was 10 calls/s, burst 5.\n"
)


def test_a_tag_a_commit_and_the_work_tree(git: Git, schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    without_made(schema)
    git("commit", "--quiet", "--all", "--message=Two")
    with_rate(schema, 20)
    first = git("rev-parse", "v1").strip()
    before = contents(schema.parent)

    for revision, output in {
        "v1": f"{FASTER}\n{REMOVED}",
        first[:10]: f"{FASTER}\n{REMOVED}",
        "HEAD~1": f"{FASTER}\n{REMOVED}",
        "HEAD": FASTER,
    }.items():
        assert main(["--schema", str(schema), "--diff", revision]) == 1
        assert capsys.readouterr() == (output, ""), revision
    assert contents(schema.parent) == before
    assert git("status", "--porcelain").splitlines() == [" M part/schema/limits.yaml"]


def test_no_difference(git: Git, schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (schema.parent / "other.txt").write_text("Not the schema.\n", encoding="utf-8")
    git("add", ".")
    git("commit", "--quiet", "--message=Two")
    assert main(["--schema", str(schema), "--diff", "v1"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_schema_that_is_a_repository_of_its_own(
    git: Git, schema: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = schema.parent.parent
    for part in [*schema.iterdir()]:
        part.rename(root / part.name)
    git("add", ".")
    git("commit", "--quiet", "--message=Two")
    without_made(root)
    assert main(["--schema", str(root), "--diff", "HEAD"]) == 1
    assert capsys.readouterr() == (REMOVED, "")


def test_the_command_says_the_same_with_every_hash_seed(run: Run, git: Git, schema: Path) -> None:
    without_made(schema)
    with_rate(schema, 20)
    for seed in (1, 2):
        done = run("--schema", schema, "--diff", "v1", seed=seed)
        assert (done.returncode, done.stdout, done.stderr) == (1, f"{FASTER}\n{REMOVED}", "")


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    [line] = output.err.splitlines()
    return line


@pytest.mark.parametrize("revision", ["v2", "0123456789", "HEAD~7", "--help", "no such/folder"])
def test_an_unknown_revision(revision: str, schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(["--schema", str(schema), f"--diff={revision}"], capsys)
    assert line == f"{revision}: is neither a folder nor a known git revision"


def test_a_folder_outside_of_any_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.resolve()))
    folder = Path(shutil.copytree(TINY, tmp_path / "schema"))
    line = refused(["--schema", str(folder), "--diff", "HEAD"], capsys)
    assert line.startswith(f"{folder}: not a git repository")


def test_no_git(schema: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", "")
    line = refused(["--schema", str(schema), "--diff", "v1"], capsys)
    assert line == "v1: is not a folder, and git is not installed to look for a revision"


def test_a_revision_without_the_folder(git: Git, schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git("mv", "part/schema", "part/moved")
    line = refused(["--schema", str(schema.parent / "moved"), "--diff", "v1"], capsys)
    assert line == "v1:part/moved: the folder does not exist at that revision"


def test_a_revision_that_this_generator_cannot_read(
    git: Git, schema: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = (schema / "limits.yaml").read_text(encoding="utf-8")
    (schema / "limits.yaml").write_text(good.replace("rate:", "speed:"), encoding="utf-8")
    git("commit", "--quiet", "--all", "--message=Two")
    (schema / "limits.yaml").write_text(good, encoding="utf-8")
    line = refused(["--schema", str(schema), "--diff", "HEAD"], capsys)
    assert line.startswith(
        "this codegen cannot read the older schema: "
        "HEAD:part/schema/limits.yaml: line 2: /rows/0/speed: unknown key"
    )


def test_a_schema_of_now_that_is_broken(schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (schema / "limits.yaml").write_text("rows: 7\n", encoding="utf-8")
    line = refused(["--schema", str(schema), "--diff", "v1"], capsys)
    assert line.startswith("schema/limits.yaml: ")


def test_a_diff_checks_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--check", "--diff", "HEAD"])
    assert stopped.value.code == 2
    assert "not allowed with" in capsys.readouterr().err
