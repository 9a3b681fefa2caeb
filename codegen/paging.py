"""Read how a list is paged, filtered and sorted, and where its pages hold the totals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from codegen.check import check_keys, check_texts
from codegen.filters import Filter
from codegen.load import Document, Place, Schema
from codegen.shapes import Shape, model_of

PAGING_KEYS = {"page", "size", "default", "max", "filter", "sort", "default_sort", "envelope"}
ENVELOPE_KEYS = ("items", "total", "pages", "page", "size")


@frozen
class Envelope:
    """The members of a page that the API sends as one object, by wire name.

    ``item`` is the model of the ``items``. ``page`` and ``size`` hold the values in effect.
    """

    item: Shape
    items: str
    total: str
    pages: str
    page: str | None
    size: str | None


@frozen
class Paging:
    """How a list is paged, filtered and sorted."""

    page: str
    size: str
    default: int | None
    max: int | None
    filter: Filter | None
    sort: tuple[str, ...]
    default_sort: str | None
    envelope: Envelope | None


def read_paging(
    schema: Schema,
    filters: Mapping[str, Filter],
    document: Document,
    place: Place,
    facts: Mapping[str, Any],
    result: Shape | None,
) -> Paging | None:
    """Return the paging of an operation, or ``None`` if its list is not paged."""
    if "x-paging" not in facts:
        return None
    spot = (*place, "x-paging")
    paging = check_keys(document, spot, facts["x-paging"], PAGING_KEYS)
    envelope: Envelope | None = None
    if "envelope" in paging:
        envelope = _envelope(schema, document, (*spot, "envelope"), paging["envelope"], result)
    elif result is None or not result.many:
        raise document.fault(spot, "only a list can be paged")
    for key in ("default", "max"):
        if not isinstance(paging.get(key), int | None):
            raise document.fault((*spot, key), "must be a whole number")
    for key in ("page", "size"):
        if not isinstance(paging.get(key, key), str) or not paging.get(key, key).isidentifier():
            raise document.fault((*spot, key), "must be the name of a query parameter")
    known: Filter | None = None
    if "filter" in paging:
        name = str(paging["filter"]).rpartition("/")[2]
        if name not in filters:
            raise document.fault(
                (*spot, "filter"), f"unknown filter {name!r} (known: {', '.join(sorted(filters))})"
            )
        known = filters[name]
    sort = tuple(check_texts(document, (*spot, "sort"), paging.get("sort")))
    default_sort = paging.get("default_sort")
    if default_sort is not None and str(default_sort).lstrip("-+") not in sort:
        raise document.fault((*spot, "default_sort"), f"{default_sort!r} is not among the sort fields")
    return Paging(
        page=str(paging.get("page", "page")),
        size=str(paging.get("size", "per_page")),
        default=paging.get("default"),
        max=paging.get("max"),
        filter=known,
        sort=sort,
        default_sort=default_sort,
        envelope=envelope,
    )


def _envelope(
    schema: Schema, document: Document, place: Place, value: object, result: Shape | None
) -> Envelope:
    """Check that the model of the response has the members that the envelope names."""
    names = check_keys(document, place, value, set(ENVELOPE_KEYS))
    ref = model_of(schema, result) if result is not None and not result.many else None
    if ref is None:
        raise document.fault(place, "the response must be a model that holds the items")
    properties = ref.schema.get("properties") or {}
    for key in ENVELOPE_KEYS:
        name = names.get(key)
        if name is None and key in ("page", "size"):
            continue
        if name is None:
            raise document.fault(place, f"must name the member of {ref.name} that holds the {key}")
        if not isinstance(name, str) or name not in properties:
            raise document.fault((*place, key), f"{ref.name} has no member {name!r}")
        kind = properties[name].get("type")
        if key != "items" and kind not in ("integer", "number"):
            raise document.fault((*place, key), f"the member {name!r} of {ref.name} is not a number")
    items = properties[names["items"]]
    inner = items.get("items") if items.get("type") == "array" else None
    if not isinstance(inner, dict) or "$ref" not in inner:
        raise document.fault(
            (*place, "items"), f"the member {names['items']!r} of {ref.name} is not an array of a model"
        )
    spot = ("components", "schemas", ref.name, "properties", names["items"], "items", "$ref")
    item = schema.model(ref.document, spot, inner["$ref"])
    return Envelope(
        item=Shape(item.text, many=True),
        items=names["items"],
        total=names["total"],
        pages=names["pages"],
        page=names.get("page"),
        size=names.get("size"),
    )
