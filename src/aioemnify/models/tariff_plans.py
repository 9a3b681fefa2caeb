# Generated from schema/resources/tariff_plans.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Tariff plans: the models of requests and responses."""

from decimal import Decimal
from typing import Any, ClassVar

import attrs

from aioemnify.models.lookup_constants import Currency
from aioemnify.models.lookups import ServiceLevel
from aioemnify.serialization.model import LookupModel, Model
from aioemnify.types import Timestamp


@attrs.frozen(kw_only=True)
class PriceStep(Model):
    """A price step: the price falls with the number of SIMs."""

    scale_start: int | None = None
    """The number of SIMs from which the step applies."""

    rate: Decimal | None = None
    """Price of one SIM in this step."""

    volume: int | None = None
    """The meaning is not documented."""


@attrs.frozen(kw_only=True)
class SimPrice(Model):
    """Prices of SIMs by quantity."""

    sim_activated_rate: list[PriceStep] | None = None
    """The prices of an Activated SIM by quantity."""


@attrs.frozen(kw_only=True)
class TariffPlanRuntime(Model):
    """A period of time."""

    number_of_units: int | None = None
    """The length of the period in units."""

    time_unit_id: int | None = None
    """The unit; the ids are not documented."""

    id: int | None = None


@attrs.frozen(kw_only=True)
class TariffPlanStatus(LookupModel):
    """The status of a plan in its life cycle. The ids are from older documentation."""

    STAGING: ClassVar["TariffPlanStatus"]
    ACTIVE: ClassVar["TariffPlanStatus"]
    DEPRECATED: ClassVar["TariffPlanStatus"]
    DELETED: ClassVar["TariffPlanStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)
    tariff_plan_status_enum_id: int | None = attrs.field(default=None, eq=False)


TariffPlanStatus.STAGING = TariffPlanStatus(id=0, description="Staging")
TariffPlanStatus.ACTIVE = TariffPlanStatus(id=1, description="Active")
TariffPlanStatus.DEPRECATED = TariffPlanStatus(id=2, description="Deprecated")
TariffPlanStatus.DELETED = TariffPlanStatus(id=3, description="Deleted")


@attrs.frozen(kw_only=True)
class TariffPlanVisibility(LookupModel):
    """The visibility of a plan. The ids are not documented."""

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class TariffPlan(Model):
    """A package on the price list. It is not a tariff profile, which defines where endpoints may
    connect.
    """

    id: int
    name: str | None = None
    description: str | None = None
    creation_date: Timestamp | None = None
    activation_date: Timestamp | None = None
    """When sales started."""

    deprecation_date: Timestamp | None = None
    """When sales ended; missing until then."""

    rate: Decimal | None = None
    """Fee of the plan in currency."""

    yearly_rate: Decimal | None = None
    """Fee of the plan for a year in currency."""

    sim_activation_fee: Decimal | None = None
    """One-off price of activating a SIM."""

    max_active_sims: int | None = None
    """The maximum number of Activated SIMs."""

    add_active_sims_rate: Decimal | None = None
    """Price to raise the maximum number of Activated SIMs by add_active_sim_batch."""

    add_active_sim_batch: int | None = None
    """The number of SIMs per such extension."""

    max_service_profiles: int | None = None
    """The maximum number of service profiles."""

    max_tariff_profiles: int | None = None
    """The maximum number of tariff profiles."""

    max_users: int | None = None
    """The maximum number of users."""

    minimum_runtime: int | None = None
    """The minimum commitment period; the unit is not documented."""

    api_access_allowed: bool | None = None
    """Whether the organisation may use this API."""

    vpn_access: bool | None = None
    """Whether the organisation may use VPN access."""

    evaluation: bool | None = None
    """Whether it is an evaluation plan."""

    expiry_time: int | None = None
    """When an evaluation ends; the unit is not documented."""

    used_count: int | None = None
    """Number of organisations with this plan."""

    price: SimPrice | None = None
    currency: Currency | None = attrs.field(default=None, metadata={"intern": True})
    workspaces_enabled: bool | None = None
    """Whether the plan includes workspaces."""

    organisation_id: int | None = None
    tariff_plan_type_id: int | None = None
    min_tariff_plan_runtime_id: int | None = None
    """Id of the minimum period of the plan."""

    level: int | None = None
    """The meaning is not documented."""

    tariff_plan_runtime_id: Any = None
    """The API does not document the type; kept as received."""

    owner_organisation_id: int | None = None
    """The organisation whose price list contains it."""

    public_for_child_organisations: bool | None = None
    """Whether child organisations may use it."""

    notes: Any = None
    """The API does not document the type; kept as received."""

    private: float | None = None
    """A number; by its name, a flag."""

    dtype: str | None = None
    """Used internally by the server."""

    billing_disabled: bool | None = None
    """Whether the plan has no invoices."""

    status: TariffPlanStatus | None = attrs.field(default=None, metadata={"intern": True})
    visibility: TariffPlanVisibility | None = attrs.field(default=None, metadata={"intern": True})
    service_level: ServiceLevel | None = attrs.field(default=None, metadata={"intern": True})
    federation_allowed: bool | None = None
    """Whether federation is allowed; the API does not say of what."""

    factory_test_mode_allowed: bool | None = None
    """Whether SIMs may be put into Factory Test."""


@attrs.frozen(kw_only=True)
class TariffPlanAssignment(Model):
    """The tariff plan of one organisation, with its dates and prices. The rates here apply to the
    organisation; those in tariff_plan are list prices.
    """

    organisation_id: int | None = None
    """The organisation with the plan."""

    start_date: Timestamp | None = None
    expiry_date: Timestamp | None = None
    """When it ends. Null if it does not end."""

    sim_activated_rate: Decimal | None = None
    """Price of an Activated SIM."""

    sim_activated_idle_rate: Decimal | None = None
    """Price of an Activated SIM without traffic."""

    sim_suspended_rate: Decimal | None = None
    """Price of a Suspended SIM."""

    sim_suspended_active_rate: Decimal | None = None
    """Price of a Suspended SIM that was active in the same month."""

    sim_activated_amount: int | None = None
    """A number of Activated SIMs; its use is not documented."""

    applied_price: SimPrice | None = None
    """The price steps in effect."""

    tariff_plan: TariffPlan | None = None
    tariff_plan_runtime: TariffPlanRuntime | None = None
    """The commitment period of the plan."""

    active: bool | None = None
    """Whether it is the current one."""

    applied_rate: Decimal | None = None
    """The fee of the current plan."""

    id: int | None = None
    """The value of the assignment; the plan has its own."""

    service_level: ServiceLevel | None = attrs.field(default=None, metadata={"intern": True})
    workspaces_enabled: bool | None = None
    """Whether the organisation may have workspaces."""

    currency_id: int | None = None
    """Currency of the rates."""

    federation_allowed: bool | None = None
    """Whether federation is allowed; the API does not say of what."""

    factory_test_mode_allowed: bool | None = None
    """Whether SIMs may be put into Factory Test."""

    price_model: str | None = None
    """The values are not documented."""
