# Generated from schema/pushes.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Pushes: the models of requests and responses."""

from decimal import Decimal

import attrs

from aioemnify.models.lookup_constants import Currency, TrafficType
from aioemnify.models.refs import EndpointRef, OperatorRef, OrganisationRef
from aioemnify.serialization.model import Model
from aioemnify.types import Timestamp


@attrs.frozen(kw_only=True)
class CallbackSms(Model):
    """A message from a device to a short destination (up to 7 digits), posted to the API callback of its
    service profile. The answer must have a 2xx status. Reports about the delivery of messages to the
    device go to the same URL by PATCH, with the members of an SMS.
    """

    id: int
    endpoint: EndpointRef | None = None
    organisation: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    source_address: str | None = None
    """The MSISDN of the SIM."""

    dest_address: str | None = None
    """The destination that the device sent to."""

    payload: str | None = None
    """The text."""

    dcs: int | None = None
    """Data coding: 0 is GSM-7, 8 is UCS-2."""

    pid: int | None = None
    """Protocol identifier."""

    submit_date: Timestamp | None = None
    """May omit the time zone; it is then UTC."""


@attrs.frozen(kw_only=True)
class UsageRecordEndpoint(Model):
    """The endpoint of a usage record."""

    id: int | None = None
    name: str | None = None
    ip_address: str | None = None
    tags: str | None = None
    """Comma-separated."""

    imei: str | None = None
    """16-digit IMEISV."""

    balance: Decimal | None = None
    """Prepaid balance; usually null."""


@attrs.frozen(kw_only=True)
class UsageRecordRatezone(Model):
    """The rate zone of the visited network in a usage record."""

    id: int | None = None
    name: str | None = None


@attrs.frozen(kw_only=True)
class UsageRecordSim(Model):
    """The SIM of a usage record."""

    id: int | None = None
    iccid: str | None = None
    """Digits, with or without the Luhn digit."""

    msisdn: str | None = None
    """Digits."""

    production_date: Timestamp | None = None


@attrs.frozen(kw_only=True)
class UsageRecordTariff(Model):
    """The tariff that a usage record was rated by."""

    id: int | None = None
    name: str | None = None
    ratezone: UsageRecordRatezone | None = None


@attrs.frozen(kw_only=True)
class UsageRecordVolume(Model):
    """The traffic of a usage record (MB for data, messages for SMS)."""

    rx: Decimal | None = None
    """For SMS, 1 if the device sent the message. Up to six decimal places."""

    tx: Decimal | None = None
    """For SMS, 1 if the message was sent to the device. Up to six decimal places."""

    total: Decimal | None = None
    """Both directions."""


@attrs.frozen(kw_only=True)
class UsageRecord(Model):
    """What one SIM used in one period, pushed by a data stream of type Usage. The platform writes one
    every 45 seconds while a data session is open and at least 100 KB have passed, one at the end of
    the session, and one per SMS. Delivery is at least once and in any order: ignore repeated ids.
    """

    id: int
    """Can exceed 32 bits."""

    start_timestamp: Timestamp | None = None
    """Some formats omit the time zone; it is then UTC."""

    end_timestamp: Timestamp | None = None
    """Some formats omit the time zone; it is then UTC."""

    volume: UsageRecordVolume | None = None
    cost: Decimal | None = None
    """Up to ten decimal places."""

    currency: Currency | None = attrs.field(default=None, metadata={"intern": True})
    traffic_type: TrafficType | None = attrs.field(default=None, metadata={"intern": True})
    endpoint: UsageRecordEndpoint | None = None
    sim: UsageRecordSim | None = None
    imsi: str | None = None
    """Digits."""

    imsi_id: int | None = None
    organisation: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    operator: OperatorRef | None = attrs.field(default=None, metadata={"intern": True})
    """The visited network."""

    tariff: UsageRecordTariff | None = None
    session_id: str | None = None
    """The data session; only in newer records."""
