# Generated from schema/resources/tariff_profiles.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Tariff profiles: the models of requests and responses."""

from decimal import Decimal
from typing import Any

import attrs

from aioemnify.models.lookup_constants import Currency, DataBlocksize, DataThrottle, RatType
from aioemnify.models.refs import Country, IdRef, OperatorRef
from aioemnify.serialization.model import BodyModel, Model
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class OperatorBlocklistRules(Model):
    """Whether an operator is blocked, and which radio types."""

    operator: bool | None = None
    """If true, the operator is blocked entirely."""

    rat_types: list[RatType] | None = None
    """The radio types that are blocked."""


@attrs.frozen(kw_only=True)
class OperatorBlocklist(Model):
    """The blocklist entry of one operator in a tariff profile."""

    operator: OperatorRef | None = attrs.field(default=None, metadata={"intern": True})
    tariff_profile: IdRef | None = None
    blocklist: OperatorBlocklistRules | None = None


@attrs.define(kw_only=True)
class RatTypeBlock(BodyModel):
    """Radio types to block."""

    rat_types: list[IdRef | int]


@attrs.frozen(kw_only=True)
class Ratezone(Model):
    """A price zone of a tariff."""

    id: int
    name: str | None = None
    ratezone_status_id: int | None = None


@attrs.frozen(kw_only=True)
class Tariff(Model):
    """A price list."""

    id: int
    name: str | None = None
    tariff_status_id: int | None = None
    ratezone: Ratezone | None = None
    """The zone, if there is only one."""

    organisation_id: int | None = None
    description: str | None = None
    created: Timestamp | None = None
    currency_id: int | None = None
    default_sms_mt_rate: Decimal | None = None
    """Price per SMS to a device."""

    default_sms_mo_rate: Decimal | None = None
    """Price per SMS from a device."""

    sim_issued_rate: Decimal | None = None
    """Price per issued SIM."""

    sim_activated_rate: Decimal | None = None
    """Price per activated SIM."""

    sim_suspended_rate: Decimal | None = None
    """Price per suspended SIM."""

    sim_activation_rate: Decimal | None = None
    """Price per change."""

    sim_reactivation_rate: Decimal | None = None
    """Price per change."""

    sim_suspension_rate: Decimal | None = None
    """Price per change."""

    sim_termination_rate: Decimal | None = None
    """Price per change."""

    data_throttle_id: int | None = None
    data_blocksize_id: int | None = None
    public: bool | None = None
    tariff_category_id: int | None = None
    visibility_id: int | None = None
    tariff_currency_category_id: int | None = None
    used_count: int | None = None
    assigned_count: int | None = None
    currency: Currency | None = attrs.field(default=None, metadata={"intern": True})
    data_blocksize: DataBlocksize | None = None
    data_throttle: DataThrottle | None = None
    pdp_context_definition: list[Any] | None = None
    """Access points, each with id, apn and default."""

    status: Any = None
    """An object of id and description."""


@attrs.frozen(kw_only=True)
class InclusiveVolume(Model):
    """A prepaid bundle for a ratezone."""

    id: int
    volume: Decimal | None = None
    """In MB."""

    rate: Decimal | None = None
    """Price of the bundle."""

    pooled: bool | None = None
    """Whether endpoints share it."""

    start_date: Timestamp | None = None
    end_date: Timestamp | None = None
    currency: Currency | None = attrs.field(default=None, metadata={"intern": True})
    tariff: Tariff | None = None
    ratezone: Ratezone | None = None


@attrs.frozen(kw_only=True)
class TariffProfile(Model):
    """The coverage and the prices for endpoints."""

    id: int
    name: str | None = None
    description: str | None = None
    used_count: int | None = None
    """Number of endpoints with this profile."""

    organisation_id: int | None = None
    tariff: Tariff | None = None
    inclusive_volume: InclusiveVolume | None = None
    ratezone: list[Ratezone] | None = None
    """Documented only for a single profile."""


@attrs.frozen(kw_only=True)
class TariffProfileCoverage(Model):
    """The coverage in a country."""

    country: Country | None = attrs.field(default=None, metadata={"intern": True})
    redundancy_count: int | None = None
    """Number of available networks."""


@attrs.define(kw_only=True)
class TariffProfileCreate(BodyModel):
    """A new tariff profile."""

    name: str
    description: str
    tariff: IdRef | int


@attrs.define(kw_only=True)
class TariffProfileUpdate(BodyModel):
    """The changes to a tariff profile. Send only what changes."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    tariff: IdRef | int | UnsetType = UNSET
