"""Service profiles and tariff profiles as the server keeps them."""

from __future__ import annotations

from attrs import define, evolve, field

from aioemnify.simulator.state.catalogue import TRAFFIC_LIMITS
from aioemnify.simulator.usage.gates import DataLimit, Gate

DATA_SERVICE = 38


@define(kw_only=True)
class ServiceProfile:
    """A service profile; ``flags`` and ``references`` hold what its body may set.

    Attributes:
        sms_limits: ids of predefined limits, by service.
        data_limits: in the order they were made.
        gates: what held for data, and since when; empty while nothing but the services ever did.
    """

    id: int
    name: str
    description: str = ""
    flags: dict[str, bool] = field(factory=dict)
    references: dict[str, int | None] = field(factory=dict)
    services: list[int] = field(factory=list)
    used: int = 0
    sms_limits: dict[int, list[int]] = field(factory=dict)
    data_limits: list[DataLimit] = field(factory=list)
    gates: list[Gate] = field(factory=list)

    def gate(self, since: float) -> Gate:
        """Return what holds for data now."""
        limits = [limit.volume for limit in self.data_limits if not limit.satellite]
        return Gate(
            since=since,
            data=DATA_SERVICE in self.services,
            quota=bool(self.flags.get("apply_data_quota")),
            limit=min(limits, default=None),
        )

    def note(self, before: Gate, now: float) -> bool:
        """Write down from when on another gate holds; say whether one does.

        Args:
            before: the gate before something about the profile was changed.
            now: when it was changed.
        """
        gate = self.gate(now)
        if gate == evolve(before, since=now):
            return False
        if not self.gates:
            self.gates.append(evolve(before, since=0.0))
        self.gates.append(gate)
        return True

    def sms_ceiling(self, service: int) -> int | None:
        """Return how many messages of a service an endpoint may have in a month; None is no limit."""
        limits = [TRAFFIC_LIMITS[identity]["volume"] for identity in self.sms_limits.get(service, ())]
        return min(limits, default=None)


@define(kw_only=True)
class BlockedRadio:
    """What a tariff profile blocks of one operator: all of it, or some radio types."""

    whole: bool = False
    rat_types: list[int] = field(factory=list)


@define(kw_only=True)
class TariffProfile:
    """A tariff profile: a choice of price list, of its zones and of operators there.

    Attributes:
        zones: selected zones; None stands for all of the price list.
        bundles: inclusive volumes.
        blocked: by operator.
    """

    id: int
    name: str
    description: str = ""
    tariff: int
    used: int = 0
    zones: list[int] | None = None
    bundles: list[int] = field(factory=list)
    blocked: dict[int, BlockedRadio] = field(factory=dict)
