"""Format what was generated, compare it with what stands there, and write it.

Nothing is written before everything has been made, compiled and formatted, and each file
is put in place whole.
"""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from codegen.render import MARK, WIDTH

OPTIONS = ("--isolated", "--no-cache", "--quiet", "--target-version=py311", f"--line-length={WIDTH}")
FIX = ("check", "--fix-only", "--select=I,F401", "--config=lint.isort.known-first-party=['aioemnify']")


class OutputError(Exception):
    """The generated text is no Python, cannot be formatted, or has no place to go."""


def formatted(files: Mapping[str, str]) -> dict[str, str]:
    """Compile every file, sort its imports, drop those it does not use, and lay it out.

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


def standing(output: Path, folders: tuple[str, ...]) -> dict[str, str]:
    """Return every Python file that stands in the output folders now, by path below ``output``."""
    found: dict[str, str] = {}
    for folder in folders:
        for file in sorted((output / folder).rglob("*.py")):
            found[file.relative_to(output).as_posix()] = file.read_text(encoding="utf-8")
    return found


def differences(made: Mapping[str, str], there: Mapping[str, str]) -> dict[str, str]:
    """Return the files that differ, each with what is the matter, by path."""
    found: dict[str, str] = {}
    for name in sorted({*made, *there}):
        if name not in there:
            found[name] = "is missing"
        elif name not in made:
            found[name] = "is stale: nothing in the schema makes it"
        elif made[name] != there[name]:
            found[name] = "differs from what the schema makes"
    return found


def diff(made: Mapping[str, str], there: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of a unified diff from what stands there to what was made."""
    for name in differences(made, there):
        old, new = there.get(name, ""), made.get(name, "")
        yield from difflib.unified_diff(
            old.splitlines(keepends=True),
            new.splitlines(keepends=True),
            name if name in there else os.devnull,
            name if name in made else os.devnull,
        )


def write(output: Path, made: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """Put the files that differ in place and remove stale ones; return their paths."""
    changed = list(differences(made, there))
    for name in changed:
        if name not in made and not there[name].startswith(MARK):
            raise OutputError(f"{output / name}: was not written by codegen; move it elsewhere")
    for name in changed:
        if name in made:
            _put(output / name, made[name])
        else:
            (output / name).unlink()
    return changed


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
        raise OutputError(f"{name}: line {error.lineno}: the generator wrote no Python: {wrong}") from None


def _ruff(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        words = " ".join((done.stderr or done.stdout).split())
        raise OutputError(f"ruff {arguments[0]} failed: {words[:500]}")
