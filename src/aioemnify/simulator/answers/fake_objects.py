"""Fake objects of any model class: plausible, and always the same for the same id.

Everything follows from a key, the model and the id. So an object is the same in a list, on its own and
inside another object, and organisations see different objects.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import attrs
from attrs import field, frozen

from aioemnify.simulator.answers.fake_values import fake_number, fake_text
from aioemnify.types import UnsetType

_BIRTH = datetime(2024, 1, 1, tzinfo=UTC)
_TWO_YEARS = 63_072_000
_NUMBER = re.compile(r"-?[0-9]{1,18}")


@frozen
class FakeObjects:
    """Build fake objects.

    Attributes:
        key: distinguishes seeds and organisations.
        known: the object to use wherever a model of that name is referred to.
    """

    key: str
    known: Mapping[str, Mapping[str, Any]] = field(factory=dict)

    def number(self, place: str) -> int:
        """Return a fixed number for a path, below 2**48."""
        return int.from_bytes(blake2b(f"{self.key}/{place}".encode(), digest_size=6).digest())

    def identities(self, place: str, count: int) -> range:
        """Return the ids of a collection."""
        first = self.number(place) % 900 + 100
        return range(first, first + count)

    def object(self, model: type[Any], identity: int | str) -> dict[str, Any]:
        """Return the object of a model with an id, by its JSON names.

        Args:
            model: a model class, or ``dict`` if no shape is published.
            identity: its id; a lookup value gets its published text.
        """
        if not attrs.has(model):
            return {"id": identity, "description": f"Simulated value {identity}"}
        return self._object(model, identity, ())

    def lookup(self, model: type[Any]) -> list[dict[str, Any]]:
        """Return all published values of a lookup; an empty list for other models."""
        return [self.object(model, value) for value in constants(model)]

    def _object(self, model: type[Any], identity: int | str, above: tuple[type[Any], ...]) -> dict[str, Any]:
        published = constants(model).get(identity, {})
        body: dict[str, Any] = {}
        for name, member in members(model).items():
            place = f"{model.__name__}/{identity}/{name}"
            if name in published:
                body[name] = published[name]
            elif name == "id" and kinds(member) & {int, str}:
                body[name] = _typed(identity, member)
            elif (value := self._value(member, name, place, (*above, model))) is not _NOTHING:
                body[name] = value
        return body

    def _value(self, annotation: Any, name: str, place: str, above: tuple[type[Any], ...]) -> Any:
        kind = _main(annotation)
        number = self.number(place)
        if getattr(kind, "__name__", "") in self.known:
            return dict(self.known[kind.__name__])
        if attrs.has(kind):
            # A model inside itself is left out, which ends the recursion.
            return _NOTHING if kind in above else self._object(kind, self._pick(kind, number), above)
        if kind is str:
            return fake_text(name, number, of=above[-1].__name__)
        if kind is bool:
            return number % 2 == 0
        if kind in (int, float, Decimal):
            return fake_number(name, number, whole=kind is int)
        if kind is datetime:
            moment = _BIRTH + timedelta(seconds=number % _TWO_YEARS)
            return moment.isoformat().replace("+00:00", "Z")
        if kind is date:
            return (_BIRTH + timedelta(seconds=number % _TWO_YEARS)).date().isoformat()
        return self._compound(kind, name, place, above)

    def _compound(self, kind: Any, name: str, place: str, above: tuple[type[Any], ...]) -> Any:
        origin, inner = get_origin(kind) or kind, get_args(kind)
        if origin is list:
            count = 1 + self.number(f"{place}/count") % 2
            items = [self._value(inner[0], name, f"{place}/{at}", above) for at in range(count)]
            return [item for item in items if item is not _NOTHING]
        if origin is tuple:
            return [self._value(part, "time" if part is str else name, place, above) for part in inner]
        if origin is dict and inner:
            return {"total": self._value(inner[1], name, place, above)}
        return f"Simulated {name}"

    def _pick(self, model: type[Any], number: int) -> int | str:
        known = list(constants(model))
        return known[number % len(known)] if known else number % 900 + 100


class _Nothing:
    """The value of a member that is left out."""


_NOTHING = _Nothing()


def members(model: Any) -> Mapping[str, Any]:
    """Return the annotations of a model's members by their JSON names."""
    return _members(model)


def constants(model: Any) -> Mapping[int | str, Mapping[str, Any]]:
    """Return the published values of a lookup by id, as JSON values."""
    return _constants(model)


@functools.cache
def _members(model: Any) -> Mapping[str, Any]:
    attrs.resolve_types(model)
    return {member.metadata.get("wire", member.name): member.type for member in attrs.fields(model)}


@functools.cache
def _constants(model: Any) -> Mapping[int | str, Mapping[str, Any]]:
    if not attrs.has(model):
        return {}
    found = [value for value in vars(model).values() if isinstance(value, model)]
    bodies: Iterable[dict[str, Any]] = (
        attrs.asdict(value, filter=lambda _, held: held is not None and not isinstance(held, UnsetType))
        for value in found
    )
    return {body["id"]: body for body in bodies if "id" in body}


def kinds(annotation: Any) -> frozenset[Any]:
    """Return the types that an annotation allows, without None and UNSET."""
    if get_origin(annotation) is Annotated:
        return kinds(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return frozenset().union(*(kinds(part) for part in get_args(annotation)))
    return frozenset() if annotation in (NoneType, UnsetType) else frozenset({annotation})


def _main(annotation: Any) -> Any:
    """Return the type of value to build; models are preferred to scalars."""
    found = sorted(kinds(annotation), key=lambda kind: (not attrs.has(kind), str(kind)))
    return found[0] if found else Any


def _typed(identity: int | str, annotation: Any) -> int | str:
    """Return an id in the type of its member; a text that is not a number is returned unchanged."""
    if int not in kinds(annotation):
        return str(identity)
    return int(identity) if _NUMBER.fullmatch(str(identity)) else identity
