# Generated from schema/resources/organisations.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Organisations: the models of requests and responses."""

from decimal import Decimal
from typing import Any, ClassVar

import attrs

from aioemnify.models.lookup_constants import Currency
from aioemnify.models.refs import Country
from aioemnify.models.usage import MonthlyUsage
from aioemnify.serialization.model import BodyModel, LookupModel, Model
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.define(kw_only=True)
class InclusiveVolumeAssign(BodyModel):
    """The dates and the kind of an inclusive volume for an organisation."""

    start_date: Timestamp | UnsetType = UNSET
    """First day of a month; by default, of the current month."""

    end_date: Timestamp | None | UnsetType = UNSET
    """Last day of a month; with null, the volume does not end."""

    pooled: bool | UnsetType = UNSET
    """Whether endpoints share the volume; by default, they do."""


@attrs.frozen(kw_only=True)
class InclusiveVolumeAssignment(Model):
    """An inclusive volume of an organisation."""

    id: int
    start_date: Timestamp | None = None
    end_date: Timestamp | None = None
    """Missing if the volume does not end."""

    pooled: bool | None = None
    """Whether endpoints share it."""


@attrs.frozen(kw_only=True)
class InclusiveVolumeCost(Model):
    """The cost of inclusive volumes."""

    unpooled: Decimal | None = None
    """The cost of volumes per endpoint."""

    pooled: Decimal | None = None
    """The cost of shared volumes."""


@attrs.frozen(kw_only=True)
class OrganisationStatus(LookupModel):
    """The status of an organisation. Newer samples call id 0 Active."""

    ENABLED: ClassVar["OrganisationStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


OrganisationStatus.ENABLED = OrganisationStatus(id=0, description="Enabled")


@attrs.frozen(kw_only=True)
class Organisation(Model):
    """A tenant, also called a workspace: an operator, service provider, reseller or enterprise."""

    id: int
    name: str | None = None
    organisation_type_id: int | None = None
    country_id: int | None = None
    organisation_status_id: int | None = None
    """An OrganisationStatus."""

    ext_reference: str | None = None
    """Its name in your own system."""

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
    """The class for organisation_class_id; the shape is not documented."""

    type: Any = None
    """The type for organisation_type_id; the shape is not documented."""

    country: Country | None = attrs.field(default=None, metadata={"intern": True})
    """The country for country_id, if the server includes it."""

    status: OrganisationStatus | None = attrs.field(default=None, metadata={"intern": True})
    """The status for organisation_status_id, if the server includes it."""

    relation: Any = None
    """The relation to the caller; the shape is not documented."""

    currency: Currency | None = attrs.field(default=None, metadata={"intern": True})
    """The currency for currency_id, if the server includes it."""

    verification_type: Any = None
    """The type for verification_type_id; the shape is not documented."""


@attrs.frozen(kw_only=True)
class PrepaidBalance(Model):
    """The remaining prepaid balance."""

    amount: Decimal | None = None
    """The amount, in the currency below."""

    currency: Currency | None = attrs.field(default=None, metadata={"intern": True})
    last_updated: Timestamp | None = None


@attrs.frozen(kw_only=True)
class SimCounts(Model):
    """The number of SIMs by status."""

    issued: int | None = None
    factory_mode: int | None = None
    """Number of SIMs in Factory Test."""

    active: int | None = None
    """Number of Activated SIMs."""

    suspended: int | None = None
    total: int | None = None


@attrs.frozen(kw_only=True)
class OrganisationMonthlyStats(Model):
    """The usage of an organisation in this month and the last one, and its counts."""

    current_month: MonthlyUsage | None = None
    last_month: MonthlyUsage | None = None
    sim: SimCounts | None = None
    service_profiles: int | None = None
    """The number in the organisation."""

    tariff_profiles: int | None = None
    """The number in the organisation."""

    users: int | None = None
    """The number in the organisation."""

    active_chargeable_sims: int | None = None
    """Missing when zero."""

    hosting_fees: Decimal | None = None
    """Missing when zero."""

    inclusive_volume: InclusiveVolumeCost | None = None
    prepaid_balance: PrepaidBalance | None = None
