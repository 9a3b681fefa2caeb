"""Write the types of ``emnify.with_response``: each call, with its response around its result."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from codegen import naming
from codegen.body_types import mapping_names
from codegen.filter_types import sort_types
from codegen.limits import Limits
from codegen.load import Schema
from codegen.operations import Operation
from codegen.render import environment, header
from codegen.resources import Method, method_of, model_imports, title_of


def with_response_module(schema: Schema, operations: Sequence[Operation], limits: Limits) -> str:
    """Write ``resources/_with_response.py``."""
    sorts = sort_types(schema, operations)
    groups: list[tuple[str, str, str, list[Method]]] = []
    for document in schema.groups():
        own = [operation for operation in operations if operation.document is document]
        methods = [_around(method_of(schema, operation, limits, sorts)) for operation in own]
        name = f"{naming.resource_class(document.module)}WithResponse"
        groups.append((document.module, name, title_of(document), methods))
    annotations = " ".join(
        one.annotation
        for *_, methods in groups
        for method in methods
        for one in (*method.positional, *method.keywords)
    )
    return header(["schema/resources/"]) + environment().get_template("with_response.jinja").render(
        groups=groups,
        imports=model_imports(schema, operations, ()),
        bodies=sorted(mapping_names(annotations)),
        criteria=sorted(
            {one.paging.filter.name for one in operations if one.paging and one.paging.filter}
            | set(sorts.values())
        ),
    )


def _around(method: Method) -> Method:
    """Return a method with the type of the response; a list gives one page."""
    value = method.returns.replace("Pages[", "Page[", 1) if method.paged else method.returns
    return evolve(method, returns=f"CallResponse[{value}]")
