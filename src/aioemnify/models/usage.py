# Generated from schema/usage.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Usage: the models of requests and responses."""

from decimal import Decimal

import attrs

from aioemnify.models.lookup_constants import Currency, TrafficType
from aioemnify.serialization.model import Model
from aioemnify.types import Timestamp


@attrs.frozen(kw_only=True)
class HourlySeries(Model):
    """Volume over time (MB for data, messages for SMS)."""

    rx: list[tuple[str, float]] | None = None
    """Pairs of HH:mm and volume."""

    tx: list[tuple[str, float]] | None = None
    """Pairs of HH:mm and volume."""


@attrs.frozen(kw_only=True)
class HourlyUsage(Model):
    """The traffic of the last hour as series."""

    data: HourlySeries | None = None
    sms: HourlySeries | None = None


@attrs.frozen(kw_only=True)
class UsageVolume(Model):
    """An amount of traffic and its cost (MB for data, messages for SMS)."""

    id: int | None = None
    """In SIM statistics, composed of SIM id, year, month and traffic type."""

    volume: Decimal | None = None
    """Total of both directions."""

    volume_tx: Decimal | None = None
    """For SMS, the sources disagree on which direction is tx."""

    volume_rx: Decimal | None = None
    """For SMS, the sources disagree on which direction is rx."""

    cost: Decimal | None = None
    """Up to ten decimal places. The vendor is retiring it for data in daily statistics of endpoints."""

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
class DailyUsage(Model):
    """The traffic of one day."""

    date: str | None = None
    """YYYY-MM-DD, or the word TOTAL in statistics of an organisation."""

    data: UsageVolume | None = None
    sms: UsageVolume | None = None
    sat_geo_data: UsageVolume | None = None
    """Data over geostationary satellites."""

    sat_geo_sms: UsageVolume | None = None
    """SMS over geostationary satellites."""


@attrs.frozen(kw_only=True)
class MonthlyUsage(Model):
    """The traffic of one month."""

    data: UsageVolume | None = None
    sms: UsageVolume | None = None
