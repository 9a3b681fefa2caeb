"""The context of a scheduled event."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from aioemnify.simulator.state.world import Organisation, World

NETWORK, POLICY = 0, 1


@frozen(kw_only=True)
class EventContext:
    """The context of an event of one organisation that no call caused.

    Attributes:
        world: the state of the simulator.
        organisation: the organisation.
        now: time of the event; the clock may be later.
        source: source of the recorded events.
    """

    world: World
    organisation: Organisation
    now: float
    source: int = POLICY

    def record(self, kind: int, description: str, **members: Any) -> None:
        """Record an event at this time."""
        self.world.record(self.organisation, kind, description, wall=self.now, source=self.source, **members)
