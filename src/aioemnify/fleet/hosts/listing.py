"""Which jobs a Redis has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from operator import methodcaller

from aioemnify.fleet.hosts.connection import Connection

_BATCH, _MOST_BATCHES = 1000, 200
"""Keys that Redis looks at in one step, and steps: in a Redis with more keys some jobs are not found."""


def has_job(url: str, name: str) -> bool:
    """Return whether there is a job of this name; unlike ``RedisJournal.open``, create none.

    Raises:
        ArgumentError: the address cannot be read, or the package ``redis`` is missing.
        JournalError: Redis cannot be asked.
    """
    with _opened(url, name) as redis:
        return bool(redis.do(lambda client: client.exists(f"{redis.base}facts")))


def job_names(url: str) -> list[str]:
    """Return the names of the jobs, sorted.

    Raises:
        ArgumentError: the address cannot be read, or the package ``redis`` is missing.
        JournalError: Redis cannot be asked.
    """
    found: set[str] = set()
    with _opened(url, "*") as redis:
        begin, end = f"{redis.base}facts".split("*")
        cursor = 0
        for _ in range(_MOST_BATCHES):
            cursor, keys = redis.do(methodcaller("scan", cursor, match=f"{begin}*{end}", count=_BATCH))
            found.update(key.decode().removeprefix(begin).removesuffix(end) for key in keys)
            if not cursor:
                break
    return sorted(found)


@contextmanager
def _opened(url: str, name: str) -> Iterator[Connection]:
    redis = Connection(url, name)
    redis.open()
    try:
        yield redis
    finally:
        redis.close()
