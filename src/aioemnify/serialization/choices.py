"""What the members of a model accept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, reduce
from operator import or_
from typing import Any, NamedTuple, get_args, get_origin

from msgspec import UnsetType

from aioemnify.serialization.fields import Selector, bare, is_list, is_union, model_fields


class Choice(NamedTuple):
    """What a type accepts: one of some models, a list that holds models, or something else.

    ``accepted`` says it in words.
    """

    models: Sequence[type[Any]]
    item: Choice | None
    other: Any
    accepted: str


# By name: a test may have put other classes in the place of those of times.
_ACCEPTED = {
    "str": "text",
    "int": "a whole number",
    "bool": "True or False",
    "float": "a number",
    "Decimal": "a number",
    "date": "a date such as 2026-03-31",
    "datetime": "a time such as 2026-03-31T12:00:00Z",
    "list": "a list",
    "tuple": "a list",
    "dict": "a mapping",
    "NoneType": "None",
}


def _choice_of(kind: Any) -> Choice:
    kinds = kinds_of(kind)
    models = [one for one in kinds if is_model(one)]
    lists = [one for one in kinds if is_list(one) and holds_model(one)]
    other = [one for one in kinds if one not in models and one not in lists]
    plain = [bare(one) for one in (*lists, *other)]
    names = [_ACCEPTED.get((get_origin(one) or one).__name__, "any value") for one in plain]
    return Choice(
        models=models,
        item=choice_of(get_args(lists[0])[0]) if lists else None,
        other=_union(other) if other else None,
        accepted=" or ".join(dict.fromkeys([*(one.__name__ for one in models), *names])),
    )


choice_of: Callable[[Any], Choice] = cache(_choice_of)
"""Return what a type accepts."""


class Member(NamedTuple):
    """A member of a model. ``known`` is its type without ``UNSET``, ``choice`` what that accepts."""

    name: str
    wire: str
    known: Any
    choice: Choice
    required: bool
    selector: Selector | None


def _members_of(model: Any) -> Sequence[Member]:
    found: list[Member] = []
    for field in model_fields(model):
        known = _union(kind for kind in kinds_of(field.type) if kind is not UnsetType)
        found.append(Member(field.name, field.wire, known, choice_of(known), field.required, field.selector))
    return found


members_of: Callable[[Any], Sequence[Member]] = cache(_members_of)
"""Return the members of a model, in the order of the schema."""


def kinds_of(kind: Any) -> tuple[Any, ...]:
    """Return the types of a union, or a type alone."""
    return get_args(kind) if is_union(kind) else (kind,)


def is_model(kind: Any) -> bool:
    """Return whether a type is a model."""
    return hasattr(kind, "__attrs_attrs__")


def holds_model(kind: Any) -> bool:
    """Return whether a type is a model, or contains one."""
    return is_model(kind) or any(map(holds_model, get_args(kind)))


def holds_tuple(kind: Any) -> bool:
    """Return whether a type is a tuple, or contains one."""
    return get_origin(kind) is tuple or any(map(holds_tuple, get_args(kind)))


def _union(kinds: Iterable[Any]) -> Any:
    return reduce(or_, kinds)
