"""Compare two schemas, in what they mean to somebody who calls the library.

The records that the rest of codegen reads are compared, never the generated text. A change is
**breaking** when code that was right before may now be refused by a type checker, by Python or
by the library, or may meet a value it had no need to reckon with:

- an operation, a model, a constant of a lookup, a filter, or a member, parameter, filter field
  or sort field of one is gone or has another name;
- a parameter of an operation or a member of something that is sent has to be given now;
- something that is answered may be ``None`` now, something that is sent may no longer be null;
- a type is another one, unless what is sent takes more than before, or what is answered is
  less than before; the same holds for the choices of a parameter or of a sent member;
- a method takes another body, returns another type, or its path values stand in another order;
- a list takes fewer items a page, or the size or number of a page has another name.

What only the server does otherwise is not breaking: method and path of a request, statuses,
error codes, limits, retry class, lanes, default sizes and orders, new values of a lookup. What
is only worded otherwise is counted. A model is *sent* when the body of some operation holds it,
*answered* when some result does; one that is neither is taken for both.
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
    """One difference. ``text`` is Markdown; a difference in wording alone has none."""

    section: Section
    text: str
    breaking: bool = False
    reworded: bool = False


REWORDED = Change("Changed", "", reworded=True)


def reworded(old: str | None, new: str | None) -> Iterator[Change]:
    """Tell when the same thing is said in other words; another line break is no other word."""
    if (old or "").split() != (new or "").split():
        yield REWORDED


def further(subject: str, old: Any, new: Any, known: Iterable[str]) -> Iterator[Change]:
    """Compare the fields of two records that the caller does not compare itself."""
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
    """Write a count with its word."""
    return f"{count} {word}{'' if count == 1 else 's'}"
