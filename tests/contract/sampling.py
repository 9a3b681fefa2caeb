"""Payloads made from the documentation alone: every member of a model, of every documented type.

The same place always gets the same value, and different places get different ones, so that
two members that were mixed up show. Lists hold two items. A model inside itself ends at the
second level. Nothing here looks at the library's models.
"""

from __future__ import annotations

import uuid
import zlib
from typing import Any, Literal

from attrs import evolve, frozen

from tests.contract.documented import MODELS, Field, Payload, Shape

Spelling = Literal["plain", "wire", "null"]
"""How an answer is spelled: as documented, in the other JSON types seen for a member, or with nulls."""

LEVELS = 2
"""How often a model may stand inside itself."""

_MOMENTS = (
    "2022-03-27T23:20:49.298Z",
    "2021-11-18T08:25:53.000+0000",
    "2014-08-01T08:47:00+00:00",
    "2021-10-06 10:42:58",
    "2021-10-27T08:38:02",
    "2023-02-28",
)
"""The spellings of a moment that the API was seen to use."""

_ANYTHING: tuple[Any, ...] = (7, "seven", {"id": 7, "deep": {"er": [1.5, None, True]}}, ["a", 1], False)

_FORMS = {"date": "2026-03-31", "uuid": str(uuid.UUID(int=0x5EED)), "password": "a94a8fe5ccb19ba61c4c"}


@frozen
class Sampler:
    """Makes payloads.

    ``request`` says whether a user writes it: then every moment is spelled in the one way that
    is written, and another JSON type stands only where it is the documented one. ``turn`` chooses among the
    alternatives of a union; as many turns as it has alternatives meet all of them.
    """

    request: bool = False
    spelling: Spelling = "plain"
    turn: int = 0
    _path: tuple[str, ...] = ()

    def payload(self, payload: Payload, place: str = "") -> Any:
        """Return what a body carries; of an array, two items."""
        return self._value(payload.shape, f"{payload.model}{place}", None)

    def object(self, model: str, place: str = "") -> dict[str, Any]:
        """Return one object of a model."""
        return self._object(model, f"{model}{place}")

    def _object(self, name: str, place: str) -> dict[str, Any]:
        within = evolve(self, path=(*self._path, name))
        chosen = {
            field.name: within._member(field, f"{place}.{field.name}")
            for field in MODELS[name].fields.values()
        }
        found = {wire: value for wire, value in chosen.items() if value is not _LEFT_OUT}
        told = MODELS[name].discriminator
        if told:
            kinds = list(told["mapping"])
            found[told["field"]] = kinds[self.turn % len(kinds)]
        return found

    def _member(self, field: Field, place: str) -> Any:
        if self.spelling == "null" and field.nullable:
            return None
        if any(self._path.count(name) >= LEVELS for name in models_in(field.shape)):
            return _LEFT_OUT
        as_text = self.request and bool(field.wire) and field.shape.kind not in field.wire
        if self.spelling == "wire" or as_text:
            for kind in field.wire:
                if kind != field.shape.kind:
                    return self._respelled(field, kind, place)
        return self._value(field.shape, place, field)

    def _respelled(self, field: Field, kind: str, place: str) -> Any:
        plain = self._value(field.shape, place, field)
        if kind == "string" and isinstance(plain, float):
            return f"{plain:.10f}"
        if kind == "string":
            return str(int(plain)) if isinstance(plain, bool) else str(plain)
        assert kind == "integer"
        if field.shape.kind == "boolean":
            return int(plain)
        digits = _number(place) % 900 + 100
        assert field.shape.kind == "string"
        return digits

    def _value(self, shape: Shape, place: str, field: Field | None) -> Any:
        data = field.data if field else {}
        if "enum" in data:
            return data["enum"][_number(place) % len(data["enum"])]
        match shape.kind:
            case "ref":
                return self._object(shape.name, place)
            case "array":
                return [self._value(shape.inner[0], f"{place}[{item}]", field) for item in range(2)]
            case "map":
                return {key: self._value(shape.inner[0], f"{place}.{key}", None) for key in ("one", "Zwei-2")}
            case "tuple":
                return [self._value(part, f"{place}({at})", None) for at, part in enumerate(shape.inner)]
            case "union":
                return self._value(shape.inner[self.turn % len(shape.inner)], place, None)
            case "any":
                return _ANYTHING[_number(place) % len(_ANYTHING)]
            case "null":
                return None
            case "boolean":
                return bool(_number(place) % 2)
            case "integer":
                return self._integer(data, place)
            case "number":
                return _number(place) % 10**7 / 1024
            case "date-time":
                if self.request:
                    return f"2026-03-31T12:{_number(place) % 60:02}:{_number(place) // 60 % 60:02}Z"
                return _MOMENTS[_number(place) % len(_MOMENTS)]
            case "date":
                return f"2026-03-{_number(place) % 30 + 1:02}"
            case "string":
                return _text(data, place)
        raise AssertionError(f"{shape} at {place} is no documented type")

    def _integer(self, data: dict[str, Any], place: str) -> int:
        low = data.get("minimum", 2**40 if data.get("format") == "int64" else 1)
        high = data.get("maximum", low + 10**6)
        return int(low + _number(place) % (high - low + 1))


class _LeftOut:
    """What a member holds that does not stand in the payload."""


_LEFT_OUT = _LeftOut()


def _number(place: str) -> int:
    return zlib.crc32(place.encode())


def _text(data: dict[str, Any], place: str) -> str:
    if "pattern" in data:
        assert data["pattern"] == "^89[0-9]{18}$"
        return f"89{_number(place):018}"
    if data.get("format") in _FORMS:
        return _FORMS[data["format"]]
    text = f'{place.rpartition(".")[2]} {_number(place):x} ü, "quoted"'
    return text[: data.get("max_length", len(text))]


def models_in(shape: Shape) -> set[str]:
    """Return the models that a type names."""
    found = {shape.name} if shape.name else set()
    return found.union(*map(models_in, shape.inner))


def turns_of(payload: Payload) -> int:
    """Return how many turns it takes to meet every alternative of every union in a body."""
    seen: set[str] = set()
    most, waiting = 1, [payload.shape]
    while waiting:
        here = waiting.pop()
        most = max(most, len(here.inner) if here.kind == "union" else 1)
        waiting += here.inner
        if here.name and here.name not in seen:
            seen.add(here.name)
            waiting += [field.shape for field in MODELS[here.name].fields.values()]
    return most
