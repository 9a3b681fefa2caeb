"""What became of a payload: the comparison that every test of this folder uses.

It knows nothing of the readers it judges: it walks a payload and a model side by side, by the
model's own types. A member of the payload that the model lacks, a value that was kept raw,
and a value that came from nowhere are losses. Different are allowed only spellings of the
same: a date as its instant, "12" and 12, "1" and True, and null, "" or absence.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import attrs

from aioemnify.types import UNSET, UnsetType


def options_of(annotation: Any) -> list[Any]:
    """Return the types a member may hold, without annotations, None and UNSET."""
    union = typing.get_origin(annotation) in (typing.Union, types.UnionType)
    found = typing.get_args(annotation) if union else (annotation,)
    plain = [
        typing.get_args(item)[0] if typing.get_origin(item) is typing.Annotated else item for item in found
    ]
    return [item for item in plain if item not in (types.NoneType, UnsetType)]


def members_of(model: type[Any]) -> dict[str, attrs.Attribute[Any]]:
    """Return a model's members by the names they have on the wire."""
    attrs.resolve_types(model)
    return {item.metadata.get("wire", item.name): item for item in attrs.fields(model)}


def instant(text: str) -> datetime:
    """Read any known spelling of a moment; without a zone it is UTC."""
    for form in ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"):
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 (the form has %z)
        except ValueError:
            continue
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise AssertionError(f"{text!r} is no known spelling of a date")


def same(said: Any, read: Any) -> bool:
    """Say whether a value of the payload and what became of it mean the same."""
    if isinstance(read, bool):
        return said in ((True, 1, "1", "true") if read else (False, 0, "0", "false"))
    if isinstance(read, datetime):
        return read.utcoffset() is not None and instant(said) == read
    if isinstance(read, date):
        return bool(said == read.isoformat())
    if isinstance(read, Decimal):
        return str(said) == str(read) if isinstance(said, str) else Decimal(str(said)) == read
    if isinstance(read, (int, float)):
        return not isinstance(said, bool) and type(read)(said) == read
    if isinstance(read, str):
        return str(said) == read and not isinstance(said, bool)
    return False


def losses(said: Any, read: Any, annotation: Any, place: str) -> Iterator[str]:
    """Name everything that differs between a payload and what was read of it."""
    options = options_of(annotation)
    if Any in options:
        if said != read:
            yield f"{place}: {said!r} became {read!r}"
        return
    if read is None or read is UNSET:
        if said not in (None, ""):
            yield f"{place}: {said!r} became nothing"
        return
    if attrs.has(type(read)):
        if type(read) not in options or not isinstance(said, dict):
            yield f"{place}: {said!r} became a {type(read).__name__}"
            return
        yield from object_losses(said, read, place)
        return
    if isinstance(read, dict):
        yield from _map_losses(said, read, options, place)
        return
    if isinstance(read, (list, tuple)):
        if not isinstance(said, list) or len(said) != len(read):
            yield f"{place}: {said!r} became {len(read)} items"
            return
        (shape,) = [item for item in options if typing.get_origin(item) in (list, tuple)]
        inner = typing.get_args(shape)
        wanted = inner if isinstance(read, tuple) else inner * len(read)
        for index, (one, other) in enumerate(zip(said, read, strict=True)):
            yield from losses(one, other, wanted[index], f"{place}[{index}]")
        return
    if type(read) not in options:
        yield f"{place}: {said!r} was kept as {type(read).__name__}, not as any of {options}"
    elif not same(said, read):
        yield f"{place}: {said!r} became {read!r}"


def _map_losses(said: Any, read: dict[str, Any], options: list[Any], place: str) -> Iterator[str]:
    shapes = [item for item in options if item is dict or typing.get_origin(item) is dict]
    if not shapes or not isinstance(said, dict) or said.keys() != read.keys():
        yield f"{place}: {said!r} became {read!r}"
        return
    inner = (typing.get_args(shapes[0]) or (str, Any))[1]
    for name, value in said.items():
        yield from losses(value, read[name], inner, f"{place}.{name}")


def object_losses(said: dict[str, Any], read: Any, place: str) -> Iterator[str]:
    """Name everything that differs between an object and the model that was made of it."""
    known = members_of(type(read))
    for name, value in said.items():
        if name not in known:
            yield f"{place}.{name}: {type(read).__name__} has no such member"
        else:
            yield from losses(value, getattr(read, known[name].name), known[name].type, f"{place}.{name}")
    for name in known.keys() - said.keys():
        if getattr(read, known[name].name) not in (None, UNSET):
            yield f"{place}.{name}: came from nowhere"


def answer_losses(body: Any, read: Any) -> list[str]:
    """Name everything that differs between an answer, one object or many, and what a call returned."""
    if not isinstance(body, list):
        body, read = [body], [read]
    assert isinstance(read, list)
    assert len(read) == len(body)
    return [
        loss
        for index, (said, item) in enumerate(zip(body, read, strict=True))
        for loss in object_losses(said, item, f"[{index}]")
    ]


def differences(said: Any, sent: Any, place: str) -> Iterator[str]:
    """Name everything that differs between what was said and the JSON that was sent."""
    if isinstance(said, dict) and isinstance(sent, dict) and said.keys() == sent.keys():
        for name in said:
            yield from differences(said[name], sent[name], f"{place}.{name}")
    elif isinstance(said, list) and isinstance(sent, list) and len(said) == len(sent):
        for index, pair in enumerate(zip(said, sent, strict=True)):
            yield from differences(*pair, f"{place}[{index}]")
    elif isinstance(said, str) and isinstance(sent, str) and said != sent:
        if sent[:1].isdigit() and sent.endswith("Z") and instant(said) == instant(sent):
            return
        yield f"{place}: {said!r} was sent as {sent!r}"
    elif type(said) is not type(sent) or said != sent:
        yield f"{place}: {said!r} was sent as {sent!r}"


def built(annotation: Any, raw: Any) -> Any:
    """Make what a user would write for a body: the models' own constructors, a datetime for a date."""
    options = options_of(annotation)
    if Any in options:
        return raw
    if isinstance(raw, dict):
        if any(typing.get_origin(item) is dict for item in options):
            return raw
        kind = next(item for item in options if attrs.has(item) and raw.keys() <= members_of(item).keys())
        known = members_of(kind)
        return kind(**{known[name].name: built(known[name].type, value) for name, value in raw.items()})
    if isinstance(raw, list):
        (inner,) = [typing.get_args(item)[0] for item in options if typing.get_origin(item) is list]
        return [built(inner, value) for value in raw]
    return instant(raw) if datetime in options and isinstance(raw, str) else raw
