"""Compare the models: each with all the shapes that the published description has where the model is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from codegen.check import is_lookup, lookup_values
from codegen.compare.findings import Finding
from codegen.compare.published import Part, printable
from codegen.compare.shapes import JsonShape, Shapes
from codegen.compare.values import Value, differences, levels, models_of
from codegen.load import ModelRef, Schema


@frozen
class _Use:
    """A shape in the place of a model; ``others`` are models that the same shape may stand for."""

    shape: JsonShape
    others: tuple[ModelRef, ...]


class ModelComparison:
    """Collect where the models are used, and compare each once.

    A published description often writes one object in several places, each time a little differently. A
    member that any of them has is not missing there.
    """

    def __init__(self, schema: Schema, published: Shapes) -> None:
        self._schema = schema
        self._published = published
        self._refs: dict[str, ModelRef] = {}
        self._uses: dict[str, dict[int, _Use]] = {}

    def value(self, value: Value) -> Iterator[Finding]:
        """Yield the differences of a value that is not a member, and note the models in it."""
        for level in levels(value, self._published):
            yield from differences(level)
            self._note(level)

    def models(self) -> Iterator[Finding]:
        """Yield the differences of all the models that were noted."""
        for name in sorted(self._refs):
            yield from self._model(self._refs[name], list(self._uses[name].values()))

    def _note(self, value: Value) -> None:
        waiting = [value]
        while waiting:
            level = waiting.pop()
            models = models_of(self._schema, level)
            for shape in level.shapes:
                for ref, use in _assigned(models, shape):
                    known = self._uses.setdefault(ref.text, {})
                    if id(use.shape) not in known:
                        known[id(use.shape)] = use
                        self._refs[ref.text] = ref
                        for member in self._members(ref, [use.shape]):
                            waiting += levels(member, self._published)

    def _members(self, ref: ModelRef, shapes: Iterable[JsonShape]) -> Iterator[Value]:
        """Yield the members that both have."""
        for wire, facts in (ref.schema.get("properties") or {}).items():
            parts = [part for shape in shapes for part in shape.members.get(wire, ())]
            found = {id(made): made for part in parts for made in [self._published.shape(part)]}
            if parts:
                place = (*_place(ref), "properties", wire)
                values = _lookup_values(ref, wire)
                yield Value(ref.document, place, f"{ref.name}.{wire}", facts, tuple(found.values()), values)

    def _model(self, ref: ModelRef, uses: list[_Use]) -> Iterator[Finding]:
        properties = ref.schema.get("properties") or {}
        required = ref.schema.get("required") or []
        shapes = [use.shape for use in uses]
        if not any(shape.members for shape in shapes):
            return  # the other description says only that it is an object
        for use in uses:
            theirs = use.shape.members
            also = {name for other in use.others for name in other.schema.get("properties") or {}}
            for wire in theirs.keys() - properties.keys() - also:
                if not use.others or ref == use.others[0]:
                    about = self._about(theirs[wire], wire, use.shape)
                    text = f"{ref.name}: the member {printable(wire)} ({about})"
                    yield Finding("lacks", ref.document, _place(ref), text)
        for wire in properties:
            place = (*_place(ref), "properties", wire)
            there = [use for use in uses if wire in use.shape.members]
            name = f"{ref.name}.{wire}"
            if not there:
                yield Finding("only", ref.document, place, name)
            elif not any(use.others for use in there):
                needed = {wire in use.shape.required for use in there}
                if needed == {wire not in required}:
                    both = ("optional", "required") if wire in required else ("required", "optional")
                    text = "{} is {} there, {} here".format(name, *both)
                    yield Finding("differs", ref.document, place, text)
        for member in self._members(ref, shapes):
            for level in levels(member, self._published):
                yield from differences(level)

    def _about(self, parts: Iterable[Part], wire: str, shape: JsonShape) -> str:
        kinds = {kind for part in parts for kind in self._published.shape(part).kinds}
        said = " or ".join(sorted(kinds)) or "any type"
        return f"{said}, required" if wire in shape.required else said


def _place(ref: ModelRef) -> tuple[str, str, str]:
    return ("components", "schemas", ref.name)


def _assigned(models: list[ModelRef], shape: JsonShape) -> Iterator[tuple[ModelRef, _Use]]:
    """Yield each model with the shape that stands for it; of several shapes, the most alike."""
    if len(models) == 1:
        yield models[0], _Use(shape, ())
    elif len(shape.objects) > 1:
        for ref in models:
            best = max(shape.objects, key=lambda one: _likeness(ref, one))
            yield ref, _Use(best, ())
    else:
        for ref in models:
            yield ref, _Use(shape, tuple(models))


def _likeness(ref: ModelRef, shape: JsonShape) -> float:
    ours = set(ref.schema.get("properties") or {})
    return len(ours & shape.members.keys()) / max(1, len(ours | shape.members.keys()))


def _lookup_values(ref: ModelRef, wire: str) -> tuple[object, ...] | None:
    """Return the known values of a member of a lookup."""
    if not is_lookup(ref) or wire not in ("id", "description"):
        return None
    values = lookup_values(ref).values()
    return tuple(identity if wire == "id" else words for identity, words in values)
