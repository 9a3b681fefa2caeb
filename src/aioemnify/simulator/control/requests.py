"""Request bodies of the control interface, except those of clock, faults and scenario."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Literal

import msgspec

MOST_SIMS = 10_000_000
MOST_BATCH = 100_000


class Switch(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Enable or disable a fault rule."""

    enabled: bool


class NewOrganisation(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Add an organisation with ``sims`` SIMs; the response has its application token."""

    name: str
    sims: int = 0

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > 200:
            raise ValueError("name must have 1 to 200 characters")
        if not 0 <= self.sims <= MOST_SIMS:
            raise ValueError(f"sims must be from 0 to {MOST_SIMS}")


class NewBatch(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Add a batch of ``size`` SIMs that can be registered; the response has its code."""

    size: int = 20

    def __post_init__(self) -> None:
        if not 1 <= self.size <= MOST_BATCH:
            raise ValueError(f"size must be from 1 to {MOST_BATCH} SIMs")


class NewAddressSpace(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Add an address space such as ``10.9.0.0/24`` to an organisation, the first by default."""

    network: str
    organisation: int | None = None

    def __post_init__(self) -> None:
        self.parsed()

    def parsed(self) -> IPv4Network:
        """Return the network."""
        try:
            return IPv4Network(self.network)
        except ValueError as error:
            raise ValueError(f"network must be an IPv4 network, such as 10.9.0.0/24: {error}") from None


class DeviceSms(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Let the device of an endpoint send an SMS; up to seven digits of ``dest_address`` go to a callback."""

    endpoint: int
    payload: str
    dest_address: str = "1234"
    dcs: Literal[0, 8] = 0
    organisation: int | None = None


class SpentCalls(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Count calls against the monthly quota of an organisation, the first by default."""

    calls: int
    organisation: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.calls <= 10**12:
            raise ValueError("calls must be from 0 to 1000000000000")
