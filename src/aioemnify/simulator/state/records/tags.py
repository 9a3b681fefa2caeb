"""The tags of an organisation, and the endpoints that have them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import define, field

from aioemnify.simulator.platform.lookups import TAG_COLORS


@define(kw_only=True)
class Tag:
    """A tag; ``used`` counts the endpoints that have it."""

    id: int
    name: str
    color: int
    used: int = 0

    def body(self) -> dict[str, Any]:
        """Return the tag as JSON values."""
        color = dict(TAG_COLORS[self.color])
        return {"id": self.id, "name": self.name, "tag_color": color, "resource_count": self.used}


@define(kw_only=True)
class TagBook:
    """All tags of one organisation by id, and the tag ids of each endpoint, oldest first."""

    tags: dict[int, Tag] = field(factory=dict)
    carried: dict[int, list[int]] = field(factory=dict)

    def named(self, name: str) -> Tag | None:
        """Return the tag with a name; case-sensitive."""
        return next((tag for tag in self.tags.values() if tag.name == name), None)

    def of(self, endpoint: int) -> list[Tag]:
        """Return the tags of an endpoint."""
        return [self.tags[tag] for tag in self.carried.get(endpoint, ())]

    def carries(self, endpoint: int, tag: int) -> bool:
        """Return whether an endpoint has a tag."""
        return tag in self.carried.get(endpoint, ())

    def put_on(self, endpoint: int, tag: int) -> bool:
        """Assign an existing tag to an endpoint; False if it has the tag already."""
        if self.carries(endpoint, tag):
            return False
        self.carried.setdefault(endpoint, []).append(tag)
        self.tags[tag].used += 1
        return True

    def take_off(self, endpoint: int, tag: int) -> bool:
        """Remove a tag from an endpoint; False if it does not have the tag."""
        if not self.carries(endpoint, tag):
            return False
        self.carried[endpoint].remove(tag)
        if not self.carried[endpoint]:
            del self.carried[endpoint]
        self.tags[tag].used -= 1
        return True

    def strip(self, endpoint: int) -> None:
        """Remove all tags from an endpoint; it need not exist any more."""
        for tag in self.carried.pop(endpoint, ()):
            self.tags[tag].used -= 1

    def delete(self, tags: Iterable[int]) -> None:
        """Delete existing tags, and remove them from every endpoint."""
        gone = set(tags)
        for tag in gone:
            del self.tags[tag]
        kept = {endpoint: [tag for tag in ids if tag not in gone] for endpoint, ids in self.carried.items()}
        self.carried = {endpoint: ids for endpoint, ids in kept.items() if ids}
