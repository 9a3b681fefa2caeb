"""Turn the operations of the schema into path items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import asdict

from codegen.api import Api
from codegen.filters import Filter
from codegen.limits import Row
from codegen.load import Document, Place
from codegen.openapi.samples import content_sample, filter_sample, parameter_sample, sort_sample
from codegen.openapi.schemas import components, described, reference
from codegen.operations import Operation
from codegen.paging import ENVELOPE_KEYS, Paging
from codegen.shapes import Shape, read_content

ERROR = "ApiError"
"""The model of an error response."""


def path_items(api: Api) -> dict[str, dict[str, Any]]:
    """Return the operations by path and method, in the order of the schema."""
    items: dict[str, dict[str, Any]] = {}
    order = sorted(api.operations, key=lambda one: (one.document.module, one.document.lines[one.place]))
    for operation in order:
        items.setdefault(operation.path, {})[operation.method.lower()] = _operation(api, operation)
    return items


def general_responses(api: Api) -> dict[str, Any]:
    """Return the components for the errors that every operation can answer with."""
    content = _error_content(api)
    limited: dict[str, Any] = {"description": "The call is over a rate limit; see x-rate-limit.", **content}
    if "Retry-After" in headers(api):
        limited["headers"] = {"Retry-After": reference("Retry-After", "headers")}
    return {
        "Unauthorized": {"description": "The auth token is missing, invalid or expired.", **content},
        "TooManyRequests": limited,
        "ClientError": {"description": "Any other error of the request.", **content},
    }


def headers(api: Api) -> dict[str, Any]:
    """Return the headers that the files share, by name."""
    found: dict[str, Any] = {}
    for part in api.schema.parts():
        found |= components(part, "headers")
    return {name: {**header, **described(header)} for name, header in found.items()}


def _operation(api: Api, operation: Operation) -> dict[str, Any]:
    facts = operation.document.data["paths"][operation.path][operation.method.lower()]
    advice = f"Deprecated: {operation.deprecated}" if operation.deprecated else ""
    text = "\n\n".join(part for part in (operation.description, advice) if part)
    made: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.document.module],
        "summary": " ".join(operation.summary.split()),
        **described({"description": text}),
    }
    if operation.deprecated or facts.get("deprecated"):
        made["deprecated"] = True
    if parameters := [*_parameters(api, operation), *paging_parameters(operation)]:
        made["parameters"] = parameters
    if operation.body:
        content = _content(api, operation.body, facts["requestBody"]["content"])
        made["requestBody"] = {
            **described(facts["requestBody"]),
            "required": bool(facts["requestBody"].get("required")),
            "content": content,
        }
    made["responses"] = _responses(api, operation, facts["responses"])
    if not operation.auth:
        made["security"] = []
    route = (operation.method, operation.path)
    if limit := api.limits.row_of(*route) or api.limits.window_of(*route):
        numbers = {"rate": limit.rate, "burst": limit.burst} if isinstance(limit, Row) else {}
        made["x-rate-limit"] = {"id": limit.id, **numbers}
    if operation.paging:
        made["x-paging"] = _paging(operation.paging)
    made["x-retry"] = operation.retry
    if operation.lane:
        made["x-lane"] = operation.lane
    return made


def _parameters(api: Api, operation: Operation) -> Iterator[dict[str, Any]]:
    document, item = operation.document, operation.document.data["paths"][operation.path]
    for place, owner in ((operation.place[:2], item), (operation.place, item[operation.method.lower()])):
        for index, entry in enumerate(owner.get("parameters") or []):
            facts = followed(api, document, (*place, "parameters", index), entry)[2]
            shape = {key: value for key, value in facts["schema"].items() if key != "example"}
            if isinstance(shape["type"], list):
                shape["type"] = "string"  # an id or a word: in a URL, both are text
            sample = facts.get("example", parameter_sample(facts["name"], shape))
            yield {
                "name": facts["name"],
                "in": facts["in"],
                **({"required": True} if facts["in"] == "path" or facts.get("required") else {}),
                **described(facts),
                "schema": shape,
                "example": sample,
            }


def paging_parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    """Write out the parameters of a paged list; the schema has a short form for them."""
    paging = operation.paging
    if paging is None:
        return
    text = "The page, from 1. A page past the end is the last page."
    yield _query(paging.page, text, {"type": "integer"}, 1)
    size: dict[str, Any] = {"type": "integer"}
    size |= {"maximum": paging.max} if paging.max is not None else {}
    size |= {"default": paging.default} if paging.default is not None else {}
    yield _query(paging.size, "The number of items in a page.", size, min(100, paging.max or 100))
    if paging.filter:
        yield _query("q", _filter_text(paging.filter), {"type": "string"}, filter_sample(paging.filter))
    if paging.sort:
        text = (
            "Fields to sort by, joined by commas; a minus before a field sorts it in descending order. "
            f"Fields: {', '.join(paging.sort)}."
        )
        if paging.default_sort:
            text += f" By default: {paging.default_sort}."
        yield _query("sort", text, {"type": "string"}, sort_sample(operation))


def _query(name: str, text: str, shape: dict[str, Any], example: Any) -> dict[str, Any]:
    if isinstance(example, int):
        shape = {"type": shape["type"], "minimum": 1, **shape}
    return {"name": name, "in": "query", "description": text, "schema": shape, "example": example}


def _filter_text(filter: Filter) -> str:
    text = "Conditions of the form field:value, joined by commas; null as a value selects items without one."
    if filter.multi:
        most = f"up to {filter.multi_max} values, joined by | (sent as %7C)"
        text += f" {', '.join(filter.multi)} accept {most}."
    if filter.paired:
        text += f" {' and '.join(filter.paired)} must be given together."
    return f"{text} Fields: {', '.join(filter.fields)}."


def _paging(paging: Paging) -> dict[str, Any]:
    made: dict[str, Any] = {"page": paging.page, "size": paging.size}
    for key in ("default", "max", "default_sort"):
        if getattr(paging, key) is not None:
            made[key] = getattr(paging, key)
    if paging.filter:
        chosen = paging.filter
        kinds = {name: kind.partition(":")[2] or kind for name, kind in chosen.fields.items()}
        made["filter"] = {"fields": kinds}
        if chosen.multi:
            made["filter"] |= {"multi": list(chosen.multi), "multi_max": chosen.multi_max}
        for key in ("paired", "deprecated"):
            if getattr(chosen, key):
                made["filter"][key] = list(getattr(chosen, key))
    if paging.sort:
        made["sort"] = list(paging.sort)
    if paging.envelope:
        names = {key: getattr(paging.envelope, key) for key in ENVELOPE_KEYS}
        made["envelope"] = {key: name for key, name in names.items() if name is not None}
    return made


def _responses(api: Api, operation: Operation, listed: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for status, entry in sorted(listed.items()):
        spot = (*operation.place, "responses", status)
        document, place, facts = followed(api, operation.document, spot, entry)
        answer: dict[str, Any] = {"description": "", **described(facts)}
        if facts.get("headers"):
            answer["headers"] = {
                name: _header(api, document, (*place, "headers", name), header)
                for name, header in facts["headers"].items()
            }
        shape = read_content(api.schema, document, place, facts)
        if int(status) >= 400:
            answer |= _error_content(api) if shape is None else {"content": _content(api, shape, {})}
            if "text/html" in facts.get("content", {}):
                answer.setdefault("content", {})["text/html"] = {}
        elif shape and operation.creates and status == "201":
            # The API answers some of these without a body, so a reader must not wait for it.
            answer["x-possible-body"] = _shape(shape)
        elif shape:
            answer["content"] = _content(api, shape, facts["content"])
            if operation.either:
                media = answer["content"]["application/json"]
                one = media["schema"]["items"] if shape.many else media["schema"]
                media["schema"] = {"anyOf": [one, {"type": "array", "items": one}]}
        made[status] = answer
    if operation.auth:
        made.setdefault("401", reference("Unauthorized", "responses"))
    made.setdefault("429", reference("TooManyRequests", "responses"))
    made["4XX"] = reference("ClientError", "responses")
    return made


def _error_content(api: Api) -> dict[str, Any]:
    if api.schema.named(ERROR) is None:
        return {}
    return {"content": {"application/json": {"schema": reference(ERROR)}}}


def _header(api: Api, document: Document, place: Place, entry: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in entry:
        target = api.schema.resolve(document, (*place, "$ref"), entry["$ref"])[1]
        return reference(str(target[-1]), "headers")
    return {**entry, **described(entry)}


def _content(api: Api, shape: Shape, written: Mapping[str, Any]) -> dict[str, Any]:
    media = written.get("application/json", {})
    made: dict[str, Any] = {"schema": _shape(shape)}
    if shape.many:
        bounds = ("minItems", "maxItems")
        made["schema"] |= {key: media["schema"][key] for key in bounds if key in media.get("schema", {})}
    examples = {key: media[key] for key in ("example", "examples") if key in media}
    if written:
        made |= examples or {"example": content_sample(api.schema, shape)}
    return {"application/json": made}


def _shape(shape: Shape) -> dict[str, Any]:
    one = {"type": "object"} if shape.model == "dict" else reference(shape.name)
    return {"type": "array", "items": one} if shape.many else one


def followed(
    api: Api, document: Document, place: Place, entry: Mapping[str, Any]
) -> tuple[Document, Place, Any]:
    """Return the file, the place and the value of an entry, which may be a reference."""
    if "$ref" in entry:
        return api.schema.resolve(document, (*place, "$ref"), entry["$ref"])
    return document, place, entry


def limit_table(api: Api) -> dict[str, Any]:
    """Return every rate limit, for the extension at the top of the document."""
    limits = api.limits
    return {
        "rows": [asdict(row) for row in limits.rows],
        "windows": [asdict(window) for window in limits.windows],
        "month": {"id": limits.month_id, "count": limits.month_count},
    }
