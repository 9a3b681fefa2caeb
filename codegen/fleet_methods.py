"""Write the methods for whole fleets: sweeps of the lists that can be sorted by id."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.api import Api
from codegen.filter_types import SortTypes, sort_types
from codegen.operations import Operation
from codegen.render import call
from codegen.resources import OPTIONS, Argument, Method, arguments_section, class_name, limit_of, method_of
from codegen.shapes import model_of


def fleet_methods(api: Api) -> dict[str, list[Method]]:
    """Return the methods for whole fleets, by the id of the operation that each follows."""
    sorts = sort_types(api.schema, api.operations)
    return {operation.id: list(_methods(api, sorts, operation)) for operation in api.operations}


def _methods(api: Api, sorts: SortTypes, operation: Operation) -> Iterator[Method]:
    if _can_sweep(api, operation):
        yield _sweep(api, sorts, operation)


def _can_sweep(api: Api, operation: Operation) -> bool:
    """Return whether a list can be sorted by ids that grow."""
    paging, shape = operation.paging, operation.answered
    if paging is None or "id" not in paging.sort or shape is None or operation.query:
        return False
    model = model_of(api.schema, shape)
    return model is not None and model.schema["properties"]["id"].get("type") == "integer"


def _sweep(api: Api, sorts: SortTypes, operation: Operation) -> Method:
    plain = method_of(api.schema, operation, api.limits, sorts)
    assert operation.answered is not None
    most = operation.paging.max if operation.paging else None
    keywords = [
        *(argument for argument in plain.keywords if argument.name == "filter"),
        Argument(
            "per_page",
            "int | None",
            "None",
            f"Items per page; the most that the server gives by default{f', {most}' if most else ''}.",
        ),
        Argument(
            "checkpoint",
            "str | os.PathLike[str] | None",
            "None",
            "A file to continue from after a crash. It is removed when the sweep is finished.",
        ),
        Argument("strict", "bool", "False", "Read one page at a time, instead of several at once."),
        OPTIONS,
    ]
    passed = [(one.name, one.name) for one in keywords]
    path = "".join(f"{one.name}, " for one in plain.positional)
    text = call("Sweep", passed).replace(
        "Sweep(", f'Sweep(self._caller, OPERATIONS["{operation.id}"], ({path}), ', 1
    )
    summary = operation.summary.strip().rstrip(".")
    return Method(
        name=operation.method_name.replace("list", "sweep", 1),
        paged=True,
        positional=plain.positional,
        keywords=keywords,
        returns=f"Sweep[{class_name(operation, operation.answered)}]",
        call=text,
        docstring=[
            f"{summary}, all of them, and miss nothing while the list changes.",
            "",
            "The sweep reads backward, each item once, in no particular order. Its report says when "
            "it is complete. Calls have the priority bulk unless options say otherwise.",
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
