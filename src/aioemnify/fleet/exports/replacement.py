"""A file that takes the place of another in one step, or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aioemnify.errors import EmnifyError


class ExportError(EmnifyError):
    """A table cannot be written: the disk refuses it, or the format cannot hold it.

    What was in the file before is still there.
    """


class Replacement:
    """A new version of a file, made in a folder of its own beside it.

    Args:
        path: the file; a symbolic link stays, and the file it leads to is replaced.

    Raises:
        ExportError: the folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._target = Path(os.path.realpath(path))
        if self._target.is_dir():
            raise ExportError(f"{path} is a folder: name a file in it")
        self.folder: Path = self._target.with_name(f".{self._target.name}.{secrets.token_hex(4)}.new")
        self.file: Path = self.folder / self._target.name
        try:
            self.folder.mkdir(mode=0o700)
        except OSError as error:
            raise self.fault(error) from None

    def fault(self, error: OSError) -> ExportError:
        """Return what to raise for an error of the disk."""
        kept = "; the file is as it was before" if self._target.exists() else ""
        return ExportError(f"{self._path} cannot be written: {error.strerror or error}{kept}")

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Raise errors of the disk as ``ExportError``."""
        try:
            yield
        except OSError as error:
            raise self.fault(error) from None

    def commit(self) -> None:
        """Put the new file in the place of the old one, whose permissions it gets."""
        with suppress(FileNotFoundError):
            self.file.chmod(stat.S_IMODE(self._target.stat().st_mode))
        with self.file.open("rb+") as file:
            os.fsync(file.fileno())
        self.file.replace(self._target)

    def discard(self) -> None:
        """Remove what is left beside the file."""
        shutil.rmtree(self.folder, ignore_errors=True)
