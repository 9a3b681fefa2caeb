"""Compare the tables of two schemas: filters, limits and error codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from codegen.diff.changes import Change, further, names, reworded, shown
from codegen.filter_types import SortTypes
from codegen.filters import Filter
from codegen.limits import Code, Limits, Row, Window
from codegen.markdown import escape


def filter_changes(old: Mapping[str, Filter], new: Mapping[str, Filter]) -> Iterator[Change]:
    """Yield the changes to the filters."""
    for name in sorted(new.keys() - old.keys()):
        yield Change("Added", f"Filter `{name}`: {names(new[name].fields)}.")
    for name in sorted(old.keys() - new.keys()):
        yield Change("Removed", f"Filter `{name}`.", breaking=True)
    for name in sorted(old.keys() & new.keys()):
        yield from _filter(old[name], new[name])


def _filter(old: Filter, new: Filter) -> Iterator[Change]:
    for field in [field for field in new.fields if field not in old.fields]:
        yield Change("Added", f"Filter field `{new.name}.{field}`: `{new.annotation(field)}`.")
    for field in [field for field in old.fields if field not in new.fields]:
        yield Change("Removed", f"Filter field `{old.name}.{field}`.", breaking=True)
    for field in [field for field in old.fields if field in new.fields]:
        subject = f"Filter field `{new.name}.{field}`"
        before, after = old.annotation(field), new.annotation(field)
        if before != after:
            lost = not set(before.split(" | ")) <= set(after.split(" | "))
            yield Change("Changed", f"{subject} accepts `{after}`, accepted `{before}`.", breaking=lost)
        if field in new.deprecated and field not in old.deprecated:
            yield Change("Deprecated", f"{subject}.")
        if field in old.deprecated and field not in new.deprecated:
            yield Change("Changed", f"{subject} is no longer deprecated.")
    subject = f"Filter `{new.name}`"
    if old.multi and new.multi and old.multi_max != new.multi_max:
        text = f"{subject} accepts up to {new.multi_max} alternatives of a field, accepted {old.multi_max}."
        yield Change("Changed", text, breaking=new.multi_max < old.multi_max)
    if old.paired != new.paired:
        text = f"{subject}: the fields to give together are {shown(new.paired)}, were {shown(old.paired)}."
        yield Change("Changed", text, breaking=bool(set(new.paired) - set(old.paired)))
    yield from reworded(old.description, new.description)
    compared = ("name", "description", "fields", "lookups", "multi", "multi_max", "paired", "deprecated")
    yield from further(subject, old, new, compared)


def sort_type_changes(old: SortTypes, new: SortTypes) -> Iterator[Change]:
    """Yield the lists whose sort type was renamed."""
    for identity in [identity for identity in new if identity in old]:
        before, after = old[identity], new[identity]
        if before != after:
            text = f"`{identity}` is sorted by `{after}`, was by `{before}`."
            yield Change("Changed", text, breaking=before not in new.values())


def limit_changes(old: Limits, new: Limits) -> Iterator[Change]:
    """Yield the changes to the limits by id."""
    before, after = _by_id(old), _by_id(new)
    for identity, limit in after.items():
        if identity not in before:
            yield Change("Added", f"Limit {_limit(limit)}: {_measure(limit)}.")
    for identity, limit in before.items():
        if identity not in after:
            yield Change("Removed", f"Limit {_limit(limit)}: it was {_measure(limit)}.")
        elif type(limit) is not type(after[identity]) or _measure(limit) != _measure(after[identity]):
            text = f"Limit {_limit(after[identity])} is {_measure(after[identity])}, was {_measure(limit)}."
            yield Change("Changed", text)
        if identity in after and _limit(limit) != _limit(after[identity]):
            yield Change("Changed", f"Limit {_limit(after[identity])} covered {_covered(limit)} before.")
    if old.month_count != new.month_count:
        yield Change("Changed", f"The month allows {new.month_count} calls, allowed {old.month_count}.")
    for edition in [edition for edition in new.newer if new.newer[edition] != old.newer.get(edition)]:
        rows = "; ".join(f"{_limit(row)} {_measure(row)}" for row in new.newer[edition]) or "none"
        yield Change("Changed", f"Limits of {edition} that differ: {rows}.")
    for edition in [edition for edition in old.newer if edition not in new.newer]:
        yield Change("Removed", f"Limits of {edition}.", breaking=True)
    yield from further("The month", old, new, ("rows", "windows", "month_count", "newer"))


def _by_id(limits: Limits) -> dict[str, Row | Window]:
    found: dict[str, Row | Window] = {row.id: row for row in limits.rows}
    return found | {window.id: window for window in limits.windows}


def _limit(limit: Row | Window) -> str:
    return f"`{limit.id}` ({_covered(limit)})"


def _covered(limit: Row | Window) -> str:
    return f"`{limit.method} {limit.path}`"


def _measure(limit: Row | Window) -> str:
    if isinstance(limit, Row):
        return f"{limit.rate:g} calls/s, burst {limit.burst}"
    return f"{limit.count} calls in {limit.seconds:g} s"


def code_changes(old: tuple[Code, ...], new: tuple[Code, ...]) -> Iterator[Change]:
    """Yield the changes to the error codes by number."""
    before, after = {code.code: code for code in old}, {code.code: code for code in new}
    for number in sorted(after.keys() - before.keys()):
        yield Change("Added", f"Error code {_code(after[number])}: {escape(after[number].advice)}")
    for number in sorted(before.keys() - after.keys()):
        yield Change("Removed", f"Error code {_code(before[number])}.")
    for number in sorted(before.keys() & after.keys()):
        yield from further(f"Error code {number}", before[number], after[number], ("code", "advice"))
        yield from reworded(before[number].advice, after[number].advice)


def _code(code: Code) -> str:
    known = [f"`{code.token}`" if code.token else "", shown(code.statuses) if code.statuses else ""]
    inside = ", ".join(part for part in known if part)
    return f"{code.code} ({inside})" if inside else str(code.code)
