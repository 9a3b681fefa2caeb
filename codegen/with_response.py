"""Write the types of ``emnify.with_response``: each call, with its response around its result."""

from __future__ import annotations

from attrs import evolve

from codegen import naming
from codegen.api import Api
from codegen.render import environment, header
from codegen.resources import Method, argument_types, method_of, model_imports, title_of


def with_response_module(api: Api) -> str:
    """Write ``resources/_with_response.py``."""
    groups: list[tuple[str, str, str, list[Method]]] = []
    for document in api.schema.groups():
        own = [operation for operation in api.operations if operation.document is document]
        methods = [_around(method_of(api, operation)) for operation in own]
        name = f"{naming.resource_class(document.module)}WithResponse"
        groups.append((document.module, name, title_of(document), methods))
    every = [method for *_, methods in groups for method in methods]
    return header(["schema/resources/"]) + environment().get_template("with_response.jinja").render(
        groups=groups,
        imports=model_imports(api.schema, api.operations, ()),
        **argument_types(api, api.operations, every),
    )


def _around(method: Method) -> Method:
    """Return a method with the type of the response; a list gives one page."""
    value = method.returns.replace("Pages[", "Page[", 1) if method.paged else method.returns
    return evolve(method, returns=f"CallResponse[{value}]")
