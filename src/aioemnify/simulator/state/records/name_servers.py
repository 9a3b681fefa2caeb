"""Pairs of name servers for the service profiles of an organisation."""

from __future__ import annotations

from typing import Any

from attrs import frozen


@frozen(kw_only=True)
class NameServers:
    """A pair of name servers; addresses are texts."""

    id: int
    primary: str
    secondary: str
    version: int = 4

    def body(self) -> dict[str, Any]:
        """Return the pair as JSON values."""
        return {
            "id": self.id,
            "primary": self.primary,
            "secondary": self.secondary,
            "ip_address_version": self.version,
        }


def first_name_servers() -> dict[int, NameServers]:
    """Return the initial pairs of an organisation."""
    return {1: NameServers(id=1, primary="192.0.2.53", secondary="198.51.100.53")}
