"""Compare the operations of two schemas from the point of view of callers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import evolve

from codegen import naming
from codegen.diff.bulk_changes import bulk_changes
from codegen.diff.changes import Change, further, names, plural, reworded, shown
from codegen.diff.composed_changes import composed_changes
from codegen.markdown import escape
from codegen.operations import Operation, Parameter
from codegen.paging import Paging
from codegen.resources import KINDS, PATH_KINDS, annotation, returned
from codegen.shapes import Shape

COMPARED = frozenset(
    {"document", "place", "id", "method", "path", "summary", "description", "path_params", "query", "body"}
    | {"result", "success", "errors", "creates", "paging", "retry", "lane", "auth", "deprecated", "either"}
    | {"bulk", "many"}
)
PARAMETER = frozenset({"name", "kind", "mixed", "choices", "required", "description"})
RETRIES = {
    "safe": "is a read: retried if the response is lost",
    "idempotent": "is retried if the response is lost",
    "once": "is not retried if the response is lost",
}


def operation_changes(old: Sequence[Operation], new: Sequence[Operation]) -> Iterator[Change]:
    """Yield the changes to the operations by id."""
    before, after = {one.id: one for one in old}, {one.id: one for one in new}
    come = {_route(one): one for one in new if one.id not in before}
    renamed = {one.id: come[_route(one)].id for one in old if one.id not in after and _route(one) in come}
    added = [one for one in new if one.id not in before and one.id not in renamed.values()]
    removed = [one for one in old if one.id not in after and one.id not in renamed]
    yield from _whole_groups(added, old)
    for one in [one for one in added if _group(one) in {_group(other) for other in old}]:
        yield Change("Added", f"`{one.id}` ({_request(one)}): {escape(one.summary)}")
    yield from _lost_groups(removed, new)
    for one in [one for one in removed if _group(one) in {_group(other) for other in new}]:
        yield Change("Removed", f"`{one.id}` ({_request(one)}).", breaking=True)
    for id_before, id_after in renamed.items():
        yield Change("Changed", f"`{id_after}` was called `{id_before}`.", breaking=True)
    for one in old:
        name = renamed.get(one.id, one.id)
        if name in after:
            yield from _operation(one, after[name])


def _whole_groups(added: Sequence[Operation], old: Sequence[Operation]) -> Iterator[Change]:
    known = {_group(one) for one in old}
    for group in sorted({_group(one) for one in added} - known):
        methods = [one.method_name for one in added if _group(one) == group]
        text = f"`emnify.{group}`, a group of {plural(len(methods), 'operation')}: {names(methods)}."
        yield Change("Added", text)


def _lost_groups(removed: Sequence[Operation], new: Sequence[Operation]) -> Iterator[Change]:
    known = {_group(one) for one in new}
    for group in sorted({_group(one) for one in removed} - known):
        methods = [one.method_name for one in removed if _group(one) == group]
        text = f"`emnify.{group}`, the whole group: {names(methods)}."
        yield Change("Removed", text, breaking=True)


def _group(operation: Operation) -> str:
    return operation.id.partition(".")[0]


def _route(operation: Operation) -> tuple[str, str]:
    return operation.method, re.sub(r"\{[^}]*\}", "{}", operation.path)


def _request(operation: Operation) -> str:
    return f"`{operation.method} {operation.path}`"


def _operation(old: Operation, new: Operation) -> Iterator[Change]:
    subject = f"`{new.id}`"
    if _route(old) != _route(new):
        yield Change("Changed", f"{subject} sends {_request(new)}, sent {_request(old)}.")
    yield from _path_values(subject, old, new)
    yield from _query(subject, old, new)
    yield from _body(subject, old.body, new.body)
    before, after = (returned(one).removeprefix("builtins.") for one in (old, new))
    if before != after:
        yield Change("Changed", f"{subject} returns `{after}`, was `{before}`.", breaking=before != "None")
    if old.either != new.either:
        said = "may" if new.either else "does not"
        yield Change("Changed", f"{subject}: the server {said} answer with an object or an array of it.")
    yield from _statuses(subject, old, new)
    if old.paging and new.paging:
        yield from _paging(subject, old.paging, new.paging)
    if old.retry != new.retry:
        yield Change("Changed", f"{subject} {RETRIES[new.retry]} (was {old.retry}, is {new.retry}).")
    if old.lane != new.lane:
        said = f"is serialised in the lane `{new.lane}`" if new.lane else "is no longer serialised"
        was = f", was in `{old.lane}`" if old.lane else ""
        yield Change("Changed", f"{subject} {said}{was}.")
    if old.auth != new.auth:
        yield Change("Changed", f"{subject} is sent {'with' if new.auth else 'without'} a token.")
    yield from bulk_changes(old, new)
    yield from composed_changes(old, new)
    yield from _deprecation(subject, old.deprecated, new.deprecated)
    yield from reworded(old.summary, new.summary)
    yield from reworded(old.description, new.description)
    yield from further(subject, old, new, COMPARED)


def _deprecation(subject: str, old: str | None, new: str | None) -> Iterator[Change]:
    if new and not old:
        yield Change("Deprecated", f"{subject}: {escape(new)}")
    elif old and not new:
        yield Change("Changed", f"{subject} is no longer deprecated.")
    else:
        yield from reworded(old, new)


def _path_values(subject: str, old: Operation, new: Operation) -> Iterator[Change]:
    before = [parameter.name for parameter in old.path_params]
    after = [parameter.name for parameter in new.path_params]
    if before != after:
        text = f"{subject} takes its path values as {_listed(after)}, took {_listed(before)}."
        yield Change("Changed", text, breaking=True)
    known = {parameter.name: parameter for parameter in old.path_params}
    for parameter in new.path_params:
        if parameter.name in known:
            yield from _parameter(subject, known[parameter.name], parameter, PATH_KINDS)


def _listed(values: Sequence[str]) -> str:
    return names(naming.attribute(value) for value in values) or "none"


def _query(subject: str, old: Operation, new: Operation) -> Iterator[Change]:
    before = {parameter.name: parameter for parameter in old.query}
    after = {parameter.name: parameter for parameter in new.query}
    for name, parameter in after.items():
        said = f"{subject}: parameter `{naming.attribute(name)}`"
        if name in before:
            yield from _parameter(subject, before[name], parameter, KINDS)
        elif parameter.required:
            yield Change("Added", f"{said}, required.", breaking=True)
        else:
            yield Change("Added", f"{said}.")
    for name in before:
        if name not in after:
            text = f"{subject}: parameter `{naming.attribute(name)}`."
            yield Change("Removed", text, breaking=True)


def _parameter(subject: str, old: Parameter, new: Parameter, kinds: dict[str, str]) -> Iterator[Change]:
    said = f"{subject}: parameter `{naming.attribute(new.name)}`"
    before, after = (annotation(evolve(one, choices=()), kinds) for one in (old, new))
    if before != after:
        lost = not set(before.split(" | ")) <= set(after.split(" | "))
        yield Change("Changed", f"{said} is `{after}`, was `{before}`.", breaking=lost)
    if old.choices != new.choices:
        lost = bool(new.choices) and (not old.choices or bool(set(old.choices) - set(new.choices)))
        text = f"{said} takes {_choices(new)}, took {_choices(old)}."
        yield Change("Changed", text, breaking=lost)
    if old.required != new.required:
        text = f"{said} is {'required' if new.required else 'no longer required'}."
        yield Change("Changed", text, breaking=new.required)
    yield from reworded(old.description, new.description)
    yield from further(said, old, new, PARAMETER)


def _choices(parameter: Parameter) -> str:
    return names(parameter.choices) or "any value"


def _body(subject: str, old: Shape | None, new: Shape | None) -> Iterator[Change]:
    if old is None and new is not None:
        yield Change("Changed", f"{subject} takes a body: {_shape(new)}.", breaking=True)
    elif old is not None and new is None:
        yield Change("Changed", f"{subject} no longer takes a body.", breaking=True)
    elif old and new and _shape(old) != _shape(new):
        # A mapping is still accepted where a model replaces a plain object.
        breaking = old.many != new.many or old.model != "dict"
        text = f"{subject} takes {_shape(new)} as its body, took {_shape(old)}."
        yield Change("Changed", text, breaking=breaking)


def _shape(shape: Shape) -> str:
    name = "a mapping" if shape.model == "dict" else f"`{shape.name}`"
    return f"a sequence, each {name}" if shape.many else name


def _statuses(subject: str, old: Operation, new: Operation) -> Iterator[Change]:
    for before, after, said in (
        (old.success, new.success, "succeeds with"),
        (tuple(old.errors), tuple(new.errors), "documents the errors"),
    ):
        if before != after:
            yield Change("Changed", f"{subject} {said} {shown(after)}, was {shown(before)}.")
    for status, words in new.errors.items():
        if status in old.errors:
            yield from reworded(old.errors[status], words)


def _paging(subject: str, old: Paging, new: Paging) -> Iterator[Change]:
    for before, after in ((old.page, new.page), (old.size, new.size)):
        if before != after:
            yield Change("Changed", f"{subject}: parameter `{after}` was called `{before}`.", breaking=True)
    if old.default != new.default:
        text = f"{subject}: a page holds {shown(new.default)} items by default, held {shown(old.default)}."
        yield Change("Changed", text)
    if old.max != new.max:
        lowered = new.max is not None and (old.max is None or new.max < old.max)
        text = f"{subject}: a page holds at most {_most(new.max)} items, held {_most(old.max)}."
        yield Change("Changed", text, breaking=lowered)
    name_before, name_after = (paging.filter.name if paging.filter else "" for paging in (old, new))
    if name_before and name_after and name_before != name_after:
        text = f"{subject} is filtered by `{name_after}`, was by `{name_before}`."
        yield Change("Changed", text, breaking=True)
    elif name_after and not name_before:
        yield Change("Added", f"{subject} can be filtered, by `{name_after}`.")
    elif name_before and not name_after:
        yield Change("Removed", f"{subject} can no longer be filtered.", breaking=True)
    if come := [field for field in new.sort if field not in old.sort]:
        yield Change("Added", f"{subject} can be sorted by {names(come)}.")
    if gone := [field for field in old.sort if field not in new.sort]:
        yield Change("Removed", f"{subject} can no longer be sorted by {names(gone)}.", breaking=True)
    if old.default_sort != new.default_sort:
        text = (
            f"{subject} is sorted by {shown(new.default_sort)} by default, was by {shown(old.default_sort)}."
        )
        yield Change("Changed", text)
    if old.envelope != new.envelope:
        yield Change("Changed", f"{subject}: the format of its pages has changed.")
    compared = ("page", "size", "default", "max", "filter", "sort", "default_sort", "envelope")
    yield from further(subject, old, new, compared)


def _most(count: int | None) -> str:
    return "any number of" if count is None else str(count)
