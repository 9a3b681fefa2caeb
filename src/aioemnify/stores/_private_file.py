"""A file that nobody but its owner can read, from the moment it exists."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

COMPANIONS = ("-wal", "-shm")
"""What SQLite appends to the file's name for the two files beside it."""


def make_private(path: Path) -> bool:
    """Create the file unless it exists, check it and its companions, and close them to others.

    A file that exists is not opened: closing any descriptor of a file ends all locks that the process
    holds on it, those of other connections too.

    Args:
        path: the file. Its directory should be the user's own: who may write there can replace the file.

    Returns:
        Whether others could read any of the files.

    Raises:
        OSError: a file cannot be created or changed, is a symbolic link or not a file, or another user's.
    """
    # O_EXCL follows no link that somebody has put there.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    checked = [_could_be_read(path)]
    for end in COMPANIONS:
        with suppress(FileNotFoundError):
            checked.append(_could_be_read(Path(f"{path}{end}")))
    return any(checked)


def _could_be_read(path: Path) -> bool:
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        what = "is a symbolic link" if stat.S_ISLNK(found.st_mode) else "is not a regular file"
        raise OSError(0, f"{path.name} {what}")
    if os.name != "posix":
        return False
    if found.st_uid != os.geteuid():
        raise OSError(0, f"{path.name} belongs to another user")
    if not found.st_mode & 0o077:
        return False
    path.chmod(0o600)
    return True
