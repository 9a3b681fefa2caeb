"""Decode equal parts of a list once: a status, an organisation, a model of SIM card.

A page of 1,000 SIMs names a handful of statuses and organisations 4,000 times. The schema knows which
members hold such lookups and references, and the generator marks them with ``metadata={"intern": True}``.
Their JSON is decoded when it is first seen, and later items get the same object. This is safe, because only
frozen models of scalars are marked.

msgspec has no such option. So it does not fill the model itself but a *substitute*: a subclass with the
same memory layout, whose marked members have the type ``msgspec.Raw``, a slice of the JSON. msgspec calls
two methods of a substitute:

``__attrs_pre_init__``, before it sets a member, sets all optional members to ``None``. Otherwise msgspec
    looks at each member that the JSON leaves out, and Python creates an ``AttributeError`` for each empty
    slot. In a page of SIMs that takes a third of the time.
``__attrs_post_init__``, after it has set all members, looks up the slices, and then turns the object into
    the model: ``self.__class__ = model``. A model without marked members is turned by the first method.

The caller gets the model, never the substitute. A page that does not match its schema is decoded again
without substitutes, so that errors name the model and the path. There is one difference: if an object has
the same key twice, only the last of the two values is checked.

Older formats write times without a zone, which are UTC. msgspec can only refuse or accept them, so a list
that was refused is decoded by substitutes that accept them and add the zone.

To turn interning off, for instance to find out whether it causes an error: ``Codec(..., intern=False)``.

A page of 1,000 SIMs takes 1.5 times the CPU of msgspec's own Struct and half its memory; without interning
3.6 times the CPU and the same memory.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC
from functools import cached_property, reduce
from operator import or_
from typing import Annotated, Any, get_args, get_origin

import attrs
import msgspec

from aioemnify.serialization.fields import ModelField, bare, is_union, model_fields
from aioemnify.types import Timestamp

MAX_TEXTS = 1000
"""Texts kept for each type. One more, and all are forgotten."""

MAX_BYTES = 1000
"""Longest text that is kept."""

_TIMES: dict[Any, Any] = {Timestamp: bare(Timestamp), Timestamp | None: bare(Timestamp) | None}
"""Types of members that hold a time, and the same types where a zone may be missing."""


class InterningDecoder:
    """Decodes one type, and shares the objects of members that are marked.

    Args:
        annotation: the type, such as ``list[Sim]``.
    """

    def __init__(self, annotation: Any) -> None:
        self._annotation = annotation
        self._decode = _decode_of(_Substitutes().of(annotation))
        self._decode_plainly = _decode_of(annotation)

    def decode(self, content: bytes) -> Any:
        """Return the value of the JSON.

        Raises:
            msgspec.ValidationError: a value does not fit its type.
            msgspec.DecodeError: the content is not JSON.
        """
        with suppress(msgspec.MsgspecError, UnicodeDecodeError):
            return self._decode(content)
        with suppress(msgspec.MsgspecError, UnicodeDecodeError):
            return self._decode_without_zones(content)
        return self._decode_plainly(content)

    def prepare(self) -> None:
        """Build what only some responses need, for times without a zone."""
        _ = self._decode_without_zones

    @cached_property
    def _decode_without_zones(self) -> Callable[[bytes], Any]:
        return _decode_of(_Substitutes(zones=False).of(self._annotation))


def _decode_of(annotation: Any) -> Callable[[bytes], Any]:
    return msgspec.json.Decoder(annotation, strict=False).decode


class _Substitutes:
    """Creates the substitutes of one type; a model that occurs twice has one.

    Args:
        zones: whether times must have a zone; otherwise they may omit it, and are then UTC.
    """

    def __init__(self, *, zones: bool = True) -> None:
        self._zones = zones
        self._by_model: dict[type[Any], type[Any]] = {}
        self._interned: dict[Any, _Interned] = {}

    def of(self, annotation: Any) -> Any:
        """Return a type with a substitute for each model in it."""
        if attrs.has(annotation):
            return self._by_model.get(annotation) or self._substitute(annotation)
        kind, arguments = get_origin(annotation), get_args(annotation)
        if kind is None or kind is Annotated:
            return annotation
        replaced = tuple(self.of(argument) for argument in arguments)
        if replaced == arguments:
            return annotation
        return reduce(or_, replaced) if is_union(annotation) else kind[replaced]

    def _substitute(self, model: type[Any]) -> type[Any]:
        fields = model_fields(model)
        body: dict[str, Any] = {
            "__slots__": (),  # a class can only be changed for one of the same memory layout
            "__module__": model.__module__,
            # A model refuses changes; a substitute is still to be filled.
            "__setattr__": object.__setattr__,
            "__delattr__": object.__delattr__,
        }
        interned = {field.name: self._interned_of(field) for field in fields if field.intern}
        times = [] if self._zones else [field.name for field in fields if field.type in _TIMES]
        methods = _methods(model, interned, times)
        made = self._by_model[model] = type(model.__name__, (model,), body | methods)
        # Only now, because a model may hold objects of its own kind.
        made.__annotations__ = {field.name: self._type_of(field) for field in fields}
        return made

    def _type_of(self, field: ModelField) -> Any:
        if field.intern:
            return msgspec.Raw
        if not self._zones and field.type in _TIMES:
            return _TIMES[field.type]
        return self.of(field.type)

    def _interned_of(self, field: ModelField) -> _Interned:
        if field.type not in self._interned:
            self._interned[field.type] = _Interned(self.of(field.type))
        return self._interned[field.type]


class _Interned(dict[bytes, Any]):
    """The objects of one type by their JSON. A text that is not known is decoded."""

    def __init__(self, annotation: Any) -> None:
        super().__init__()
        self._decode = _decode_of(annotation)

    def __missing__(self, text: bytes) -> Any:
        made = self._decode(text)
        if len(text) <= MAX_BYTES:
            if len(self) >= MAX_TEXTS:
                self.clear()
            self[text] = made
        return made


def _methods(
    model: type[Any], interned: dict[str, _Interned], times: list[str]
) -> dict[str, Callable[[Any], None]]:
    """Return the methods of a substitute that msgspec calls; ``times`` get a zone if they have none."""
    turn = "self.__class__ = model"
    optional = [field.name for field in model_fields(model) if field.default is None]
    fill = [f"self.{name} = None" for name in optional]
    if not interned and not times:
        return {"__attrs_pre_init__": _method([*fill, turn], {"model": model})}
    # b'' + text is the fastest way to copy a slice.
    look_up = [
        f"if (text := self.{name}) is not None: self.{name} = interned_{name}[b'' + text]"
        for name in interned
    ]
    zones = [
        f"if (at := self.{name}) is not None and at.tzinfo is None: self.{name} = at.replace(tzinfo=UTC)"
        for name in times
    ]
    names = {"UTC": UTC} | {f"interned_{name}": known for name, known in interned.items()}
    return {
        "__attrs_pre_init__": _method(fill or ["pass"], {}),
        "__attrs_post_init__": _method([*look_up, *zones, turn], {"model": model, **names}),
    }


def _method(lines: list[str], names: dict[str, Any]) -> Callable[[Any], None]:
    # Source text, as attrs writes an __init__: a loop over setattr takes four times as long.
    # The names in it are those of generated models.
    exec("\n    ".join(["def method(self):", *lines]), names)
    made: Callable[[Any], None] = names["method"]
    return made
