"""How much of each limit the shells of this machine have used, from the store that they share."""

from __future__ import annotations

from typing import Any

from aioemnify.stores.protocols import LimitRequest, LimitStore
from aioemnify.tables.limits import LIMITS
from aioemnify.transport.throttle.shared.limit import stored_key


async def read_usage(store: LimitStore, server: str, organisation: int | str) -> list[dict[str, Any]]:
    """Return a row for each limit: its name, its kind, how much is used, and of how much.

    Args:
        store: the store beside the configuration.
        server: the URL of the API.
        organisation: whose path limits and month are read.
    """
    whose = str(organisation)
    requests = [
        LimitRequest(stored_key("quota", server, whose, LIMITS.month.id), "month", count=LIMITS.month.count)
    ]
    kinds, names, allowed = ["month"], ["calls of the month"], [LIMITS.month.count]
    for window in LIMITS.windows:
        key = stored_key("ip", server, store.address, window.id)
        requests.append(LimitRequest(key, "window", count=window.count, seconds=window.seconds))
        kinds.append(f"in {window.seconds:g} s, this address")
        names.append("all calls" if window.method == "*" else f"{window.method} {window.path}")
        allowed.append(window.count)
    for row in LIMITS.rows:
        requests.append(
            LimitRequest(stored_key("row", server, whose, row.id), "bucket", rate=row.rate, burst=row.burst)
        )
        kinds.append(f"{row.rate:g}/s")
        names.append(f"{row.method} {row.path}")
        allowed.append(row.burst)
    # A reservation of nothing says what is used.
    found = await store.reserve(tuple(requests), 0, 0.0, "")
    return [
        {"limit": name, "kind": kind, "used": round(used, 1), "allowed": most, "share": f"{used / most:.2%}"}
        for name, kind, used, most in zip(names, kinds, found.used, allowed, strict=True)
    ]
