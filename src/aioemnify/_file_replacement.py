"""A file that takes the place of another in one step, or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType


class FileReplacement:
    """A new version of a file, made in a folder of its own beside it, which others cannot enter.

    As a context manager it gives the path of the new file, and commits where the block succeeds.

    Args:
        path: the file; a symbolic link stays, and the file it leads to is replaced.
        private: whether only its owner can read it; if not, it gets the permissions of the old one.

    Attributes:
        target: the file that is replaced.
        folder: holds the new file, and what else is needed until it is complete.
        file: the new file.

    Raises:
        OSError: the folder cannot be written.
    """

    def __init__(self, path: Path, *, private: bool = False) -> None:
        self.target: Path = Path(os.path.realpath(path))
        self.folder: Path = self.target.with_name(f".{self.target.name}.{secrets.token_hex(4)}.new")
        self.file: Path = self.folder / self.target.name
        self._private = private
        self.folder.mkdir(mode=0o700)

    def __enter__(self) -> Path:
        return self.file

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.commit()
        finally:
            self.discard()

    def commit(self) -> None:
        """Put the new file in the place of the old one.

        Raises:
            OSError: it cannot be written; the old one is as it was.
        """
        with suppress(FileNotFoundError):
            self.file.chmod(0o600 if self._private else stat.S_IMODE(self.target.stat().st_mode))
        with self.file.open("rb+") as file:
            os.fsync(file.fileno())
        self.file.replace(self.target)

    def discard(self) -> None:
        """Remove what is left beside the file."""
        shutil.rmtree(self.folder, ignore_errors=True)
