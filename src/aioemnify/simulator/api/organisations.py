"""Organisation calls: the caller's organisation, its statistics and booked volumes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.answers.usage_bodies import data_volume, days_between, month_body, sms_volume
from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.api.date_range import read_days, read_range
from aioemnify.simulator.api.permissions import workspace_of
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.dates import DAY_SECONDS, HOUR_SECONDS, month_start, read_date
from aioemnify.simulator.platform.errors import Findings, bad_request
from aioemnify.simulator.platform.networks import INCLUSIVE_VOLUMES
from aioemnify.simulator.state.fleet import ACTIVATED, FACTORY_TEST, ISSUED, SUSPENDED
from aioemnify.simulator.state.overlay_store import GONE
from aioemnify.simulator.state.records.accounts import BookedVolume
from aioemnify.simulator.state.world import Organisation, event_time
from aioemnify.simulator.usage.organisation_usage import Traffic, hour_traffic

BORN = 1_577_836_800.0
"""When every organisation was created: 2020-01-01, in seconds since 1970."""
_MOST_HOURS = 24
_NO_TRAFFIC = Traffic()


def find_organisation(call: Call, name: str = "org_id_or_my") -> Organisation:
    """Return the organisation named in the path: an id, or ``my``.

    Raises:
        Problem: 404 unknown, 403 another organisation.
    """
    if call.args[name] == "my":
        return call.organisation
    return workspace_of(call, call.number(name, "Organisation"), "Organisation")


def get_my(call: Call) -> Reply:
    """Return the caller's organisation; ids of lookups are texts, as in the API.

    Choice: every organisation is an enterprise in Germany that pays in euro; a workspace with a parent
        names it as its relation.
    """
    own = call.organisation
    body: dict[str, Any] = {
        "id": own.id,
        "name": own.name,
        "created": event_time(BORN),
        "organisation_type_id": "4",
        "type": {"id": 4, "description": "Enterprise"},
        "country_id": str(lookups.COUNTRY["id"]),
        "country": dict(lookups.COUNTRY),
        "organisation_status_id": str(own.account.status),
        "status": lookups.lookup(lookups.ORGANISATION_STATUSES, own.account.status),
        "organisation_class_id": 1,
        "class": {"id": 1, "description": "Simulated"},
        "currency_id": lookups.EURO["id"],
        "currency": dict(lookups.EURO),
        "ext_reference": "",
        "monthly_cost_limit": None,
        "verification_type_id": None,
        "verification": "",
        "brand_id": "1",
        "default_sms_routing_id": None,
    }
    if own.account.parent is not None:
        body["relation"] = {"parentOrg": own.account.parent}
    return Reply(body=body)


def list_statuses(call: Call) -> Reply:
    """Return the organisation statuses."""
    return Reply(body=lookups.everything(lookups.ORGANISATION_STATUSES))


def list_active_volumes(call: Call) -> Reply:
    """Return the active inclusive volumes of an organisation."""
    wall = call.now
    active = (volume for volume in find_organisation(call).account.volumes if volume.active(wall))
    return Reply(body=[INCLUSIVE_VOLUMES[each.volume].body() | _dates(each) for each in active])


def _dates(booked: BookedVolume) -> dict[str, Any]:
    dates = {"id": booked.volume, "start_date": event_time(booked.start), "pooled": booked.pooled}
    return dates if booked.end is None else dates | {"end_date": event_time(booked.end)}


def assign_volume(call: Call) -> Reply:
    """Book an inclusive volume, from the first day of a month until the last day of one.

    Choice: the same volume can be booked twice.

    Raises:
        Problem: 404 unknown volume, 400 an invalid date, or one that is not the first or last day of a month.
    """
    organisation = find_organisation(call)
    bundle = call.find("inclusive_volume_id", "Inclusive volume", INCLUSIVE_VOLUMES)
    start, end = month_start(call.now), None
    if call.body.get("start_date") is not None:
        start = _edge(call.body, "start_date", 0.0)
    if call.body.get("end_date") is not None:
        end = _edge(call.body, "end_date", DAY_SECONDS)
        if end <= start:
            raise bad_request("Parameter end_date is before start_date")
    booked = BookedVolume(
        id=call.world.allot("volume"),
        volume=bundle.id,
        start=start,
        end=end,
        pooled=call.body.get("pooled", True),
    )
    organisation.account.volumes.append(booked)
    return Reply(status=201, body=_dates(booked) | {"id": booked.id})


def _edge(body: Mapping[str, Any], name: str, after: float) -> float:
    moment = read_date(body[name])
    if moment is None:
        raise bad_request(f"Cannot parse parameter {name} as Date: {body[name]}")
    edge = moment // DAY_SECONDS * DAY_SECONDS + after
    if edge != month_start(edge):
        raise bad_request(f"Parameter {name} must be the {'last' if after else 'first'} day of a month")
    return edge


def get_monthly_stats(call: Call) -> Reply:
    """Return the usage of this month and the last one, and counts of the organisation's objects.

    Choice: usage follows from the seed, only complete hours are counted, and days and months are exact
        sums; a MB costs 0.01 euro and a message 0.06.
    Choice: a main workspace can see those below it; another organisation gets 403, an unknown one 404.
    Choice: activated SIMs are chargeable; the hosting fees are 0.1 euro for each suspended SIM.
    """
    organisation, wall = find_organisation(call), call.now
    counts = _sim_counts(organisation)
    body: dict[str, Any] = {
        "current_month": month_body(organisation, wall),
        "last_month": month_body(organisation, wall, -1),
        "sim": counts,
        "service_profiles": len(organisation.service_profiles),
        "tariff_profiles": len(organisation.tariff_profiles),
        "users": sum(organisation.id in user.memberships for user in call.world.users.values()),
        "inclusive_volume": _volume_cost(organisation, wall),
        "prepaid_balance": {
            "amount": 0,
            "currency": dict(lookups.EURO),
            "last_updated": event_time(month_start(wall)),
        },
    }
    if counts["active"]:
        body["active_chargeable_sims"] = counts["active"]
    if counts["suspended"]:
        body["hosting_fees"] = counts["suspended"] / 10
    return Reply(body=body)


def _sim_counts(organisation: Organisation) -> dict[str, int]:
    # One pass in C over one byte per SIM.
    statuses = bytes(7 if code == GONE else code & 7 for code in range(256))
    column = organisation.sims.column().translate(statuses)
    names = {"issued": ISSUED, "factory_mode": FACTORY_TEST, "active": ACTIVATED, "suspended": SUSPENDED}
    counts = {name: column.count(status) for name, status in names.items()}
    return counts | {"total": sum(counts.values())}


def _volume_cost(organisation: Organisation, wall: float) -> dict[str, float]:
    costs = {"pooled": 0.0, "unpooled": 0.0}
    for booked in organisation.account.volumes:
        if booked.active(wall):
            rate = INCLUSIVE_VOLUMES[booked.volume].rate
            costs["pooled" if booked.pooled else "unpooled"] += float(rate)
    return costs


def list_daily_stats(call: Call) -> Reply:
    """Return one row per day and a row with the sums, by default for the current month.

    ``start_date`` alone means until the end of its month.

    Choice: ``end_date`` alone gets 422, because it must be used with ``start_date``. Future days have no row,
        and there is no satellite traffic.
    """
    organisation = find_organisation(call)
    first, last = read_days(call, by_start=True)
    return _daily(call, organisation, first, last)


def list_current_month(call: Call) -> Reply:
    """Return the current month of the caller's organisation: one row per day and one with the sums."""
    wall = call.now
    first, last = int(month_start(wall) // DAY_SECONDS), int(wall // DAY_SECONDS)
    return _daily(call, call.organisation, first, last)


def _daily(call: Call, organisation: Organisation, first: int, last: int) -> Reply:
    rows = days_between(organisation, first, last, call.now)
    rows.append(("TOTAL", Traffic.total([traffic for _, traffic in rows])))
    return Reply(body=[_row(date, traffic) for date, traffic in rows])


def _row(date: str, traffic: Traffic) -> dict[str, Any]:
    return {
        "date": date,
        "data": data_volume(traffic),
        "sms": sms_volume(traffic),
        "sat_geo_data": data_volume(_NO_TRAFFIC),
        "sat_geo_sms": sms_volume(_NO_TRAFFIC),
    }


def get_hourly_stats(call: Call) -> Reply:
    """Return hourly series, by default of the last three hours; here ``rx`` of SMS means from devices.

    Choice: a range longer than a day gives its last 24 hours, because points have only a time.
    """
    organisation, wall = find_organisation(call), call.now
    now = wall // HOUR_SECONDS * HOUR_SECONDS
    start, end = read_range(call, now - 3 * HOUR_SECONDS, now)
    stop = int(min(end, now) // HOUR_SECONDS)
    start_hour = max(int(-(-start // HOUR_SECONDS)), stop - _MOST_HOURS)
    points = []
    for hour in range(start_hour, stop):
        day, of_day = divmod(hour, 24)
        points.append((f"{of_day:02d}:00", hour_traffic(organisation.fleet, day, wall)[of_day]))
    return Reply(
        body={
            "data": {
                "rx": [[time, traffic.down / 10**6] for time, traffic in points],
                "tx": [[time, traffic.up / 10**6] for time, traffic in points],
            },
            "sms": {
                "rx": [[time, traffic.mo] for time, traffic in points],
                "tx": [[time, traffic.mt] for time, traffic in points],
            },
        }
    )


def update_tariff(call: Call) -> Reply:
    """Change the price list: all tariff profiles switch to it, and inclusive volumes end.

    Choice: operators that a profile blocks stay blocked.

    Raises:
        Problem: 404 unknown organisation, 422 unknown price list.
    """
    organisation = find_organisation(call, "org_id")
    findings = Findings("Organisation")
    tariff = findings.reference("Tariff", call.body, lookups.TARIFFS)
    findings.check()
    assert tariff is not None
    account = organisation.account
    before, account.tariff = account.tariff, tariff
    account.volumes.clear()
    for profile in organisation.tariff_profiles.values():
        profile.tariff, profile.zones, profile.bundles = tariff, None, []
    call.world.record(
        organisation,
        31,
        f"Tariff of organisation {organisation.name} changed",
        detail={"changed_data": [{"tariff": {"old": before, "new": tariff}}]},
    )
    return Reply()


HANDLERS: Mapping[str, Handler] = {
    "organisations.get_my": get_my,
    "organisations.list_statuses": list_statuses,
    "organisations.list_active_inclusive_volumes": list_active_volumes,
    "organisations.assign_inclusive_volume": assign_volume,
    "organisations.get_monthly_stats": get_monthly_stats,
    "organisations.list_daily_stats": list_daily_stats,
    "organisations.get_hourly_stats": get_hourly_stats,
    "organisations.update_tariff": update_tariff,
    "organisations.list_current_month_daily_stats": list_current_month,
}
"""Handlers of the organisation calls, by operation."""
