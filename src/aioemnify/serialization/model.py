"""The base of all models: a model as a dictionary, as JSON, and as a type of pydantic and FastAPI.

The bases have no slots and no state, so a model is as small as without them. What they need to know of a
class is read from its fields on first use: ``metadata["wire"]`` is the name in JSON where it differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from operator import attrgetter
from types import NoneType
from typing import Any, ClassVar, Literal, Self, TypeAlias

import msgspec
from msgspec import UNSET

Decimals: TypeAlias = Literal["text", "number"]
"""How decimals are written."""


class Model:
    """A model of the API, with the conversions that all models have."""

    __slots__ = ()

    _ignores_unknown: ClassVar[bool] = True

    def to_dict(self, *, decimals: Decimals = "text") -> dict[str, Any]:
        """Return the model as dictionaries, lists and plain values, as in JSON.

        Names are those of the API, times are ISO 8601 text. Absent members are left out. In a request
        body, ``None`` stays: it clears a value. Secrets, which a repr hides, are included in plain text.

        Args:
            decimals: ``"text"`` keeps all digits; ``"number"`` writes numbers, with at most 17 digits.
        """
        if decimals == "text":
            try:
                return _members(self, msgspec.to_builtins)
            except TypeError:  # a value of a subclass; most models have none, and are converted faster
                return _members(self, partial(msgspec.to_builtins, enc_hook=_of_subclass))
        found: dict[str, Any] = _JSON_READER.decode(self._json(decimals))
        return found

    def to_json(self, *, decimals: Decimals = "text") -> str:
        """Return the model as JSON text, with the members of ``to_dict()``, secrets included.

        Args:
            decimals: ``"text"`` or ``"number"``; both keep all digits.
        """
        return self._json(decimals).decode()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, strict: bool = True) -> Self:
        """Return the model of a dictionary, such as one of ``to_dict()`` or a mapping for a request body.

        Values may be as in JSON or of their Python types, including other models. Members that a response
        model does not have are ignored.

        Args:
            data: The members by their names in the API.
            strict: Whether to refuse values that do not fit and missing members. Otherwise they are kept
                as they are and ``None``, as the client does by default with responses.

        Raises:
            ArgumentError: The data does not match the model; the message names all problems. It shows no
                value.
        """
        from aioemnify.errors import ArgumentTypeError
        from aioemnify.serialization.reader import Reader, shown

        if not isinstance(data, Mapping):
            raise ArgumentTypeError("data", f"takes a mapping, not {type(data).__name__}")
        reader = Reader(strict=strict)
        found: Self = reader.model(cls, data)
        if reader.problems:
            listed = "; ".join(f"{shown(path)} {text}" for path, text in reader.problems)
            raise ArgumentTypeError("data", f"does not match {cls.__name__}: {listed}")
        return found

    def _json(self, decimals: Decimals) -> bytes:
        writer = _WRITERS.get(decimals)
        if writer is None:
            from aioemnify._checks import check_choice

            check_choice("decimals", decimals, _WRITERS)
            raise AssertionError
        return writer.encode(_members(self, _unchanged))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Describe the model to pydantic: ``from_dict()`` reads it, and ``to_dict()`` writes it."""
        from aioemnify.serialization.pydantic_schema import core_schema_of

        return core_schema_of(cls, handler)


class BodyModel(Model):
    """A model of a request body: a member that is ``UNSET`` is absent, and ``None`` is sent as null."""

    __slots__ = ()

    _ignores_unknown: ClassVar[bool] = False


class LookupModel(Model):
    """A model of a lookup: an id, with a label that tables show."""

    __slots__ = ()


_Shape: TypeAlias = tuple[
    Sequence[str],
    Callable[[Any], Sequence[Any]],
    Any,
    Sequence[str],
    Sequence[str],
    Sequence[str],
]
"""What ``to_dict()`` does with a class: the wire names of its members, a function that returns their values,
the value of absent ones, those of a response that are always there, those that can hold models or tuples, and
others that are not yet as in JSON."""

_shapes: dict[type[Any], _Shape] = {}


def _shape(model: type[Any]) -> _Shape:
    from aioemnify.serialization.choices import holds_model, holds_tuple, kinds_of, members_of

    members = members_of(model)
    values = attrgetter(*(one.name for one in members))
    nested = [one.wire for one in members if holds_model(one.known) or holds_tuple(one.known)]
    simple = {str, int, bool, NoneType}
    is_body = issubclass(model, BodyModel)
    _shapes[model] = shape = (
        [one.wire for one in members],
        values if len(members) > 1 else lambda value: (values(value),),
        UNSET if is_body else None,
        [one.wire for one in members if one.required and not is_body],
        nested,
        [
            one.wire
            for one in members
            if one.wire not in nested and not simple.issuperset(kinds_of(one.known))
        ],
    )
    return shape


def _members(model: Any, write: Callable[[Any], Any]) -> dict[str, Any]:
    """Return the members that are present, by wire name; ``write`` converts what holds no model."""
    wires, values, absent, required, nested, converted = _shapes.get(type(model)) or _shape(type(model))
    found = {wire: value for wire, value in zip(wires, values(model)) if value is not absent}  # noqa: B905
    for wire in required:
        if wire not in found:  # the response was read leniently
            found[wire] = None
    for wire in nested:
        if wire in found:
            value = found[wire]
            found[wire] = _members(value, write) if type(value) in _shapes else _nested(value, write)
    for wire in converted:
        if wire in found:
            found[wire] = write(found[wire])
    return found


def _nested(value: Any, write: Callable[[Any], Any]) -> Any:
    if isinstance(value, Model):
        return _members(value, write)
    if isinstance(value, (list, tuple)):
        return [_nested(item, write) for item in value]
    if isinstance(value, Mapping):
        return {key: _nested(item, write) for key, item in value.items()}
    return write(value)


def _unchanged(value: Any) -> Any:
    return value


def _of_subclass(value: Any) -> Any:
    """Return what msgspec can write in place of a subclass, such as a time of pandas."""
    if isinstance(value, (datetime, date)):
        return value.isoformat().replace("+00:00", "Z")
    for kind in (str, int, float):
        if isinstance(value, kind):
            return kind(value)
    raise TypeError(f"{type(value).__name__} is not a value of JSON")


_WRITERS = {
    "text": msgspec.json.Encoder(enc_hook=_of_subclass),
    "number": msgspec.json.Encoder(enc_hook=_of_subclass, decimal_format="number"),
}
# msgspec alone refuses a number above the range of a float; the server may send one.
_JSON_READER = msgspec.json.Decoder(float_hook=float)
