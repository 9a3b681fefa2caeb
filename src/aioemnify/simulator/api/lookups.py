"""Lookups, operators and services: lists that are the same for all organisations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.models import resolve
from aioemnify.simulator.answers.fake_objects import constants
from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.platform import lookups, networks
from aioemnify.simulator.platform.errors import bad_request

_NOWHERE = ({"id": 219, "name": "NonTerrestrial 999", "country_code": "", "mcc": "999", "iso_code": ""},)
_REGIONS = ("eu-west-1", "eu-central-1", "us-east-1", "ap-southeast-1")
_PRICES = {1: 200, 2: 100, 3: 100, 4: 200}


def list_breakout_regions(call: Call) -> Reply:
    """Return the breakout regions.

    Choice: there are two regions; the API does not publish their ids.
    """
    return Reply(body=[dict(region) for region in networks.BREAKOUT_REGIONS.values()])


def list_countries(call: Call) -> Reply:
    """Return the countries.

    Choice: only the countries of the simulated operators, and one network without a country, which
        ``geographic=true`` leaves out.
    """
    asked = call.params.get("geographic", "").lower()
    if asked not in ("", "true", "false"):
        raise bad_request(f'Cannot parse parameter geographic as Boolean: For input string: "{asked}"')
    countries = [dict(country) for country in networks.COUNTRIES.values()]
    return Reply(body=countries if asked == "true" else [*countries, *map(dict, _NOWHERE)])


def list_currencies(call: Call) -> Reply:
    """Return the currencies.

    Choice: euro, dollar and pound; only the id of the euro is published.
    """
    return Reply(body=list(lookups.CURRENCIES))


def list_blocksizes(call: Call) -> Reply:
    """Return the block sizes in which data is charged.

    Choice: there are three; only the first is published.
    """
    return Reply(body=list(lookups.DATA_BLOCKSIZES))


def list_throttles(call: Call) -> Reply:
    """Return the data throttles.

    Choice: there are three; only the first is published.
    """
    return Reply(body=list(lookups.DATA_THROTTLES))


def list_esme_types(call: Call) -> Reply:
    """Return the interface types for SMS.

    Choice: 1 is RestAPI, as in newer recordings, and 2 is SMPP.
    """
    return Reply(body=lookups.everything(lookups.ESME_INTERFACE_TYPES))


def list_rat_types(call: Call) -> Reply:
    """Return the radio technologies.

    Choice: the ids are those in recorded events; the id of NB-IoT is invented.
    """
    return Reply(body=lookups.everything(networks.RAT_TYPES))


def list_service_levels(call: Call) -> Reply:
    """Return the service levels.

    Choice: there are two; they are not published.
    """
    return Reply(body=list(lookups.SERVICE_LEVELS))


def list_operators(call: Call) -> Reply:
    """Return the network operators.

    Choice: there are eleven invented operators in real countries.
    """
    return Reply(body=[operator.body() for operator in networks.OPERATORS.values()])


def list_services(call: Call) -> Reply:
    """Return the services that a profile can allow.

    Choice: voice, data, and SMS in both directions; the ids of SMS are invented.
    """
    return Reply(body=[dict(service) for service in lookups.SERVICES.values()])


def list_limits(call: Call) -> Reply:
    """Return the predefined traffic limits of all services.

    Choice: SMS services have limits of 10 to 1000 messages a month; ids are invented.
    """
    return Reply(body=[dict(limit) for limit in lookups.TRAFFIC_LIMITS.values()])


def list_limits_of_service(call: Call) -> Reply:
    """Return the predefined traffic limits of one service."""
    service = call.find("service_id", "Service", lookups.SERVICES)
    limits = lookups.TRAFFIC_LIMITS.values()
    return Reply(body=[dict(limit) for limit in limits if limit["service"]["id"] == service["id"]])


def _cloud_connect_types() -> Mapping[Any, Mapping[str, Any]]:
    return constants(resolve("cloud_connect:CloudConnectType"))


def list_cloud_connect_types(call: Call) -> Reply:
    """Return the types of attachment."""
    return Reply(body=[dict(kind) for kind in _cloud_connect_types().values()])


def list_cloud_connect_regions(call: Call) -> Reply:
    """Return the regions of one type of attachment.

    Choice: every type has the same four regions, each with the breakout region nearest to it.
    """
    call.find("breakout_type_id", "Breakout type", _cloud_connect_types())
    nearest = {"us": "us-east-1"}
    regions = [
        {"attachment_region": region, "device_breakout_region": nearest.get(region[:2], "eu-west-1")}
        for region in _REGIONS
    ]
    return Reply(body=regions)


def list_cloud_connect_prices(call: Call) -> Reply:
    """Return the prices of attachments.

    Choice: prices are invented, and the classic types have none.
    """
    prices = [
        {"id": kind, "breakout_type_id": kind, "amount": amount, "currency": dict(lookups.EURO)}
        for kind, amount in _PRICES.items()
    ]
    return Reply(body=prices)


HANDLERS: Mapping[str, Handler] = {
    "cloud_connect.list_available_regions": list_cloud_connect_regions,
    "cloud_connect.list_prices": list_cloud_connect_prices,
    "cloud_connect.list_types": list_cloud_connect_types,
    "lookups.list_breakout_regions": list_breakout_regions,
    "lookups.list_countries": list_countries,
    "lookups.list_currencies": list_currencies,
    "lookups.list_data_blocksizes": list_blocksizes,
    "lookups.list_data_throttles": list_throttles,
    "lookups.list_esme_interface_types": list_esme_types,
    "lookups.list_rat_types": list_rat_types,
    "lookups.list_service_levels": list_service_levels,
    "operators.list": list_operators,
    "services.list": list_services,
    "services.list_all_traffic_limits": list_limits,
    "services.list_traffic_limits": list_limits_of_service,
}
