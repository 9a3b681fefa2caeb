"""Reading what breaks the API's own schema, without losing it.

The fast reader refuses a page when one member of one item is not as described. This one is
used then: item by item, member by member, it takes numbers written as text and text
written as numbers, every date spelling seen in the wild, ``""`` for "none", and keeps what
still does not fit as it came. It never raises for a member; ``surprises`` says what was
kept raw or missing, so that it can be logged once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, Self, TypeVar, Union, get_args, get_origin

import attrs
import cattrs
from msgspec import UNSET

from aioemnify.transport.wire.fields import alternatives, model_fields

T = TypeVar("T")

_BARE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NOTHING = frozenset({"", "null"})
_TRUE = frozenset({"1", "true", "yes"})
_FALSE = frozenset({"0", "false", "no"})

# What a value that does not fit raises: our own refusals, and those of Python and cattrs for other shapes.
_MISFITS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    TypeError,
    ValueError,
    cattrs.errors.BaseValidationError,
)


class WrittenNumber(float):
    """A JSON number with a fraction, and how it was written: a float alone would lose its digits."""

    __slots__ = ("written",)

    def __new__(cls, written: str) -> Self:
        """Read a number as JSON writes it."""
        number = super().__new__(cls, written)
        number.written = written
        return number

    written: str


class LenientReader:
    """Turns decoded JSON into models, keeping what it cannot understand."""

    def __init__(self) -> None:
        self.surprises: set[str] = set()
        self._place: list[str] = []
        self._converter = cattrs.Converter()
        for kind, read in _SCALARS.items():
            self._converter.register_structure_hook(kind, _scalar_hook(read))
        self._converter.register_structure_hook_func(_is_union, self._union)
        self._converter.register_structure_hook_func(attrs.has, self._model)
        self._converter.register_structure_hook_func(_is_list, self._list)
        self._converter.register_structure_hook_func(_is_pair, self._pair)

    def read(self, value: Any, annotation: Any) -> Any:
        """Return ``value`` as ``annotation`` as far as it goes."""
        return self._member(value, annotation)

    def _member(self, value: Any, annotation: Any) -> Any:
        try:
            return self._converter.structure(value, annotation)
        except _MISFITS:
            self.surprises.add(f"{'.'.join(self._place) or 'the answer'} is {type(value).__name__}")
            return value

    def _model(self, value: Any, model: type[Any]) -> Any:
        if not isinstance(value, Mapping):
            raise TypeError(f"{model.__name__} is not an object")
        given: dict[str, Any] = {}
        for member in model_fields(model):
            self._place.append(f"{model.__name__}.{member.wire}" if not self._place else member.wire)
            if member.wire in value:
                given[member.name] = self._member(value[member.wire], member.type)
            elif member.required:
                self.surprises.add(f"{'.'.join(self._place)} is missing")
                given[member.name] = None
            self._place.pop()
        return model(**given)

    def _union(self, value: Any, annotation: Any) -> Any:
        kinds, nullable, unset = alternatives(annotation)
        if value is None:
            return None
        if str not in kinds and (nullable or unset) and isinstance(value, str) and value.lower() in _NOTHING:
            # The API writes an absent number, date or object as empty text now and then. The text
            # "null" is nothing to the fast reader too, and both have to agree.
            return None if nullable else UNSET
        for kind in kinds:
            try:
                return self._converter.structure(value, kind)
            except _MISFITS:
                continue
        raise ValueError("fits no alternative")

    def _list(self, value: Any, annotation: Any) -> list[Any]:
        if not isinstance(value, list):
            raise TypeError("not an array")
        (item,) = get_args(annotation) or (Any,)
        return [self._member(entry, item) for entry in value]

    def _pair(self, value: Any, annotation: Any) -> tuple[Any, ...]:
        kinds = get_args(annotation)
        if not isinstance(value, list) or len(value) != len(kinds):
            raise TypeError("not a tuple of that length")
        return tuple(self._member(entry, kind) for entry, kind in zip(value, kinds, strict=True))


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, UnionType)


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list or annotation is list


def _is_pair(annotation: Any) -> bool:
    return get_origin(annotation) is tuple


def _scalar_hook(read: Any) -> Any:
    return lambda value, _kind: read(value)


def _integer(value: Any) -> int:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        if not value.is_integer():
            raise ValueError("not a whole number")
        return int(value)
    if isinstance(value, int):
        return value
    if not isinstance(value, str) or "_" in value:  # Python would read 1_000
        raise TypeError("not a number")
    try:
        return int(value)
    except ValueError:
        return _integer(float(value))  # "12.0"


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise TypeError("not text")


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower() if isinstance(value, (int, str)) else ""
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError("neither true nor false")


def _number(value: Any) -> float:
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        return float(value)
    raise TypeError("not a number")


def _decimal(value: Any) -> Decimal:
    if isinstance(value, WrittenNumber):
        return Decimal(value.written)
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        return Decimal(str(value))
    raise TypeError("not a number")


def read_moment(value: Any) -> datetime:
    """Read one of the API's date spellings; without a zone it is UTC, a bare date is its midnight."""
    if not isinstance(value, str):
        raise TypeError("not a date")
    text = value.strip()
    if _BARE_DATE.fullmatch(text):
        text += "T00:00:00"
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _moment(value: Any) -> datetime:
    # A bare number is seconds since 1970, as text too: so the fast reader has it, and both have to agree.
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        number = float(value)
    return read_moment(value) if number is None else datetime.fromtimestamp(number, UTC)


def _day(value: Any) -> date:
    # A time of day has no place in a day: taking the day out of a moment would lose it.
    if not isinstance(value, str) or not _BARE_DATE.fullmatch(value.strip()):
        raise TypeError("not a day")
    return date.fromisoformat(value.strip())


_SCALARS: dict[type[Any], Any] = {
    int: _integer,
    str: _text,
    bool: _boolean,
    float: _number,
    Decimal: _decimal,
    date: _day,
    datetime: _moment,
}
