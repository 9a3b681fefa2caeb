# Generated from schema/resources/service_profiles.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Service profiles: the models of requests and responses."""

import attrs

from aioemnify.models.api_callbacks import ApiCallback
from aioemnify.models.api_secrets import ApiSecret
from aioemnify.models.dns import Dns
from aioemnify.models.lookup_constants import BreakoutRegion, EsmeInterfaceType
from aioemnify.models.refs import IdRef
from aioemnify.models.services import Service, TrafficPeriod
from aioemnify.serialization.model import BodyModel, Model
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class DataLimit(Model):
    """A limit on the traffic of each endpoint with the profile."""

    id: int
    service: Service | None = attrs.field(default=None, metadata={"intern": True})
    satellite_only: bool | None = None
    """Counts only satellite traffic."""

    period: TrafficPeriod | None = attrs.field(default=None, metadata={"intern": True})
    volume: int | None = None
    """Bytes for data, messages for SMS."""

    warning_percent: int | None = None
    """Percentage of the volume at which the platform raises a warning event, 0 to 100."""


@attrs.define(kw_only=True)
class DataLimitCreate(BodyModel):
    """A new data limit."""

    service: Service | int
    """Only Data (38)."""

    volume: int
    """Bytes."""

    satellite_only: bool | UnsetType = UNSET
    """Count only satellite traffic. The server's default is false."""

    period: TrafficPeriod | int | UnsetType = UNSET
    """Only Monthly (2)."""

    warning_percent: int | UnsetType = UNSET
    """Percentage of the volume at which the platform raises a warning event, 0 to 100."""


@attrs.frozen(kw_only=True)
class IpFirewallProfile(Model):
    """A firewall profile."""

    id: int | None = None
    name: str | None = None
    added: Timestamp | None = None


@attrs.frozen(kw_only=True)
class IpFirewallRuleSet(Model):
    """Firewall profiles and whether they are enforced."""

    ip_firewall_profiles: list[IpFirewallProfile] | None = None
    enforce: bool | None = None
    """Whether traffic outside the profiles is dropped."""


@attrs.frozen(kw_only=True)
class ServiceProfile(Model):
    """What endpoints may use: services, radio types, limits and callbacks. Lists have the short form."""

    id: int
    name: str | None = None
    description: str | None = None
    used_count: int | None = None
    """Number of endpoints with this profile."""

    allowed_3g: bool | None = None
    """Allow 3G."""

    allowed_4g: bool | None = None
    """Allow 4G."""

    allowed_nb_iot: bool | None = None
    """Allow NB-IoT."""

    allowed_nb_iot_geo: bool | None = None
    """Allow NB-IoT over geostationary satellites."""

    apply_sms_quota: bool | None = None
    """Block endpoints without an SMS quota left."""

    apply_data_quota: bool | None = None
    """Block endpoints without a data quota left."""

    ip_firewall_rule_set: IpFirewallRuleSet | None = None
    retail: bool | None = None
    sms_p2p_int: bool | None = None
    """Allow SMS between endpoints of the organisation."""

    sms_p2p_ext: bool | None = None
    """Allow SMS to and from outside numbers."""

    prepaid: bool | None = None
    nipdp: bool | None = None
    api_callback: ApiCallback | None = None
    """The callback address for SMS from devices."""

    api_secret: ApiSecret | None = None
    """The secret that signs requests to api_callback."""

    moc_callback: ApiCallback | None = None
    """The callback address for voice calls from devices."""

    esme_interface_type: EsmeInterfaceType | None = attrs.field(default=None, metadata={"intern": True})
    breakout_region: BreakoutRegion | None = None
    """Where traffic leaves the mobile core."""

    service: list[Service] | None = None
    """The services allowed."""

    organisation_id: int | None = None
    dns: Dns | None = None
    apply_quota: bool | None = None
    """Split into apply_data_quota and apply_sms_quota.

    Deprecated.
    """

    moc_callback_id: int | None = None


@attrs.define(kw_only=True)
class ServiceProfileCreate(BodyModel):
    """A new service profile."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    allowed_3g: bool | UnsetType = UNSET
    """Allow 3G."""

    allowed_4g: bool | UnsetType = UNSET
    """Allow 4G."""

    allowed_nb_iot: bool | UnsetType = UNSET
    """Allow NB-IoT."""

    allowed_nb_iot_geo: bool | UnsetType = UNSET
    """Allow NB-IoT over geostationary satellites."""

    apply_sms_quota: bool | UnsetType = UNSET
    """Block endpoints without an SMS quota left."""

    apply_data_quota: bool | UnsetType = UNSET
    """Block endpoints without a data quota left."""

    retail: bool | UnsetType = UNSET
    sms_p2p_int: bool | UnsetType = UNSET
    """Allow SMS between endpoints of the organisation."""

    sms_p2p_ext: bool | UnsetType = UNSET
    """Allow SMS to and from outside numbers."""

    prepaid: bool | UnsetType = UNSET
    nipdp: bool | UnsetType = UNSET
    api_callback: IdRef | int | UnsetType = UNSET
    """The callback address for SMS from devices."""

    api_secret: IdRef | int | UnsetType = UNSET
    """The secret that signs requests to api_callback."""

    moc_callback: IdRef | int | UnsetType = UNSET
    """The callback address for voice calls from devices."""

    esme_interface_type: IdRef | int | UnsetType = UNSET
    breakout_region: IdRef | int | UnsetType = UNSET
    """Where traffic leaves the mobile core."""

    dns: IdRef | int | UnsetType = UNSET


@attrs.define(kw_only=True)
class ServiceProfileUpdate(BodyModel):
    """The changes to a service profile. Send only what changes."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    allowed_3g: bool | UnsetType = UNSET
    """Allow 3G."""

    allowed_4g: bool | UnsetType = UNSET
    """Allow 4G."""

    allowed_nb_iot: bool | UnsetType = UNSET
    """Allow NB-IoT."""

    allowed_nb_iot_geo: bool | UnsetType = UNSET
    """Allow NB-IoT over geostationary satellites."""

    apply_sms_quota: bool | UnsetType = UNSET
    """Block endpoints without an SMS quota left."""

    apply_data_quota: bool | UnsetType = UNSET
    """Block endpoints without a data quota left."""

    retail: bool | UnsetType = UNSET
    sms_p2p_int: bool | UnsetType = UNSET
    """Allow SMS between endpoints of the organisation."""

    sms_p2p_ext: bool | UnsetType = UNSET
    """Allow SMS to and from outside numbers."""

    prepaid: bool | UnsetType = UNSET
    nipdp: bool | UnsetType = UNSET
    api_callback: IdRef | int | UnsetType = UNSET
    """A null id clears it."""

    api_secret: IdRef | int | UnsetType = UNSET
    """A null id clears it."""

    moc_callback: IdRef | int | UnsetType = UNSET
    """A null id clears it."""

    esme_interface_type: IdRef | int | UnsetType = UNSET
    breakout_region: IdRef | int | UnsetType = UNSET
    dns: IdRef | int | UnsetType = UNSET
