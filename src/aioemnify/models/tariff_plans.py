# Generated from schema/resources/tariff_plans.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Tariff plans: the records that are sent and answered."""

from decimal import Decimal
from typing import Any, ClassVar

import attrs

from aioemnify.models.common import Currency
from aioemnify.models.lookups import ServiceLevel
from aioemnify.types import Timestamp


@attrs.frozen(kw_only=True)
class PriceStep:
    """A step of a price that falls with the number of SIMs."""

    scale_start: int | None = None
    """The number of SIMs from which the step holds."""

    rate: Decimal | None = None
    """Price of one SIM in this step."""

    volume: int | None = None
    """Its meaning is not published."""


@attrs.frozen(kw_only=True)
class SimPrice:
    """Prices of SIMs in steps."""

    sim_activated_rate: list[PriceStep] | None = None
    """What an Activated SIM costs, step by step."""


@attrs.frozen(kw_only=True)
class TariffPlanRuntime:
    """A length of time."""

    number_of_units: int | None = None
    """How many units it lasts."""

    time_unit_id: int | None = None
    """Which unit; its ids are not published."""

    id: int | None = None


@attrs.frozen(kw_only=True)
class TariffPlanStatus:
    """Where a plan is in its life. Its ids come from older documentation."""

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
class TariffPlanVisibility:
    """Who gets to see a plan. No id is published."""

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class TariffPlan:
    """A package on the price list. It is no tariff profile, which says where endpoints may connect."""

    id: int
    name: str | None = None
    description: str | None = None
    creation_date: Timestamp | None = None
    activation_date: Timestamp | None = None
    """When it went on sale."""

    deprecation_date: Timestamp | None = None
    """When it went off sale; missing until then."""

    rate: Decimal | None = None
    """Fee of the plan in currency."""

    yearly_rate: Decimal | None = None
    """Fee of the plan for a year in currency."""

    sim_activation_fee: Decimal | None = None
    """One-off price of activating a SIM."""

    max_active_sims: int | None = None
    """The most SIMs that may be Activated at once."""

    add_active_sims_rate: Decimal | None = None
    """Price of room for more Activated SIMs, add_active_sim_batch of them at a time."""

    add_active_sim_batch: int | None = None
    """How many SIMs such an extension makes room for."""

    max_service_profiles: int | None = None
    """The most service profiles the organisation may have."""

    max_tariff_profiles: int | None = None
    """The most tariff profiles the organisation may have."""

    max_users: int | None = None
    """The most users the organisation may have."""

    minimum_runtime: int | None = None
    """How long the plan binds at least; the unit is not published."""

    api_access_allowed: bool | None = None
    """Whether the organisation may use this API."""

    vpn_access: bool | None = None
    """Whether the organisation may use VPN access."""

    evaluation: bool | None = None
    """A plan to try the platform with."""

    expiry_time: int | None = None
    """When an evaluation ends; the unit is not published."""

    used_count: int | None = None
    """Organisations with this plan."""

    price: SimPrice | None = None
    currency: Currency | None = attrs.field(default=None, metadata={"intern": True})
    workspaces_enabled: bool | None = None
    """Whether the plan comes with workspaces."""

    organisation_id: int | None = None
    tariff_plan_type_id: int | None = None
    min_tariff_plan_runtime_id: int | None = None
    """Id of the shortest time the plan can be taken for."""

    level: int | None = None
    """Its meaning is not published."""

    tariff_plan_runtime_id: Any = None
    """Untyped in the API's documentation; read as it comes."""

    owner_organisation_id: int | None = None
    """Whose price list it is on."""

    public_for_child_organisations: bool | None = None
    """Whether child organisations may take it."""

    notes: Any = None
    """Untyped in the API's documentation; read as it comes."""

    private: float | None = None
    """A flag written as a number, by its name."""

    dtype: str | None = None
    """Internal to the server."""

    billing_disabled: bool | None = None
    """Whether the plan goes without invoices."""

    status: TariffPlanStatus | None = attrs.field(default=None, metadata={"intern": True})
    visibility: TariffPlanVisibility | None = attrs.field(default=None, metadata={"intern": True})
    service_level: ServiceLevel | None = attrs.field(default=None, metadata={"intern": True})
    federation_allowed: bool | None = None
    """Whether federation is allowed; the API does not say of what."""

    factory_test_mode_allowed: bool | None = None
    """Whether SIMs may be put into Factory Test."""


@attrs.frozen(kw_only=True)
class TariffPlanAssignment:
    """A tariff plan as one organisation has it: from when to when, and at which prices. The rates here
    are the ones that hold for the organisation, those inside tariff_plan the ones of the price list.
    """

    organisation_id: int | None = None
    """Who has the plan."""

    start_date: Timestamp | None = None
    expiry_date: Timestamp | None = None
    """When it ends. Null for an open end."""

    sim_activated_rate: Decimal | None = None
    """Price of an Activated SIM."""

    sim_activated_idle_rate: Decimal | None = None
    """Price of an Activated SIM without traffic."""

    sim_suspended_rate: Decimal | None = None
    """Price of a Suspended SIM."""

    sim_suspended_active_rate: Decimal | None = None
    """Price of a Suspended SIM that was active in the same month."""

    sim_activated_amount: int | None = None
    """A number of Activated SIMs; its use is not published."""

    applied_price: SimPrice | None = None
    """The steps in force."""

    tariff_plan: TariffPlan | None = None
    tariff_plan_runtime: TariffPlanRuntime | None = None
    """How long the plan binds."""

    active: bool | None = None
    """Whether it is the one in force."""

    applied_rate: Decimal | None = None
    """The fee of the plan in force."""

    id: int | None = None
    """Of the assignment; the plan has its own."""

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
    """The API publishes no list of its values."""
