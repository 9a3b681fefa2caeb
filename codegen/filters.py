"""Read the filters of the lists."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from codegen.check import check_keys, check_texts
from codegen.load import ModelRef, Schema
from codegen.lookup_names import names_type

FILTER_KEYS = {"description", "fields", "multi", "multi_max", "paired", "deprecated"}
KINDS = {
    "integer": "int",
    "string": "str",
    "boolean": "bool",
    "timestamp": "datetime | str",
    "date": "date | str",
}


@frozen
class Filter:
    """The fields that a list can be filtered by, in the order of the schema.

    ``fields`` maps each name to its kind, ``lookups`` the fields that accept a lookup to its model.
    ``multi`` names the fields that accept up to ``multi_max`` alternatives, ``paired`` the fields
    that must be given together.
    """

    name: str
    description: str
    fields: Mapping[str, str]
    lookups: Mapping[str, ModelRef]
    multi: tuple[str, ...]
    multi_max: int
    paired: tuple[str, ...]
    deprecated: tuple[str, ...]

    def annotation(self, field: str) -> str:
        """Return the type that a field accepts. ``None`` selects items without such a reference."""
        ref = self.lookups.get(field)
        one = KINDS[self.fields[field]] if ref is None else _lookup(ref)
        return f"{one} | Sequence[{one}] | None" if field in self.multi else f"{one} | None"

    def note(self, field: str) -> str:
        """Return a note about a field, or an empty text."""
        notes: list[str] = []
        if field in self.multi:
            notes.append(f"Accepts up to {self.multi_max} alternatives.")
        if field in self.paired:
            others = [other for other in self.paired if other != field]
            notes.append(f"Must be given together with {' and '.join(others)}.")
        if field in self.deprecated:
            notes.append("Deprecated: the API is retiring it.")
        return " ".join(notes)

    def lines(self) -> list[str]:
        """Return the description, followed by the notes about the fields."""
        notes = [f"    {field}: {self.note(field)}" for field in self.fields if self.note(field)]
        return [" ".join(self.description.split()), *(["", "Fields:", *notes] if notes else [])]


def _lookup(ref: ModelRef) -> str:
    names = names_type(ref)
    return f"{ref.name} | {names} | int" if names else f"{ref.name} | int"


def read_filters(schema: Schema) -> dict[str, Filter]:
    """Return the filters by name, and raise the first fault found."""
    document = schema.table("filters.yaml")
    found: dict[str, Filter] = {}
    for name, value in document.data.items():
        if not name.isidentifier():
            raise document.fault((name,), "a filter name must be a Python class name")
        facts = check_keys(document, (name,), value, FILTER_KEYS)
        fields = facts.get("fields")
        if not isinstance(fields, dict) or not fields:
            raise document.fault((name,), "a filter needs its fields")
        lookups: dict[str, ModelRef] = {}
        for field, kind in fields.items():
            place = (name, "fields", field)
            if isinstance(kind, str) and kind.startswith("lookup:"):
                ref = schema.named(kind.removeprefix("lookup:"))
                if ref is None:
                    raise document.fault(place, f"unknown model in kind {kind!r}")
                lookups[field] = ref
            elif not isinstance(kind, str) or kind not in KINDS:
                known = ", ".join([*KINDS, "lookup:<Model>"])
                raise document.fault(place, f"unknown kind {kind!r} (known: {known})")
        for key in ("multi", "paired", "deprecated"):
            for index, field in enumerate(check_texts(document, (name, key), facts.get(key))):
                if field not in fields:
                    raise document.fault((name, key, index), f"{field!r} is not a field of {name}")
        multi_max = facts.get("multi_max", 1)
        if not isinstance(multi_max, int) or multi_max < 1:
            raise document.fault((name, "multi_max"), "must be a whole number from 1")
        found[name] = Filter(
            name=name,
            description=str(facts.get("description") or "The fields to filter the list by."),
            fields=fields,
            lookups=lookups,
            multi=tuple(facts.get("multi") or ()),
            multi_max=multi_max,
            paired=tuple(facts.get("paired") or ()),
            deprecated=tuple(facts.get("deprecated") or ()),
        )
    return found
