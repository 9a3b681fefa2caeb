"""Write the resource classes: one thin, typed and documented method per operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from codegen import naming
from codegen.api import Api
from codegen.body_types import mapping_name, mapping_names
from codegen.check import stands_for_id
from codegen.filter_types import SortTypes
from codegen.limits import Limits
from codegen.load import Document, ModelRef, Schema
from codegen.lookup_names import taken_names
from codegen.operations import Operation, Parameter
from codegen.render import call, environment, header, literal, paragraphs
from codegen.shapes import Shape

KINDS = {"integer": "int", "string": "str", "boolean": "bool", "date": "date | str"}
PATH_KINDS = {"integer": "int | str", "string": "str", "boolean": "bool", "date": "date | str"}
ERRORS = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    405: "MethodNotAllowedError",
    409: "ConflictError",
    410: "GoneError",
    415: "UnsupportedMediaTypeError",
    422: "ValidationError",
    429: "RateLimitError",
}
RETRIES = {
    "safe": "retried if the response is lost.",
    "idempotent": "retried if the response is lost; idempotent, so safe to repeat.",
    "once": "retried only if the request certainly was not processed; if the response is lost, "
    "OutcomeUnknownError.",
}


@frozen
class Argument:
    """An argument of a method: ``default`` is source text, or empty if the argument is required."""

    name: str
    annotation: str
    default: str
    description: str

    @property
    def text(self) -> str:
        """The argument in the signature."""
        return f"{self.name}: {self.annotation}" + (f" = {self.default}" if self.default else "")


@frozen
class Method:
    """The input of the template for one method.

    ``load`` is the name that it takes from ``room``, a part of the library that is written by hand.

    ``uses`` are further models in its signature.
    """

    name: str
    paged: bool
    positional: Sequence[Argument]
    keywords: Sequence[Argument]
    returns: str
    call: str
    docstring: Sequence[str]
    load: str = ""
    room: str = "fleet"
    uses: Sequence[str] = ()


OPTIONS = Argument(
    "options",
    "CallOptions | None",
    "None",
    "Settings for this call only, such as a timeout or a deadline in seconds.",
)


def resource_modules(api: Api, more: Mapping[str, Sequence[Method]]) -> dict[str, str]:
    """Return the resource modules, without the tables, as unformatted source by file name.

    Args:
        api: The schema.
        more: Further methods, by the id of the operation that they follow.
    """
    modules: dict[str, str] = {}
    template = environment().get_template("resource.jinja")
    attributes: list[tuple[str, str, str]] = []
    for document in api.schema.groups():
        own = [operation for operation in api.operations if operation.document is document]
        used = {name for one in own for method in more.get(one.id, ()) for name in method.uses}
        methods = [
            method for operation in own for method in (method_of(api, operation), *more.get(operation.id, ()))
        ]
        title = title_of(document)
        modules[f"{document.module}.py"] = header([document.shown]) + template.render(
            title=title,
            resource=naming.resource_class(document.module),
            methods=methods,
            imports=model_imports(api.schema, own, used),
            paged=any(operation.paging for operation in own),
            **argument_types(api, own, methods),
        )
        attributes.append((document.module, naming.resource_class(document.module), title))
    door = environment().get_template("attributes.jinja")
    modules["_attributes.py"] = header(["schema/resources/"]) + door.render(attributes=attributes)
    modules["__init__.py"] = header(["schema/"]) + environment().get_template("resources.jinja").render()
    return modules


def title_of(document: Document) -> str:
    """Return the title of a schema file."""
    info = document.data.get("info") or {}
    return str(info.get("title") or document.module.replace("_", " ").capitalize()).strip().rstrip(".")


def argument_types(
    api: Api, operations: Sequence[Operation], methods: Iterable[Method]
) -> dict[str, list[str]]:
    """Return the types of the arguments of methods, by what they stand for in the templates."""
    text = " ".join(one.annotation for each in methods for one in (*each.positional, *each.keywords))
    filters = {one.paging.filter.name for one in operations if one.paging and one.paging.filter}
    return {
        "bodies": sorted(mapping_names(text)),
        "names": taken_names(api.schema, text),
        "criteria": sorted(filters | {api.sorts[one.id] for one in operations if one.id in api.sorts}),
    }


def model_imports(
    schema: Schema, operations: Sequence[Operation], used: Iterable[str]
) -> dict[str, list[str]]:
    """Return the models that these operations and ``used`` name, by module."""
    found: dict[str, set[str]] = {}
    for name in used:
        if (ref := schema.named(name)) is not None:
            found.setdefault(ref.document.module, set()).add(name)
    for operation in operations:
        for shape in (operation.body, operation.answered):
            if shape and shape.model != "dict":
                name = class_name(operation, shape)
                imported = shape.name if name == shape.name else f"{shape.name} as {name}"
                found.setdefault(shape.model.partition(":")[0], set()).add(imported)
    return {module: sorted(names) for module, names in sorted(found.items())}


def class_name(operation: Operation, shape: Shape) -> str:
    """Return the name of a model in a resource class: an alias if the class has the same name."""
    own = naming.resource_class(operation.document.module)
    return f"{shape.name}Model" if shape.name == own else shape.name


def method_of(api: Api, operation: Operation) -> Method:
    """Return the method of an operation."""
    positional = [
        Argument(
            naming.attribute(parameter.name), annotation(parameter, PATH_KINDS), "", parameter.description
        )
        for parameter in operation.path_params
    ]
    names = [argument.name for argument in positional]
    path_args = f"({', '.join(names)}{',' if len(names) == 1 else ''})"
    if operation.body:
        positional.append(
            Argument(
                "body", body_type(api.schema, operation, operation.body), "", _about_body(operation.body)
            )
        )
    paging = _paging_arguments(operation, api.sorts)
    keywords = [*paging, *(query_argument(parameter) for parameter in operation.query)]
    keywords.append(OPTIONS)
    extra = ", ".join(
        f"{literal(parameter.name)}: {naming.attribute(parameter.name)}" for parameter in operation.query
    )
    # The client does not send a parameter that is None.
    given = [("query", f"{{{extra}}}")] if extra else []
    head = f'OPERATIONS["{operation.id}"], {path_args}'
    if operation.paging:
        passed = [(argument.name, argument.name) for argument in paging]
        passed = [("size" if name == operation.paging.size else name, value) for name, value in passed]
        passed = [("page" if name == operation.paging.page else name, value) for name, value in passed]
        text = call("Pages", [*passed, *given, ("options", "options")])
        text = text.replace("Pages(", f"Pages(self._caller, {head}, ", 1)
    else:
        body = [("body", "body")] if operation.body else []
        text = call("self._caller._call", [*given, *body, ("options", "options")])
        text = text.replace("call(", f"call({head}, ", 1)
    return Method(
        name=operation.method_name,
        paged=operation.paging is not None,
        positional=positional,
        keywords=keywords,
        returns=returned(operation),
        call=text,
        docstring=list(_docstring(operation, positional, keywords, api.limits)),
    )


def annotation(parameter: Parameter, kinds: dict[str, str]) -> str:
    """Return the type of a parameter."""
    if parameter.choices:
        known = (choice if parameter.kind == "string" else int(choice) for choice in parameter.choices)
        return f"Literal[{', '.join(map(literal, known))}]"
    return "int | str" if parameter.mixed else kinds[parameter.kind]


def query_argument(parameter: Parameter) -> Argument:
    """Return the argument for a query parameter."""
    kind = annotation(parameter, KINDS)
    name = naming.attribute(parameter.name)
    if parameter.required:
        return Argument(name, kind, "", parameter.description)
    return Argument(name, f"{kind} | None", "None", parameter.description)


def _paging_arguments(operation: Operation, sorts: SortTypes) -> list[Argument]:
    paging = operation.paging
    if paging is None:
        return []
    arguments: list[Argument] = []
    if paging.filter:
        about = "Fields to filter by; an unknown field raises an error before the call is sent."
        arguments.append(Argument("filter", f"{paging.filter.name} | None", "None", about))
        arguments.append(Argument("q", "str | None", "None", "The filter as raw text, instead of filter."))
    if paging.sort:
        about = f"Fields to sort by, with - for descending: {', '.join(paging.sort)}."
        kind = sorts[operation.id]
        arguments.append(Argument("sort", f"{kind} | Sequence[{kind}] | None", "None", about))
    arguments.append(Argument(paging.page, "int | None", "None", "The first page to return, from 1."))
    known = [
        f"{paging.default} by default" if paging.default else "",
        f"at most {paging.max}" if paging.max else "",
    ]
    bounds = ", ".join(part for part in known if part)
    arguments.append(
        Argument(paging.size, "int | None", "None", f"Items per page{': ' + bounds if bounds else ''}.")
    )
    return arguments


def body_type(schema: Schema, operation: Operation, shape: Shape) -> str:
    """Return the type of the argument for a body."""
    if shape.model == "dict":
        one = "Mapping[str, Any]"
    else:
        ref = schema.named(shape.name)
        bare = isinstance(ref, ModelRef) and stands_for_id(ref)
        name = class_name(operation, shape)
        one = f"{name} | {mapping_name(shape.name)}{' | int' if bare else ''}"
    return f"Sequence[{one}]" if shape.many else one


def _about_body(shape: Shape) -> str:
    name = "a mapping" if shape.model == "dict" else f"{shape.name} or a mapping of the same members"
    return f"The request body: {'each item ' if shape.many else ''}{name}."


def returned(operation: Operation) -> str:
    """Return the return type of a method."""
    result = operation.answered
    if operation.paging and result:
        return f"Pages[{class_name(operation, result)}]"
    if result is None:
        return "Created" if operation.creates else "None"
    one = "dict[str, Any]" if result.model == "dict" else class_name(operation, result)
    if result.many:
        return f"builtins.list[{one}]"
    return f"{one} | Created" if operation.creates else one


def _docstring(
    operation: Operation, positional: Sequence[Argument], keywords: Sequence[Argument], limits: Limits
) -> Iterator[str]:
    yield from (" ".join(operation.summary.split()).rstrip(".") + ".", "")
    for part in paragraphs(operation.description):
        yield from (part, "")
    if operation.deprecated:
        yield from (f"Deprecated: {' '.join(operation.deprecated.split())}", "")
    yield f"Limit: {limit_of(operation, limits)}"
    yield f"Retry: {RETRIES[operation.retry]}"
    if operation.lane:
        yield f"Serialised: one {operation.lane} write at a time per organisation."
    yield ""
    yield from arguments_section(positional, keywords)
    raised = [
        (ERRORS[status], words)
        for status, words in operation.errors.items()
        if status in ERRORS and words.strip()
    ]
    if raised:
        yield from ("", "Raises:")
        for name, words in raised:
            yield f"    {name}: {' '.join(words.split())}"


def arguments_section(positional: Sequence[Argument], keywords: Sequence[Argument]) -> Iterator[str]:
    """Write the section of a docstring about the arguments."""
    yield "Args:"
    for argument in (*positional, *keywords):
        yield f"    {argument.name}: {' '.join(argument.description.split()) or _plain(argument.name)}"


def _plain(name: str) -> str:
    return f"{name.strip('_').replace('_', ' ').capitalize()}."


def limit_of(operation: Operation, limits: Limits) -> str:
    """Describe the rate limit of an operation."""
    row = limits.row_of(operation.method, operation.path)
    if row:
        return f"{row.rate:g} calls/s, burst {row.burst}, per organisation."
    window = limits.window_of(operation.method, operation.path)
    if window:
        return f"{window.count} calls in {window.seconds:g} s, per client address."
    return "only those of the client address and the month."
