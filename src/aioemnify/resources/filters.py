# Generated from schema/filters.yaml, schema/resources/ by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""The types of the filters and sort orders of lists.

In a filter, ``None`` selects items without such a reference. In a sort order, a leading ``-``
means descending.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aioemnify.models.endpoints import EndpointStatus
    from aioemnify.models.euiccs import (
        Eim,
        EuiccOperationAction,
        EuiccOperationStatus,
        EuiccProfileType,
        EuiccStatus,
    )
    from aioemnify.models.events import EventSeverity, EventSource, EventType
    from aioemnify.models.lookup_constants import SimStatus
    from aioemnify.models.sim_operations import SimOperationAction, SimOperationStatus
    from aioemnify.models.users import UserStatus
    from aioemnify.resources.lookup_names import (
        EndpointStatusName,
        EuiccProfileTypeName,
        EuiccStatusName,
        EventSeverityName,
        EventSourceName,
        EventTypeName,
        SimStatusName,
        UserStatusName,
    )

__all__ = [
    "EndpointFilter",
    "EndpointSort",
    "EuiccFilter",
    "EuiccOperationFilter",
    "EuiccOperationSort",
    "EuiccSort",
    "EventFilter",
    "EventSort",
    "SimFilter",
    "SimOperationFilter",
    "SimOperationSort",
    "SimSort",
    "UserFilter",
    "UserSort",
]


class EndpointFilter(TypedDict, total=False):
    """The fields to filter the list by."""

    id: int | None
    status: EndpointStatus | EndpointStatusName | int | None
    service_profile: int | None
    tariff_profile: int | None
    last_updated: datetime | str | None
    created: datetime | str | None
    name: str | None
    tags: str | None
    ip_address: str | None
    imei: str | None
    iccid: str | None
    iccid_with_luhn: str | None
    eid: str | None
    sim_status: SimStatus | SimStatusName | int | None


class EuiccFilter(TypedDict, total=False):
    """The fields to filter the list by."""

    id: int | None
    eid: str | None
    supported_profile_type: EuiccProfileType | EuiccProfileTypeName | int | None
    status: EuiccStatus | EuiccStatusName | int | None
    eim: Eim | int | None


class EuiccOperationFilter(TypedDict, total=False):
    """The fields to filter the list by."""

    id: str | None
    action: EuiccOperationAction | int | None
    status: EuiccOperationStatus | int | None
    iccid_with_luhn: str | None


EventFilter = TypedDict(
    "EventFilter",
    {
        "from": "datetime | str | None",
        "until": "datetime | str | None",
        "type": "EventType | EventTypeName | int | Sequence[EventType | EventTypeName | int] | None",
        "source": "EventSource | EventSourceName | int | None",
        "severity": "EventSeverity | EventSeverityName | int | None",
        "alert": "bool | None",
        "description": "str | None",
        "organisation": "str | None",
        "user": "str | None",
        "endpoint": "str | Sequence[str] | None",
        "tags": "str | None",
        "ip_address": "str | None",
        "imei": "str | None",
        "iccid": "str | Sequence[str] | None",
        "imsi": "str | None",
        "timestamp": "datetime | str | None",
        "iccid_with_luhn": "str | Sequence[str] | None",
        "network": "str | Sequence[str] | None",
        "rat": "int | Sequence[int] | None",
        "country": "str | Sequence[str] | None",
    },
    total=False,
)
"""The fields to filter the list by.

Fields:
    from: Must be given together with until.
    until: Must be given together with from.
    type: Accepts up to 6 alternatives.
    endpoint: Accepts up to 6 alternatives.
    iccid: Accepts up to 6 alternatives.
    timestamp: Deprecated: the API is retiring it.
    iccid_with_luhn: Accepts up to 6 alternatives.
    network: Accepts up to 6 alternatives.
    rat: Accepts up to 6 alternatives.
    country: Accepts up to 6 alternatives.
"""


class SimFilter(TypedDict, total=False):
    """The fields to filter the list by."""

    id: int | None
    issuer_org: int | None
    reseller_org: int | None
    customer_org: int | None
    iccid: str | None
    iccid_with_luhn: str | None
    status: SimStatus | SimStatusName | int | None
    production_date: datetime | str | None
    imsi: str | None
    msisdn: str | None
    endpoint: int | None
    model: int | None
    eid: str | None
    satellite_capable: bool | None


class SimOperationFilter(TypedDict, total=False):
    """The fields to filter the list by."""

    id: str | None
    action: SimOperationAction | int | None
    status: SimOperationStatus | int | None


class UserFilter(TypedDict, total=False):
    """The fields to filter the list by."""

    id: int | None
    status: UserStatus | UserStatusName | int | None
    name: str | None
    username: str | None
    organisation: int | None


EndpointSort: TypeAlias = Literal[
    "id",
    "-id",
    "status",
    "-status",
    "last_updated",
    "-last_updated",
    "created",
    "-created",
    "name",
    "-name",
    "tags",
    "-tags",
    "ip_address",
    "-ip_address",
    "imei",
    "-imei",
    "eid",
    "-eid",
    "service_profile",
    "-service_profile",
    "tariff_profile",
    "-tariff_profile",
]


EuiccOperationSort: TypeAlias = Literal[
    "id",
    "-id",
    "action",
    "-action",
    "status",
    "-status",
    "iccid_with_luhn",
    "-iccid_with_luhn",
    "creation_date",
    "-creation_date",
    "expiry_date",
    "-expiry_date",
    "finalization_date",
    "-finalization_date",
]


EuiccSort: TypeAlias = Literal[
    "id",
    "-id",
    "eid",
    "-eid",
    "modified",
    "-modified",
    "supported_profile_type",
    "-supported_profile_type",
    "status",
    "-status",
    "eim",
    "-eim",
]


EventSort: TypeAlias = Literal[
    "id",
    "-id",
    "timestamp",
    "-timestamp",
    "source",
    "-source",
    "severity",
    "-severity",
    "alert",
    "-alert",
    "organisation",
    "-organisation",
    "user",
    "-user",
    "endpoint",
    "-endpoint",
    "tags",
    "-tags",
    "ip_address",
    "-ip_address",
    "iccid",
    "-iccid",
    "imsi",
    "-imsi",
    "type",
    "-type",
]


SimOperationSort: TypeAlias = Literal[
    "id",
    "-id",
    "action",
    "-action",
    "status",
    "-status",
    "creation_date",
    "-creation_date",
    "finalization_date",
    "-finalization_date",
]


SimSort: TypeAlias = Literal[
    "id",
    "-id",
    "issuer_org",
    "-issuer_org",
    "reseller_org",
    "-reseller_org",
    "customer_org",
    "-customer_org",
    "iccid",
    "-iccid",
    "eid",
    "-eid",
    "status",
    "-status",
    "production_date",
    "-production_date",
    "endpoint",
    "-endpoint",
    "model",
    "-model",
]


UserSort: TypeAlias = Literal[
    "id",
    "-id",
    "status",
    "-status",
    "name",
    "-name",
    "username",
    "-username",
    "organisation",
    "-organisation",
    "created",
    "-created",
]
