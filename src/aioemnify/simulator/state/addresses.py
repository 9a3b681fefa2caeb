"""Private address spaces: the owner of each address, and free addresses."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from ipaddress import IPv4Network, ip_address
from typing import Any, Self


class AddressSpace:
    """A block of IPv4 addresses; the fleet has the first ones.

    Args:
        identity: id of the space.
        network: the block.
        fleet: how many addresses, from the first, belong to computed endpoints.
        fleet_first_id: id of the endpoint with the first address.

    Raises:
        ValueError: the block is too small for the fleet.
    """

    def __init__(self, identity: int, network: IPv4Network, fleet: int = 0, fleet_first_id: int = 0) -> None:
        self.id = identity
        self.network = network
        self.first: int = int(network.network_address) + 1
        self.last: int = int(network.broadcast_address) - 1
        if fleet > self.size:
            raise ValueError(f"{network} has room for {self.size} endpoints, not {fleet}")
        self._fleet = fleet
        self._fleet_first_id = fleet_first_id
        self._released: set[int] = set()
        self._taken: dict[int, int] = {}
        self._heap: list[int] = []
        self._next = self.first + fleet

    def dump(self) -> dict[str, Any]:
        """Return the space as plain values."""
        return {
            "id": self.id,
            "network": str(self.network),
            "fleet": self._fleet,
            "fleet_first_id": self._fleet_first_id,
            "released": sorted(self._released),
            "taken": self._taken,
        }

    @classmethod
    def restore(cls, values: Mapping[str, Any]) -> Self:
        """Restore a space from a dump."""
        network = IPv4Network(values["network"])
        space = cls(values["id"], network, values["fleet"], values["fleet_first_id"])
        space._released = set(values["released"])
        space._taken = {int(address): endpoint for address, endpoint in values["taken"].items()}
        space._heap = [address for address in sorted(space._released) if address not in space._taken]
        return space

    @property
    def size(self) -> int:
        """Return how many addresses can be assigned."""
        return max(0, self.last - self.first + 1)

    @property
    def used(self) -> int:
        """Return how many addresses are assigned."""
        return self._fleet - len(self._released) + len(self._taken)

    def contains(self, address: int) -> bool:
        """Return whether an address can be assigned from this block."""
        return self.first <= address <= self.last

    def owner(self, address: int) -> int | None:
        """Return the id of the endpoint with an address."""
        if address in self._taken:
            return self._taken[address]
        offset = address - self.first
        if 0 <= offset < self._fleet and address not in self._released:
            return self._fleet_first_id + offset
        return None

    def free(self) -> int | None:
        """Return the lowest free address without taking it, None if there is none."""
        while self._heap and self.owner(self._heap[0]) is not None:
            heapq.heappop(self._heap)
        while self._next <= self.last and self._next in self._taken:
            self._next += 1
        candidates = self._heap[:1] + ([self._next] if self._next <= self.last else [])
        return min(candidates, default=None)

    def take(self, address: int, endpoint: int) -> None:
        """Assign an address to an endpoint."""
        self._taken[address] = endpoint

    def release(self, address: int) -> None:
        """Release an address."""
        if self._taken.pop(address, None) is None:
            self._released.add(address)
        if address < self._next:
            heapq.heappush(self._heap, address)


def read_address(text: str) -> int | None:
    """Return an IPv4 address as a number, None if the text is not an IPv4 address."""
    try:
        return int(ip_address(text)) if ":" not in text else None
    except ValueError:
        return None


def write_address(number: int) -> str:
    """Return the dotted form of an address."""
    return f"{number >> 24 & 255}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
