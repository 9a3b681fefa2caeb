"""Check the operation ids that tests and fault rules name, so that typing errors are found."""

from __future__ import annotations

from fnmatch import fnmatchcase

from aioemnify.simulator.platform.decoding import did_you_mean
from aioemnify.simulator.platform.unpublished_operations import UNPUBLISHED
from aioemnify.tables.operations import OPERATIONS

_NAMES = (*OPERATIONS, *UNPUBLISHED)


def check_operation(pattern: str) -> None:
    """Refuse an id, or a pattern with ``*``, that matches no operation.

    Raises:
        ValueError: no operation matches; the message names close matches.
    """
    if any(fnmatchcase(name, pattern) for name in _NAMES):
        return
    raise ValueError(f"unknown operation {pattern!r}{did_you_mean(pattern, _NAMES)}")
