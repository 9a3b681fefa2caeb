"""Lists of SIMs, endpoints and events that a test changes at will, in small pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio.lowlevel
import httpx

from aioemnify import Emnify, LoopClock, StaticToken
from benchmarks.unlimited import auth_token

LARGEST = 20
"""Items on a page, at most."""

START = datetime(2026, 11, 29, tzinfo=UTC)


class ListServer:
    """Serves ``items``, by path and id; every change of an endpoint moves its ``last_updated`` on."""

    def __init__(self, sims: int = 0, endpoints: int = 0, events: int = 0) -> None:
        self.items: dict[str, dict[int, dict[str, Any]]] = {"sim": {}, "endpoint": {}, "event": {}}
        self.next = 1
        self.ticks = 0
        self.calls: list[httpx.QueryParams] = []
        self.paths: list[str] = []
        self.failing_after: int | None = None
        self.before_page: Callable[[], object] = lambda: None
        self.clock = LoopClock(START.timestamp())
        for kind, count in (("sim", sims), ("endpoint", endpoints), ("event", events)):
            for _ in range(count):
                self.add(kind)

    def now(self) -> str:
        self.ticks += 1
        return (START + timedelta(seconds=self.ticks)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")

    def add(self, kind: str, **members: Any) -> int:
        number = self.next
        self.next += 1
        one: dict[str, Any] = {"id": number, **members}
        if kind == "sim":
            one |= {"iccid": f"89{number:017}", "status": {"id": 1, "description": "Activated"}}
        elif kind == "endpoint":
            profile = {"id": 7, "name": "x"}
            one |= {"name": f"pump-{number}", "status": {"id": 0}, "last_updated": self.now()}
            one |= {"service_profile": profile, "tariff_profile": profile}
        else:
            one = {"timestamp": self.now(), "description": "seen", **one}
        self.items[kind][number] = one
        return number

    def change(self, kind: str, number: int, **members: Any) -> None:
        self.items[kind][number] = self.items[kind][number] | members
        if kind == "endpoint":
            self.items[kind][number]["last_updated"] = self.now()

    def remove(self, kind: str, number: int) -> None:
        del self.items[kind][number]

    def client(self, *, organisation: int = 0, url: str = "http://localhost", **options: Any) -> Emnify:
        return Emnify(
            auth=StaticToken(auth_token()),
            base_url=url,
            transport=httpx.MockTransport(self._answer),
            throttling=None,
            retry=None,
            clock=self.clock,
            **options,
        )

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        await anyio.lowlevel.checkpoint()
        self.calls.append(request.url.params)
        self.paths.append(kind := request.url.path.rpartition("/")[2])
        if self.failing_after is not None and len(self.calls) > self.failing_after:
            return httpx.Response(403, json={"message": "no"})
        self.before_page()
        query = request.url.params
        found = list(self.items[kind].values())
        for part in query.get("q", "").split(","):
            name, _, value = part.partition(":")
            if name in ("from", "until"):
                edge = datetime.fromisoformat(value)
                times = [(datetime.fromisoformat(one["timestamp"]), one) for one in found]
                found = [one for time, one in times if (time >= edge if name == "from" else time <= edge)]
        sort = query.get("sort", "id")
        found.sort(key=lambda one: one[sort.removeprefix("-")], reverse=sort.startswith("-"))
        size = min(int(query.get("per_page", LARGEST)), LARGEST)
        pages = max(-(-len(found) // size), 1)
        number = min(int(query.get("page", 1)), pages)
        headers = {
            "X-Total-Count": str(len(found)),
            "X-Total-Pages": str(pages),
            "X-Current-Page": str(number),
            "X-Count-Per-Page": str(size),
        }
        return httpx.Response(200, headers=headers, json=found[(number - 1) * size : number * size])
