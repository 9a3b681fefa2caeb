"""Compare the methods that take many items: those of bulk routes, and those that set one member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from codegen.diff.changes import Change, shown
from codegen.operations import Operation


def bulk_changes(old: Operation, new: Operation) -> Iterator[Change]:
    """Yield the changes to ``x-bulk`` and ``x-many`` of an operation, by the methods that they make."""
    yield from _bulk(old, new, _facts(old.bulk), _facts(new.bulk))
    yield from _setter(old, new, _facts(old.many), _facts(new.many))


def _facts(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _bulk(
    old: Operation, new: Operation, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    method = f"`{new.id}_many`"
    if after and not before:
        text = f"{method}: a job of `{new.id}`, up to {shown(after['size'])} in a call of `{after['route']}`."
        yield Change("Added", text)
    elif before and not after:
        yield Change("Removed", f"`{old.id}_many`.", breaking=True)
    else:
        for key, (was, now) in _different(before, after):
            # Both are names of arguments of the method.
            lost = key == "member" or (key == "shared" and bool(set(was or ()) - set(now or ())))
            yield Change("Changed", f"{method}: {key} is {shown(now)}, was {shown(was)}.", breaking=lost)


def _setter(
    old: Operation, new: Operation, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    was, now = (
        f"`{one.id.partition('.')[0]}.{facts.get('name')}_many`"
        for one, facts in ((old, before), (new, after))
    )
    if after and not before:
        yield Change("Added", f"{now}: sets the member `{after['member']}` of many objects.")
    elif before and not after:
        yield Change("Removed", f"{was}.", breaking=True)
    else:
        if was != now:
            yield Change("Changed", f"{now} was called {was}.", breaking=True)
        for key, (earlier, later) in _different(before, after):
            if key != "name":
                # The member is the name of an argument.
                text = f"{now}: {key} is {shown(later)}, was {shown(earlier)}."
                yield Change("Changed", text, breaking=key == "member")


def _different(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for key in dict.fromkeys([*before, *after]):
        values = tuple(
            tuple(one) if isinstance(one, list) else one for one in (before.get(key), after.get(key))
        )
        if values[0] != values[1]:
            yield key, (values[0], values[1])
