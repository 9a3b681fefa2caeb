"""Classes of other libraries with the same members and types as our models, so that all do the same work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, get_args, get_origin

import attrs
import msgspec

from benchmarks.cases import Missing

Members = list[tuple[str, Any, Any]]
"""Name, type and default of each member; ``attrs.NOTHING`` for no default."""


def like(model: type, make: Callable[[str, Members], type]) -> Any:
    """Return a class like ``model``, with classes like those of its members; ``make`` creates each."""
    made: dict[type, type] = {}

    def convert(annotation: Any) -> Any:
        if isinstance(annotation, type) and attrs.has(annotation):
            if annotation not in made:
                fields = [(one.name, convert(one.type), one.default) for one in attrs.fields(annotation)]
                made[annotation] = make(annotation.__name__, fields)
            return made[annotation]
        if hasattr(annotation, "__metadata__"):  # a datetime that must have a time zone
            return annotation
        return _rebuilt(annotation, convert)

    return convert(model)


def _rebuilt(annotation: Any, convert: Callable[[Any], Any]) -> Any:
    """Return a list, dict, tuple or union type with converted parts."""
    parts = tuple(convert(part) for part in get_args(annotation))
    if not parts:
        return annotation
    origin: Any = get_origin(annotation)
    if origin in (list, dict, tuple):
        return origin[parts]
    union: Any = parts[0]
    for part in parts[1:]:
        union = union | part
    return union


def struct(name: str, members: Members) -> type:
    """Create a ``msgspec.Struct``."""
    fields: list[Any] = [
        (member, kind) if default is attrs.NOTHING else (member, kind, default)
        for member, kind, default in members
    ]
    return msgspec.defstruct(name, fields, kw_only=True, frozen=True)


def pydantic_model(name: str, members: Members) -> type:
    """Create a pydantic v2 model."""
    try:
        import pydantic
    except ImportError:
        raise Missing("pydantic is not installed") from None
    fields: dict[str, Any] = {
        member: (_without_metadata(kind), ... if default is attrs.NOTHING else default)
        for member, kind, default in members
    }
    made: type = pydantic.create_model(name, **fields)
    return made


def _without_metadata(kind: Any) -> Any:
    """Return a type without the annotations that only msgspec understands."""
    if hasattr(kind, "__metadata__"):
        return kind.__origin__
    return kind if get_origin(kind) in (list, dict, tuple) else _rebuilt(kind, _without_metadata)


def cattrs_codec(model: type) -> tuple[Callable[[bytes], Any], Callable[[Any], bytes]]:
    """Return how cattrs decodes and encodes a list of ``model``, with its converter for msgspec."""
    from cattrs.preconf.msgspec import make_converter

    converter: Any = make_converter()
    converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    page: Any = list[model]  # type: ignore[valid-type]
    return converter.get_loads_hook(page), converter.get_dumps_hook(page)
