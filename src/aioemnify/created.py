"""What a create returns when the server answers 201 with no object in the body."""

from __future__ import annotations

from attrs import frozen


@frozen
class Created:
    """The new object's id and address, read from the ``Location`` header.

    No second request is made to fetch the object. ``location`` is given as the server
    sent it; nothing ever follows it.
    """

    id: int | str
    location: str | None
