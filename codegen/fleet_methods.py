"""Write the methods for whole fleets: sweeps, reads of many objects, and jobs of one operation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve

from codegen.api import Api
from codegen.body_types import mapping_name
from codegen.bulk import Setter
from codegen.lookup_names import names_type
from codegen.members import Member
from codegen.operations import Operation
from codegen.render import call, literal
from codegen.resources import (
    OPTIONS,
    Argument,
    Method,
    arguments_section,
    body_type,
    class_name,
    limit_of,
    method_of,
    query_argument,
)
from codegen.shapes import Shape, model_of

JOURNAL = Argument(
    "journal",
    "str | os.PathLike[str] | None",
    "None",
    "The file to continue from after a crash; without it the job lives in memory.",
)
CHECKPOINT = Argument(
    "checkpoint",
    "str | os.PathLike[str] | None",
    "None",
    "A file to continue from after a crash. It is removed when the sweep is finished.",
)
STRICT = Argument("strict", "bool", "False", "Read one page at a time, instead of several at once.")
SHARED = Argument(
    "shared", "Mapping[str, Any] | None", "None", "Members that all rows have; each row is a mapping then."
)
COMPUTED = "Mapping[str, Any]"
"""Rows are made by programs, and type checkers infer no better type for a mapping in a generator."""

JOB_RAISES = [
    "Raises:",
    "    ArgumentError: An item has the wrong shape, and nothing was sent; or the journal is another job's.",
    "    JournalError: The journal cannot be used.",
    "    EmnifyError: The job cannot go on; with a journal, the same call continues it.",
]


def fleet_methods(api: Api) -> dict[str, list[Method]]:
    """Return the methods for whole fleets, by the id of the operation that each follows."""
    return {operation.id: list(_methods(api, operation)) for operation in api.operations}


def _methods(api: Api, operation: Operation) -> Iterator[Method]:
    if _can_sweep(api, operation):
        yield _sweep(api, operation)
    listing = next((one for one in api.operations if one.id == _listing_of(operation)), None)
    if listing is not None and operation.method_name == "get" and _can_sweep(api, listing):
        yield _get_many(api, operation, listing)
    if operation.id in api.bulk:
        yield _run_many(api, operation)
    if operation.id in api.setters:
        yield _set_many(api, operation, api.setters[operation.id])


def _listing_of(operation: Operation) -> str:
    return f"{operation.document.module}.list"


def _can_sweep(api: Api, operation: Operation) -> bool:
    """Return whether a list can be sorted by ids that grow."""
    paging, shape = operation.paging, operation.answered
    if paging is None or "id" not in paging.sort or shape is None or operation.query:
        return False
    model = model_of(api.schema, shape)
    return model is not None and model.schema["properties"]["id"].get("type") == "integer"


def _sweep(api: Api, operation: Operation) -> Method:
    plain = method_of(api, operation)
    assert operation.paging is not None
    assert operation.answered is not None
    most = f", {operation.paging.max}" if operation.paging.max else ""
    size = Argument(
        "per_page", "int | None", "None", f"Items per page; the most that the server gives by default{most}."
    )
    filters = [argument for argument in plain.keywords if argument.name == "filter"]
    keywords = [*filters, size, CHECKPOINT, STRICT, OPTIONS]
    path = "".join(f"{one.name}, " for one in plain.positional)
    given = call("", [(one.name, one.name) for one in keywords])[1:]
    return Method(
        name=operation.method_name.replace("list", "sweep", 1),
        paged=True,
        positional=plain.positional,
        keywords=keywords,
        returns=f"Sweep[{class_name(operation, operation.answered)}]",
        call=f'Sweep(self._caller, OPERATIONS["{operation.id}"], ({path}), {given}',
        docstring=[
            f"{_summary(operation)}, all of them, and miss nothing while the list changes.",
            "",
            "The sweep reads backward, each item once, in no particular order. Its report says when it is "
            "complete. Without options, calls have the priority bulk.",
            "",
            f"Limit: {limit_of(operation, api.limits)}",
            "",
            *arguments_section(plain.positional, keywords),
            "",
            "Raises:",
            "    SweepError: While it is read: the checkpoint is that of another sweep or cannot be used, or "
            "the list changes too fast.",
        ],
        load="Sweep",
    )


def _get_many(api: Api, operation: Operation, listing: Operation) -> Method:
    assert operation.result is not None
    ids = Argument("ids", _many("int"), "", "The ids, in any order.")
    one = class_name(operation, operation.result)
    return Method(
        name="get_many",
        paged=False,
        positional=[ids],
        keywords=[],
        returns=f"builtins.list[{one} | None]",
        call=f'get_many(self._caller, OPERATIONS["{listing.id}"], OPERATIONS["{operation.id}"], ids)',
        docstring=[
            "Get many objects by id, in the order of the ids, with None for each that does not exist.",
            "",
            "Reads pages of the list or single objects, whichever takes less time by the estimate. Calls "
            "have the priority bulk.",
            "",
            f"Limit of a page: {limit_of(listing, api.limits)}",
            f"Limit of an object: {limit_of(operation, api.limits)}",
            "",
            *arguments_section([ids], []),
            "",
            "Raises:",
            "    ArgumentError: An id is not a whole number above 0.",
            "    PermissionDeniedError: None of the objects may be read.",
        ],
        load="get_many",
    )


def _run_many(api: Api, operation: Operation) -> Method:
    facts = api.bulk[operation.id]
    route = next(one for one in api.operations if one.id == facts["route"])
    plain = method_of(api, operation)
    members: list[Member] = []
    if route is operation:
        assert operation.body is not None
        model = api.models[operation.body.name].members
        members = [model[name] for name in facts["shared"]]
        entry = model[facts["member"]]
        items = Argument(entry.name, _entry_type(api, entry), "", entry.description)
    else:
        items = _items(api, operation, plain)
    keywords = [*map(_shared_argument, members)]
    keywords += [query_argument(one) for one in route.query if one.name in facts.get("shared", ())]
    keywords += [SHARED] if operation.body and route is not operation and facts.get("shared") else []
    shared = "shared" if SHARED in keywords else _mapping(keywords)
    keywords = sorted(keywords, key=lambda one: bool(one.default))
    given = [*([("shared", shared)] if keywords else []), ("journal", "journal")]
    keywords.append(JOURNAL)
    return Method(
        name=f"{operation.method_name}_many",
        paged=False,
        positional=[
            evolve(items, annotation=f"Iterable[{items.annotation}] | AsyncIterable[{items.annotation}]")
        ],
        keywords=keywords,
        returns="Report",
        call=f'run_many(self._caller, OPERATIONS["{operation.id}"], {items.name}, {call("", given)[1:]}',
        docstring=[
            f"{_summary(operation)}: many, as one job.",
            "",
            f"Sends up to {facts['size']:,} in a call of {route.id}, finds the bad ones of a refused call, "
            "and does none twice. The report says what became of each; a failed one raises nothing.",
            "",
            f"Limit: {limit_of(route, api.limits)}",
            *([f"Serialised: one {route.lane} write at a time per organisation."] if route.lane else []),
            "",
            *arguments_section([items], keywords),
            "",
            *JOB_RAISES,
        ],
        load="run_many",
        uses=[name for one in (*keywords, items) for name in re.findall(r"\b[A-Z]\w+", one.annotation)],
    )


def _items(api: Api, operation: Operation, plain: Method) -> Argument:
    """Return the argument for the items of an operation that has another bulk route."""
    parts = [one.annotation for one in plain.positional if one.name != "body"]
    names = [one.name for one in plain.positional]
    if operation.body is not None:
        parts.append(f"{body_type(api.schema, operation, operation.body)} | {COMPUTED}")
    if len(parts) == 1 and operation.body is None:
        return Argument("ids", parts[0], "", "The ids.")
    if len(parts) == 1:
        return Argument("rows", parts[0], "", "The bodies.")
    return Argument("rows", f"tuple[{', '.join(parts)}]", "", f"Tuples of {' and '.join(names)}.")


def _entry_type(api: Api, member: Member) -> str:
    """Return the type of one entry of an array in a body."""
    inner = member.types[0].removeprefix("list[").removesuffix("]")
    name = inner.partition(" ")[0]
    shape = Shape(f"{api.models[name].module}:{name}", many=False)
    return f"{shape.name} | {mapping_name(shape.name)}{inner[len(name) :]} | {COMPUTED}"


def _shared_argument(member: Member) -> Argument:
    annotation = member.text.replace("list[", "Sequence[")
    if member.required:
        return Argument(member.name, annotation, "", member.description)
    return Argument(member.name, f"{annotation} | None", "None", member.description)


def _many(annotation: str) -> str:
    return f"Iterable[{annotation}] | AsyncIterable[{annotation}]"


def _mapping(arguments: list[Argument]) -> str:
    return "{" + ", ".join(f"{literal(one.name)}: {one.name}" for one in arguments) + "}"


def _set_many(api: Api, operation: Operation, setter: Setter) -> Method:
    assert operation.body is not None
    group = operation.document.module
    member = api.models[operation.body.name].members[setter.member]
    names = [names_type(api.models[kind].ref) for kind in member.types if kind in api.models]
    text = " | ".join([member.text, *filter(None, names)])
    positional = [
        Argument("ids", _many("int"), "", "The ids."),
        Argument(member.name, text, "", f"The new {setter.member}."),
    ]
    table = [
        f'OPERATIONS["{one}"]' for one in (operation.id, setter.through, f"{group}.list", f"{group}.get")
    ]
    size = api.bulk[setter.through]["size"]
    return Method(
        name=f"{setter.name}_many",
        paged=False,
        positional=positional,
        keywords=[JOURNAL],
        returns="Report",
        call=f"set_many(self._caller, {table[0]}, ({table[1]}, {literal(setter.reference)}, "
        f"{literal(setter.inner)}), ({table[2]}, {table[3]}), {literal(setter.member)}, ids, {member.name}, "
        "journal=journal)",
        docstring=[
            f"Set the {setter.member} of many objects as one job.",
            "",
            f"Reads them first (get_many). Those that have the {setter.member} already are left out. Those "
            f"with an {setter.reference} are changed through it, up to {size:,} in a call, and their rows in "
            f"the report have its id; do not move them to another {setter.reference} meanwhile. All others "
            "take a call each.",
            "",
            f"Limit: {limit_of(operation, api.limits)}",
            "",
            *arguments_section(positional, [JOURNAL]),
            "",
            *JOB_RAISES,
        ],
        load="set_many",
        uses=re.findall(r"\b[A-Z]\w+", member.text),
    )


def _summary(operation: Operation) -> str:
    return operation.summary.strip().rstrip(".")
