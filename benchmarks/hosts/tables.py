"""What the shared store keeps of one bucket, in memory: as much as the model asks for."""

from __future__ import annotations

from aioemnify.stores.protocols import HEARTBEAT


class Tables:
    """The tables of a store with one row and nothing else."""

    def __init__(self) -> None:
        self._tat = 0.0
        self._seen: dict[str, float] = {}

    def generation(self) -> str:
        """Return the only generation there is."""
        return "first"

    def touch(self, client: str, now: float) -> int:
        """Return how many have asked lately."""
        self._seen[client] = now
        return sum(at > now - HEARTBEAT for at in self._seen.values())

    def tat(self, _key: str) -> float:
        """Return when the bucket would be empty again."""
        return self._tat

    def set_tat(self, _key: str, tat: float) -> None:
        """Move that moment."""
        self._tat = tat

    def paused_until(self, _key: str) -> float:
        """Return 0: nothing is ever refused here."""
        return 0.0
