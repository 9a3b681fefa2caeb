# Generated from schema/lookup_constants.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Lookups with constants: the models of requests and responses."""

from typing import ClassVar

import attrs

from aioemnify.serialization.model import LookupModel, Model


@attrs.frozen(kw_only=True)
class BreakoutRegion(Model):
    """A region where traffic can leave the mobile core."""

    id: int
    name: str | None = None
    ip_address: str | None = None
    """Where the traffic comes from."""


@attrs.frozen(kw_only=True)
class Currency(Model):
    """A currency."""

    id: int
    code: str | None = None
    """The ISO 4217 code."""

    symbol: str | None = None
    """The symbol, such as €."""


@attrs.frozen(kw_only=True)
class DataBlocksize(Model):
    """The block size in which data is charged."""

    id: int
    octets: int | None = None
    """Bytes per block."""

    description: str | None = None


@attrs.frozen(kw_only=True)
class DataThrottle(Model):
    """The speed that data is limited to."""

    id: int
    octets: int | None = None
    """The speed as a number; a sample has 256000 for 256 kbit/s."""

    description: str | None = None


@attrs.frozen(kw_only=True)
class EsmeInterfaceType(LookupModel):
    """How SMS is exchanged with the platform. Id 1 was RestAPI in recorded traffic and SMPP in an older
    sample: read the lookup.
    """

    REST_API: ClassVar["EsmeInterfaceType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


EsmeInterfaceType.REST_API = EsmeInterfaceType(id=1, description="RestAPI")


@attrs.frozen(kw_only=True)
class RatType(LookupModel):
    """A radio access technology. The ids are not documented: read the lookup."""

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class SimProfileType(LookupModel):
    """The type of profile of a SIM."""

    UICC: ClassVar["SimProfileType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


SimProfileType.UICC = SimProfileType(id=1, description="UICC")


@attrs.frozen(kw_only=True)
class SimStatus(LookupModel):
    """The status of a SIM in its life cycle."""

    ISSUED: ClassVar["SimStatus"]
    ACTIVATED: ClassVar["SimStatus"]
    SUSPENDED: ClassVar["SimStatus"]
    DELETED: ClassVar["SimStatus"]
    FACTORY_TEST: ClassVar["SimStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


SimStatus.ISSUED = SimStatus(id=0, description="Issued")
SimStatus.ACTIVATED = SimStatus(id=1, description="Activated")
SimStatus.SUSPENDED = SimStatus(id=2, description="Suspended")
SimStatus.DELETED = SimStatus(id=3, description="Deleted")
SimStatus.FACTORY_TEST = SimStatus(id=4, description="Factory Test")


@attrs.frozen(kw_only=True)
class TrafficType(LookupModel):
    """The type of traffic that is counted."""

    DATA: ClassVar["TrafficType"]
    SMS: ClassVar["TrafficType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)
    unit: str | None = attrs.field(default=None, eq=False)
    """The unit: MB for data, SMS for messages."""


TrafficType.DATA = TrafficType(id=5, description="Data")
TrafficType.SMS = TrafficType(id=6, description="SMS")
