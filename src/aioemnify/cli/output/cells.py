"""Items of a result as rows, as JSON, and as text for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any


def row_of(item: Any) -> dict[str, Any]:
    """Return an item as one flat row."""
    from aioemnify.serialization.model import Model
    from aioemnify.serialization.rows import to_row

    if isinstance(item, Model):
        return to_row(item)
    if isinstance(item, Mapping):
        return _flat(item)
    return {"value": item}


def _flat(item: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, value in item.items():
        if isinstance(value, Mapping) and value:
            row |= _flat(value, f"{prefix}{name}.")
        else:
            row[prefix + name] = value
    return row


def json_of(item: Any) -> Any:
    """Return an item as JSON has it."""
    to_dict = getattr(item, "to_dict", None)
    return item if to_dict is None else to_dict()


def cell_text(value: Any) -> str:
    """Return a cell for programs: ISO times, nothing cut, one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, Mapping)):
        return json.dumps(value, ensure_ascii=False, default=cell_text)
    return str(value)
