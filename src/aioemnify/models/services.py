# Generated from schema/resources/services.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Services: the models of requests and responses."""

from typing import ClassVar

import attrs

from aioemnify.models.lookup_constants import TrafficType
from aioemnify.serialization.model import LookupModel, Model


@attrs.frozen(kw_only=True)
class Service(LookupModel):
    """A service an endpoint can use. Voice can be added but does not work."""

    VOICE: ClassVar["Service"]
    DATA: ClassVar["Service"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)
    teleservice_code: int | None = attrs.field(default=None, eq=False)
    used_with_vlr: bool | None = attrs.field(default=None, eq=False)
    """Runs over the circuit-switched network."""

    used_with_sgsn: bool | None = attrs.field(default=None, eq=False)
    """Runs over the packet-switched network."""

    traffic_type: TrafficType | None = attrs.field(default=None, eq=False, metadata={"intern": True})


Service.VOICE = Service(id=3, description="Voice")
Service.DATA = Service(id=38, description="Data")


@attrs.frozen(kw_only=True)
class TrafficPeriod(LookupModel):
    """The period of a limit, after which it resets."""

    MONTHLY: ClassVar["TrafficPeriod"]

    id: int
    time_units: int | None = attrs.field(default=None, eq=False)
    """The length of the period in units."""

    unit: str | None = attrs.field(default=None, eq=False)


TrafficPeriod.MONTHLY = TrafficPeriod(id=2)


@attrs.frozen(kw_only=True)
class TrafficLimit(Model):
    """A predefined limit on the traffic of each endpoint."""

    id: int
    volume: int | None = None
    """Messages for SMS, bytes for data."""

    period: TrafficPeriod | None = attrs.field(default=None, metadata={"intern": True})
    service: Service | None = attrs.field(default=None, metadata={"intern": True})
    """The service that it belongs to."""
