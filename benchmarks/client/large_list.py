"""A list of a million SIMs in no time: a client whose pages are there already, as bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from time import process_time
from typing import Any

from aioemnify import Emnify, StaticToken
from aioemnify.operation import Operation
from aioemnify.transport.wire.response import Response
from benchmarks.list_workers.protocol import resident
from benchmarks.sample_sims import sim
from benchmarks.unlimited import auth_token

_GROUP = 2500
_MARK = b"7777"
_ITEMS = [json.dumps(sim(77_770_000 + at), separators=(",", ":")).encode() for at in range(_GROUP)]


class LargeList(Emnify):
    """A client whose calls all return a page of one large list of SIMs; it reads them like any response.

    ``spent`` is the CPU time of making the pages, which is not the client's.

    Args:
        count: the length of the list.

    Attributes:
        numbers: the places of the SIMs that are in the list.
        changed: the places of those whose endpoint has another name.
        gone: the places that are not in the list any more.
    """

    def __init__(self, count: int) -> None:
        super().__init__(auth=StaticToken(auth_token()), base_url="http://localhost", throttling=None)
        self.numbers: Sequence[int] = range(count)
        self.changed: set[int] = set()
        self.gone: set[int] = set()
        self.spent = 0.0
        self.calls = 0

    @staticmethod
    def id_of(number: int) -> int:
        """Return the id of a SIM by its place among all that ever were."""
        return (number // _GROUP + 1000) * 10_000 + number % _GROUP

    async def _call(
        self,
        operation: Operation,
        path_args: Sequence[object] = (),
        *,
        query: Any = None,
        body: object = None,
        options: Any = None,
    ) -> Any:
        start = process_time()
        self.calls += 1
        number, size = int(query.get("page", 1)), int(query["per_page"])
        downward = query.get("sort") == "-id"
        numbers = self.numbers
        first = (number - 1) * size
        if downward:
            wanted = numbers[max(len(numbers) - first - size, 0) : len(numbers) - first][::-1]
        else:
            wanted = numbers[first : first + size]
        content = b"[" + b",".join(map(self._item, wanted)) + b"]"
        headers = {"x-total-count": str(len(numbers)), "x-current-page": str(number)}
        headers |= {"x-count-per-page": str(size), "x-total-pages": str(-(-len(numbers) // size))}
        response = Response(200, headers, content)
        self.spent += process_time() - start
        return self._reader.page(operation, response)

    def _item(self, number: int) -> bytes:
        text = _ITEMS[number % _GROUP].replace(_MARK, b"%04d" % (number // _GROUP + 1000))
        return text.replace(b'"device ', b'"renamed ') if number in self.changed else text


class Meter:
    """Measures the CPU seconds of a client without those of making its pages, and its memory."""

    def __init__(self, client: LargeList) -> None:
        self._client = client
        self._start = process_time() - client.spent
        self._memory = resident("VmHWM")

    def read(self) -> dict[str, float]:
        """Return the CPU seconds and the megabytes since the meter was made."""
        return {
            "cpu": process_time() - self._start - self._client.spent,
            "megabytes": resident("VmHWM") - self._memory,
        }
