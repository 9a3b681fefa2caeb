"""The classes of other libraries, made from our own: the same members of the same types, in all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args, get_origin

import attrs
import msgspec

from benchmarks.cases import Missing

Make = Callable[[str, list[tuple[str, Any, Any]]], type]
"""Makes a class of a name and its members: their names, types, and defaults (``attrs.NOTHING`` for none)."""


def mirrored(model: type, make: Make) -> Any:
    """Return a class like ``model``, and with it one like each class that it holds."""
    made: dict[type, type] = {}

    def like(annotation: Any) -> Any:
        if isinstance(annotation, type) and attrs.has(annotation):
            if annotation not in made:
                made[annotation] = make(
                    annotation.__name__,
                    [(field.name, like(field.type), field.default) for field in attrs.fields(annotation)],
                )
            return made[annotation]
        if hasattr(annotation, "__metadata__"):  # a moment with its zone: not all of them can ask for that
            return annotation
        parts = get_args(annotation)
        if not parts:
            return annotation
        origin: Any = get_origin(annotation)
        new = tuple(like(part) for part in parts)
        if origin in (list, dict, tuple):
            return origin[new]
        union: Any = new[0]
        for part in new[1:]:
            union = union | part
        return union

    return like(model)


def struct(name: str, members: list[tuple[str, Any, Any]]) -> type:
    """Make a ``msgspec.Struct``."""
    fields: list[Any] = [
        (member, kind) if default is attrs.NOTHING else (member, kind, default)
        for member, kind, default in members
    ]
    return msgspec.defstruct(name, fields, kw_only=True, frozen=True)


def pydantic_model(name: str, members: list[tuple[str, Any, Any]]) -> type:
    """Make a model of pydantic v2."""
    try:
        import pydantic
    except ImportError:
        raise Missing("pydantic is not installed") from None
    fields: dict[str, Any] = {
        member: (_plain(kind), ... if default is attrs.NOTHING else default)
        for member, kind, default in members
    }
    made: type = pydantic.create_model(name, **fields)
    return made


def _plain(kind: Any) -> Any:
    """Take off what is said to msgspec alone."""
    if hasattr(kind, "__metadata__"):
        return kind.__origin__
    parts = get_args(kind)
    if not parts or get_origin(kind) in (list, dict, tuple):
        return kind
    union: Any = _plain(parts[0])
    for part in parts[1:]:
        union = union | _plain(part)
    return union


def cattrs_codec(model: type) -> tuple[Callable[[bytes], Any], Callable[[Any], bytes]]:
    """Return how cattrs reads and writes a list of ``model``, with its converter for msgspec."""
    from datetime import datetime

    from cattrs.preconf.msgspec import make_converter

    converter: Any = make_converter()
    converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    whole: Any = list[model]  # type: ignore[valid-type]
    loads = converter.get_loads_hook(whole)
    dumps = converter.get_dumps_hook(whole)
    return loads, dumps
