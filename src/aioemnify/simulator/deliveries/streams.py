"""Deliveries of data streams to webhooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from aioemnify.simulator.deliveries.target import Key, Result
from aioemnify.simulator.recording.delivery_record import DeliveryRecord
from aioemnify.simulator.state.records.data_streams import EVENT, RUNNING, DataStream
from aioemnify.simulator.state.records.deliveries import KEPT_SECONDS
from aioemnify.simulator.state.records.event_log import EventLog
from aioemnify.simulator.state.records.usage_log import UsageLog
from aioemnify.simulator.state.world import Organisation, World


class StreamTarget:
    """The webhook of one data stream.

    Choice: a data stream sends records as soon as there are any, up to ``size`` in one request, in the order
        in which they were recorded. With a size of 1 the body is one object, else an array.
    Choice: all filters of a data stream must match, and one of those in an ``or``; a list of values matches
        any of them.
    Choice: a header Content-Type of the configuration replaces the one of deliveries.
    Choice: while a data stream is paused or in Error, records are kept for seven days.
    Choice: a webhook or callback on another machine gets nothing without ``remote_deliveries``; its records
        count as delivered. Destinations other than a webhook get nothing either.
    """

    def __init__(self, world: World, organisation: Organisation, stream: DataStream) -> None:
        self._world = world
        self._organisation = organisation
        self._stream = stream
        self._end = stream.position
        self._back_off = stream.back_off

    @property
    def key(self) -> Key:
        """Return what identifies the target."""
        return "stream", self._stream.id

    def is_due(self) -> bool:
        """Return whether the stream runs, waits for nothing, and has records; a filter may drop them all."""
        stream, settings, now = self._stream, self._world.settings, self._world.clock.wall()
        if self._log.next_id <= stream.position or stream.back_off.waits(now):
            return False
        status = stream.status(
            now, start=settings.stream_start_seconds, retries=settings.stream_retry_minutes * 60
        )
        return status == RUNNING and self._organisation.streams.streams.get(stream.id) is stream

    def next_delivery(self) -> DeliveryRecord | None:
        """Return the next batch; records that are too old or filtered out are passed over."""
        stream, now = self._stream, self._world.clock.wall()
        self._back_off = stream.back_off
        if not self.is_due():
            return None
        credentials = stream.destination["credentials"]
        size = int(credentials.get("size", 1))
        batch = self._batch(size, now - KEPT_SECONDS)
        if not batch:
            stream.position = self._end
            return None
        parts = (each.partition(":") for each in credentials.get("headers") or ())
        configured = [(name.strip(), value.strip()) for name, _, value in parts]
        own = any(name.lower() == "content-type" for name, _ in configured)
        return DeliveryRecord(
            kind="events" if stream.type == EVENT else "usage",
            organisation=self._organisation.id,
            target=stream.id,
            method=credentials.get("method", "POST"),
            url=credentials["url"],
            headers=(*(() if own else (("Content-Type", "application/json"),)), *configured),
            records=len(batch),
            attempt=stream.back_off.failures + 1,
            wall=stream.back_off.time_of_attempt(now),
            request_body=msgspec.json.encode(batch[0] if size == 1 else batch),
        )

    def settle(self, record: DeliveryRecord, result: Result) -> None:
        """Move on after a success; after a failure wait, and give up in the end."""
        stream = self._stream
        if stream.back_off is not self._back_off:
            return  # it was restarted meanwhile, with another destination or type
        if result.outcome != "failed":
            stream.position, stream.back_off.failures = self._end, 0
            return
        stream.back_off.fail(record.wall, self._world.settings.stream_retry_minutes * 60)
        stream.back_off.exhausted |= result.final
        record.next_attempt = None if stream.back_off.exhausted else stream.back_off.due

    @property
    def _log(self) -> EventLog | UsageLog:
        return self._organisation.events if self._stream.type == EVENT else self._organisation.usage

    def _batch(self, size: int, oldest: float) -> list[Mapping[str, Any]]:
        """Return the next records, and remember where they end."""
        stream = self._stream
        batch: list[Mapping[str, Any]] = []
        self._end = self._log.next_id
        for identity, wall, body in self._log.from_id(stream.position):
            if wall > oldest and matches(stream.filters or (), body):
                if len(batch) == size:
                    self._end = identity
                    break
                batch.append(body)
        return batch


def matches(filters: Iterable[Mapping[str, Any]], body: Mapping[str, Any]) -> bool:
    """Return whether an event matches all filters."""
    return all(_matches(each, body) for each in filters)


def _matches(entry: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    if entry.get("or") is not None:
        return any(_matches(each, body) for each in entry["or"])
    value = entry.get("value")
    accepted = {str(each).lower() for each in (value if isinstance(value, list) else [value])}
    found = body["alert"] if entry["field"] == "alert" else body["event_type"]["id"]
    return str(found).lower() in accepted
