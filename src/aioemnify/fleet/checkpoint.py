"""The checkpoint of a sweep: how far it is, in a small private file or in a database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import msgspec
from attrs import define

from aioemnify.errors import EmnifyError

FORMAT = 1


class SweepError(EmnifyError):
    """A sweep cannot go on: its checkpoint is that of another sweep, or the list cannot be read safely."""


@define(kw_only=True)
class SweepReport:
    """What a sweep has read so far, also before it was resumed.

    ``pages`` and ``items`` count what was handed out, ``repeats`` the items that came again and were
    dropped, ``reread`` the pages that were read again because the list changed. ``total_at_start`` and
    ``total_at_end`` are the server's counts with the first and the newest page. Only where ``complete`` is
    true was every item read that existed all the time: only then is an item that did not come gone.
    """

    pages: int = 0
    items: int = 0
    repeats: int = 0
    reread: int = 0
    total_at_start: int | None = None
    total_at_end: int | None = None
    complete: bool = False


@define(kw_only=True)
class Position:
    """How far a sweep is.

    ``floor``: ids up to this one belong to the pass before. ``newest`` is the highest id of this pass.
    ``lowest``: all from this id upwards are read; ``left`` items were below it. ``size`` is the largest
    page that the server gives.
    """

    floor: int = -1
    newest: int | None = None
    lowest: int | None = None
    left: int = 0
    size: int = 0


@runtime_checkable
class CheckpointStore(Protocol):
    """Where a checkpoint is kept. ``name`` is what errors call it."""

    name: str

    def read(self) -> bytes | None:
        """Return what was written last; ``None`` if there is nothing."""

    def write(self, content: bytes) -> None:
        """Replace what was written, in one step."""

    def remove(self) -> None:
        """Remove it: the sweep is finished."""


class CheckpointFile:
    """A file that nobody but its owner can read.

    Args:
        path: the file.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        # Absolute: another folder may become the current one before the sweep ends.
        self._path = Path(path).absolute()
        self.name: str = str(self._path)

    def read(self) -> bytes | None:
        """Return its content; ``None`` if there is no file.

        Raises:
            SweepError: it cannot be read, or its folder does not exist.
        """
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            if self._path.parent.is_dir():
                return None
            raise fault(self.name, "cannot be written: its folder does not exist") from None
        except OSError as error:
            raise fault(self.name, f"cannot be read: {error.strerror}") from None

    def write(self, content: bytes) -> None:
        """Replace the file.

        Raises:
            SweepError: it cannot be written.
        """
        new = self._path.with_name(f".{self._path.name}.new")
        try:
            new.unlink(missing_ok=True)  # left by a process that was killed here
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
            new.replace(self._path)
        except OSError as error:
            raise fault(self.name, f"cannot be written: {error.strerror}") from None

    def remove(self) -> None:
        """Remove the file."""
        self._path.unlink(missing_ok=True)


class Checkpoint:
    """Keeps how far a sweep has come.

    Args:
        store: where.
        about: what the sweep reads. A checkpoint about anything else is refused.
    """

    def __init__(self, store: CheckpointStore, about: Mapping[str, Any]) -> None:
        self._store = store
        self._about = about
        self._organisation: str | None = None

    def load(self) -> tuple[Position, SweepReport] | None:
        """Return what was saved; ``None`` if nothing was.

        Raises:
            SweepError: it is not the checkpoint of this sweep, or cannot be read.
        """
        content = self._store.read()
        if content is None:
            return None
        try:
            kept = msgspec.json.decode(content, type=dict[str, Any])
            written = kept["sweep"]
            if written == FORMAT:
                self._organisation = kept["organisation"]
                position = msgspec.convert(kept["position"], Position)
                report = msgspec.convert(kept["report"], SweepReport)
        except (msgspec.DecodeError, UnicodeDecodeError, KeyError):
            raise self._fault("is not the checkpoint of a sweep; use another file") from None
        if written != FORMAT:
            problem = f"has the format {written} of another version of aioemnify, not {FORMAT}"
            raise self._fault(f"{problem}; delete it to begin again")
        for name, here in self._about.items():
            self._check(name, kept.get(name), here)
        return position, report

    def check_organisation(self, organisation: str | None) -> None:
        """Check that a loaded checkpoint is of this organisation, which the first call shows.

        Raises:
            SweepError: it is another one's.
        """
        self._check("organisation", self._organisation, organisation)

    def save(self, position: Position, report: SweepReport, organisation: str | None) -> None:
        """Save how far the sweep is."""
        kept = {"sweep": FORMAT, **self._about, "organisation": organisation}
        self._store.write(msgspec.json.encode(kept | {"position": position, "report": report}))

    def remove(self) -> None:
        """Remove what was saved: the sweep is finished."""
        self._store.remove()

    def _check(self, name: str, there: object, here: object) -> None:
        if there != here:
            raise self._fault(
                f"belongs to another sweep: its {name} is {there!r}, not {here!r}; use another file, or "
                "delete it to begin again"
            )

    def _fault(self, problem: str) -> SweepError:
        return fault(self._store.name, problem)


def fault(name: str, problem: str) -> SweepError:
    """Return the error for a checkpoint."""
    return SweepError(f"the checkpoint {name} {problem}")
