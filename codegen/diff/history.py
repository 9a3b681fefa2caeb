"""Read an older schema: a folder, or the schema folder as it was at a git revision."""

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
    """The revision cannot be read, told as one line."""


@contextmanager
def schema_at(revision: str, folder: Path) -> Iterator[tuple[Path, str]]:
    """Lend the schema folder as it was, and what messages call it.

    A folder that exists is read as it is; anything else is a git revision of the repository that
    holds ``folder``. That repository is only read.

    Args:
        revision: A git revision, or the path to a schema folder.
        folder: The schema folder as it is now.
    """
    if not revision:
        raise HistoryError("--diff needs a git revision or the path to a schema folder, and got nothing")
    if Path(revision).is_dir():
        yield Path(revision), Path(revision).resolve().name
        return
    commit = _commit(revision, folder)
    inside = _git(folder, "rev-parse", "--show-prefix").decode().strip().rstrip("/")
    shown = f"{revision}:{inside or folder.resolve().name}"
    try:
        # Below the top, git would look for this very folder inside the tree that is named.
        top = Path(_git(folder, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
        packed = _git(top, "archive", "--format=tar", f"{commit}:{inside}")
    except HistoryError:
        raise HistoryError(f"{shown}: there was no such folder at that revision") from None
    with tempfile.TemporaryDirectory() as place:
        _unpack(packed, Path(place))
        yield Path(place), shown


def _commit(revision: str, folder: Path) -> str:
    if shutil.which("git") is None:
        raise HistoryError(f"{revision}: is no folder, and git is not there to look for a revision")
    if not folder.is_dir():
        raise HistoryError(f"{folder}: there is no such folder")
    _git(folder, "rev-parse", "--git-dir")  # where there is no repository, git's own words say so
    # A leading dash would be taken for an option.
    if not revision.startswith("-"):
        try:
            return _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
        except HistoryError:
            pass
    raise HistoryError(f"{revision}: is neither a folder nor a revision that git knows")


def _unpack(packed: bytes, place: Path) -> None:
    """Write the YAML files of an archive and nothing else of it."""
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
