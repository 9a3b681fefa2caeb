"""The items of a job in memory, and the states that they pass through."""

from __future__ import annotations

from attrs import define

STATES = ("waiting", "sent", "ok", "failed", "unknown", "skipped")
"""The states of an item; the journal keeps the position in this tuple."""

WAITING, SENT, OK, FAILED, UNKNOWN, SKIPPED = range(6)

TAKEN = -1
"""In memory: another worker has taken the item over, so this one must leave it."""


@define(eq=False)
class Part:
    """The items of a job that can share a call: one operation, and the same shared members.

    ``first`` is the first part of the operation, within which keys are unique. ``mark`` is the highest id
    that existed before the first item was sent, ``largest`` the bytes of the largest item.
    """

    id: int
    operation: str
    first: int
    key: str | None
    shared: bytes
    mark: int | None = None
    largest: int = 0


@define(eq=False)
class Item:
    """One item in memory.

    ``uncertain`` says that an earlier attempt may have had an effect, ``fence`` is the claim of a shared
    journal that it was taken with: a later claim of the same item is another object.
    """

    number: int
    key: int | str
    body: bytes
    state: int
    uncertain: bool
    fence: int = 0


@define(eq=False)
class Finish:
    """The outcome of one item, to be written."""

    item: Item
    state: int
    error: str | None = None
    result: bytes | None = None
    doubled: bool = False
