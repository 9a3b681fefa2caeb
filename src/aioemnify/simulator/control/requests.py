"""What can be asked of the control interface: the bodies, beside those of clock, faults and scenario."""

from __future__ import annotations

from ipaddress import IPv4Network

import msgspec

MOST_SIMS = 10_000_000
MOST_BATCH = 100_000


class Switch(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Switch a fault rule on or off."""

    enabled: bool


class NewOrganisation(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Add a tenant with a fleet of ``sims``; the answer has its application token."""

    name: str
    sims: int = 0

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > 200:
            raise ValueError("a name has 1 to 200 characters")
        if not 0 <= self.sims <= MOST_SIMS:
            raise ValueError(f"sims are from 0 to {MOST_SIMS}")


class NewBatch(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Put a batch of ``size`` SIMs on the shelf; the answer has the code to register it by."""

    size: int = 20

    def __post_init__(self) -> None:
        if not 1 <= self.size <= MOST_BATCH:
            raise ValueError(f"a batch has 1 to {MOST_BATCH} SIMs")


class NewAddressSpace(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Give an organisation, the first by default, one more block of addresses, such as ``10.9.0.0/24``."""

    network: str
    organisation: int | None = None

    def __post_init__(self) -> None:
        self.parsed()

    def parsed(self) -> IPv4Network:
        """Return the block."""
        return IPv4Network(self.network)


class SpentCalls(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Count calls in the month of an organisation, the first by default, without making them."""

    calls: int
    organisation: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.calls <= 10**12:
            raise ValueError("calls are from 0 to 1000000000000")
