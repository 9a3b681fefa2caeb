"""The numbers of a store in plain dicts, for models of many workers within one process."""

from __future__ import annotations

from bisect import bisect_right, insort

from aioemnify.stores.protocols import HEARTBEAT


class MemoryTables:
    def __init__(self, generation: str = "first") -> None:
        self._generation = generation
        self._months: dict[tuple[str, str], int] = {}
        self._use_ids = 0
        self._forget()

    def _forget(self) -> None:
        self._tats: dict[str, float] = {}
        self._uses: dict[str, list[tuple[float, str]]] = {}
        self._pauses: dict[str, float] = {}
        self._seen: dict[str, float] = {}

    def generation(self) -> str:
        return self._generation

    def reset(self) -> None:
        self._generation += "+"
        self._forget()

    def touch(self, client: str, now: float) -> int:
        self._seen[client] = now
        return sum(at > now - HEARTBEAT for at in self._seen.values())

    def tat(self, key: str) -> float:
        return self._tats.get(key, 0.0)

    def set_tat(self, key: str, tat: float) -> None:
        self._tats[key] = tat

    def nth_latest(self, key: str, nth: int) -> float | None:
        uses = self._uses.get(key, [])
        return uses[-nth][0] if len(uses) >= nth else None

    def uses(self, key: str, since: float) -> int:
        uses = self._uses.get(key, [])
        return len(uses) - bisect_right(uses, (since, "~"))

    def add_use(self, key: str, at: float, forget: float) -> str:
        uses = self._uses.setdefault(key, [])
        del uses[: bisect_right(uses, (forget, "~"))]
        self._use_ids += 1
        use_id = str(self._use_ids)
        insort(uses, (at, use_id))
        return use_id

    def drop_use(self, key: str, use_id: str) -> None:
        uses = self._uses.get(key, [])
        uses[:] = [use for use in uses if use[1] != use_id]

    def month_used(self, key: str, month: str) -> int:
        return self._months.get((key, month), 0)

    def set_month_used(self, key: str, month: str, used: int) -> None:
        self._months[key, month] = used

    def paused_until(self, key: str) -> float:
        return self._pauses.get(key, 0.0)

    def set_pause(self, key: str, until: float) -> None:
        self._pauses[key] = until
