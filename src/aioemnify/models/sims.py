# Generated from schema/resources/sims.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""SIMs: the models of requests and responses."""

from decimal import Decimal

import attrs

from aioemnify.models.lookup_constants import Currency, SimProfileType, SimStatus, TrafficType
from aioemnify.models.refs import EndpointRef, IdRef, OrganisationRef, ProductRef, WorkspaceRef
from aioemnify.models.usage import MonthlyUsage
from aioemnify.serialization.model import BodyModel, LookupModel, Model
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class FormFactor(LookupModel):
    """The form factor of a SIM card."""

    id: int
    name: str | None = attrs.field(default=None, eq=False)
    """The name, such as 2FF."""


@attrs.define(kw_only=True)
class IccidRange(BodyModel):
    """ICCIDs from start to end, both inclusive."""

    start: str
    """19 digits."""

    end: str
    """19 digits."""


@attrs.frozen(kw_only=True)
class LastHourTraffic(Model):
    """Series (rx, tx) or sums (the other members) of one kind of traffic."""

    id: int | None = None
    rx: list[tuple[str, float]] | None = None
    """Pairs of HH:mm and volume."""

    tx: list[tuple[str, float]] | None = None
    """Pairs of HH:mm and volume."""

    volume: Decimal | None = None
    """MB for data, messages for SMS."""

    volume_tx: Decimal | None = None
    """For SMS, the sources disagree on which direction is tx."""

    volume_rx: Decimal | None = None
    """For SMS, the sources disagree on which direction is rx."""

    cost: Decimal | None = None
    """Up to ten decimal places."""

    traffic_type: TrafficType | None = attrs.field(default=None, metadata={"intern": True})
    currency: Currency | None = attrs.field(default=None, metadata={"intern": True})
    month: str | None = None
    """First day of the month, as a date or as a timestamp."""

    currency_id: int | None = None
    traffic_type_id: int | None = None
    sim_id: int | None = None
    last_updated: Timestamp | None = None
    endpoint_id: int | None = None


@attrs.frozen(kw_only=True)
class LastHourUsage(Model):
    """The traffic of a SIM in the last hour, in either documented form."""

    data: LastHourTraffic | None = None
    sms: LastHourTraffic | None = None


@attrs.frozen(kw_only=True)
class Manufacturer(LookupModel):
    """The manufacturer of a SIM card."""

    id: int
    name: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class MigrationSim(Model):
    """A SIM that takes part in a migration."""

    id: int
    iccid: str | None = None
    """19 digits, without the Luhn digit."""

    iccid_with_luhn: str | None = None
    """20 digits, with the Luhn digit."""

    endpoint: EndpointRef | None = None
    status: SimStatus | None = attrs.field(default=None, metadata={"intern": True})
    source_workspace: WorkspaceRef | None = attrs.field(default=None, metadata={"intern": True})


@attrs.frozen(kw_only=True)
class SimEndpoint(Model):
    """The endpoint of a SIM, as part of the SIM."""

    id: int | None = None
    name: str | None = None
    imei: str | None = None
    """16-digit IMEISV."""

    imei_with_luhn: str | None = None
    """15 digits, with the Luhn digit."""

    imei_lock: bool | None = None
    """Whether only this IMEI may use the SIM."""

    created: Timestamp | None = None
    last_updated: Timestamp | None = None
    organisation_id: int | None = None
    service_profile_id: int | None = None
    tariff_profile_id: int | None = None
    tags: str | None = None
    """Comma-separated."""

    ip_address: str | None = None
    ip_address_space_id: int | None = None


@attrs.define(kw_only=True)
class SimMigration(BodyModel):
    """The SIMs to move and their target. Set exactly one of sims, iccids and iccid_range."""

    target_workspace: IdRef | int
    sims: list[IdRef | int] | UnsetType = UNSET
    iccids: list[str] | UnsetType = UNSET
    """19 digits each, without the Luhn digit."""

    iccid_range: IccidRange | UnsetType = UNSET
    """Spans at most 500 ICCIDs."""

    allowed_sim_statuses: list[SimStatus | int] | UnsetType = UNSET
    """Reject SIMs in any other status."""

    dry_run: bool | UnsetType = UNSET
    """If true, nothing moves. The server's default is true."""

    auto_detach_devices: bool | UnsetType = UNSET
    """Detach SIMs from their endpoints instead of rejecting them."""


@attrs.frozen(kw_only=True)
class SimMigrationIssue(Model):
    """One reason against a migration."""

    error_code: int | None = None
    """1502 to 1505."""

    message: str | None = None
    sims: list[MigrationSim] | None = None
    """The SIMs concerned."""


@attrs.frozen(kw_only=True)
class SimMigrationConflict(Model):
    """Why a migration was rejected."""

    status_code: int | None = None
    message: str | None = None
    errors: list[SimMigrationIssue] | None = None
    """One entry per reason."""


@attrs.frozen(kw_only=True)
class SimMigrationResult(Model):
    """The result of a migration or of a dry run."""

    sim_count: int
    dry_run: bool
    """If true, nothing has moved."""

    allowed_sim_statuses: list[SimStatus] | None = None
    target_workspace: WorkspaceRef | None = attrs.field(default=None, metadata={"intern": True})
    auto_detach_devices: bool | None = None
    sims: list[MigrationSim] | None = None


@attrs.frozen(kw_only=True)
class SimModel(Model):
    """A model of SIM card."""

    id: int
    description: str | None = None
    memory_size: int | None = None
    formfactor: FormFactor | None = attrs.field(default=None, metadata={"intern": True})
    manufacturer: Manufacturer | None = attrs.field(default=None, metadata={"intern": True})


@attrs.frozen(kw_only=True)
class Sim(Model):
    """A SIM card or profile."""

    id: int
    iccid: str
    """19 digits, without the Luhn digit."""

    status: SimStatus = attrs.field(metadata={"intern": True})
    eid: str | None = None
    """32 digits of the eUICC, if any."""

    production_date: Timestamp | None = None
    activation_date: Timestamp | None = None
    """Empty until the SIM is first Activated; Factory Test does not count."""

    customer_org: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    issuer_org: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    reseller_org: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    endpoint: SimEndpoint | None = None
    """Missing or null while the SIM is not in an endpoint."""

    imsi: str | None = None
    """Digits; empty when unknown."""

    msisdn: str | None = None
    """Digits."""

    model: SimModel | None = attrs.field(default=None, metadata={"intern": True})
    iccid_with_luhn: str | None = None
    """20 digits, with the Luhn digit."""

    profile_type: SimProfileType | None = attrs.field(default=None, metadata={"intern": True})


@attrs.frozen(kw_only=True)
class SimStats(Model):
    """Usage of a SIM: last month, this month, last hour."""

    last_month: MonthlyUsage | None = None
    current_month: MonthlyUsage | None = None
    last_hour: LastHourUsage | None = None
    """Documented both as monthly sums and as series; check which members are present."""


@attrs.define(kw_only=True)
class SimUpdate(BodyModel):
    """The changes to a SIM. Send only what changes."""

    issuer_org: IdRef | int | UnsetType = UNSET
    """Only the issuer may set it."""

    reseller_org: IdRef | int | UnsetType = UNSET
    """A null id clears it."""

    customer_org: IdRef | int | UnsetType = UNSET
    """A null id clears it."""

    status: SimStatus | int | UnsetType = UNSET
    """The only member that a customer may set."""


@attrs.frozen(kw_only=True)
class UnlinkedProductStats(Model):
    """The number of SIMs of a product without an endpoint."""

    product: ProductRef = attrs.field(metadata={"intern": True})
    quantity: int
