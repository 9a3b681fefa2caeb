"""Public names that are loaded when they are first used: each is there, and a misspelt one is found."""

from __future__ import annotations

from typing import assert_type

import aioemnify
from aioemnify import Emnif  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]
from aioemnify.fleet import Jobb  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]
from aioemnify.models import Simm  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]
from aioemnify.receivers import parse_event  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]
from aioemnify.simulator import Simulatr  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]
from aioemnify.stores import FileStor  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]

assert_type(aioemnify.errors.EmnifyError, type[aioemnify.errors.EmnifyError])

__all__ = ["Emnif", "FileStor", "Jobb", "Simm", "Simulatr", "parse_event"]
