"""What a server usually leaves out of its objects, and what it says in them again and again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
import msgspec
from attrs import field, frozen

from aioemnify.transport.wire.fields import Member, alternatives, members

LEAST = 3
"""Members usually left out from which on a model is worth the effort."""

UNCHANGING = (str, int, float, bool, Decimal, datetime, date)

Names = Mapping[Any, tuple[str, ...]]
"""Members of models."""


@frozen
class Habits:
    """What is usual in the objects of each model.

    Args:
        absent: the members that most objects lack; their default is ``None``.
        repeated: the members that can be shared, and are the same in many objects.
    """

    absent: Names = field(factory=dict)
    repeated: Names = field(factory=dict)

    def __bool__(self) -> bool:
        return bool(self.absent or self.repeated)


def shareable(member: Member) -> bool:
    """Say whether a member holds a model that two objects may have in common.

    Nobody must be able to change it, and what is hidden in reprs is not to be kept for later.
    """
    kinds, _, _ = alternatives(member.type)
    # Where another default than None stands for what is absent, it would be taken for a text.
    return member.default is None and len(kinds) == 1 and attrs.has(kinds[0]) and _unchanging(kinds[0], ())


def _unchanging(kind: Any, within: tuple[Any, ...]) -> bool:
    if not attrs.has(kind):
        return kind in UNCHANGING
    if kind in within or not _frozen(kind) or any(not one.repr for one in attrs.fields(kind)):
        return False
    return all(
        _unchanging(one, (*within, kind)) for member in members(kind) for one in alternatives(member.type)[0]
    )


def _frozen(model: Any) -> bool:
    # attrs gives all frozen classes, such as the one above, the same way to refuse a change.
    return model.__setattr__ is Habits.__setattr__


class Observer:
    """Looks at objects, and at the JSON they were made of."""

    def __init__(self) -> None:
        self._seen: Counter[Any] = Counter()
        self._named: Counter[tuple[Any, str]] = Counter()
        self._texts: defaultdict[tuple[Any, str], list[bytes]] = defaultdict(list)
        self._shareable: dict[Any, dict[str, bool]] = {}

    def look(self, raw: Any, made: Any) -> None:
        """Take note of a value and of all in it.

        Args:
            raw: JSON as it came.
            made: what was made of it.
        """
        if isinstance(raw, list) and isinstance(made, list | tuple):
            for one, other in zip(raw, made, strict=True):
                self.look(one, other)
        elif isinstance(raw, dict) and isinstance(made, dict):
            for name, one in raw.items():
                self.look(one, made.get(name))
        elif isinstance(raw, dict) and attrs.has(type(made)):
            self._look_at_object(raw, made)

    def _look_at_object(self, raw: dict[str, Any], made: Any) -> None:
        model = type(made)
        if model not in self._shareable:
            self._shareable[model] = {one.name: shareable(one) for one in members(model)}
        known = self._shareable[model]
        self._seen[model] += 1
        for name, value in raw.items():
            if name in known:
                self._named[model, name] += 1
                if known[name] and value is not None:
                    self._texts[model, name].append(msgspec.json.encode(value))
                self.look(value, getattr(made, name))

    def habits(self) -> Habits:
        """Return what all that was seen has in common."""
        absent: dict[Any, tuple[str, ...]] = {}
        repeated: dict[Any, tuple[str, ...]] = {}
        for model in self._seen:
            lacking = tuple(one.name for one in members(model) if self._is_lacking(model, one))
            if len(lacking) >= LEAST:
                absent[model] = lacking
            if same := tuple(one.name for one in members(model) if self._is_repeated(model, one)):
                repeated[model] = same
        return Habits(absent, repeated)

    def _is_lacking(self, model: Any, member: Member) -> bool:
        # Other defaults than None may have to be made anew for each object.
        return member.default is None and 2 * self._named[model, member.name] < self._seen[model]

    def _is_repeated(self, model: Any, member: Member) -> bool:
        texts = self._texts[model, member.name]
        return 2 * len(texts) > self._seen[model] and 4 * len(set(texts)) <= 3 * len(texts)
