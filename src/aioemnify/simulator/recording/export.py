"""Export of the journal: as JSON lines, and as an HTTP archive (HAR) for other tools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import parse_qsl, quote

import msgspec
from attrs import asdict

from aioemnify.simulator.recording.journal import RequestRecord

_BASE = "https://simulator.test"


@lru_cache(maxsize=1)
def package_version() -> str:
    """Return the version of this package as installed."""
    try:
        return version("aioemnify")
    except PackageNotFoundError:  # run from a source tree
        return "0"


def line_of(record: RequestRecord) -> dict[str, Any]:
    """Return one record as JSON values; a body becomes its JSON value, or text if it is not JSON."""
    line = asdict(record, recurse=False)
    line["headers"], line["response_headers"] = record.all_headers, dict(record.response_headers)
    line["time"] = moment_text(record.wall)
    for name in ("request_body", "response_body"):
        line[name] = readable(line[name])
    return line


def to_json_lines(records: Iterable[RequestRecord]) -> bytes:
    """Return records as JSON lines."""
    return b"".join(msgspec.json.encode(line_of(record)) + b"\n" for record in records)


def to_har(records: Iterable[RequestRecord]) -> bytes:
    """Return records as an HTTP archive of version 1.2."""
    creator = {"name": "aioemnify simulator", "version": package_version()}
    log = {"version": "1.2", "creator": creator, "entries": [_entry(record) for record in records]}
    return msgspec.json.encode({"log": log})


def quoted(text: str, *, kept: str = "") -> str:
    """Return a decoded path, quoted for a URL; characters in ``kept`` are not quoted."""
    return quote(text, safe=f"/:@!$&'()*+,;={kept}")


def _entry(record: RequestRecord) -> dict[str, Any]:
    milliseconds = round((record.latency or 0.0) * 1000, 3)
    query = f"?{record.query}" if record.query else ""
    request: dict[str, Any] = {
        "method": record.method,
        "url": f"{_BASE}{quoted(record.path)}{query}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(record.all_headers),
        "queryString": [
            {"name": name, "value": value} for name, value in parse_qsl(record.query, keep_blank_values=True)
        ],
        "headersSize": -1,
        "bodySize": len(record.request_body or b""),
    }
    if record.request_body:
        media = record.headers.get("content-type", "application/octet-stream")
        request["postData"] = {"mimeType": media, "text": _text(record.request_body)}
    media = next(
        (value for name, value in record.response_headers.items() if name.lower() == "content-type"), ""
    )
    content: dict[str, Any] = {"size": record.response_bytes, "mimeType": media}
    if record.response_body:
        content["text"] = _text(record.response_body)
    return {
        "startedDateTime": moment_text(record.wall),
        "time": milliseconds,
        "request": request,
        # A closed connection has no status; archives write 0.
        "response": {
            "status": record.status or 0,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(record.response_headers),
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": record.response_bytes,
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "_operation": record.operation,
        "_fault": list(record.fault),
        "_limit": record.refused_by or record.limit,
    }


def _pairs(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def moment_text(wall: float) -> str:
    """Return a time as text, in UTC with milliseconds."""
    return datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def readable(body: bytes | None) -> Any:
    """Return the JSON value of a body, or its text if it is not JSON; None if it is empty."""
    if not body:
        return None
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _text(body)
