# Generated from schema/resources/cloud_connect.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Cloud Connect: the records that are sent and answered."""

from decimal import Decimal
from typing import ClassVar

import attrs

from aioemnify.models.common import Currency
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class CloudConnectPrice:
    """What one type of attachment costs."""

    id: int | None = None
    breakout_type_id: int | None = None
    """Id of the type (see CloudConnectType)."""

    amount: Decimal | None = None
    """In currency; the API does not say for which period."""

    currency: Currency | None = attrs.field(default=None, metadata={"intern": True})


@attrs.frozen(kw_only=True)
class CloudConnectRegion:
    """A region an attachment can be in, and the breakout region it serves."""

    attachment_region: str | None = None
    """AWS region of the attachment."""

    device_breakout_region: str | None = None
    """Where traffic of the devices leaves the mobile core."""


@attrs.frozen(kw_only=True)
class CloudConnectStatus:
    """Where an attachment is in its life. It carries traffic in Active alone."""

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
class CloudConnectTgwCreate:
    """A transit gateway attachment to create."""

    type: str
    """Plain text "1" here, while a VPN takes a lookup in its place.

    Known values: 1. Others may come.
    """

    name: str
    vpc_cidr: list[str]
    """Address ranges of the VPC to be reached, in CIDR notation."""

    region: str
    """AWS region; see list_available_regions."""

    aws_account_id: str
    """12 digits; leading zeros count."""

    description: str | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class CloudConnectTunnelMetrics:
    """How a tunnel is doing."""

    tunnel_state: str | None = None
    """The API publishes no list of its values."""

    bytes_in: dict[str, float] | None = None
    """Bytes received, by a key of the server; what the keys mean is not published."""

    bytes_out: dict[str, float] | None = None
    """Bytes sent, by a key of the server; what the keys mean is not published."""


@attrs.frozen(kw_only=True)
class CloudConnectTunnel:
    """The tunnel of a VPN attachment."""

    outside_address: str | None = None
    """Public address of the tunnel on the platform's side."""

    inside_cidr: str | None = None
    """The /30 range of addresses inside the tunnel."""

    metrics: CloudConnectTunnelMetrics | None = None
    asn: int | None = None
    """AS number, for BGP."""

    public_ip: str | None = None
    """Public address of the customer's gateway."""


@attrs.frozen(kw_only=True)
class CloudConnectType:
    """A type of attachment. 1 is created with create_tgw, 2 and 3 with create_vpn; the others exist but
    cannot be created by these calls.
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
class CloudConnectAttachment:
    """A private link between the platform and the network of a customer."""

    id: int
    name: str | None = None
    description: str | None = None
    user_id: int | None = None
    """Who created it."""

    creation_date: Timestamp | None = None
    accept_attachment_expiry_date: Timestamp | None = None
    """Until when a transit gateway share can be accepted in AWS. Missing for other types."""

    termination_date: Timestamp | None = None
    """Missing while the link is not taken down."""

    aws_transit_gateway_attachment_id: str | None = None
    """The name AWS gives it; transit gateways only."""

    aws_vpn_connection_id: str | None = None
    """The name AWS gives it; VPNs only."""

    status: CloudConnectStatus | None = attrs.field(default=None, metadata={"intern": True})
    type: CloudConnectType | None = attrs.field(default=None, metadata={"intern": True})
    region: str | None = None
    """AWS region of the link."""

    tunnel_information: CloudConnectTunnel | None = None
    """The tunnel of a VPN. Missing for other types."""


@attrs.define(kw_only=True)
class CloudConnectVpnCreate:
    """A VPN attachment to create."""

    type: CloudConnectType | int
    """IPSec VPN (2) or IPSec VPN BGP (3) only."""

    name: str
    public_ip: str
    """Public address of the customer's gateway."""

    on_prem_cidr: list[str]
    """Address ranges of the customer's network, in CIDR notation; three at most."""

    description: str | UnsetType = UNSET
    region: str | UnsetType = UNSET
    """AWS region; see list_available_regions."""

    psk: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """Pre-shared key: 8 to 64 letters, digits, dots and underscores, not beginning with 0. The server
    makes one when this is left out.
    """

    asn: int | UnsetType = UNSET
    """AS number of the customer's network; needed for BGP (type 3)."""

    inside_cidr: list[str] | UnsetType = UNSET
    """Ranges for the addresses inside the tunnel, each a /30; three at most."""
