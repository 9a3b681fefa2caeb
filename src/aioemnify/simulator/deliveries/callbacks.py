"""Deliveries to API callbacks: SMS from devices, and the final status of SMS to them."""

from __future__ import annotations

from typing import Any

import jwt
import msgspec
from jwt.algorithms import HMACAlgorithm

from aioemnify.simulator.api.endpoint_sms import sms_body
from aioemnify.simulator.deliveries.target import Key, Result
from aioemnify.simulator.lifecycle.event_context import EventContext
from aioemnify.simulator.recording.delivery_record import DeliveryRecord
from aioemnify.simulator.state.records.deliveries import Notification
from aioemnify.simulator.state.records.sms import Message
from aioemnify.simulator.state.world import Organisation, World, event_time

_ISSUER = "aioemnify-simulator"


class _AnyKey(HMACAlgorithm):
    """Sign with any key: what the secret looks like is the customer's choice, and no reason for an error."""

    def prepare_key(self, key: str | bytes) -> bytes:
        """Accept the key, also one that looks like a certificate or a public key."""
        return key.encode() if isinstance(key, str) else key

    def check_key_length(self, key: bytes) -> str | None:
        """Accept the key."""
        return None


_SIGNER = jwt.PyJWS()
_SIGNER.unregister_algorithm("HS256")
_SIGNER.register_algorithm("HS256", _AnyKey(HMACAlgorithm.SHA256))


class CallbackTarget:
    """One notification of an API callback.

    Choice: a device's message is sent by POST and the final status of a message to a device by PATCH, if the
        service profile has a callback and its SMS interface is RestAPI.
    Choice: with a secret the request to a callback has a JWT (HS256), with the claims ``iss``, ``sub`` (the
        organisation) and ``jti``, and none that depends on time.
    Choice: notifications of callbacks are repeated like the batches of a stream, then given up.
    """

    def __init__(self, world: World, organisation: Organisation, notification: Notification) -> None:
        self._world = world
        self._organisation = organisation
        self._notification = notification

    @property
    def key(self) -> Key:
        """Return what identifies the target."""
        return "notification", self._notification.id

    def is_due(self) -> bool:
        """Return whether it waits for nothing."""
        known = self._organisation.callbacks.notifications.get(self._notification.id)
        return known is self._notification and not self._notification.back_off.waits(self._world.clock.wall())

    def next_delivery(self) -> DeliveryRecord | None:
        """Return the notification, if it is due; drop it if its callback or message is gone."""
        notification, now = self._notification, self._world.clock.wall()
        callbacks = self._organisation.callbacks
        if not self.is_due():
            return None
        callback = callbacks.urls.get(notification.callback)
        message = self._organisation.activity.messages.by_id.get(notification.message)
        if callback is None or message is None:
            del callbacks.notifications[notification.id]
            return None
        return DeliveryRecord(
            kind="sms" if message.sent_by_device else "sms status",
            organisation=self._organisation.id,
            target=callback.id,
            method="POST" if message.sent_by_device else "PATCH",
            url=callback.url,
            headers=(("Content-Type", "application/json"), *self._authorization()),
            attempt=notification.back_off.failures + 1,
            wall=notification.back_off.time_of_attempt(now),
            request_body=msgspec.json.encode(self._body(message, now)),
        )

    def settle(self, record: DeliveryRecord, result: Result) -> None:
        """Drop the notification after a success; after a failure wait, and give up in the end."""
        back_off = self._notification.back_off
        if result.outcome == "failed" and not result.final:
            back_off.fail(record.wall, self._world.settings.stream_retry_minutes * 60)
            if not back_off.exhausted:
                record.next_attempt = back_off.due
                return
        self._organisation.callbacks.notifications.pop(self._notification.id, None)

    def _authorization(self) -> tuple[tuple[str, str], ...]:
        secret = self._organisation.callbacks.secrets.get(self._notification.secret or 0)
        if secret is None:
            return ()
        claims = {
            "iss": _ISSUER,
            "sub": str(self._organisation.id),
            "jti": str(self._notification.id),
        }
        token = _SIGNER.encode(msgspec.json.encode(claims), secret.secret, algorithm="HS256")
        return (("Authorization", f"Bearer {token}"),)

    def _body(self, message: Message, now: float) -> dict[str, Any]:
        organisation = self._organisation
        if not message.sent_by_device:
            return sms_body(EventContext(world=self._world, organisation=organisation, now=now), message)
        endpoint = organisation.endpoints.find(message.endpoint)
        return {
            "id": message.id,
            "endpoint": {"id": message.endpoint, "name": endpoint.name if endpoint else ""},
            "organisation": {"id": organisation.id, "name": organisation.name},
            "source_address": message.source,
            "dest_address": message.dest,
            "payload": message.payload,
            "dcs": message.dcs,
            "pid": 0,
            "submit_date": event_time(message.submitted)[:19].replace("T", " "),
        }
