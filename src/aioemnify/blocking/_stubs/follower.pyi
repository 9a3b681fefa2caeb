# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
from collections.abc import Iterator

from aioemnify.models.events import Event

class EventFollower(Iterator[Event]):
    """The events of an organisation as they come: ``for event in emnify.events.follow()``.

    It ends only when the loop is left, and needs no block: between two events nothing is in flight. After an
    error the same object continues where it was.
    """

    def __repr__(self) -> str: ...
    @property
    def position(self) -> str:
        """Return the position after the event that came last, as text for ``follow(since=...)``.

        Store it when the event is processed: then none is lost and none comes twice. It has the ids of the
        events of the last ``lateness`` seconds, so its length grows with their rate."""

    def __next__(self) -> Event: ...
