# Generated from schema/resources/cloud_connect.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Cloud Connect: the models of requests and responses."""

from decimal import Decimal
from typing import ClassVar

import attrs

from aioemnify.models.lookup_constants import Currency
from aioemnify.serialization.model import BodyModel, LookupModel, Model
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class CloudConnectPrice(Model):
    """The price of one type of attachment."""

    id: int | None = None
    breakout_type_id: int | None = None
    """Id of the type (see CloudConnectType)."""

    amount: Decimal | None = None
    """In currency; the period is not documented."""

    currency: Currency | None = attrs.field(default=None, metadata={"intern": True})


@attrs.frozen(kw_only=True)
class CloudConnectRegion(Model):
    """A region that an attachment can be in, and the breakout region that it serves."""

    attachment_region: str | None = None
    """AWS region of the attachment."""

    device_breakout_region: str | None = None
    """Where traffic of the devices leaves the mobile core."""


@attrs.frozen(kw_only=True)
class CloudConnectStatus(LookupModel):
    """The status of an attachment in its life cycle. It carries traffic only in Active."""

    PENDING_CUSTOMER_ACTION: ClassVar["CloudConnectStatus"]
    PENDING_AWS_ACTIVATION: ClassVar["CloudConnectStatus"]
    PENDING_EGN_ACTIVATION: ClassVar["CloudConnectStatus"]
    PENDING_CRG_ACTIVATION: ClassVar["CloudConnectStatus"]
    ACTIVE: ClassVar["CloudConnectStatus"]
    DEACTIVATION_PENDING: ClassVar["CloudConnectStatus"]
    DEACTIVATED: ClassVar["CloudConnectStatus"]
    ROLLING_BACK: ClassVar["CloudConnectStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


CloudConnectStatus.PENDING_CUSTOMER_ACTION = CloudConnectStatus(id=1, description="Pending Customer Action")
CloudConnectStatus.PENDING_AWS_ACTIVATION = CloudConnectStatus(id=2, description="Pending AWS Activation")
CloudConnectStatus.PENDING_EGN_ACTIVATION = CloudConnectStatus(id=3, description="Pending EGN Activation")
CloudConnectStatus.PENDING_CRG_ACTIVATION = CloudConnectStatus(id=4, description="Pending CRG Activation")
CloudConnectStatus.ACTIVE = CloudConnectStatus(id=5, description="Active")
CloudConnectStatus.DEACTIVATION_PENDING = CloudConnectStatus(id=6, description="Deactivation Pending")
CloudConnectStatus.DEACTIVATED = CloudConnectStatus(id=7, description="Deactivated")
CloudConnectStatus.ROLLING_BACK = CloudConnectStatus(id=8, description="Rolling Back")


@attrs.define(kw_only=True)
class CloudConnectTgwCreate(BodyModel):
    """A transit gateway attachment to create."""

    type: str
    """The plain text "1" here; a VPN has a lookup instead.

    Known values: 1. The server may send others.
    """

    name: str
    vpc_cidr: list[str]
    """Address ranges of the VPC to connect, in CIDR notation."""

    region: str
    """AWS region; see list_available_regions."""

    aws_account_id: str
    """12 digits; leading zeros are significant."""

    description: str | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class CloudConnectTunnelMetrics(Model):
    """The metrics of a tunnel."""

    tunnel_state: str | None = None
    """The values are not documented."""

    bytes_in: dict[str, float] | None = None
    """Bytes received, by a key of the server; the meaning of the keys is not documented."""

    bytes_out: dict[str, float] | None = None
    """Bytes sent, by a key of the server; the meaning of the keys is not documented."""


@attrs.frozen(kw_only=True)
class CloudConnectTunnel(Model):
    """The tunnel of a VPN attachment."""

    outside_address: str | None = None
    """Public address of the tunnel on the platform's side."""

    inside_cidr: str | None = None
    """The /30 address range inside the tunnel."""

    metrics: CloudConnectTunnelMetrics | None = None
    asn: int | None = None
    """AS number, for BGP."""

    public_ip: str | None = None
    """Public address of the customer's gateway."""


@attrs.frozen(kw_only=True)
class CloudConnectType(LookupModel):
    """A type of attachment. create_tgw creates 1, create_vpn creates 2 and 3; the others cannot be
    created by these calls.
    """

    TRANSIT_GATEWAY: ClassVar["CloudConnectType"]
    IPSEC_VPN: ClassVar["CloudConnectType"]
    IPSEC_VPN_BGP: ClassVar["CloudConnectType"]
    IPSEC_VPN_BGP_HIGH_AVAILABILITY: ClassVar["CloudConnectType"]
    DIRECT_CONNECT: ClassVar["CloudConnectType"]
    SHARED: ClassVar["CloudConnectType"]
    TRANSIT_GATEWAY_CLASSIC: ClassVar["CloudConnectType"]
    IPSEC_VPN_CLASSIC: ClassVar["CloudConnectType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


CloudConnectType.TRANSIT_GATEWAY = CloudConnectType(id=1, description="Transit Gateway")
CloudConnectType.IPSEC_VPN = CloudConnectType(id=2, description="IPSec VPN")
CloudConnectType.IPSEC_VPN_BGP = CloudConnectType(id=3, description="IPSec VPN BGP")
CloudConnectType.IPSEC_VPN_BGP_HIGH_AVAILABILITY = CloudConnectType(
    id=4, description="IPSec VPN BGP High Availability"
)
CloudConnectType.DIRECT_CONNECT = CloudConnectType(id=5, description="Direct Connect")
CloudConnectType.SHARED = CloudConnectType(id=6, description="Shared")
CloudConnectType.TRANSIT_GATEWAY_CLASSIC = CloudConnectType(id=7, description="Transit Gateway (Classic)")
CloudConnectType.IPSEC_VPN_CLASSIC = CloudConnectType(id=8, description="IPSec VPN (Classic)")


@attrs.frozen(kw_only=True)
class CloudConnectAttachment(Model):
    """A private link between the platform and the network of a customer."""

    id: int
    name: str | None = None
    description: str | None = None
    user_id: int | None = None
    """Who created it."""

    creation_date: Timestamp | None = None
    accept_attachment_expiry_date: Timestamp | None = None
    """The deadline to accept a transit gateway share in AWS. Missing for other types."""

    termination_date: Timestamp | None = None
    """Missing unless the link was taken down."""

    aws_transit_gateway_attachment_id: str | None = None
    """The name in AWS; only for transit gateways."""

    aws_vpn_connection_id: str | None = None
    """The name in AWS; only for VPNs."""

    status: CloudConnectStatus | None = attrs.field(default=None, metadata={"intern": True})
    type: CloudConnectType | None = attrs.field(default=None, metadata={"intern": True})
    region: str | None = None
    """AWS region of the link."""

    tunnel_information: CloudConnectTunnel | None = None
    """The tunnel of a VPN. Missing for other types."""


@attrs.define(kw_only=True)
class CloudConnectVpnCreate(BodyModel):
    """A VPN attachment to create."""

    type: CloudConnectType | int
    """IPSec VPN (2) or IPSec VPN BGP (3) only."""

    name: str
    public_ip: str
    """Public address of the customer's gateway."""

    on_prem_cidr: list[str]
    """Address ranges of the customer's network, in CIDR notation; at most three."""

    description: str | UnsetType = UNSET
    region: str | UnsetType = UNSET
    """AWS region; see list_available_regions."""

    psk: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """Pre-shared key: 8 to 64 letters, digits, dots and underscores, not beginning with 0. If omitted,
    the server creates one.
    """

    asn: int | UnsetType = UNSET
    """AS number of the customer's network; needed for BGP (type 3)."""

    inside_cidr: list[str] | UnsetType = UNSET
    """Ranges for the addresses inside the tunnel, each a /30; at most three."""
