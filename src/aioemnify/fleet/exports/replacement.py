"""Errors of the disk while a file is replaced, as users see them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aioemnify._file_replacement import FileReplacement
from aioemnify.errors import EmnifyError


class ExportError(EmnifyError):
    """A table cannot be written: the disk refuses it, or the format cannot hold it.

    What was in the file before is still there.
    """


class Replacement(FileReplacement):
    """A new version of a file of this room or of a plan.

    Args:
        path: the file.

    Raises:
        ExportError: the folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        if path.is_dir():
            raise ExportError(f"{path} is a folder: name a file in it")
        with self.faults():
            super().__init__(path)

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Raise errors of the disk as ``ExportError``."""
        try:
            yield
        except OSError as error:
            kept = "; the file is as it was before" if self._path.exists() else ""
            raise ExportError(f"{self._path} cannot be written: {error.strerror or error}{kept}") from None
