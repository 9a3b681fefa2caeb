"""The ids of operations as tests and fault rules write them: checked, so that a slip is found."""

from __future__ import annotations

import difflib
from fnmatch import fnmatchcase

from aioemnify.resources._operations import OPERATIONS
from aioemnify.simulator.platform.unpublished_operations import UNPUBLISHED

_NAMES = (*OPERATIONS, *UNPUBLISHED)


def check_operation(pattern: str) -> None:
    """Refuse an id, or a pattern with ``*``, that no operation has.

    Raises:
        ValueError: there is none; the message names those that are close.
    """
    if any(fnmatchcase(name, pattern) for name in _NAMES):
        return
    close = difflib.get_close_matches(pattern, _NAMES, n=3)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    raise ValueError(f"there is no operation {pattern!r}{hint}")
