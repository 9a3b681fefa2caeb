"""Where a database of fleet work may lie, and whether it is still there."""

from __future__ import annotations

import os
from pathlib import Path

from aioemnify.errors import EmnifyError

_NETWORK_FILESYSTEMS = frozenset({"9p", "afs", "ceph", "cifs", "fuse.sshfs", "nfs", "nfs4", "smb3", "smbfs"})


def check_place(path: Path, fault: type[EmnifyError]) -> None:
    """Create a private file unless it exists.

    Raises:
        EmnifyError: of the class ``fault``: it is on a network file system, whose locks and syncs do not
            hold, or cannot be created.
    """
    if "\0" in str(path):
        raise fault(f"{str(path)!r} is not the name of a file: it contains a NUL character")
    kind = _filesystem(path)
    if kind in _NETWORK_FILESYSTEMS:
        raise fault(
            f"{path} is on a network file system ({kind}), where two processes could have it at once; "
            "use a local disk"
        )
    try:
        # A file that exists is not opened: closing it would end the locks that this process has on it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise fault(f"{path} cannot be opened: {error.strerror}") from None


def is_at(path: Path, opened: os.stat_result) -> bool:
    """Return whether a path still leads to the file that was opened: what is written elsewhere is lost."""
    try:
        return os.path.samestat(opened, path.stat())
    except OSError:
        return False


def _filesystem(path: Path) -> str:
    """Return the kind of file system of a path; empty where the system does not say."""
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    mounts = {fields[1]: fields[2] for line in lines if len(fields := line.split()) > 2}
    folders = path.absolute().parents
    return next((mounts[str(folder)] for folder in folders if str(folder) in mounts), "")
