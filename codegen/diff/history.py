"""Read an older schema: a folder, or the schema folder at a git revision."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath


class HistoryError(Exception):
    """The revision cannot be read; the message is one line."""


@contextmanager
def schema_at(revision: str, folder: Path) -> Iterator[tuple[Path, str]]:
    """Provide the older schema folder, and its name in messages.

    An existing folder is read as it is; any other value is a git revision of the repository that
    contains ``folder``. The repository is not changed.

    Args:
        revision: A git revision, or the path to a schema folder.
        folder: The current schema folder.
    """
    if not revision:
        raise HistoryError("--diff needs a git revision or the path to a schema folder, not an empty text")
    if Path(revision).is_dir():
        yield Path(revision), Path(revision).resolve().name
        return
    commit = _commit(revision, folder)
    inside = _git(folder, "rev-parse", "--show-prefix").decode().strip().rstrip("/")
    shown = f"{revision}:{inside or folder.resolve().name}"
    try:
        # Run at the top: below it, git looks for the current folder inside the named tree.
        top = Path(_git(folder, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
        packed = _git(top, "archive", "--format=tar", f"{commit}:{inside}")
    except HistoryError:
        raise HistoryError(f"{shown}: the folder does not exist at that revision") from None
    with tempfile.TemporaryDirectory() as place:
        _unpack(packed, Path(place))
        yield Path(place), shown


def _commit(revision: str, folder: Path) -> str:
    if shutil.which("git") is None:
        raise HistoryError(f"{revision}: is not a folder, and git is not installed to look for a revision")
    if not folder.is_dir():
        raise HistoryError(f"{folder}: the folder does not exist")
    _git(folder, "rev-parse", "--git-dir")  # raises git's own message outside of a repository
    # git would read a leading dash as an option.
    if not revision.startswith("-"):
        try:
            return _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
        except HistoryError:
            pass
    raise HistoryError(f"{revision}: is neither a folder nor a known git revision")


def _unpack(packed: bytes, place: Path) -> None:
    """Write only the YAML files of an archive."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for entry in archive:
            name = PurePosixPath(entry.name)
            if entry.isfile() and name.suffix == ".yaml" and ".." not in name.parts:
                file = place.joinpath(*name.parts)
                file.parent.mkdir(parents=True, exist_ok=True)
                content = archive.extractfile(entry)
                file.write_bytes(content.read() if content else b"")


def _git(folder: Path, *arguments: str) -> bytes:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    if done.returncode:
        words = " ".join(done.stderr.decode(errors="replace").split())
        raise HistoryError(f"{folder}: {words.removeprefix('fatal: ')}")
    return done.stdout
