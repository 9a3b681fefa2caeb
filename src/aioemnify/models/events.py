# Generated from schema/resources/events.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Events: the models of requests and responses."""

from typing import Any, ClassVar

import attrs

from aioemnify.models.refs import OrganisationRef, UserRef
from aioemnify.serialization.model import LookupModel, Model
from aioemnify.types import Timestamp


@attrs.frozen(kw_only=True)
class EventEndpoint(Model):
    """The endpoint of an event."""

    id: int | None = None
    name: str | None = None
    imei: str | None = None
    """16-digit IMEISV."""

    ip_address: str | None = None
    tags: str | None = None
    """Comma-separated."""


@attrs.frozen(kw_only=True)
class EventImsi(Model):
    """The IMSI of an event."""

    id: int | None = None
    imsi: str | None = None
    """Digits."""

    import_date: Timestamp | None = None


@attrs.frozen(kw_only=True)
class EventSeverity(LookupModel):
    """The severity of an event. The case of the description varies, such as Info and INFO."""

    INFO: ClassVar["EventSeverity"]
    WARN: ClassVar["EventSeverity"]
    CRITICAL: ClassVar["EventSeverity"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


EventSeverity.INFO = EventSeverity(id=0, description="Info")
EventSeverity.WARN = EventSeverity(id=1, description="Warn")
EventSeverity.CRITICAL = EventSeverity(id=2, description="Critical")


@attrs.frozen(kw_only=True)
class EventSim(Model):
    """The SIM of an event."""

    id: int | None = None
    iccid: str | None = None
    """19 digits."""

    production_date: Timestamp | None = None


@attrs.frozen(kw_only=True)
class EventSource(LookupModel):
    """The part of the platform that raised an event."""

    NETWORK: ClassVar["EventSource"]
    POLICY_CONTROL: ClassVar["EventSource"]
    API: ClassVar["EventSource"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)
    name: str | None = attrs.field(default=None, eq=False)
    """Some responses have it instead of description."""


EventSource.NETWORK = EventSource(id=0, description="Network")
EventSource.POLICY_CONTROL = EventSource(id=1, description="Policy Control")
EventSource.API = EventSource(id=2, description="API")


@attrs.frozen(kw_only=True)
class EventType(LookupModel):
    """The type of an event. Some types have no documented id, such as Endpoint data traffic limit
    warning, Endpoint limit extension and SMS MO P2P limit reached: read them with list_types. Only
    accounts of network operators get types 17, 36, 37 and 40, and those of platform packages, data
    plans and orders.
    """

    GENERIC: ClassVar["EventType"]
    UPDATE_LOCATION: ClassVar["EventType"]
    UPDATE_GPRS_LOCATION: ClassVar["EventType"]
    CREATE_PDP_CONTEXT: ClassVar["EventType"]
    DELETE_PDP_CONTEXT: ClassVar["EventType"]
    USER_AUTHENTICATION_FAILED: ClassVar["EventType"]
    APPLICATION_AUTHENTICATION_FAILED: ClassVar["EventType"]
    SIM_ACTIVATION: ClassVar["EventType"]
    SIM_SUSPENSION: ClassVar["EventType"]
    SIM_DELETION: ClassVar["EventType"]
    ENDPOINT_BLOCKED: ClassVar["EventType"]
    ORGANISATION_BLOCKED: ClassVar["EventType"]
    SUPPORT_ACCESS: ClassVar["EventType"]
    MULTI_FACTOR_AUTHENTICATION: ClassVar["EventType"]
    PURGE_LOCATION: ClassVar["EventType"]
    PURGE_GPRS_LOCATION: ClassVar["EventType"]
    SELF_SIGNUP: ClassVar["EventType"]
    QUOTA_THRESHOLD_REACHED: ClassVar["EventType"]
    QUOTA_USED_UP: ClassVar["EventType"]
    SMS_QUOTA_THRESHOLD_REACHED: ClassVar["EventType"]
    SMS_QUOTA_USED_UP: ClassVar["EventType"]
    CLOUD_CONNECT_TGW_RESOURCE_SHARE_CREATED: ClassVar["EventType"]
    CLOUD_CONNECT_TGW_AVAILABLE: ClassVar["EventType"]
    CLOUD_CONNECT_TGW_BREAKOUT_TERMINATED: ClassVar["EventType"]
    OPEN_VPN_AUTHENTICATION: ClassVar["EventType"]
    ORGANISATION_UPDATED: ClassVar["EventType"]
    BILLING_CONFIGURATION_UPDATED: ClassVar["EventType"]
    USER_INVITED: ClassVar["EventType"]
    PASSWORD_RESET_REQUESTED: ClassVar["EventType"]
    USER_VERIFICATION_REQUESTED: ClassVar["EventType"]
    USER_VERIFIED: ClassVar["EventType"]
    ENDPOINT_ENABLED: ClassVar["EventType"]
    ENDPOINT_DISABLED: ClassVar["EventType"]
    SIM_FACTORY_TEST: ClassVar["EventType"]
    USER_DELETED: ClassVar["EventType"]
    SIM_REGISTRATION: ClassVar["EventType"]
    SIM_RELEASED: ClassVar["EventType"]
    SIM_ASSIGNED: ClassVar["EventType"]
    DATA_QUOTA_ENABLED: ClassVar["EventType"]
    DATA_QUOTA_DISABLED: ClassVar["EventType"]
    SMS_QUOTA_ENABLED: ClassVar["EventType"]
    SMS_QUOTA_DISABLED: ClassVar["EventType"]
    DATA_QUOTA_ASSIGNED: ClassVar["EventType"]
    DATA_QUOTA_DELETED: ClassVar["EventType"]
    SMS_QUOTA_ASSIGNED: ClassVar["EventType"]
    SMS_QUOTA_DELETED: ClassVar["EventType"]
    DATA_QUOTA_EXPIRED: ClassVar["EventType"]
    USER_SWITCHED_WORKSPACES: ClassVar["EventType"]
    RESET_CONNECTIVITY: ClassVar["EventType"]
    SIM_MIGRATION: ClassVar["EventType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


EventType.GENERIC = EventType(id=0, description="Generic")
EventType.UPDATE_LOCATION = EventType(id=1, description="Update location")
EventType.UPDATE_GPRS_LOCATION = EventType(id=2, description="Update GPRS location")
EventType.CREATE_PDP_CONTEXT = EventType(id=3, description="Create PDP Context")
EventType.DELETE_PDP_CONTEXT = EventType(id=5, description="Delete PDP Context")
EventType.USER_AUTHENTICATION_FAILED = EventType(id=6, description="User authentication failed")
EventType.APPLICATION_AUTHENTICATION_FAILED = EventType(id=7, description="Application authentication failed")
EventType.SIM_ACTIVATION = EventType(id=8, description="SIM activation")
EventType.SIM_SUSPENSION = EventType(id=9, description="SIM suspension")
EventType.SIM_DELETION = EventType(id=10, description="SIM deletion")
EventType.ENDPOINT_BLOCKED = EventType(id=11, description="Endpoint blocked")
EventType.ORGANISATION_BLOCKED = EventType(id=12, description="Organisation blocked")
EventType.SUPPORT_ACCESS = EventType(id=13, description="Support Access")
EventType.MULTI_FACTOR_AUTHENTICATION = EventType(id=14, description="Multi-factor Authentication")
EventType.PURGE_LOCATION = EventType(id=15, description="Purge location")
EventType.PURGE_GPRS_LOCATION = EventType(id=16, description="Purge GPRS location")
EventType.SELF_SIGNUP = EventType(id=17, description="Self-Signup")
EventType.QUOTA_THRESHOLD_REACHED = EventType(id=18, description="Quota threshold reached")
EventType.QUOTA_USED_UP = EventType(id=19, description="Quota used up")
EventType.SMS_QUOTA_THRESHOLD_REACHED = EventType(id=20, description="SMS quota threshold reached")
EventType.SMS_QUOTA_USED_UP = EventType(id=21, description="SMS quota used up")
EventType.CLOUD_CONNECT_TGW_RESOURCE_SHARE_CREATED = EventType(
    id=22, description="CloudConnect TGW Resource Share created"
)
EventType.CLOUD_CONNECT_TGW_AVAILABLE = EventType(id=23, description="CloudConnect TGW available")
EventType.CLOUD_CONNECT_TGW_BREAKOUT_TERMINATED = EventType(
    id=25, description="CloudConnect TGW breakout terminated"
)
EventType.OPEN_VPN_AUTHENTICATION = EventType(id=30, description="OpenVPN authentication")
EventType.ORGANISATION_UPDATED = EventType(id=31, description="Organisation updated")
EventType.BILLING_CONFIGURATION_UPDATED = EventType(id=32, description="Billing configuration updated")
EventType.USER_INVITED = EventType(id=36, description="User invited")
EventType.PASSWORD_RESET_REQUESTED = EventType(id=37, description="Password reset requested")
EventType.USER_VERIFICATION_REQUESTED = EventType(id=40, description="User verification requested")
EventType.USER_VERIFIED = EventType(id=41, description="User verified")
EventType.ENDPOINT_ENABLED = EventType(id=42, description="Endpoint enabled")
EventType.ENDPOINT_DISABLED = EventType(id=43, description="Endpoint disabled")
EventType.SIM_FACTORY_TEST = EventType(id=45, description="SIM factory test")
EventType.USER_DELETED = EventType(id=46, description="User deleted")
EventType.SIM_REGISTRATION = EventType(id=48, description="SIM registration")
EventType.SIM_RELEASED = EventType(id=50, description="SIM Released")
EventType.SIM_ASSIGNED = EventType(id=51, description="SIM Assigned")
EventType.DATA_QUOTA_ENABLED = EventType(id=52, description="Data quota enabled")
EventType.DATA_QUOTA_DISABLED = EventType(id=53, description="Data quota disabled")
EventType.SMS_QUOTA_ENABLED = EventType(id=54, description="SMS quota enabled")
EventType.SMS_QUOTA_DISABLED = EventType(id=55, description="SMS quota disabled")
EventType.DATA_QUOTA_ASSIGNED = EventType(id=56, description="Data quota assigned")
EventType.DATA_QUOTA_DELETED = EventType(id=57, description="Data quota deleted")
EventType.SMS_QUOTA_ASSIGNED = EventType(id=58, description="SMS quota assigned")
EventType.SMS_QUOTA_DELETED = EventType(id=59, description="SMS quota deleted")
EventType.DATA_QUOTA_EXPIRED = EventType(id=60, description="Data quota expired")
EventType.USER_SWITCHED_WORKSPACES = EventType(id=67, description="User switched workspaces")
EventType.RESET_CONNECTIVITY = EventType(id=68, description="Reset connectivity")
EventType.SIM_MIGRATION = EventType(id=69, description="SIM migration")


@attrs.frozen(kw_only=True)
class Event(Model):
    """An event of a SIM, an endpoint, a user or the organisation."""

    id: int
    """Can exceed 32 bits."""

    timestamp: Timestamp | None = None
    """Some services and older formats omit the time zone; it is then UTC."""

    alert: bool | None = None
    description: str | None = None
    event_type: EventType | None = attrs.field(default=None, metadata={"intern": True})
    event_source: EventSource | None = attrs.field(default=None, metadata={"intern": True})
    event_severity: EventSeverity | None = attrs.field(default=None, metadata={"intern": True})
    organisation: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    endpoint: EventEndpoint | None = None
    sim: EventSim | None = None
    imsi: EventImsi | None = None
    user: UserRef | None = attrs.field(default=None, metadata={"intern": True})
    """Missing for calls made with an application token. Events about the status of a device have it
    since March 2026 if a user caused them.
    """

    detail: Any = None
    """The shape depends on the event type."""
