"""Data stream calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.api.data_stream_targets import check_filters, complete_destination
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.errors import Findings, not_allowed
from aioemnify.simulator.state.records.data_streams import ERROR, EVENT, PAUSED, RUNNING, DataStream

_ACCEPTED = Reply(status=202)


def _find(call: Call) -> DataStream:
    return call.find("data_stream_id", "Data stream", call.organisation.streams.living(call.now))


def _status(call: Call, stream: DataStream) -> int:
    settings = call.world.settings
    return stream.status(
        call.now, start=settings.stream_start_seconds, retries=settings.stream_retry_minutes * 60
    )


def _body(call: Call, stream: DataStream) -> dict[str, Any]:
    return {
        "id": stream.id,
        "name": stream.name,
        "data_stream_type": lookups.lookup(lookups.STREAM_TYPES, stream.type),
        "destination": stream.shown_destination(),
        "filters": stream.filters,
        "relation_resolution": stream.relation_resolution,
        "status": lookups.lookup(lookups.STREAM_STATUSES, _status(call, stream)),
    }


def list_streams(call: Call) -> Reply:
    """Return all streams of the organisation."""
    streams = call.organisation.streams.living(call.now).values()
    return Reply(body=[_body(call, stream) for stream in streams])


def get_stream(call: Call) -> Reply:
    """Return one stream; secrets in its credentials are masked."""
    return Reply(body=_body(call, _find(call)))


def create_stream(call: Call) -> Reply:
    """Create a stream: Pending first, then Running.

    Choice: a start takes ``stream_start_seconds``; a webhook whose host ends in ``.invalid`` is in Error
        ``stream_retry_minutes`` later. Records are sent to webhooks on this machine, see "Choices for many
        operations"; all other destinations are reachable, and get nothing.
    Choice: type and destination are required; the name defaults to one made from the type.
    Choice: a stream that is created with status Paused is paused at once.

    Raises:
        Problem: 422 with all errors.
    """
    body, findings = call.body, Findings("Data stream")
    for name in ("data_stream_type", "destination"):
        if body.get(name) is None:
            findings.required(name)
    kind = _type(findings, body)
    destination = _destination(findings, body)
    filters = _filters(findings, body, kind)
    paused = _paused(findings, body)
    findings.check()
    assert kind is not None
    assert destination is not None
    stream = DataStream(
        id=call.world.allot("stream"),
        name=body.get("name") or f"{lookups.STREAM_TYPES[kind]} stream",
        type=kind,
        destination=destination,
        filters=filters or [],
        relation_resolution=body.get("relation_resolution"),
        started=call.now,
        paused=bool(paused),
    )
    _push_from_now(call, stream)
    call.organisation.streams.streams[stream.id] = stream
    return call.created(f"/api/v2/data_stream/{stream.id}")


def _push_from_now(call: Call, stream: DataStream) -> None:
    """Let a stream push what is recorded from now on."""
    organisation = call.organisation
    if stream.type == EVENT:
        stream.position = organisation.events.next_id
    else:
        stream.position = organisation.usage.next_id
        if stream.to_webhook:
            organisation.usage.begin(call.now)


def _type(findings: Findings, body: Mapping[str, Any]) -> int | None:
    if body.get("data_stream_type") is None:
        return None
    return findings.reference("DataStreamType", body["data_stream_type"], lookups.STREAM_TYPES)


def _destination(findings: Findings, body: Mapping[str, Any]) -> dict[str, Any] | None:
    if body.get("destination") is None:
        return None
    return complete_destination(findings, body["destination"])


def _filters(findings: Findings, body: Mapping[str, Any], kind: int | None) -> list[Any] | None:
    filters: list[Any] | None = body.get("filters")
    if filters:
        check_filters(findings, filters)
        if kind is not None and kind != EVENT:
            findings.out_of_range("filters")
    return filters


def _paused(findings: Findings, body: Mapping[str, Any]) -> bool | None:
    if body.get("status") is None:
        return None
    status = body["status"].get("id")
    if status in (RUNNING, PAUSED):
        return bool(status == PAUSED)
    if status in lookups.STREAM_STATUSES:
        findings.out_of_range("status")
    else:
        findings.dangling("DataStreamStatus", status)
    return None


def update_stream(call: Call) -> Reply:
    """Change, pause or resume a stream: 202, because a new start takes time.

    Choice: another destination, and the end of a pause, restart the stream; records that were not delivered
        come first. After a change of the type it pushes what is recorded from then on.

    Raises:
        Problem: 422 with all errors; only Running and Paused can be requested.
    """
    stream, body, findings = _find(call), call.body, Findings("Data stream")
    kind = _type(findings, body) or stream.type
    destination = _destination(findings, body)
    filters = _filters(findings, body, kind)
    if filters is None and kind != EVENT and stream.filters:
        findings.out_of_range("data_stream_type")
    paused = _paused(findings, body)
    findings.check()
    if destination is not None or (stream.paused and paused is False):
        stream.start(call.now)
    before = stream.type, stream.to_webhook
    stream.type = kind
    stream.name = body.get("name", stream.name)
    stream.destination = destination or stream.destination
    if before != (stream.type, stream.to_webhook):
        _push_from_now(call, stream)
    stream.filters = stream.filters if filters is None else filters
    stream.relation_resolution = body.get("relation_resolution", stream.relation_resolution)
    stream.paused = stream.paused if paused is None else paused
    return _ACCEPTED


def restart_stream(call: Call) -> Reply:
    """Restart a stream in status Error.

    Choice: only a stream in status Error can be restarted.

    Raises:
        Problem: 409, the stream is in another status.
    """
    stream = _find(call)
    status = _status(call, stream)
    if status != ERROR:
        raise not_allowed(f"Data stream with id {stream.id} is {lookups.STREAM_STATUSES[status]}")
    stream.start(call.now)
    return _ACCEPTED


def delete_stream(call: Call) -> Reply:
    """Delete a stream; it is listed until the deletion is complete.

    Choice: that takes as long as a start; another deletion meanwhile gets 409.

    Raises:
        Problem: 409, the deletion is in progress.
    """
    stream = _find(call)
    if stream.ends is not None:
        raise not_allowed(f"Data stream with id {stream.id} is being deleted")
    stream.ends = call.now + call.world.settings.stream_start_seconds
    return _ACCEPTED


def list_types(call: Call) -> Reply:
    """Return the types of streams."""
    return Reply(body=lookups.everything(lookups.STREAM_TYPES))


def list_statuses(call: Call) -> Reply:
    """Return the statuses of streams."""
    return Reply(body=lookups.everything(lookups.STREAM_STATUSES))


def list_filter_fields(call: Call) -> Reply:
    """Return the filter fields of event streams.

    Choice: ids in the order of the documentation.
    """
    return Reply(body=lookups.everything(lookups.STREAM_FILTER_FIELDS))


def list_connection_types(call: Call) -> Reply:
    """Return the types of destinations.

    Choice: ids from 1 in the order of the documentation; the name is the description.
    """
    kinds = enumerate(lookups.CONNECTION_TYPES, start=1)
    return Reply(body=[{"id": number, "description": kind} for number, kind in kinds])


HANDLERS: Mapping[str, Handler] = {
    "data_streams.list": list_streams,
    "data_streams.get": get_stream,
    "data_streams.create": create_stream,
    "data_streams.update": update_stream,
    "data_streams.restart": restart_stream,
    "data_streams.delete": delete_stream,
    "data_streams.list_types": list_types,
    "data_streams.list_statuses": list_statuses,
    "data_streams.list_filter_fields": list_filter_fields,
    "data_streams.list_connection_types": list_connection_types,
}
"""Handlers of the data stream calls, by operation."""
