"""Callback URLs, and the secrets that sign the calls to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from attrs import define, field, frozen

from aioemnify.simulator.state.records.deliveries import Notification


@frozen(kw_only=True)
class ApiCallback:
    """A callback URL of the customer."""

    id: int
    url: str
    purpose: str = ""
    created: float


@frozen(kw_only=True)
class ApiSecret:
    """A signing key; it is never returned."""

    id: int
    purpose: str = ""
    secret: str = field(repr=False)


@define(kw_only=True)
class CallbackBook:
    """The callbacks and secrets of one organisation, and the notifications to deliver, by id."""

    urls: dict[int, ApiCallback] = field(factory=dict)
    secrets: dict[int, ApiSecret] = field(factory=dict)
    notifications: dict[int, Notification] = field(factory=dict)

    def known(self, name: str, identity: int) -> bool:
        """Return whether a service profile's ``api_secret``, ``api_callback`` or ``moc_callback`` exists."""
        return identity in (self.secrets if name == "api_secret" else self.urls)

    def body(self, name: str, identity: int) -> dict[str, Any]:
        """Return a secret or callback as it appears in a service profile."""
        if name == "api_secret":
            secret = self.secrets[identity]
            return {"id": secret.id, "purpose": secret.purpose}
        callback = self.urls[identity]
        return {"id": callback.id, "url": callback.url, "purpose": callback.purpose}


def is_web_address(text: str) -> bool:
    """Return whether the platform can call a URL: http or https, with a host."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not set(text) & set(" \t\r\n")


def users_of(profiles: Iterable[Any], names: tuple[str, ...], identity: int) -> list[int]:
    """Return the ids of the service profiles that refer to an object by one of these names."""
    return [
        profile.id for profile in profiles if any(profile.references.get(name) == identity for name in names)
    ]
