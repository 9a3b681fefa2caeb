"""Checks of a data stream's destination and filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.platform.errors import Findings
from aioemnify.simulator.platform.lookups import CONNECTION_TYPES, EVENT_TYPES, STREAM_FILTER_FIELDS
from aioemnify.simulator.state.records.callbacks import is_web_address

_CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("RestAPI", "method"): ("POST", "PUT", "PATCH"),
    ("Datadog", "region"): ("US", "US3", "EU", "US1FED"),
}
_RANGES: Mapping[tuple[str, str], tuple[int, int]] = {
    ("RestAPI", "size"): (1, 10_000),
    ("KeenIO", "size"): (1, 10_000),
    ("S3", "flush_size"): (10, 100_000),
    ("S3", "rotate_interval"): (10_000, 900_000),
}
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "RestAPI": {"method": "POST", "size": 3_000},
    "KeenIO": {"size": 3_000},
    "S3": {"flush_size": 10_000, "rotate_interval": 10_000},
    "Datadog": {"region": "US"},
}
_DEEPEST = 5


def complete_destination(findings: Findings, destination: Mapping[str, Any]) -> dict[str, Any]:
    """Return a destination with the documented defaults, and add its errors.

    Args:
        findings: where to add errors; missing members and wrong types were found before.
        destination: the destination as sent.
    """
    kind = destination["connection_type"]
    if kind not in CONNECTION_TYPES:
        findings.out_of_range("destination.connection_type")
        return dict(destination)
    if destination.get("credentials") is None:
        findings.required("destination.credentials")
        return dict(destination)
    credentials = {**_DEFAULTS.get(kind, {}), **destination["credentials"]}
    for name, value in credentials.items():
        choices, limits = _CHOICES.get((kind, name)), _RANGES.get((kind, name))
        if (choices and value not in choices) or (limits and not limits[0] <= value <= limits[1]):
            findings.out_of_range(f"destination.credentials.{name}")
    if kind == "RestAPI":
        if not is_web_address(credentials["url"]):
            findings.malformed("destination.credentials.url", "URL")
        if not all(":" in header for header in credentials.get("headers") or ()):
            findings.malformed("destination.credentials.headers", "name:value")
    return {"format": "Json", **destination, "credentials": credentials}


def check_filters(findings: Findings, filters: list[Any], place: str = "filters", depth: int = 1) -> None:
    """Add the errors of filters, including those in groups of alternatives."""
    for number, entry in enumerate(filters):
        here = f"{place}.{number}"
        if entry.get("or") is not None:
            if depth < _DEEPEST:
                check_filters(findings, entry["or"], f"{here}.or", depth + 1)
            else:
                findings.out_of_range(f"{here}.or")
        elif entry.get("field") is None:
            findings.required(f"{here}.field")
        elif entry["field"] not in STREAM_FILTER_FIELDS.values():
            findings.out_of_range(f"{here}.field")
        else:
            _check_value(findings, entry, here)


def _check_value(findings: Findings, entry: Mapping[str, Any], here: str) -> None:
    value = entry.get("value")
    values = value if isinstance(value, list) else [value]
    if not values or value is None:
        findings.required(f"{here}.value")
    elif entry["field"] == "alert":
        if not all(isinstance(each, bool) or each in ("true", "false") for each in values):
            findings.malformed(f"{here}.value", "Boolean")
    else:
        for each in values:
            if str(each) not in map(str, EVENT_TYPES):
                findings.dangling("EventType", each)
