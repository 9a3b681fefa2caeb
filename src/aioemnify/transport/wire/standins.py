"""Stand-ins: classes to decode into, which turn into models that are cheap to make and to keep.

A stand-in is a subclass of a model. msgspec fills it, and before anybody sees it the object
becomes the model itself. On the way it does two things that msgspec cannot be told to do:

- Members that are usually left out hold their default from the beginning. msgspec asks an object
  of an attrs class for each of its members, and an empty slot answers by raising an error, which is
  thrown away: a country inside a SIM has two of its eight members, and not finding the other six
  costs more than to read all the rest of it.
- Members that say the same again and again, such as a status, an organisation or a card's model,
  are decoded once for each text and shared from then on. Only what nobody can change is shared:
  frozen models that hold nothing but text, numbers, dates and others of their kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import attrs
import msgspec

from aioemnify.transport.wire.fields import members
from aioemnify.transport.wire.habits import Habits

KNOWN = 1000
"""Texts that are kept for each type; when more come, all are forgotten and it begins anew."""

LONGEST = 1000
"""Bytes of a text that is kept; longer ones are read each time."""


class StandIns:
    """Makes stand-ins, each model's once.

    Args:
        habits: what they reckon with.
    """

    def __init__(self, habits: Habits) -> None:
        self._habits = habits
        self._made: dict[type[Any], type[Any]] = {}
        self._parts: dict[Any, _Parts] = {}
        self.shared: int = 0
        """Members that are looked up."""

    @property
    def missed(self) -> int:
        """Return how often a text came that was not known."""
        return sum(parts.missed for parts in self._parts.values())

    def of(self, annotation: Any) -> Any:
        """Return a type with stand-ins for the models in it that need one."""
        if attrs.has(annotation):
            return self._of_model(annotation) if self._concerns(annotation, set()) else annotation
        kind, arguments = get_origin(annotation), get_args(annotation)
        if kind is None or kind is Annotated:
            return annotation
        replaced = tuple(self.of(argument) for argument in arguments)
        if replaced == arguments:
            return annotation
        return reduce(or_, replaced) if kind in (Union, UnionType) else kind[replaced]

    def _concerns(self, annotation: Any, seen: set[Any]) -> bool:
        """Say whether a type is, or leads to, a model with habits."""
        if not attrs.has(annotation):
            return any(self._concerns(argument, seen) for argument in get_args(annotation))
        if annotation in self._habits.absent or annotation in self._habits.repeated:
            return True
        if annotation in seen:
            return False
        seen.add(annotation)
        return any(self._concerns(member.type, seen) for member in members(annotation))

    def _of_model(self, model: type[Any]) -> type[Any]:
        if model in self._made:
            return self._made[model]
        absent = self._habits.absent.get(model, ())
        repeated = {
            member.name: self._parts_of(member.type)
            for member in members(model)
            if member.name in self._habits.repeated.get(model, ())
        }
        self.shared += len(repeated)
        body: dict[str, Any] = {
            "__slots__": (),  # of the same make in memory, or an object could not change over
            "__module__": model.__module__,
            # Models are frozen; what is not yet one is not.
            "__setattr__": object.__setattr__,
            "__delattr__": object.__delattr__,
        }
        filling = [f"self.{name} = None" for name in absent]
        changing = ["self.__class__ = model"]
        # One call is cheaper than two; but what is repeated can be settled only when all is read.
        if not repeated:
            body["__attrs_pre_init__"] = _method(filling + changing, {"model": model})
        else:
            body["__attrs_post_init__"] = _settling(model, repeated, changing)
            if filling:
                body["__attrs_pre_init__"] = _method(filling, {})
        standing = self._made[model] = type(model.__name__, (model,), body)
        # Set now that this class can be found: a model may hold objects of its own kind.
        standing.__annotations__ = {
            member.name: msgspec.Raw if member.name in repeated else self.of(member.type)
            for member in members(model)
        }
        return standing

    def _parts_of(self, annotation: Any) -> _Parts:
        if annotation not in self._parts:
            self._parts[annotation] = _Parts(annotation)
        return self._parts[annotation]


class _Parts:
    """What was read for each text of one type."""

    def __init__(self, annotation: Any) -> None:
        self.known: dict[bytes, Any] = {}
        self.missed: int = 0
        self._decode = msgspec.json.Decoder(annotation, strict=False).decode

    def new(self, content: bytes) -> Any:
        """Read a text that is not known, and keep it."""
        self.missed += 1
        made = self._decode(content)
        if len(content) <= LONGEST:
            if len(self.known) >= KNOWN:
                self.known.clear()
            self.known[content] = made
        return made


def _settling(model: type[Any], repeated: Mapping[str, _Parts], changing: list[str]) -> Callable[[Any], None]:
    """Return a method that puts the known parts where their texts are, and makes its object a model."""
    lines: list[str] = []
    names: dict[str, Any] = {"model": model}
    for name, parts in repeated.items():
        names[f"known_{name}"], names[f"new_{name}"] = parts.known, parts.new
        lines += [
            f"text = self.{name}",
            "if text is not None:",
            "    text = bytes(text)",
            f"    try: self.{name} = known_{name}[text]",
            f"    except KeyError: self.{name} = new_{name}(text)",
        ]
    return _method(lines + changing, names)


def _method(lines: list[str], names: dict[str, Any]) -> Callable[[Any], None]:
    # Written out, as attrs writes an __init__: a loop over setattr takes four times as long.
    # The names are those of our own generated models.
    source = "\n    ".join(["def method(self):", *lines])
    exec(source, names)
    made: Callable[[Any], None] = names["method"]
    return made
