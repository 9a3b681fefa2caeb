"""Event calls: the events of the organisation, of one SIM, of one endpoint, and open alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from aioemnify.simulator.answers.listing import Criterion, nulls_first
from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.api.pages import page_reply, query_of
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.state.fleet import with_luhn
from aioemnify.simulator.state.records.event_log import Event

_LEGACY_EVENTS = 1000
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_PATHS: Mapping[str, tuple[str, ...]] = {
    "type": ("event_type", "id"),
    "source": ("event_source", "id"),
    "severity": ("event_severity", "id"),
    "alert": ("alert",),
    "description": ("description",),
    "organisation": ("organisation", "id"),
    "user": ("user", "id"),
    "endpoint": ("endpoint", "id"),
    "tags": ("endpoint", "tags"),
    "ip_address": ("endpoint", "ip_address"),
    "imei": ("endpoint", "imei"),
    "iccid": ("sim", "iccid"),
    "imsi": ("imsi", "imsi"),
    "id": ("id",),
    "timestamp": ("timestamp",),
    # Only network events have these.
    "network": ("detail", "id"),
    "rat": ("detail", "pdp_context", "rat_type"),
    "country": ("detail", "country", "id"),
}


def _value(event: Event, field: str) -> Any:
    value: Any = event.body
    for member in _PATHS[field]:
        value = value.get(member) if isinstance(value, Mapping) else None
    return value


def list_events(call: Call) -> Reply:
    """Return one page of the organisation's events."""
    return event_page(call, lambda event: True)


def list_sim_events(call: Call) -> Reply:
    """Return one page of a SIM's events; an unknown SIM has none."""
    sim = call.number("sim_id", "Sim")
    return event_page(call, lambda event: event.body.get("sim", {}).get("id") == sim)


def list_endpoint_events(call: Call) -> Reply:
    """Return one page of an endpoint's events; an unknown endpoint has none."""
    endpoint = call.number("endpoint_id", "Endpoint")
    return event_page(call, lambda event: event.body.get("endpoint", {}).get("id") == endpoint)


def event_page(call: Call, concerned: Callable[[Event], bool]) -> Reply:
    """Return one page of the events that match a condition."""
    query = query_of(call, strict=True)
    tests = [_test(criterion) for criterion in query.criteria]
    found = [event for event in _recent(call) if concerned(event) and all(wanted(event) for wanted in tests)]
    for field, descending in reversed(query.order):
        found.sort(key=lambda event, field=field: nulls_first(_value(event, field)), reverse=descending)  # type: ignore[misc]
    return page_reply(call, query, found, lambda some: [event.body for event in some], lower=True)


def _recent(call: Call) -> Iterator[Event]:
    return call.organisation.events.recent(call.now, call.world.settings.event_delay_seconds)


def _test(criterion: Criterion) -> Callable[[Event], bool]:
    match criterion.field:
        case "from":
            since = _moment(criterion).timestamp()
            return lambda event: event.wall >= since
        case "until":
            # The range includes the last second.
            until = _moment(criterion).timestamp() + 1
            return lambda event: event.wall < until
        case "timestamp":
            day = _day(criterion)
            start, stop = day.timestamp(), (day + timedelta(days=1)).timestamp()
            return lambda event: start <= event.wall < stop
        case "alert":
            alert = criterion.truth()
            return lambda event: event.body["alert"] is alert
        case "iccid_with_luhn":
            return lambda event: _with_luhn(_value(event, "iccid")) in criterion.values
        case "description":
            part = criterion.text_value()
            return lambda event: part in event.body["description"]
        case (
            "type"
            | "source"
            | "severity"
            | "organisation"
            | "user"
            | "endpoint"
            | "network"
            | "rat"
            | "country"
        ):
            numbers = criterion.numbers()
            return lambda event: _value(event, criterion.field) in numbers
        case field:
            return lambda event: _value(event, field) in criterion.values


def _moment(criterion: Criterion) -> datetime:
    try:
        return datetime.strptime(criterion.text_value(), _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        raise criterion.bad() from None


def _day(criterion: Criterion) -> datetime:
    try:
        return datetime.strptime(criterion.text_value()[:10], "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise criterion.bad() from None


def _with_luhn(iccid: str | None) -> str | None:
    return None if iccid is None else with_luhn(iccid)


def list_types(call: Call) -> Reply:
    """Return the event types.

    Choice: types whose id is not published are missing, such as Endpoint data traffic limit warning.
    """
    return Reply(body=lookups.everything(lookups.EVENT_TYPES))


def list_pending_alerts(call: Call) -> Reply:
    """Return the organisation's alerts as one list."""
    events = _recent(call)
    return Reply(body=[event.body for event in events if event.body["alert"]])


def list_legacy(call: Call) -> Reply:
    """Return the organisation's events as one list.

    Choice: this call is not documented; it returns the newest thousand events, oldest first.
    """
    events = list(_recent(call))
    return Reply(body=[event.body for event in events[-_LEGACY_EVENTS:]])


HANDLERS: Mapping[str, Handler] = {
    "events.list": list_events,
    "events.list_legacy": list_legacy,
    "events.list_types": list_types,
    "events.list_pending_alerts": list_pending_alerts,
    "sims.list_events": list_sim_events,
    "endpoints.list_events": list_endpoint_events,
}
