"""Addresses that the platform calls, and the secrets it signs those calls with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from attrs import define, field, frozen


@frozen(kw_only=True)
class ApiCallback:
    """An address of the customer's."""

    id: int
    url: str
    purpose: str = ""
    created: float


@frozen(kw_only=True)
class ApiSecret:
    """A key that calls are signed with; nobody gets it back."""

    id: int
    purpose: str = ""
    secret: str = field(repr=False)


@define(kw_only=True)
class CallbackBook:
    """What one organisation keeps of both, by id."""

    urls: dict[int, ApiCallback] = field(factory=dict)
    secrets: dict[int, ApiSecret] = field(factory=dict)

    def known(self, name: str, identity: int) -> bool:
        """Say whether a service profile's ``api_secret``, ``api_callback`` or ``moc_callback`` is there."""
        return identity in (self.secrets if name == "api_secret" else self.urls)

    def body(self, name: str, identity: int) -> dict[str, Any]:
        """Return what a service profile shows of its secret or callback."""
        if name == "api_secret":
            secret = self.secrets[identity]
            return {"id": secret.id, "purpose": secret.purpose}
        callback = self.urls[identity]
        return {"id": callback.id, "url": callback.url, "purpose": callback.purpose}


def is_web_address(text: str) -> bool:
    """Say whether the platform can call an address: http or https, with a host."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not set(text) & set(" \t\r\n")


def users_of(profiles: Iterable[Any], names: tuple[str, ...], identity: int) -> list[int]:
    """Return the service profiles that refer to something by one of these names."""
    return [
        profile.id for profile in profiles if any(profile.references.get(name) == identity for name in names)
    ]
