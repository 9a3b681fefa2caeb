"""The names of the known values of lookups, in any case, spelt as the API or the constant spells them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from aioemnify._checks import did_you_mean

_MOST_SHOWN = 12
"""Names that an error lists; of more, it counts them."""


class UnknownNameError(ValueError):
    """A lookup has no known value of that name.

    The text says what it takes. ``hint`` offers the closest name, which tells something about the value.
    """

    def __init__(self, accepted: str, hint: str) -> None:
        super().__init__(accepted)
        self.hint = hint


def _names_of(lookup: Any) -> Mapping[str, tuple[str, int]]:
    known: dict[str, tuple[str, int]] = {}
    for constant, value in vars(lookup).items():
        if isinstance(value, lookup) and hasattr(value, "id"):
            members = (getattr(value, member, None) for member in ("description", "name"))
            label = next((text for text in members if text), constant)
            known[_plain(label)] = known[_plain(constant)] = (label, value.id)
    return known


_known: Callable[[Any], Mapping[str, tuple[str, int]]] = cache(_names_of)


def _plain(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def identity_named(lookup: type[Any], name: str) -> int:
    """Return the id of the known value of a lookup that has this name.

    Raises:
        UnknownNameError: there is none.
    """
    known = _known(lookup)
    if (found := known.get(_plain(name))) is not None:
        return found[1]
    labels = list(dict.fromkeys(label for label, _ in known.values()))
    kind = lookup.__name__
    if not labels:
        raise UnknownNameError(f"takes {kind} or its id, because its names are not documented", "")
    listed = ", ".join(labels) if len(labels) <= _MOST_SHOWN else f"one of its {len(labels)} known names"
    raise UnknownNameError(f"takes {kind} ({listed}) or its id", did_you_mean(name, labels))
