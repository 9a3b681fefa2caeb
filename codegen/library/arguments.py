"""Say what a class or function takes: the arguments that are described, their types and their defaults."""

from __future__ import annotations

import re
from collections.abc import Sequence

import griffe

WIDTH = 88
"""The longest signature on one line."""


def described(found: griffe.Object) -> set[str]:
    """Return the arguments and attributes that a docstring describes."""
    if found.docstring is None:
        return set()
    kinds = (griffe.DocstringSectionParameters, griffe.DocstringSectionAttributes)
    sections = found.docstring.parse("google", warnings=False)
    return {one.name for part in sections if isinstance(part, kinds) for one in part.value}


def known_arguments(found: griffe.Object) -> dict[str, tuple[object, object]]:
    """Return type and default of each argument of a function or class."""
    made = found.members.get("__init__") if isinstance(found, griffe.Class) else found
    if isinstance(made, griffe.Function):
        return {one.name: (one.annotation, one.default) for one in made.parameters}
    return {
        name: (member.annotation, written_default(member.value).removeprefix(" = ") or None)
        for name, member in found.members.items()
        if isinstance(member, griffe.Attribute)
    }


def written_default(value: object) -> str:
    """Write the default of a field of a class."""
    if value is None:
        return ""
    text = str(value)
    if text.startswith(("field(", "msgspec.field(")):
        found = re.search(r"\b(default|factory|default_factory)=([\w.'\"]+)(\()?", text)
        if found is None:
            return ""
        return f" = {'...' if found[3] or found[1] != 'default' else found[2]}"
    return f" = {text}"


def wrapped(name: str, given: Sequence[str], end: str) -> str:
    """Write a signature on one line, or with a line for each argument."""
    given = [one.replace("'", '"') for one in given]
    line = f"{name}({', '.join(given)}){end}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{name}(", *(f"    {one}," for one in given), f"){end}"])
