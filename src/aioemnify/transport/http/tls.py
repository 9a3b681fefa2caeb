"""TLS contexts, each built once: reading the certificate authorities takes about 20 ms.

A context is used again as long as everything that decides it is the same: the library, the file of
authorities, the environment, and the files and folders that they name, as they are on disk now.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from os import PathLike
from types import ModuleType
from typing import TYPE_CHECKING, Any

from aioemnify.errors import ArgumentError

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

MOST_CONTEXTS = 8

_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")

CONTEXTS: dict[tuple[Any, ...], ssl.SSLContext] = {}


def tls_context(
    library: ModuleType, *, ca_file: str | PathLike[str] | None, environment: bool
) -> ssl.SSLContext:
    """Return a TLS context, which several clients may use.

    Args:
        library: the HTTP library.
        ca_file: a file of certificate authorities, in place of the usual ones.
        environment: let the library choose them, by the environment or its own list; otherwise they are the
            system's. The library's list is read once in a process, like its code.

    Raises:
        ArgumentError: ``ca_file``, or a variable of the environment for certificates, cannot be used.
    """
    path = None if ca_file is None else str(ca_file)
    named = [os.environ.get(variable) for variable in _VARIABLES]
    # Looked at before they are read: a file that changes meanwhile is read again by the next client.
    seen = tuple(_state(one) for one in _paths(path, named[:2]))
    key = (library.__name__, path, environment, *named, seen)
    found = CONTEXTS.get(key)
    if found is None:
        found = _build(library, path, environment)
        while len(CONTEXTS) >= MOST_CONTEXTS:
            del CONTEXTS[next(iter(CONTEXTS))]
        CONTEXTS[key] = found
    return found


def _paths(ca_file: str | None, named: Iterable[str | None]) -> list[str]:
    if ca_file is not None:
        return [ca_file]
    import ssl  # takes 10 ms

    usual = ssl.get_default_verify_paths()
    every = (*named, usual.openssl_cafile, usual.openssl_capath)
    return [path for one in every if one for path in one.split(os.pathsep)]


def _state(path: str) -> object:
    """Return what changes when a file, or a file in a folder, is replaced or written."""
    from pathlib import Path  # the HTTP library loads it too, which is loaded later than this module

    try:
        files = sorted(Path(path).iterdir())
    except NotADirectoryError:
        return _stamp(Path(path))
    except OSError:
        return None
    return tuple((file.name, _stamp(file)) for file in files)


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        state = file.stat()
    except OSError:  # a link to nothing
        return None
    return state.st_mtime_ns, state.st_size, state.st_ino


def _build(library: ModuleType, ca_file: str | None, environment: bool) -> ssl.SSLContext:
    verify = True if ca_file is None and environment else _trusting(ca_file)
    try:
        context: ssl.SSLContext = library.create_ssl_context(verify=verify, trust_env=environment)
    except OSError as error:
        raise ArgumentError(
            "the environment", f"(SSL_CERT_FILE, SSL_CERT_DIR or SSLKEYLOGFILE) cannot be used: {error}"
        ) from None
    return context


def _trusting(ca_file: str | None) -> ssl.SSLContext:
    import ssl

    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        problem = f"{ca_file!r}: {getattr(error, 'strerror', None) or error}"
        raise ArgumentError("ca_file", f"cannot be used: {problem}") from None
