# Generated from schema/common.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Shared models: the records that are sent and answered."""

from typing import ClassVar

import attrs


@attrs.frozen(kw_only=True)
class ApiError:
    """What the API says about a failure. Every member may be missing."""

    error_code: int | None = None
    """Listed in errors.yaml; unknown codes are normal."""

    error_token: str | None = None
    """The code as a word."""

    message: str | None = None
    """For people, not for programs."""

    status_code: int | None = None
    """The HTTP status again, in some answers."""

    errors: list["ApiError"] | None = None
    """The single faults behind a validation failure."""


@attrs.frozen(kw_only=True)
class BreakoutRegion:
    """A region where traffic can leave the mobile core."""

    id: int
    name: str | None = None
    ip_address: str | None = None
    """Where that traffic comes from."""


@attrs.frozen(kw_only=True)
class Currency:
    """A currency."""

    id: int
    code: str | None = None
    """ISO 4217."""

    symbol: str | None = None
    """As printed, such as €."""


@attrs.frozen(kw_only=True)
class DataBlocksize:
    """The step in which data is charged."""

    id: int
    octets: int | None = None
    """Bytes a step."""

    description: str | None = None


@attrs.frozen(kw_only=True)
class DataThrottle:
    """The speed data is held to."""

    id: int
    octets: int | None = None
    """The figure of the speed; a sample gives 256000 for 256 kbit/s."""

    description: str | None = None


@attrs.frozen(kw_only=True)
class EsmeInterfaceType:
    """How SMS is exchanged with the platform. Id 1 was RestAPI in traffic and SMPP in an older sample:
    read the lookup.
    """

    REST_API: ClassVar["EsmeInterfaceType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


EsmeInterfaceType.REST_API = EsmeInterfaceType(id=1, description="RestAPI")


@attrs.frozen(kw_only=True)
class RatType:
    """A radio access technology. Ids are not published: read the lookup."""

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class SimProfileType:
    """What kind of profile a SIM is."""

    UICC: ClassVar["SimProfileType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


SimProfileType.UICC = SimProfileType(id=1, description="UICC")


@attrs.frozen(kw_only=True)
class SimStatus:
    """Where a SIM is in its life."""

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
class TrafficType:
    """What kind of traffic is counted."""

    DATA: ClassVar["TrafficType"]
    SMS: ClassVar["TrafficType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)
    unit: str | None = attrs.field(default=None, eq=False)
    """MB for data, SMS for messages."""


TrafficType.DATA = TrafficType(id=5, description="Data")
TrafficType.SMS = TrafficType(id=6, description="SMS")
