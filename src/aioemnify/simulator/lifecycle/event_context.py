"""Time as somebody who does things: delivers, counts down, carries on with operations."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from aioemnify.simulator.state.world import Organisation, World

NETWORK, POLICY = 0, 1


@frozen(kw_only=True)
class EventContext:
    """What happens to one tenant at one moment, without anybody calling.

    Attributes:
        world: the state.
        organisation: the tenant.
        now: when it happens; the clock may have gone on since.
        source: what its events name as their source.
    """

    world: World
    organisation: Organisation
    now: float
    source: int = POLICY

    def record(self, kind: int, description: str, **members: Any) -> None:
        """Write an event that happened at this moment."""
        self.world.record(self.organisation, kind, description, wall=self.now, source=self.source, **members)
