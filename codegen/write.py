"""Format the generated files, compare them with those on disk, and write them.

Files are written only after all of them have been generated, compiled and formatted, and each file
is replaced in one step.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import frozen

from codegen.render import MARK, WIDTH

OPTIONS = ("--isolated", "--no-cache", "--quiet", "--target-version=py311", f"--line-length={WIDTH}")
FIX = ("check", "--fix-only", "--select=I,F401", "--config=lint.isort.known-first-party=['aioemnify']")


class OutputError(Exception):
    """The generated text is not Python, cannot be formatted, or would replace a file of the user."""


def formatted(files: Mapping[str, str]) -> dict[str, str]:
    """Compile every file, sort its imports, remove unused ones, and format it.

    Args:
        files: Source by path below the output folder.
    """
    for name, text in sorted(files.items()):
        _compiled(name, text)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        _ruff(*FIX, *OPTIONS, folder)
        _ruff("format", *OPTIONS, folder)
        made = {name: (root / name).read_text(encoding="utf-8") for name in sorted(files)}
    for name, text in made.items():
        _compiled(name, text)
    return made


@frozen
class Target:
    """A folder that codegen writes: the generated files and those on disk, by path below the folder.

    ``mark`` is the beginning of a file that may be replaced or removed.
    """

    folder: Path
    made: Mapping[str, str]
    there: Mapping[str, str]
    mark: str

    def differences(self) -> dict[str, str]:
        """Return the files that differ by path, each with the reason."""
        found: dict[str, str] = {}
        for name in sorted({*self.made, *self.there}):
            if name not in self.there:
                found[name] = "is missing"
            elif name not in self.made:
                found[name] = "is stale: the schema no longer generates it"
            elif self.made[name] != self.there[name]:
                found[name] = "is out of date"
        return found


def package_target(output: Path, made: Mapping[str, str], folders: tuple[str, ...]) -> Target:
    """Compare with the package: every Python file and stub in these folders belongs to codegen."""
    there: dict[str, str] = {}
    for folder in folders:
        for pattern in ("*.py", "*.pyi"):
            for file in sorted((output / folder).rglob(pattern)):
                there[file.relative_to(output).as_posix()] = file.read_text(encoding="utf-8")
    return Target(output, made, there, MARK)


def pages_target(docs: Path, made: Mapping[str, str], mark: str) -> Target:
    """Compare with the reference: other files in that folder belong to the user."""
    there: dict[str, str] = {}
    for file in sorted(docs.glob("*.md")):
        text = file.read_text(encoding="utf-8")
        if text.startswith(mark):
            there[file.name] = text
        elif file.name in made:
            raise OutputError(f"{file}: was not written by codegen; move it away")
    return Target(docs, made, there, mark)


def file_target(output: Path, name: str, made: str, mark: str) -> Target:
    """Compare with one file of the package."""
    file = output / name
    there = {name: file.read_text(encoding="utf-8")} if file.is_file() else {}
    return Target(output, {name: made}, there, mark)


def write(targets: Sequence[Target]) -> int:
    """Write the files that differ, remove stale ones, and return how many changed."""
    changed = [(target, name) for target in targets for name in target.differences()]
    for target, name in changed:
        if name not in target.made and not target.there[name].startswith(target.mark):
            raise OutputError(f"{target.folder / name}: was not written by codegen; move it away")
    for target, name in changed:
        if name in target.made:
            _put(target.folder / name, target.made[name])
        else:
            (target.folder / name).unlink()
    return len(changed)


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.new")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _compiled(name: str, text: str) -> None:
    try:
        compile(text, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        wrong = (error.text or "").strip()
        raise OutputError(f"{name}: line {error.lineno}: the generated code is invalid: {wrong}") from None


def _ruff(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        words = " ".join((done.stderr or done.stdout).split())
        raise OutputError(f"ruff {arguments[0]} failed: {words[:500]}")
