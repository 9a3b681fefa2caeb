# Generated from schema/ by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""The names of the known values of lookups, for editors and type checkers. The client does not load them.

Bodies and filters take them in place of an id, in any case. These types have the spelling of the API and the
same in lower case.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

__all__ = [
    "ApplicationTokenStatusName",
    "CloudConnectStatusName",
    "CloudConnectTypeName",
    "DataStreamStatusName",
    "DataStreamTypeName",
    "EndpointStatusName",
    "EsmeInterfaceTypeName",
    "EuiccProfileStatusName",
    "EuiccProfileTypeName",
    "EuiccStatusName",
    "EventSeverityName",
    "EventSourceName",
    "EventTypeName",
    "MfaKeyStatusName",
    "MfaKeyTypeName",
    "OrganisationStatusName",
    "QuotaActionName",
    "QuotaStatusName",
    "RoleName",
    "ServiceName",
    "SimProfileTypeName",
    "SimStatusName",
    "SmsAddressTypeName",
    "SmsStatusName",
    "SmsTypeName",
    "TariffPlanStatusName",
    "TrafficPeriodName",
    "TrafficTypeName",
    "UserStatusName",
]

ApplicationTokenStatusName: TypeAlias = Literal["Activated", "activated", "Revoked", "revoked"]
"""The names of `ApplicationTokenStatus`."""

CloudConnectStatusName: TypeAlias = Literal[
    "Pending Customer Action",
    "pending customer action",
    "Pending AWS Activation",
    "pending aws activation",
    "Pending EGN Activation",
    "pending egn activation",
    "Pending CRG Activation",
    "pending crg activation",
    "Active",
    "active",
    "Deactivation Pending",
    "deactivation pending",
    "Deactivated",
    "deactivated",
    "Rolling Back",
    "rolling back",
]
"""The names of `CloudConnectStatus`."""

CloudConnectTypeName: TypeAlias = Literal[
    "Transit Gateway",
    "transit gateway",
    "IPSec VPN",
    "ipsec vpn",
    "IPSec VPN BGP",
    "ipsec vpn bgp",
    "IPSec VPN BGP High Availability",
    "ipsec vpn bgp high availability",
    "Direct Connect",
    "direct connect",
    "Shared",
    "shared",
    "Transit Gateway (Classic)",
    "transit gateway (classic)",
    "IPSec VPN (Classic)",
    "ipsec vpn (classic)",
]
"""The names of `CloudConnectType`."""

DataStreamStatusName: TypeAlias = Literal[
    "Running", "running", "Paused", "paused", "Error", "error", "Pending", "pending"
]
"""The names of `DataStreamStatus`."""

DataStreamTypeName: TypeAlias = Literal["Usage", "usage", "Event", "event"]
"""The names of `DataStreamType`."""

EndpointStatusName: TypeAlias = Literal["Enabled", "enabled", "Disabled", "disabled", "Deleted", "deleted"]
"""The names of `EndpointStatus`."""

EsmeInterfaceTypeName: TypeAlias = Literal["RestAPI", "restapi"]
"""The names of `EsmeInterfaceType`."""

EuiccProfileStatusName: TypeAlias = Literal["Available", "available"]
"""The names of `EuiccProfileStatus`."""

EuiccProfileTypeName: TypeAlias = Literal["IoT eUICC Profile", "iot euicc profile"]
"""The names of `EuiccProfileType`."""

EuiccStatusName: TypeAlias = Literal["Active", "active"]
"""The names of `EuiccStatus`."""

EventSeverityName: TypeAlias = Literal["Info", "info", "Warn", "warn", "Critical", "critical"]
"""The names of `EventSeverity`."""

EventSourceName: TypeAlias = Literal["Network", "network", "Policy Control", "policy control", "API", "api"]
"""The names of `EventSource`."""

EventTypeName: TypeAlias = Literal[
    "Generic",
    "generic",
    "Update location",
    "update location",
    "Update GPRS location",
    "update gprs location",
    "Create PDP Context",
    "create pdp context",
    "Delete PDP Context",
    "delete pdp context",
    "User authentication failed",
    "user authentication failed",
    "Application authentication failed",
    "application authentication failed",
    "SIM activation",
    "sim activation",
    "SIM suspension",
    "sim suspension",
    "SIM deletion",
    "sim deletion",
    "Endpoint blocked",
    "endpoint blocked",
    "Organisation blocked",
    "organisation blocked",
    "Support Access",
    "support access",
    "Multi-factor Authentication",
    "multi-factor authentication",
    "Purge location",
    "purge location",
    "Purge GPRS location",
    "purge gprs location",
    "Self-Signup",
    "self-signup",
    "Quota threshold reached",
    "quota threshold reached",
    "Quota used up",
    "quota used up",
    "SMS quota threshold reached",
    "sms quota threshold reached",
    "SMS quota used up",
    "sms quota used up",
    "CloudConnect TGW Resource Share created",
    "cloudconnect tgw resource share created",
    "CloudConnect TGW available",
    "cloudconnect tgw available",
    "CloudConnect TGW breakout terminated",
    "cloudconnect tgw breakout terminated",
    "OpenVPN authentication",
    "openvpn authentication",
    "Organisation updated",
    "organisation updated",
    "Billing configuration updated",
    "billing configuration updated",
    "User invited",
    "user invited",
    "Password reset requested",
    "password reset requested",
    "User verification requested",
    "user verification requested",
    "User verified",
    "user verified",
    "Endpoint enabled",
    "endpoint enabled",
    "Endpoint disabled",
    "endpoint disabled",
    "SIM factory test",
    "sim factory test",
    "User deleted",
    "user deleted",
    "SIM registration",
    "sim registration",
    "SIM Released",
    "sim released",
    "SIM Assigned",
    "sim assigned",
    "Data quota enabled",
    "data quota enabled",
    "Data quota disabled",
    "data quota disabled",
    "SMS quota enabled",
    "sms quota enabled",
    "SMS quota disabled",
    "sms quota disabled",
    "Data quota assigned",
    "data quota assigned",
    "Data quota deleted",
    "data quota deleted",
    "SMS quota assigned",
    "sms quota assigned",
    "SMS quota deleted",
    "sms quota deleted",
    "Data quota expired",
    "data quota expired",
    "User switched workspaces",
    "user switched workspaces",
    "Reset connectivity",
    "reset connectivity",
    "SIM migration",
    "sim migration",
]
"""The names of `EventType`."""

MfaKeyStatusName: TypeAlias = Literal["Activation Pending", "activation pending", "Active", "active"]
"""The names of `MfaKeyStatus`."""

MfaKeyTypeName: TypeAlias = Literal["Time-Based One-Time Password", "time-based one-time password"]
"""The names of `MfaKeyType`."""

OrganisationStatusName: TypeAlias = Literal["Enabled", "enabled"]
"""The names of `OrganisationStatus`."""

QuotaActionName: TypeAlias = Literal["Block", "block", "Throttle", "throttle"]
"""The names of `QuotaAction`."""

QuotaStatusName: TypeAlias = Literal["ACTIVE", "active", "EXHAUSTED", "exhausted", "EXPIRED", "expired"]
"""The names of `QuotaStatus`."""

RoleName: TypeAlias = Literal["Administrator", "administrator", "User", "user", "Observer", "observer"]
"""The names of `Role`."""

ServiceName: TypeAlias = Literal["Voice", "voice", "Data", "data"]
"""The names of `Service`."""

SimProfileTypeName: TypeAlias = Literal["UICC", "uicc"]
"""The names of `SimProfileType`."""

SimStatusName: TypeAlias = Literal[
    "Issued",
    "issued",
    "Activated",
    "activated",
    "Suspended",
    "suspended",
    "Deleted",
    "deleted",
    "Factory Test",
    "factory test",
]
"""The names of `SimStatus`."""

SmsAddressTypeName: TypeAlias = Literal[
    "International", "international", "National", "national", "Alphanumeric", "alphanumeric"
]
"""The names of `SmsAddressType`."""

SmsStatusName: TypeAlias = Literal[
    "DELIVERY ATTEMPT PENDING",
    "delivery attempt pending",
    "IN PROGRESS",
    "in progress",
    "BUFFERED",
    "buffered",
    "DELIVERED",
    "delivered",
    "FAILED",
    "failed",
    "EXPIRED",
    "expired",
    "CANCELED",
    "canceled",
]
"""The names of `SmsStatus`."""

SmsTypeName: TypeAlias = Literal["MT", "mt"]
"""The names of `SmsType`."""

TariffPlanStatusName: TypeAlias = Literal[
    "Staging", "staging", "Active", "active", "Deprecated", "deprecated", "Deleted", "deleted"
]
"""The names of `TariffPlanStatus`."""

TrafficPeriodName: TypeAlias = Literal["Monthly", "monthly"]
"""The names of `TrafficPeriod`."""

TrafficTypeName: TypeAlias = Literal["Data", "data", "SMS", "sms"]
"""The names of `TrafficType`."""

UserStatusName: TypeAlias = Literal[
    "Activation Pending", "activation pending", "Active", "active", "Suspended", "suspended"
]
"""The names of `UserStatus`."""
