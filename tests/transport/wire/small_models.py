"""Small models as the generator writes them, for the tests of reading and writing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class Lookup:
    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class OtherLookup:
    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Ref:
    id: int | None


@attrs.frozen(kw_only=True)
class Thing:
    """An answer."""

    id: int
    name: str | None = None
    status: Lookup | None = None
    created: Timestamp | None = None
    day: date | None = None
    count: int | None = None
    active: bool | None = None
    ratio: float | None = None
    money: Decimal | None = None
    parts: list[Lookup] | None = None
    series: list[tuple[str, float]] | None = None
    detail: dict[str, Any] | None = None
    anything: Any = None


@attrs.frozen(kw_only=True)
class Renamed:
    """An answer with a member that is a Python keyword."""

    id: int
    class_: str | None = attrs.field(default=None, metadata={"wire": "class"})
    parts: list[Lookup] | None = None


@attrs.frozen(kw_only=True)
class ThingPage:
    """An answer that wraps a page of things."""

    data: list[Thing] | None = None
    total: int | None = None
    last: int | None = None
    number: int | None = None
    size: int | None = None


@attrs.frozen(kw_only=True)
class RenamedPage:
    """The same, with a member that is a Python keyword."""

    data_: list[Thing] | None = attrs.field(default=None, metadata={"wire": "data"})
    total: int | None = None
    last: int | None = None
    number: int | None = None
    size: int | None = None


@attrs.define(kw_only=True)
class KeyLock:
    key: str = attrs.field(repr=False)
    turns: int | UnsetType = UNSET


@attrs.define(kw_only=True)
class CodeLock:
    key: int
    digits: int | UnsetType = UNSET


@attrs.define(kw_only=True)
class Bolt:
    side: str
    opened: Timestamp | UnsetType = UNSET


@attrs.define(kw_only=True)
class Latch:
    side: str


@attrs.define(kw_only=True)
class Gate:
    lock: Bolt | Latch | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class Label:
    """Sent and answered alike."""

    text: str
    size: int | None = None


@attrs.define(kw_only=True)
class Door:
    """A body with choices."""

    kind: str | UnsetType = UNSET
    lock: KeyLock | CodeLock | Bolt | UnsetType | None = attrs.field(
        default=UNSET,
        metadata={"selected_by": ("kind", {"key": "KeyLock", "code": "CodeLock", "bolt": "Bolt"})},
    )
    spare: KeyLock | CodeLock | Bolt | UnsetType = UNSET
    more: list[KeyLock | Bolt] | UnsetType = UNSET
    label: Label | UnsetType = UNSET


@attrs.define(kw_only=True)
class Inner:
    id: int | None
    status: Lookup | int | UnsetType = UNSET


@attrs.define(kw_only=True)
class Draft:
    """A body."""

    name: str
    status: Lookup | int
    owner: Ref | int | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    owners: list[Ref | int] | UnsetType = UNSET
    inner: Inner | UnsetType = UNSET
    inners: list[Inner] | UnsetType = UNSET
    note: str | UnsetType | None = UNSET
    until: Timestamp | UnsetType = UNSET
    day: date | UnsetType = UNSET
    volume: float | UnsetType = UNSET
    count: int | UnsetType = UNSET
    active: bool | UnsetType = UNSET
    refill: bool | int | UnsetType = UNSET
    secret: str | UnsetType = attrs.field(default=UNSET, repr=False)
    class_: str | UnsetType = attrs.field(default=UNSET, metadata={"wire": "class"})


CLASSES: dict[str, type[Any]] = {
    "tests:Thing": Thing,
    "tests:ThingPage": ThingPage,
    "tests:RenamedPage": RenamedPage,
    "tests:Renamed": Renamed,
    "tests:Draft": Draft,
    "tests:Ref": Ref,
}
