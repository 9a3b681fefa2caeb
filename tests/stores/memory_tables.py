"""The numbers of a store in plain dicts, for models of many workers within one process."""

from __future__ import annotations

from bisect import bisect_right, insort


class MemoryTables:
    def __init__(self) -> None:
        self._tats: dict[str, float] = {}
        self._uses: dict[str, list[tuple[float, str]]] = {}
        self._months: dict[tuple[str, str], int] = {}
        self._pauses: dict[str, float] = {}
        self._notes: dict[str, float] = {}
        self._named = 0

    def tat(self, key: str) -> float:
        return self._tats.get(key, 0.0)

    def set_tat(self, key: str, tat: float, now: float) -> None:
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
        self._named += 1
        name = str(self._named)
        insort(uses, (at, name))
        return name

    def drop_use(self, key: str, name: str) -> None:
        uses = self._uses.get(key, [])
        uses[:] = [use for use in uses if use[1] != name]

    def month_used(self, key: str, month: str) -> int:
        return self._months.get((key, month), 0)

    def set_month_used(self, key: str, month: str, used: int) -> None:
        self._months[key, month] = used

    def paused_until(self, key: str) -> float:
        return self._pauses.get(key, 0.0)

    def set_pause(self, key: str, until: float) -> None:
        self._pauses[key] = until

    def note(self, name: str) -> float:
        return self._notes.get(name, 0.0)

    def set_note(self, name: str, value: float) -> None:
        self._notes[name] = value
