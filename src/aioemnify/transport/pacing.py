"""The pace of a process: limits and tokens that all clients of one server share.

The address window belongs to this machine and the path buckets to the organisation, so two
clients in one process must not each believe that they have them alone. A client that is
given its own clock, transport or HTTP client has its own pace, so that a test suite never
meets the window of the test before.
"""

from __future__ import annotations

import threading

from aioemnify.operation import LimitTable
from aioemnify.transport.clock import Clock
from aioemnify.transport.limit_book import LimitBook
from aioemnify.transport.throttle import Throttle, ThrottleSnapshot
from aioemnify.transport.tokens import TokenCell


class Pacing:
    """The limits of one server as this process has used them so far."""

    def __init__(self, table: LimitTable | None, clock: Clock) -> None:
        self.enforced: bool = table is not None
        self.book: LimitBook = LimitBook(table, clock=clock)
        self.throttle: Throttle = Throttle(clock)
        self._cells: dict[str, TokenCell] = {}
        self._lock = threading.Lock()

    def cell(self, identity: str) -> TokenCell:
        """Return where the token of a credential is kept."""
        with self._lock:
            return self._cells.setdefault(identity, TokenCell())

    def snapshot(self) -> ThrottleSnapshot:
        """Return what admission has done and how every limit met so far stands."""
        return self.throttle.snapshot(self.book.all())


_shared: dict[tuple[str, LimitTable | None], Pacing] = {}
_guard = threading.Lock()


def shared_pacing(base_url: str, table: LimitTable | None) -> Pacing:
    """Return the pace that all clients of ``base_url`` in this process keep."""
    with _guard:
        key = (base_url, table)
        if key not in _shared:
            _shared[key] = Pacing(table, Clock())
        return _shared[key]
