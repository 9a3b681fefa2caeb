"""Small models as the generator writes them, for the tests of reading and writing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs

from aioemnify.unset import UNSET, Timestamp, UnsetType


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
    volume: float | UnsetType = UNSET
    count: int | UnsetType = UNSET
    active: bool | UnsetType = UNSET
    refill: bool | int | UnsetType = UNSET
    secret: str | UnsetType = attrs.field(default=UNSET, repr=False)
    class_: str | UnsetType = attrs.field(default=UNSET, metadata={"wire": "class"})


CLASSES: dict[str, type[Any]] = {
    "tests:Thing": Thing,
    "tests:Renamed": Renamed,
    "tests:Draft": Draft,
    "tests:Ref": Ref,
}
