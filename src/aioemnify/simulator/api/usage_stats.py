"""Usage of one endpoint or one SIM: this month and the last, the last hour, and daily."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from aioemnify.simulator.answers.usage_bodies import data_body, sms_body
from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.api.date_range import read_range
from aioemnify.simulator.api.endpoints import find_endpoint
from aioemnify.simulator.api.sims import find_sim
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.dates import DAY_SECONDS, day_start, day_text, month_start
from aioemnify.simulator.platform.networks import RATEZONES, zones_of
from aioemnify.simulator.state.fleet import ACTIVATED, DISABLED, ENABLED, HOLDS_SIM, SUSPENDED
from aioemnify.simulator.state.overlay_store import GONE
from aioemnify.simulator.state.world import event_time
from aioemnify.simulator.usage.duty_spans import spans_of_sim
from aioemnify.simulator.usage.endpoint_usage import Volume, data_by_day, pieces, sms_by_day

_LONGEST_MONTHS = 6
_MINUTES = 60


class _Subject:
    """The object of the statistics: an endpoint or a SIM."""

    def __init__(self, call: Call, *, endpoint: int | None = None, sim: int | None = None) -> None:
        self._call = call
        self.about: dict[str, int | None] = {"endpoint": endpoint, "sim": sim}
        self._tariff = 1
        if endpoint is None and sim is not None:
            spans = spans_of_sim(call.organisation, sim)
            endpoint = spans[-1].endpoint if spans else None
        kept = None if endpoint is None else call.organisation.endpoints.find(endpoint)
        if kept is not None:
            self._tariff = call.organisation.tariff_profiles[kept.tariff_profile].tariff
        self.rate = Decimal(RATEZONES[zones_of(self._tariff)[0]].rate)
        self.sms_rate = Decimal(str(lookups.TARIFFS[self._tariff]["default_sms_mt_rate"]))

    def days(self, start: float, stop: float) -> tuple[dict[int, Volume], dict[int, Volume]]:
        """Return data and messages of each day that has any."""
        organisation = self._call.organisation
        return (
            data_by_day(self._call.world, organisation, start, stop, **self.about),
            sms_by_day(organisation, start, stop, **self.about),
        )

    def data_body(self, volume: Volume) -> dict[str, Any]:
        """Return a data volume and its price."""
        return data_body(volume.tx, volume.rx, self.rate)

    def sms_body(self, volume: Volume) -> dict[str, Any]:
        """Return a number of messages and their price."""
        return sms_body(volume.tx, volume.rx, self.sms_rate)


def _total(days: Mapping[int, Volume]) -> Volume:
    return Volume(sum(day.rx for day in days.values()), sum(day.tx for day in days.values()))


def _month(subject: _Subject, start: float, stop: float) -> dict[str, Any]:
    data, sms = (_total(days) for days in subject.days(start, stop))
    bodies = {"data": subject.data_body(data), "sms": subject.sms_body(sms)}
    month = event_time(start)
    about = {f"{name}_id": identity for name, identity in subject.about.items() if identity is not None}
    identity = next(iter(about.values()))
    for body, kind in ((bodies["data"], 5), (bodies["sms"], 6)):
        body |= about | {
            "id": int(f"{identity}{month[:4]}{month[5:7]}{kind}"),
            "month": month,
            "traffic_type_id": kind,
            "currency_id": 1,
            "last_updated": event_time(stop),
        }
    return bodies


def _hour(call: Call, subject: _Subject) -> dict[str, Any]:
    """Return the last 60 minutes, computed from the same pieces as the days."""
    stop = call.now // _MINUTES * _MINUTES
    start = stop - _MINUTES * 60
    minutes = {start + index * 60: (Volume(), Volume()) for index in range(_MINUTES)}
    endpoint, sim = subject.about["endpoint"], subject.about["sim"]
    endpoints = (
        {endpoint} if endpoint else {span.endpoint for span in spans_of_sim(call.organisation, sim or 0)}
    )
    for minute, (data, _) in minutes.items():
        for each in endpoints:
            for piece in pieces(call.world, call.organisation, each, minute, minute + 60):
                if sim is None or piece.sim == sim:
                    data.add(piece.rx, piece.tx)
    for message in call.organisation.activity.messages.about(endpoint=endpoint, sim=sim):
        if message.delivered is not None and start <= message.delivered < stop:
            minutes[message.delivered // 60 * 60][1].add(*message.volume)

    def series(place: int, unit: int) -> dict[str, Any]:
        return {
            way: [
                [event_time(minute)[11:16], getattr(volumes[place], way) / unit]
                for minute, volumes in minutes.items()
            ]
            for way in ("rx", "tx")
        }

    return {"data": series(0, 10**6), "sms": series(1, 1)}


def _stats(call: Call, subject: _Subject, *, always: bool) -> dict[str, Any]:
    this, last = month_start(call.now), month_start(call.now, -1)
    body: dict[str, Any] = {}
    for name, start, stop in (("last_month", last, this), ("current_month", this, call.now)):
        month = _month(subject, start, stop)
        if always or any(float(volume["volume"]) for volume in month.values()):
            body[name] = month
    return body | {"last_hour": _hour(call, subject)}


def endpoint_stats(call: Call) -> Reply:
    """Return the usage of an endpoint, without months that have no traffic.

    Choice: a SIM on duty transfers up to 2 MB a day to the device and 0.5 MB from it, a random volume that
        is spread evenly; SMS are those that were sent. Data has the price of the first zone of the price
        list, SMS the default price. A SIM that started in Factory Test has no data. The statistics of
        organisations are random on their own, not the sum of these.
    """
    endpoint = find_endpoint(call)
    return Reply(body=_stats(call, _Subject(call, endpoint=endpoint.id), always=False))


def sim_stats(call: Call) -> Reply:
    """Return the usage of a SIM.

    Choice: one object, as in older samples, although the current documentation shows a list; months without
        traffic are zero.
    """
    sim = find_sim(call)
    return Reply(body=_stats(call, _Subject(call, sim=sim.id), always=True))


def _daily(call: Call, subject: _Subject) -> Reply:
    now = call.now
    start = month_start(now)
    if call.params.get("start_date"):
        first, last = read_range(call, start, now)
        if not call.params.get("end_date"):
            last = min(now, month_start(first, _LONGEST_MONTHS) - 1)
    elif call.params.get("end_date"):
        _, last = read_range(call, 0.0, now)
        first = month_start(last)
    else:
        first, last = start, now
    begin, stop = day_start(first), min(now, day_start(last) + DAY_SECONDS)
    data, sms = subject.days(begin, stop)
    body = []
    for day in sorted({*data, *sms}):
        entry: dict[str, Any] = {"date": day_text(day * DAY_SECONDS)}
        entry["data"] = subject.data_body(data.get(day, Volume()))
        entry["sms"] = subject.sms_body(sms.get(day, Volume()))
        body.append(entry)
    return Reply(body=body)


def endpoint_daily(call: Call) -> Reply:
    """Return the daily usage of an endpoint.

    Choice: days without traffic are left out; the default is the current month, and ``start_date`` alone
        means six months. Today counts up to now.
    """
    return _daily(call, _Subject(call, endpoint=find_endpoint(call).id))


def sim_daily(call: Call) -> Reply:
    """Return the daily usage of a SIM, with the same dates as for an endpoint."""
    return _daily(call, _Subject(call, sim=find_sim(call).id))


def aggregate_stats(call: Call) -> Reply:
    """Return the number of endpoints.

    Choice: this call is not documented; it returns counts by status for every path below ``stats/``.
    """
    column = call.organisation.endpoints.column()
    counts = {
        name: sum(column.count(code) for code in (status, status | HOLDS_SIM))
        for name, status in (("enabled", ENABLED), ("disabled", DISABLED))
    }
    cards = call.organisation.sims.column()
    active = {
        name: sum(count for code, count in Counter(cards).items() if code != GONE and code & 7 == status)
        for name, status in (("activated", ACTIVATED), ("suspended", SUSPENDED))
    }
    return Reply(body={"total": sum(counts.values()), "endpoints": counts, "sims": active})


HANDLERS: Mapping[str, Handler] = {
    "endpoints.get_stats": endpoint_stats,
    "endpoints.list_daily_stats": endpoint_daily,
    "endpoints.get_aggregate_stats": aggregate_stats,
    "sims.get_stats": sim_stats,
    "sims.list_daily_stats": sim_daily,
}
