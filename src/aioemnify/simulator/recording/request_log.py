"""Filters and assertions on the requests that arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import msgspec

from aioemnify.simulator.platform.operation_names import check_operation
from aioemnify.simulator.recording.export import to_har, to_json_lines
from aioemnify.simulator.recording.journal import RequestRecord

_SHOWN = 10
_PLAIN = ("method", "path", "status", "organisation", "request_id", "limit", "refused_by")


class RequestLog(list[RequestRecord]):
    """A list of requests in order of arrival, with filters and assertions.

    The arguments of :meth:`of`, :meth:`assert_called` and :meth:`assert_not_called` are: an operation id
    such as ``endpoints.create``, and any of ``method``, ``path``, ``status``, ``organisation``,
    ``request_id``, ``fault`` (such as ``"Answer"``), and ``body``, a mapping of members that the request's
    JSON body must contain.
    """

    def of(self, operation: str | None = None, **wanted: Any) -> Self:
        """Return the matching requests as another log.

        Raises:
            ValueError: there is no such operation or criterion.
        """
        tests = _tests(operation, wanted)
        return type(self)(record for record in self if all(test(record) for test in tests))

    def assert_called(
        self,
        operation: str | None = None,
        *,
        times: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
        **wanted: Any,
    ) -> Self:
        """Assert how often a request arrived, by default at least once, and return the matching requests.

        Raises:
            AssertionError: the number differs; the text lists what arrived.
            ValueError: there is no such operation or criterion.
        """
        __tracebackhide__ = True
        found = self.of(operation, **wanted)
        low, high = (times, times) if times is not None else (at_least, at_most)
        if low is None:
            low = 1 if high is None else 0
        if len(found) < low or (high is not None and len(found) > high):
            raise AssertionError(self._complaint(operation, wanted, found, _count_text(low, high)))
        return found

    def assert_not_called(self, operation: str | None = None, **wanted: Any) -> None:
        """Assert that no such request arrived.

        Raises:
            AssertionError: one did; the text lists it.
            ValueError: there is no such operation or criterion.
        """
        __tracebackhide__ = True
        self.assert_called(operation, times=0, **wanted)

    def counts(self) -> Counter[str]:
        """Return how often each operation was called; other requests count by method and path."""
        return Counter(_title(record) for record in self)

    def json_lines(self) -> bytes:
        """Return the requests as JSON, one per line."""
        return to_json_lines(self)

    def har(self) -> bytes:
        """Return the requests as an HTTP archive (HAR 1.2), which browsers and proxies can open."""
        return to_har(self)

    def save(self, path: str | Path) -> None:
        """Write the requests to a file: an HTTP archive if its name ends in ``.har``, else JSON lines."""
        target = Path(path)
        target.write_bytes(self.har() if target.suffix == ".har" else self.json_lines())

    def _complaint(
        self, operation: str | None, wanted: Mapping[str, Any], found: list[RequestRecord], count: str
    ) -> str:
        what = ", ".join(
            [*([operation] if operation else []), *(f"{name}={value!r}" for name, value in wanted.items())]
        )
        arrived = f"arrived {_times(len(found))}" if found else "never arrived"
        lines = [f"expected {what or 'a request'} {count}, but it {arrived}"]
        if found:
            lines += ["matching requests:", *_listed(found)]
        near = self.of(operation) if operation and wanted and not found else []
        if near:
            lines += [f"other calls of {operation}:", *_listed(near)]
        elif not self:
            lines.append("no request arrived")
        elif not found:
            totals = ", ".join(f"{title} x{number}" for title, number in self.counts().most_common(_SHOWN))
            lines += [f"requests that arrived ({len(self)}): {totals}"]
        return "\n  ".join(lines)


def _tests(operation: str | None, wanted: Mapping[str, Any]) -> list[Callable[[RequestRecord], bool]]:
    tests: list[Callable[[RequestRecord], bool]] = []
    if operation is not None:
        check_operation(operation)
        tests.append(lambda record: record.operation == operation)
    for name, value in wanted.items():
        tests.append(_test(name, value))
    return tests


def _test(name: str, value: Any) -> Callable[[RequestRecord], bool]:
    if name == "body":
        return lambda record: _has_members(record.request_body, value)
    if name == "fault":
        return lambda record: value in record.fault
    if name in _PLAIN:
        return lambda record: bool(getattr(record, name) == value)
    raise ValueError(f"{name!r} is not a criterion; accepted: {', '.join([*_PLAIN, 'fault', 'body'])}")


def _has_members(body: bytes | None, wanted: Any) -> bool:
    if not body:
        return False
    try:
        return _contains(msgspec.json.decode(body), wanted)
    except msgspec.DecodeError:
        return False


def _contains(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(value, dict) and all(
            name in value and _contains(value[name], member) for name, member in wanted.items()
        )
    return bool(value == wanted)


def _title(record: RequestRecord) -> str:
    return record.operation or f"{record.method} {record.path}"


def _listed(records: Iterable[RequestRecord]) -> list[str]:
    lines = [describe(record) for record in records]
    rest = len(lines) - _SHOWN
    return [f"  {line}" for line in lines[:_SHOWN]] + ([f"  and {rest} more"] if rest > 0 else [])


def describe(record: RequestRecord) -> str:
    """Return a one-line description of a request."""
    query = f"?{record.query}" if record.query else ""
    parts = [f"#{record.number} {record.method} {record.path}{query} -> {record.status or 'cut'}"]
    if record.operation:
        parts.append(record.operation)
    if record.refused_by:
        parts.append(f"refused by {record.refused_by}")
    if record.fault:
        parts.append(f"fault {'+'.join(record.fault)}")
    return "  ".join(parts)


def _count_text(low: int, high: int | None) -> str:
    if low == high:
        return f"exactly {_times(low)}" if low else "never"
    if high is None:
        return f"at least {_times(low)}"
    return f"{low} to {high} times"


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
