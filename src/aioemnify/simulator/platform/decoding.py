"""Convert plain values to types, with errors that name the place, the accepted values and close matches."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

Path = tuple[str | int, ...]
_T = TypeVar("_T")
_AT = re.compile(r"(.*) - at `\$?(.*)`", re.DOTALL)
_PART = re.compile(r"\.([^.\[]+)|\[([^\]]*)\]")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_MISSING = re.compile(r"Object missing required field `(.*)`")


class InvalidValueError(ValueError):
    """A value does not fit its type.

    Args:
        problem: what is wrong.
        path: the members and list indexes that lead to the value.
        hint: what is accepted.
    """

    def __init__(self, problem: str, path: Path, hint: str = "") -> None:
        super().__init__(f"{problem} at {shown(path)}{hint}")
        self.message: str = f"{problem}{hint}"
        self.path = path


def convert(value: Any, kind: type[_T]) -> _T:
    """Convert plain values to a type.

    Raises:
        InvalidValueError: they do not fit.
    """
    try:
        return msgspec.convert(value, type=kind)
    except msgspec.ValidationError as error:
        raise _explained(str(error), kind, value) from None


def decode_json(content: bytes | str, kind: type[_T]) -> _T:
    """Decode JSON to a type.

    Raises:
        InvalidValueError: the values do not fit.
        msgspec.DecodeError: it is not JSON.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        try:
            value = msgspec.json.decode(content)
        except (msgspec.DecodeError, RecursionError):  # the error was found before the broken part
            value = None
        raise _explained(str(error), kind, value) from None


def shown(path: Path) -> str:
    """Return a path as text, such as ``$.step[0].after``."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def did_you_mean(name: object, accepted: Iterable[str]) -> str:
    """Return a hint that names the closest accepted names, empty without one."""
    close = difflib.get_close_matches(str(name), list(accepted), n=3)
    return f"; did you mean {' or '.join(map(repr, close))}?" if close else ""


def _explained(text: str, kind: Any, value: Any) -> InvalidValueError:
    found = _AT.fullmatch(text)
    message, place = (found[1], found[2]) if found else (text, "")
    parts = [match[1] or match[2] for match in _PART.finditer(place)]
    path, node, value = _followed(parts, inspect.type_info(kind), value)
    struct = _struct(node, value)
    if (unknown := _UNKNOWN.fullmatch(message)) and struct is not None:
        names = [field.encode_name for field in struct.fields]
        if tag := getattr(struct, "tag_field", None):
            names.insert(0, tag)
        return _refused("unknown member", unknown[1], names, (*path, unknown[1]))
    missing = _MISSING.fullmatch(message)
    if missing and struct is None and (tags := _tags(node)):
        return InvalidValueError(f"{missing[1]} is missing", path, f"; accepted: {', '.join(tags)}")
    if missing:
        return InvalidValueError(f"{missing[1]} is missing", path)
    accepted = _literals(node) or (_tags(node) if message.startswith("Invalid ") else [])
    if accepted and message.startswith(("Invalid ", "Expected ")):
        name = str(path[-1]) if path else "value"
        return _refused(f"unknown {name}", value, accepted, path)
    return InvalidValueError(message, path)


def _refused(what: str, given: object, accepted: Sequence[str], path: Path) -> InvalidValueError:
    close, known = did_you_mean(given, accepted), ", ".join(accepted)
    hint = f"{close} Accepted: {known}" if close else f"; accepted: {known}"
    return InvalidValueError(f"{what} {given!r}", path, hint)


def _followed(parts: Sequence[str], node: Any, value: Any) -> tuple[Path, Any, Any]:
    """Return the path, and the type and the value that it leads to."""
    path: list[str | int] = []
    for part in parts:
        place = int(part) if part.isdecimal() else part
        struct = _struct(node, value)
        if isinstance(place, int):
            lists = [each for each in _choices(node) if isinstance(each, inspect.ListType)]
            node = lists[0].item_type if lists else None
        elif struct is not None and place != getattr(struct, "tag_field", None):
            node = next((field.type for field in struct.fields if field.encode_name == place), None)
        path.append(place)
        try:
            value = value[place]
        except (LookupError, TypeError):
            value = None
    return tuple(path), node, value


def _choices(node: Any) -> Sequence[Any]:
    return node.types if isinstance(node, inspect.UnionType) else (node,)


def _struct(node: Any, value: Any) -> inspect.StructType | inspect.DataclassType | None:
    """Return the struct or attrs class that a value is meant to be: of several, the one with its tag."""
    classes = [each for each in _choices(node) if isinstance(each, inspect.DataclassType)]
    if classes:
        return classes[0]
    structs = [each for each in _choices(node) if isinstance(each, inspect.StructType)]
    if len(structs) < 2:
        return structs[0] if structs else None
    tag = structs[0].tag_field
    given = value.get(tag) if isinstance(value, dict) and tag else None
    return next((each for each in structs if each.tag == given), None)


def _tags(node: Any) -> list[str]:
    tags = [each.tag for each in _choices(node) if isinstance(each, inspect.StructType)]
    return sorted(str(tag) for tag in tags if tag is not None) if len(tags) > 1 else []


def _literals(node: Any) -> list[str]:
    return [
        str(value)
        for each in _choices(node)
        if isinstance(each, inspect.LiteralType)
        for value in each.values
    ]
