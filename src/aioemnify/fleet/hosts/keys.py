"""The keys that a job has in Redis."""

from __future__ import annotations

from typing import Any

from aioemnify.fleet.hosts.connection import Connection

BUCKETS = 4096
"""Hashes in which the keys of the items of an operation are."""


def job_keys(redis: Connection, base: str) -> list[str]:
    """Return all keys that a job may have beside its facts; they begin with ``base``.

    Raises:
        JournalError: Redis cannot be asked.
    """

    def read(client: Any) -> list[list[bytes]]:
        line = client.pipeline(transaction=False)
        line.hvals(f"{base}first_parts")
        line.hkeys(f"{base}parts")
        line.hkeys(f"{base}claims")
        line.zrange(f"{base}chunks", 0, -1)
        found: list[list[bytes]] = line.execute()
        return found

    scopes, parts, claims, chunks = ([one.decode() for one in several] for several in redis.do(read))
    firsts = [one.partition(":")[0] for one in chunks]
    names = ["state", "totals", "leases", "workers", "claims", "again", "errors", "chunks"]
    names += ["parts", "part_ids", "first_parts", "marks", "largest"]
    names += [f"{kind}:{part}" for part in parts for kind in ("open", "orphans")]
    names += [f"claim:{fence}" for fence in claims]
    names += [f"{kind}:{first}" for first in firsts for kind in ("items", "outcomes")]
    names += [f"index:{scope}:{bucket}" for scope in scopes for bucket in range(BUCKETS)]
    return [f"{base}{name}" for name in names]
