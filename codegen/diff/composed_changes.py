"""Compare the methods that find, follow or wait for something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from codegen.diff.changes import Change
from codegen.operations import Operation


def composed_changes(old: Operation, new: Operation) -> Iterator[Change]:
    """Yield the changes to ``x-find``, ``x-follow`` and ``x-wait``, by the methods that they make."""
    before, after = _names(old), _names(new)
    for kind in dict.fromkeys([*before, *after]):
        was, now = before.get(kind), after.get(kind)
        if was is None:
            yield Change("Added", f"`{now}`.")
        elif now is None:
            yield Change("Removed", f"`{was}`.", breaking=True)
        elif was != now:
            yield Change("Changed", f"`{now}` was called `{was}`.", breaking=True)
    for kind, facts in _facts(new).items():
        if kind in before and _facts(old)[kind] != facts and before[kind] == after[kind]:
            yield Change("Changed", f"`{after[kind]}`: {kind} has other facts.")


def _facts(operation: Operation) -> Mapping[str, object]:
    found = {"x-find": operation.find, "x-follow": operation.follow, "x-wait": operation.wait}
    return {kind: facts for kind, facts in found.items() if facts is not None}


def _names(operation: Operation) -> dict[str, str]:
    group = operation.id.partition(".")[0]
    named = {"x-find": "find", "x-follow": "follow"}
    return {
        kind: f"{group}.{named.get(kind) or (facts.get('name') if isinstance(facts, Mapping) else None)}"
        for kind, facts in _facts(operation).items()
    }
