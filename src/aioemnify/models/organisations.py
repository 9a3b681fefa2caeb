# Generated from schema/resources/organisations.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Organisations: the records that are sent and answered."""

from decimal import Decimal
from typing import Any, ClassVar

import attrs

from aioemnify.models.common import Currency
from aioemnify.models.refs import Country
from aioemnify.models.usage import MonthlyUsage
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.define(kw_only=True)
class InclusiveVolumeAssign:
    """When and how an inclusive volume is given to an organisation."""

    start_date: Timestamp | UnsetType = UNSET
    """First day of a month; left out, that of the current one."""

    end_date: Timestamp | None | UnsetType = UNSET
    """Last day of a month; null means that the volume does not end."""

    pooled: bool | UnsetType = UNSET
    """Whether endpoints share the volume; left out, they do."""


@attrs.frozen(kw_only=True)
class InclusiveVolumeAssignment:
    """An inclusive volume as an organisation has it."""

    id: int
    start_date: Timestamp | None = None
    end_date: Timestamp | None = None
    """Missing when the volume does not end."""

    pooled: bool | None = None
    """Whether endpoints share it."""


@attrs.frozen(kw_only=True)
class InclusiveVolumeCost:
    """What inclusive volumes cost."""

    unpooled: Decimal | None = None
    """Of volumes that each endpoint has for itself."""

    pooled: Decimal | None = None
    """Of volumes that endpoints share."""


@attrs.frozen(kw_only=True)
class OrganisationStatus:
    """Whether an organisation can be worked with. Newer samples call id 0 Active."""

    ENABLED: ClassVar["OrganisationStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


OrganisationStatus.ENABLED = OrganisationStatus(id=0, description="Enabled")


@attrs.frozen(kw_only=True)
class Organisation:
    """A tenant, also called a workspace: an operator, service provider, reseller or enterprise."""

    id: int
    name: str | None = None
    organisation_type_id: int | None = None
    country_id: int | None = None
    organisation_status_id: int | None = None
    """An OrganisationStatus."""

    ext_reference: str | None = None
    """A name for it in a system of your own."""

    monthly_cost_limit: Decimal | None = None
    """In the currency of the organisation; null when none is set."""

    currency_id: int | None = None
    organisation_class_id: int | None = None
    created: Timestamp | None = None
    verification_type_id: int | None = None
    verification: str | None = None
    brand_id: int | None = None
    default_sms_routing_id: int | None = None
    class_: Any = attrs.field(default=None, metadata={"wire": "class"})
    """The class behind organisation_class_id; its shape is not published."""

    type: Any = None
    """The type behind organisation_type_id; its shape is not published."""

    country: Country | None = attrs.field(default=None, metadata={"intern": True})
    """The country behind country_id, where the server spells it out."""

    status: OrganisationStatus | None = attrs.field(default=None, metadata={"intern": True})
    """The status behind organisation_status_id, where the server spells it out."""

    relation: Any = None
    """How it stands to the caller; its shape is not published."""

    currency: Currency | None = attrs.field(default=None, metadata={"intern": True})
    """The currency behind currency_id, where the server spells it out."""

    verification_type: Any = None
    """The type behind verification_type_id; its shape is not published."""


@attrs.frozen(kw_only=True)
class PrepaidBalance:
    """What is left of the prepaid money."""

    amount: Decimal | None = None
    """In the currency beside it."""

    currency: Currency | None = attrs.field(default=None, metadata={"intern": True})
    last_updated: Timestamp | None = None


@attrs.frozen(kw_only=True)
class SimCounts:
    """How many SIMs there are, by status."""

    issued: int | None = None
    factory_mode: int | None = None
    """In Factory Test."""

    active: int | None = None
    """Activated."""

    suspended: int | None = None
    total: int | None = None


@attrs.frozen(kw_only=True)
class OrganisationMonthlyStats:
    """What an organisation used in this month and the last one, and what it has."""

    current_month: MonthlyUsage | None = None
    last_month: MonthlyUsage | None = None
    sim: SimCounts | None = None
    service_profiles: int | None = None
    """How many there are."""

    tariff_profiles: int | None = None
    """How many there are."""

    users: int | None = None
    """How many there are."""

    active_chargeable_sims: int | None = None
    """Missing when zero."""

    hosting_fees: Decimal | None = None
    """Missing when zero."""

    inclusive_volume: InclusiveVolumeCost | None = None
    prepaid_balance: PrepaidBalance | None = None
