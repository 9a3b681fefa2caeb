# Generated from schema/resources/endpoints.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Endpoints: the models of requests and responses."""

from decimal import Decimal
from typing import Any, ClassVar

import attrs

from aioemnify.models.ip_address_spaces import IpAddressSpace
from aioemnify.models.lookup_constants import EsmeInterfaceType, SimProfileType, SimStatus
from aioemnify.models.refs import (
    Country,
    EndpointRef,
    IdRef,
    OperatorRef,
    ServiceProfileRef,
    TariffProfileRef,
)
from aioemnify.models.tags import Tag
from aioemnify.models.usage import HourlyUsage, MonthlyUsage
from aioemnify.serialization.model import BodyModel, LookupModel, Model
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class CellGlobalId(Model):
    """A radio cell."""

    mcc: str | None = None
    """Mobile country code."""

    mnc: str | None = None
    """Mobile network code."""

    lac: int | None = None
    """Location area code."""

    cid: int | None = None
    """Cell id."""


@attrs.frozen(kw_only=True)
class ConnectivityLocation(Model):
    """The last registration of a device."""

    iccid: str | None = None
    """19 digits."""

    imsi: str | None = None
    """Digits."""

    last_updated: Timestamp | None = None
    """Last registration for calls and SMS."""

    last_updated_gprs: Timestamp | None = None
    """Last registration for data."""

    sgsn_number: str | None = None
    """Digits."""

    vlr_number: str | None = None
    """Digits."""

    msc: str | None = None
    """Digits."""

    operator: OperatorRef | None = attrs.field(default=None, metadata={"intern": True})
    country: Country | None = attrs.field(default=None, metadata={"intern": True})
    sgsn_ip_address: str | None = None


@attrs.define(kw_only=True)
class ConnectivityReset(BodyModel):
    """What to reset: set a member to reset it, omit it to keep it."""

    pdp_context: bool | None | UnsetType = UNSET
    """Drop the data session. Usually null; one documented workflow sends true."""

    location: bool | None | UnsetType = UNSET
    """Detach from the network. Usually null; one documented workflow sends true."""


@attrs.frozen(kw_only=True)
class ConnectivityStatus(LookupModel):
    """The connectivity of a device. ATTACHED: registered; ONLINE: with a data session; BLOCKED: over a
    traffic limit. It has no id.
    """

    ATTACHED: ClassVar["ConnectivityStatus"]
    ONLINE: ClassVar["ConnectivityStatus"]
    OFFLINE: ClassVar["ConnectivityStatus"]
    BLOCKED: ClassVar["ConnectivityStatus"]

    description: str


ConnectivityStatus.ATTACHED = ConnectivityStatus(description="ATTACHED")
ConnectivityStatus.ONLINE = ConnectivityStatus(description="ONLINE")
ConnectivityStatus.OFFLINE = ConnectivityStatus(description="OFFLINE")
ConnectivityStatus.BLOCKED = ConnectivityStatus(description="BLOCKED")


@attrs.define(kw_only=True)
class EndpointCreateSim(BodyModel):
    """The SIM of a new endpoint, and its new status."""

    id: int
    activate: bool | UnsetType = UNSET
    """Set the SIM to Factory Test if the organisation has it, else to Activated."""

    status: SimStatus | int | UnsetType = UNSET
    """Activated or Factory Test; overrides activate."""


@attrs.define(kw_only=True)
class EndpointBulkCreateItem(BodyModel):
    """One of many new endpoints."""

    name: str | UnsetType = UNSET
    tags: str | UnsetType = UNSET
    """Comma-separated."""

    imei: str | UnsetType = UNSET
    """16-digit IMEISV."""

    imei_lock: bool | UnsetType = UNSET
    """Allow only this IMEI."""

    sim: EndpointCreateSim | UnsetType = UNSET
    ip_address: str | UnsetType = UNSET
    """Needs ip_address_space of the bulk; if omitted, the server chooses a free address."""


@attrs.frozen(kw_only=True)
class EndpointRuntimeData(Model):
    """The core network elements that currently serve the device."""

    msc: str | None = None
    """Address, digits only."""

    sgsn: str | None = None
    """Address, digits only."""

    sgsn_ip_address: str | None = None


@attrs.frozen(kw_only=True)
class EndpointSim(Model):
    """The SIM in an endpoint."""

    id: int
    iccid: str | None = None
    """19 digits, without the Luhn digit."""

    iccid_with_luhn: str | None = None
    """20 digits, with the Luhn digit."""

    status: SimStatus | None = attrs.field(default=None, metadata={"intern": True})
    imsi: str | None = None
    """Digits."""

    eid: str | None = None
    """32 digits of the eUICC, if any."""

    msisdn: str | None = None
    """Digits."""

    sim_profile_type: SimProfileType | None = attrs.field(default=None, metadata={"intern": True})
    euicc_profile_data: dict[str, Any] | None = None
    """The shape is not documented."""

    sim_profile_type_id: int | None = None


@attrs.frozen(kw_only=True)
class EndpointStats(Model):
    """Usage of an endpoint: last month, this month, last hour."""

    last_month: MonthlyUsage | None = None
    """Missing without traffic."""

    current_month: MonthlyUsage | None = None
    """Missing without traffic."""

    last_hour: HourlyUsage | None = None


@attrs.frozen(kw_only=True)
class EndpointStatus(LookupModel):
    """Whether an endpoint may connect, independent of the status of its SIM."""

    ENABLED: ClassVar["EndpointStatus"]
    DISABLED: ClassVar["EndpointStatus"]
    DELETED: ClassVar["EndpointStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


EndpointStatus.ENABLED = EndpointStatus(id=0, description="Enabled")
EndpointStatus.DISABLED = EndpointStatus(id=1, description="Disabled")
EndpointStatus.DELETED = EndpointStatus(id=2, description="Deleted")


@attrs.frozen(kw_only=True)
class Endpoint(Model):
    """A device on the platform: identity, address, profiles and at most one SIM."""

    id: int
    status: EndpointStatus = attrs.field(metadata={"intern": True})
    tariff_profile: TariffProfileRef = attrs.field(metadata={"intern": True})
    service_profile: ServiceProfileRef = attrs.field(metadata={"intern": True})
    created: Timestamp | None = None
    last_updated: Timestamp | None = None
    name: str | None = None
    tags: str | None = None
    """Comma-separated text; tag_assignments is the structured form."""

    ip_address: str | None = None
    imei: str | None = None
    """16-digit IMEISV."""

    imei_lock: bool | None = None
    """Whether only this IMEI may connect."""

    tag_assignments: list[Tag] | None = None
    sim: EndpointSim | None = None
    """Missing or null without a SIM."""

    ip_address_space: IpAddressSpace | None = attrs.field(default=None, metadata={"intern": True})
    """In lists, only the id."""

    imei_with_luhn: str | None = None
    """15 digits, with the Luhn digit."""

    runtime_data: EndpointRuntimeData | None = None
    """Present only while the device is attached to a network."""


@attrs.define(kw_only=True)
class EndpointBulkCreate(BodyModel):
    """New endpoints and their shared settings."""

    service_profile: IdRef | int
    tariff_profile: IdRef | int
    status: EndpointStatus | int
    endpoints: list[EndpointBulkCreateItem]
    organisation: IdRef | int | UnsetType = UNSET
    """Only for resellers: the organisation that will own the endpoints."""

    ip_address_space: IdRef | int | UnsetType = UNSET
    """The address space of the addresses."""


@attrs.define(kw_only=True)
class EndpointCreate(BodyModel):
    """A new endpoint."""

    service_profile: IdRef | int
    tariff_profile: IdRef | int
    status: EndpointStatus | int
    name: str | UnsetType = UNSET
    tags: str | UnsetType = UNSET
    """Comma-separated."""

    imei: str | UnsetType = UNSET
    """16-digit IMEISV."""

    imei_lock: bool | UnsetType = UNSET
    """Allow only this IMEI. The server's default is false."""

    sim: EndpointCreateSim | UnsetType = UNSET
    """The SIM to attach."""

    ip_address: str | UnsetType = UNSET
    """Needs ip_address_space; if omitted, the server chooses a free address."""

    organisation: IdRef | int | UnsetType = UNSET
    """Only for resellers: the organisation that will own the endpoint."""

    ip_address_space: IdRef | int | UnsetType = UNSET
    """The address space of the address."""


@attrs.define(kw_only=True)
class EndpointUpdateSim(BodyModel):
    """The SIM to attach to an endpoint."""

    id: int | None
    """Null detaches the SIM."""

    status: SimStatus | int | UnsetType = UNSET
    """Also set the status of the SIM."""


@attrs.define(kw_only=True)
class EndpointBulkUpdateItem(BodyModel):
    """One of many endpoints and its changes."""

    id: int
    name: str | UnsetType = UNSET
    tags: str | UnsetType = UNSET
    """Comma-separated; replaces the old text."""

    imei: str | UnsetType = UNSET
    """16-digit IMEISV."""

    imei_lock: bool | UnsetType = UNSET
    """Allow only this IMEI."""

    ip_address: str | UnsetType = UNSET
    ip_address_space: IdRef | int | UnsetType = UNSET
    service_profile: IdRef | int | UnsetType = UNSET
    tariff_profile: IdRef | int | UnsetType = UNSET
    status: EndpointStatus | int | UnsetType = UNSET
    sim: EndpointUpdateSim | UnsetType = UNSET
    """A SIM to attach; a null id detaches the SIM."""


@attrs.define(kw_only=True)
class EndpointUpdate(BodyModel):
    """The changes to an endpoint. Send only what changes."""

    service_profile: IdRef | int | UnsetType = UNSET
    tariff_profile: IdRef | int | UnsetType = UNSET
    status: EndpointStatus | int | UnsetType = UNSET
    ip_address_space: IdRef | int | UnsetType = UNSET
    sim: EndpointUpdateSim | UnsetType = UNSET
    """A SIM to attach; a null id detaches the SIM."""

    name: str | UnsetType = UNSET
    tags: str | UnsetType = UNSET
    """Comma-separated; replaces the old text."""

    imei: str | UnsetType = UNSET
    """16-digit IMEISV."""

    imei_lock: bool | UnsetType = UNSET
    """Allow only this IMEI."""

    ip_address: str | UnsetType = UNSET
    """Must be inside the address space."""


@attrs.frozen(kw_only=True)
class PdpContext(Model):
    """A data session in the core network."""

    pdp_context_id: int | None = None
    endpoint_id: int | None = None
    tariff_profile_id: int | None = None
    tariff_id: int | None = None
    ratezone_id: int | None = None
    organisation_id: int | None = None
    imsi_id: int | None = None
    imsi: str | None = None
    """Digits."""

    sim_id: int | None = None
    teid_data_plane: int | None = None
    teid_control_plane: int | None = None
    rx_teid: int | None = None
    tx_teid_data_plane: int | None = None
    tx_teid_control_plane: int | None = None
    gtp_version: int | None = None
    nsapi: int | None = None
    sgsn_control_plane_ip_address: str | None = None
    sgsn_data_plane_ip_address: str | None = None
    ggsn_control_plane_ip_address: str | None = None
    ggsn_data_plane_ip_address: str | None = None
    created: Timestamp | None = None
    tunnel_created: Timestamp | None = None
    """UTC, without a time zone."""

    mcc: str | None = None
    """With leading zeros."""

    mnc: str | None = None
    """With leading zeros."""

    operator_id: int | None = None
    lac: int | None = None
    """Location area code."""

    ci: int | None = None
    """Cell id."""

    sac: int | None = None
    """Service area code."""

    rac: int | None = None
    """Routing area code."""

    ue_ip_address: str | None = None
    """Address of the device."""

    imeisv: str | None = None
    """16 digits."""

    rat_type: Any = None
    """A number in events; an object of rat_type_id and description here."""

    region: str | None = None
    """Breakout region."""

    apn: str | None = None
    breakout_ip: str | None = None
    duration: str | None = None
    """HH:MM:SS."""


@attrs.frozen(kw_only=True)
class EndpointConnectivity(Model):
    """The last known network state of an endpoint."""

    status: ConnectivityStatus | None = attrs.field(default=None, metadata={"intern": True})
    location: ConnectivityLocation | None = None
    """Missing when OFFLINE."""

    pdp_context: PdpContext | None = None
    """The open data session; missing if there is none."""

    services: list[str] | None = None


@attrs.frozen(kw_only=True)
class QuotaAction(LookupModel):
    """The action when a quota is used up. Throttle was removed in December 2024: only Block is accepted."""

    BLOCK: ClassVar["QuotaAction"]
    THROTTLE: ClassVar["QuotaAction"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)
    peak_throughput: int | None = attrs.field(default=None, eq=False)
    """Unused.

    Deprecated.
    """

    action_on_quota_exhaustion_id: int | None = attrs.field(default=None, eq=False)
    """The id, in older responses.

    Deprecated.
    """


QuotaAction.BLOCK = QuotaAction(id=1, description="Block")
QuotaAction.THROTTLE = QuotaAction(id=2, description="Throttle")


@attrs.frozen(kw_only=True)
class QuotaStatus(LookupModel):
    """The status of a quota: whether it still allows traffic."""

    ACTIVE: ClassVar["QuotaStatus"]
    EXHAUSTED: ClassVar["QuotaStatus"]
    EXPIRED: ClassVar["QuotaStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


QuotaStatus.ACTIVE = QuotaStatus(id=1, description="ACTIVE")
QuotaStatus.EXHAUSTED = QuotaStatus(id=2, description="EXHAUSTED")
QuotaStatus.EXPIRED = QuotaStatus(id=3, description="EXPIRED")


@attrs.frozen(kw_only=True)
class Quota(Model):
    """The remaining quota of an endpoint."""

    last_volume_added: Decimal | None = None
    """In MB for data, in messages for SMS."""

    last_status_change_date: Timestamp | None = None
    auto_refill: bool | None = None
    """Whether the volume is restored every day at 00:00 UTC."""

    threshold_volume: Decimal | None = None
    """Volume at which the platform raises a warning event."""

    threshold_percentage: float | None = None
    """The same as a percentage of the volume, 0 to 100."""

    status: QuotaStatus | None = attrs.field(default=None, metadata={"intern": True})
    volume: Decimal | None = None
    """The remaining volume: MB for data, messages for SMS. Can be slightly below zero."""

    expiry_date: Timestamp | None = None
    action_on_exhaustion: QuotaAction | None = attrs.field(default=None, metadata={"intern": True})
    peak_throughput: int | None = None
    """Unused since throttling was removed in December 2024.

    Deprecated.
    """


@attrs.define(kw_only=True)
class QuotaSet(BodyModel):
    """A quota that replaces the old one."""

    status: QuotaStatus | int
    volume: float
    """MB for data, messages for SMS."""

    expiry_date: Timestamp
    last_volume_added: float | UnsetType = UNSET
    """Set by the server; omit it."""

    last_status_change_date: Timestamp | None | UnsetType = UNSET
    """Set by the server; omit it."""

    auto_refill: bool | int | UnsetType = UNSET
    """Restore the volume every day at 00:00 UTC. Send 0 or 1 for data, a boolean for SMS."""

    threshold_volume: float | UnsetType = UNSET
    """Volume at which the platform raises a warning event."""

    threshold_percentage: float | UnsetType = UNSET
    """The same as a percentage of the volume, 0 to 100. Required for SMS, optional for data."""

    action_on_exhaustion: QuotaAction | int | UnsetType = UNSET
    """Required for data, optional for SMS."""


@attrs.frozen(kw_only=True)
class SmsAddressType(LookupModel):
    """The format of a source address."""

    INTERNATIONAL: ClassVar["SmsAddressType"]
    NATIONAL: ClassVar["SmsAddressType"]
    ALPHANUMERIC: ClassVar["SmsAddressType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


SmsAddressType.INTERNATIONAL = SmsAddressType(id=145, description="International")
SmsAddressType.NATIONAL = SmsAddressType(id=161, description="National")
SmsAddressType.ALPHANUMERIC = SmsAddressType(id=208, description="Alphanumeric")


@attrs.define(kw_only=True)
class SmsSend(BodyModel):
    """A message to send."""

    payload: str
    """One part of up to 160 characters; a user data header leaves 153 in GSM-7 and 67 in UCS-2."""

    source_address: str | int | UnsetType = UNSET
    """Digits, or up to 11 letters and digits with the alphanumeric type, which cannot receive replies."""

    source_address_type: SmsAddressType | int | UnsetType = UNSET
    dest_address: str | UnsetType = UNSET
    """Short code that the device replies to."""

    udh: str | UnsetType = UNSET
    """User data header in hex, such as 050003CC0201 for part 1 of 2."""

    dcs: int | UnsetType = UNSET
    """0 for GSM-7, 8 for UCS-2."""

    expiry_date: Timestamp | UnsetType = UNSET
    """Time after which delivery is abandoned."""


@attrs.frozen(kw_only=True)
class SmsStatus(LookupModel):
    """The delivery status of a message. DELIVERED, FAILED, EXPIRED and CANCELED are final."""

    DELIVERY_ATTEMPT_PENDING: ClassVar["SmsStatus"]
    IN_PROGRESS: ClassVar["SmsStatus"]
    BUFFERED: ClassVar["SmsStatus"]
    DELIVERED: ClassVar["SmsStatus"]
    FAILED: ClassVar["SmsStatus"]
    EXPIRED: ClassVar["SmsStatus"]
    CANCELED: ClassVar["SmsStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


SmsStatus.DELIVERY_ATTEMPT_PENDING = SmsStatus(id=1, description="DELIVERY ATTEMPT PENDING")
SmsStatus.IN_PROGRESS = SmsStatus(id=2, description="IN PROGRESS")
SmsStatus.BUFFERED = SmsStatus(id=3, description="BUFFERED")
SmsStatus.DELIVERED = SmsStatus(id=4, description="DELIVERED")
SmsStatus.FAILED = SmsStatus(id=5, description="FAILED")
SmsStatus.EXPIRED = SmsStatus(id=6, description="EXPIRED")
SmsStatus.CANCELED = SmsStatus(id=7, description="CANCELED")


@attrs.frozen(kw_only=True)
class SmsType(LookupModel):
    """The direction of a message: MT to the device, MO from the device. The id of MO is not documented."""

    MT: ClassVar["SmsType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


SmsType.MT = SmsType(id=1, description="MT")


@attrs.frozen(kw_only=True)
class Sms(Model):
    """A message to or from an endpoint."""

    id: int
    submit_date: Timestamp | None = None
    delivery_date: Timestamp | None = None
    expiry_date: Timestamp | None = None
    final_date: Timestamp | None = None
    retry_date: Timestamp | None = None
    """Time of the next delivery attempt."""

    last_delivery_attempt: Timestamp | None = None
    retry_count: int | None = None
    gsm_map_error: str | None = None
    """Error of the mobile network, if any."""

    dcs: int | None = None
    """Data coding: 0 is GSM-7, 8 is UCS-2."""

    pid: int | None = None
    """Protocol identifier."""

    source_address: str | None = None
    endpoint: EndpointRef | None = None
    sim_id: int | None = None
    iccid: str | None = None
    """19 digits."""

    msisdn: str | None = None
    """Digits."""

    imsi: str | None = None
    """Empty if unknown."""

    msc: str | None = None
    """Digits."""

    udh: str | None = None
    """User data header in hex; links the parts of a long text."""

    payload: str | None = None
    status: SmsStatus | None = attrs.field(default=None, metadata={"intern": True})
    sms_type: SmsType | None = attrs.field(default=None, metadata={"intern": True})
    source_address_type: SmsAddressType | None = attrs.field(default=None, metadata={"intern": True})
    dlr_status_id: int | None = None
    organisation_id: int | None = None
    endpoint_id: int | None = None
    called_party_prefix: str | None = None
    registered_delivery: int | None = None
    smpp_bind_id: int | None = None
    smpp_dlr_bind_id: int | None = None
    p2p_ext: int | None = None
    esme_interface_type: EsmeInterfaceType | None = attrs.field(default=None, metadata={"intern": True})
    dest_address: str | None = None
    """The destination of a message from the device."""


@attrs.frozen(kw_only=True)
class SubscriberLocation(Model):
    """The age of a location, and the cell."""

    current_location_retrieved: bool | None = None
    age_of_location: int | None = None
    """Age of the location; the unit is not documented (minutes in the GSM standard)."""

    cell_global_id: CellGlobalId | None = None


@attrs.frozen(kw_only=True)
class SubscriberInfo(Model):
    """State and location of a subscriber in the visited network."""

    success: bool | None = None
    """False: see error."""

    state: str | None = None
    location: SubscriberLocation | None = None
    error: str | None = None
    """Why the information is missing."""


@attrs.frozen(kw_only=True)
class ConnectivityInfo(Model):
    """The current information of the visited network about a device."""

    subscriber_info: SubscriberInfo | None = None
    """Missing when the network gave no answer."""

    request_timestamp: Timestamp | None = None
    reply_timestamp: Timestamp | None = None


@attrs.frozen(kw_only=True)
class TrafficLimitExtension(Model):
    """A raised traffic limit of one endpoint."""

    id: int
    endpoint_id: int | None = None
    traffic_limit_id: int | None = None
    volume: Decimal | None = None
    """Bytes added."""

    expiration_date: Timestamp | None = None
    """The end of the month."""

    created_at: Timestamp | None = None


@attrs.define(kw_only=True)
class TrafficLimitExtensionCreate(BodyModel):
    """The amount to raise a limit by."""

    volume: float
    """Bytes to add."""

    traffic_limit_id: int | UnsetType = UNSET
    """The limit of the service profile."""
