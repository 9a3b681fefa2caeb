"""Decode a response that does not match the API's own schema, without losing data.

The fast decoder refuses a whole page if one member of one item does not match. Then this reader takes over.
It reads each member on its own, and accepts numbers as text, text as numbers, every date format seen in
responses, and ``""`` for ``null``. What still does not match is kept as it is. It never raises for a member;
``mismatches`` names those that were kept or missing, for the log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Self, get_args, get_origin

import attrs
import cattrs
from msgspec import UNSET

from aioemnify.serialization.fields import alternatives, bare, is_list, is_union, model_fields
from aioemnify.types import Date, Timestamp

_BARE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NOTHING = frozenset({"", "null"})
_TRUE = frozenset({"1", "true", "yes"})
_FALSE = frozenset({"0", "false", "no"})

# What a value that does not match raises: our own functions, Python and cattrs. Nobody sees a text.
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
    """A JSON number with a fraction, together with its text: a float alone would lose digits."""

    __slots__ = ("written",)

    def __new__(cls, written: str) -> Self:
        """Parse the text of a JSON number."""
        number = super().__new__(cls, written)
        number.written = written
        return number

    written: str


class LenientReader:
    """Converts decoded JSON to models, and keeps values that do not match."""

    def __init__(self) -> None:
        self.mismatches: set[str] = set()
        self._path: list[str] = []
        self._converter = cattrs.Converter()
        for kind, read in _SCALARS.items():
            self._converter.register_structure_hook(kind, _scalar_hook(read))
        self._converter.register_structure_hook_func(is_union, self._union)
        self._converter.register_structure_hook_func(attrs.has, self._model)
        self._converter.register_structure_hook_func(is_list, self._list)
        self._converter.register_structure_hook_func(_is_pair, self._pair)
        # That of cattrs would be compiled again for each response.
        self._converter.register_structure_hook_func(_is_mapping, self._mapping)

    def read(self, value: Any, annotation: Any) -> Any:
        """Return ``value`` converted to ``annotation``, or as it is if it does not match."""
        try:
            return self._converter.structure(value, annotation)
        except _MISFITS:
            self.mismatches.add(f"{'.'.join(self._path) or 'the response'} is {type(value).__name__}")
            return value

    def _model(self, value: Any, model: type[Any]) -> Any:
        if not isinstance(value, Mapping):
            raise TypeError
        given: dict[str, Any] = {}
        for member in model_fields(model):
            self._path.append(f"{model.__name__}.{member.wire}" if not self._path else member.wire)
            if member.wire in value:
                given[member.name] = self.read(value[member.wire], member.type)
            elif member.required:
                self.mismatches.add(f"{'.'.join(self._path)} is missing")
                given[member.name] = None
            self._path.pop()
        return model(**given)

    def _union(self, value: Any, annotation: Any) -> Any:
        kinds, nullable, unset = alternatives(annotation)
        if value is None:
            return None
        if str not in kinds and (nullable or unset) and isinstance(value, str) and value.lower() in _NOTHING:
            # The API sometimes writes an absent number, date or object as an empty text. The fast decoder
            # reads the text "null" as None too, and both have to agree.
            return None if nullable else UNSET
        for kind in kinds:
            try:
                return self._converter.structure(value, kind)
            except _MISFITS:
                continue
        raise ValueError

    def _list(self, value: Any, annotation: Any) -> list[Any]:
        if not isinstance(value, list):
            raise TypeError
        (item,) = get_args(annotation) or (Any,)
        return [self.read(entry, item) for entry in value]

    def _pair(self, value: Any, annotation: Any) -> tuple[Any, ...]:
        kinds = get_args(annotation)
        if not isinstance(value, list) or len(value) != len(kinds):
            raise TypeError
        return tuple(self.read(entry, kind) for entry, kind in zip(value, kinds, strict=True))

    def _mapping(self, value: Any, annotation: Any) -> dict[Any, Any]:
        if not isinstance(value, dict):
            raise TypeError
        _, kind = get_args(annotation) or (Any, Any)
        return {name: self.read(entry, kind) for name, entry in value.items()}


def _is_mapping(annotation: Any) -> bool:
    return get_origin(annotation) is dict or annotation is dict


def _is_pair(annotation: Any) -> bool:
    return get_origin(annotation) is tuple


def _scalar_hook(read: Any) -> Any:
    return lambda value, _kind: read(value)


def _integer(value: Any) -> int:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        if not value.is_integer():
            raise ValueError
        return int(value)
    if isinstance(value, int):
        return value
    if not isinstance(value, str) or "_" in value:  # Python would read 1_000
        raise TypeError
    try:
        return int(value)
    except ValueError:
        return _integer(float(value))  # "12.0"


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise TypeError


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower() if isinstance(value, (int, str)) else ""
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError


def _number(value: Any) -> float:
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        return float(value)
    raise TypeError


def _decimal(value: Any) -> Decimal:
    if isinstance(value, WrittenNumber):
        return Decimal(value.written)
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        return Decimal(str(value))
    raise TypeError


def parse_timestamp(value: Any) -> datetime:
    """Parse a date and time. Without a zone it is UTC; a date alone is midnight."""
    if not isinstance(value, str):
        raise TypeError
    text = value.strip()
    if _BARE_DATE.fullmatch(text):
        text += "T00:00:00"
    timestamp = datetime.fromisoformat(text)
    return timestamp if timestamp.tzinfo is not None else timestamp.replace(tzinfo=UTC)


def _timestamp(value: Any) -> datetime:
    # A number, also as text, is seconds since 1970, as in the fast decoder.
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        number = float(value)
    return parse_timestamp(value) if number is None else datetime.fromtimestamp(number, UTC)


def _date(value: Any) -> date:
    # A date with a time does not match: its time would be lost.
    if not isinstance(value, str) or not _BARE_DATE.fullmatch(value.strip()):
        raise TypeError
    return date.fromisoformat(value.strip())


_SCALARS: dict[type[Any], Any] = {
    int: _integer,
    str: _text,
    bool: _boolean,
    float: _number,
    Decimal: _decimal,
    bare(Date): _date,
    bare(Timestamp): _timestamp,
}
