"""Service profiles and tariff profiles."""

from __future__ import annotations

from attrs import define, evolve, field

from aioemnify.simulator.platform.lookups import TRAFFIC_LIMITS
from aioemnify.simulator.state.records.traffic_policy import DataLimit, TrafficPolicy

DATA_SERVICE = 38


@define(kw_only=True)
class ServiceProfile:
    """A service profile; ``flags`` and ``references`` hold what its body may set.

    Attributes:
        sms_limits: ids of predefined limits, by service.
        data_limits: in the order they were made.
        policies: the data policies over time; empty if they never changed since the start.
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
    policies: list[TrafficPolicy] = field(factory=list)

    def policy(self, since: float) -> TrafficPolicy:
        """Return the present data policy."""
        limits = [limit.volume for limit in self.data_limits if not limit.satellite]
        return TrafficPolicy(
            since=since,
            data=DATA_SERVICE in self.services,
            quota=bool(self.flags.get("apply_data_quota")),
            limit=min(limits, default=None),
        )

    def note(self, before: TrafficPolicy, now: float) -> bool:
        """Record a change of the data policy, and return whether there was one.

        Args:
            before: the policy before the change.
            now: time of the change.
        """
        policy = self.policy(now)
        if policy == evolve(before, since=now):
            return False
        if not self.policies:
            self.policies.append(evolve(before, since=0.0))
        self.policies.append(policy)
        return True

    def sms_ceiling(self, service: int) -> int | None:
        """Return how many messages of a service an endpoint may have in a month; None without a limit."""
        limits = [TRAFFIC_LIMITS[identity]["volume"] for identity in self.sms_limits.get(service, ())]
        return min(limits, default=None)


@define(kw_only=True)
class BlockedRadio:
    """What a tariff profile blocks of one operator: everything, or some radio types."""

    whole: bool = False
    rat_types: list[int] = field(factory=list)


@define(kw_only=True)
class TariffProfile:
    """A tariff profile: a price list, and a selection of its zones and operators.

    Attributes:
        zones: selected zones; None for all zones of the price list.
        bundles: ids of inclusive volumes.
        blocked: what is blocked, by operator.
    """

    id: int
    name: str
    description: str = ""
    tariff: int
    used: int = 0
    zones: list[int] | None = None
    bundles: list[int] = field(factory=list)
    blocked: dict[int, BlockedRadio] = field(factory=dict)
