"""The differences between two schemas, as they affect users of the library.

The comparison reads the records of the schema, not the generated text. A change is **breaking** if a
type checker, Python or the library may now reject code that was correct before, or if that code may
now receive a value that it did not have to handle:

- an operation, a model, a constant of a lookup, a filter, or a member, parameter, filter field or
  sort field of one is removed or renamed;
- a parameter of an operation or a member of a request becomes required;
- a member of a response can now be ``None``, or a member of a request can no longer be null;
- a type changes, unless a request accepts more types than before or a response can have fewer; the
  same applies to the choices of a parameter or of a request member;
- a method for many items (``x-bulk``, ``x-many``) is removed, renamed or loses an argument;
- a method that finds, follows or waits (``x-find``, ``x-follow``, ``x-wait``) is removed or renamed;
- a method has another body, returns another type, or has its path values in another order;
- a list allows fewer items per page, or the parameter for the page or its size is renamed.

Changes that affect only the server are not breaking: method and path of a request, statuses, error
codes, limits, retry class, lanes, default page sizes and orders, new values of a lookup. Descriptions
that only changed their wording are counted. A model is *sent* if the body of an operation contains it,
and *answered* if a result does; a model that is neither counts as both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

from attrs import fields_dict, frozen

Section: TypeAlias = Literal["Added", "Changed", "Deprecated", "Removed"]
SECTIONS: tuple[Section, ...] = ("Added", "Changed", "Deprecated", "Removed")


@frozen
class Change:
    """One difference. ``text`` is Markdown; it is empty if only the wording changed."""

    section: Section
    text: str
    breaking: bool = False
    reworded: bool = False


REWORDED = Change("Changed", "", reworded=True)


def reworded(old: str | None, new: str | None) -> Iterator[Change]:
    """Yield a change if the wording differs; line breaks do not count."""
    if (old or "").split() != (new or "").split():
        yield REWORDED


def further(subject: str, old: Any, new: Any, known: Iterable[str]) -> Iterator[Change]:
    """Compare the fields of two records that are not in ``known``."""
    for name in fields_dict(type(new)):
        before, after = getattr(old, name), getattr(new, name)
        if name not in known and before != after:
            yield Change("Changed", f"{subject}: {name} is {shown(after)}, was {shown(before)}.")


def shown(value: object) -> str:
    """Write a value inside a sentence."""
    if value is None or value == () or value == "":
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, str):
        return f"`{value}`"
    return f"`{json.dumps(value)}`" if isinstance(value, list | dict) else str(value)


def names(values: Iterable[str]) -> str:
    """Write names as a list inside a sentence."""
    return ", ".join(f"`{value}`" for value in values)


def plural(count: int, word: str) -> str:
    """Write a count with its noun."""
    return f"{count} {word}{'' if count == 1 else 's'}"
