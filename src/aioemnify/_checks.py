"""Checks of arguments. Each error names the argument and says what it accepts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from inspect import iscoroutinefunction
from math import inf
from typing import Any

from aioemnify.errors import ArgumentError, ArgumentTypeError

TOO_LARGE = 2**63
"""No id, count or page is as large. Python refuses to write numbers that are much larger as text."""

GIVE_THE_ID = "names that depend on the account are not known here, so give the id"


def check_type(argument: str, value: Any, kind: Any, accepted: str) -> Any:
    """Refuse a value of another type. Only its type is shown: the value may be a secret."""
    if not isinstance(value, kind):
        raise ArgumentTypeError(argument, f"takes {accepted}, not {type(value).__name__}")
    return value


def check_bool(argument: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ArgumentTypeError(argument, f"takes True or False, not {value!r}")
    return value


def is_async(function: object) -> bool:
    """Return whether a function, or an object that is called like one, has to be awaited."""
    return any(map(iscoroutinefunction, (function, getattr(function, "__call__", None))))  # noqa: B004


def check_plain(argument: str, function: object) -> None:
    """Refuse a function that has to be awaited: nobody would await it."""
    if is_async(function):
        raise ArgumentTypeError(argument, "takes a plain function, not an async one")


def check_whole_number(argument: str, value: object, least: float = 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ArgumentTypeError(argument, f"takes a whole number, not {value!r}")
    if abs(value) >= TOO_LARGE:
        raise ArgumentError(argument, "takes a whole number below 2**63")
    if value < least:
        raise ArgumentError(argument, f"is at least {least}, not {value}")
    return value


def check_number(
    argument: str,
    value: object,
    *,
    above: float = -inf,
    least: float = -inf,
    most: float = inf,
    unit: str = "",
) -> float:
    kind: type[ArgumentError] = ArgumentTypeError
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if above < value < inf and least <= value <= most:
            return value
        kind = ArgumentError
    low = f" above {above:g}" if above > -inf else f" of at least {least:g}"
    high = f" and at most {most:{',.0f' if most >= 1000 else '.3g'}}" if most < inf else ""
    shown = "a larger one" if isinstance(value, int) and abs(value) >= TOO_LARGE else repr(value)
    raise kind(argument, f"takes a number{unit}{low}{high}, not {shown}")


def check_seconds(argument: str, value: object, *, most: float = inf) -> float:
    return check_number(argument, value, above=0.0, most=most, unit=" of seconds")


def check_choice(argument: str, value: object, choices: Collection[str]) -> None:
    if value not in choices:
        raise ArgumentError(
            argument, f"is one of {', '.join(choices)}, not {value!r}{did_you_mean(value, choices)}"
        )


def check_known(argument: str, name: object, known: Collection[str], what: str = "field") -> None:
    if name not in known:
        problem = f"has no {what} {name!r}; it has {', '.join(known)}{did_you_mean(name, known)}"
        raise ArgumentError(argument, problem)


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Return the end of an error text that offers the closest known name, or nothing.

    Of several names, it offers the closest one to each.
    """
    from difflib import get_close_matches  # only errors need it

    spellings = {spelling.casefold(): spelling for spelling in known}
    closest = [
        spellings[match]
        for one in (name if isinstance(name, list) else [name])
        if isinstance(one, str)
        for match in get_close_matches(one.casefold(), spellings, n=1)
    ]
    return f"; did you mean {' and '.join(map(repr, dict.fromkeys(closest)))}?" if closest else ""
