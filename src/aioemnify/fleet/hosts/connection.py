"""The Redis of a journal: its connection, what it must keep, and what its errors mean."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from aioemnify._checks import check_type
from aioemnify._secret import Secret
from aioemnify.errors import ArgumentError
from aioemnify.fleet.hosts.scripts import script
from aioemnify.fleet.journals.journal_file import JournalError
from aioemnify.stores.redis import PASSING, location_of

T = TypeVar("T")

_logger = logging.getLogger("aioemnify.fleet")

CONNECT_TIMEOUT, TIMEOUT = 2.0, 5.0
"""Seconds in which Redis has to accept a connection, and to answer."""


class RedisAwayError(JournalError):
    """Redis cannot be reached, or cannot write now. What was asked may be asked again."""


class Connection:
    """Runs scripts of one job in its Redis, from any thread.

    Args:
        url: where Redis is.
        name: the name of the job.

    Raises:
        ArgumentError: the address cannot be read, or the package ``redis`` is missing.
    """

    def __init__(self, url: str, name: str) -> None:
        try:
            import redis
        except ImportError:
            raise ArgumentError(
                "url", "RedisJournal needs the package redis: pip install 'aioemnify[redis]'"
            ) from None
        self._redis = redis
        self._url = Secret(check_type("url", url, str, "an address such as redis://host:6379/0"))
        self.base: str = f"{{aioemnify:job:{name}}}:"
        self.name: str = f"{name} in Redis at {location_of(url, 'url')}"
        self.calls: int = 0
        self.answered: bool = True
        self._client: Any = None

    @property
    def is_open(self) -> bool:
        """Return whether it has a client."""
        return self._client is not None

    def open(self) -> None:
        """Make a client; it connects on its first use."""
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        url = self._url.reveal()
        options: dict[str, Any] = {"retry": Retry(NoBackoff(), 0)}
        if url.startswith("rediss:"):
            options["ssl_check_hostname"] = True  # older versions of redis-py leave it off
        pool = self._redis.ConnectionPool.from_url(
            url, socket_timeout=TIMEOUT, socket_connect_timeout=CONNECT_TIMEOUT, **options
        )
        # Answers are bytes, whatever the address says for other programs.
        pool.connection_kwargs.update(decode_responses=False, encoding="utf-8")
        self._client = self._redis.Redis.from_pool(pool)

    def close(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def run(self, name: str, *arguments: object) -> list[Any]:
        """Run a script over the keys of the job, and return its answer.

        Raises:
            RedisAwayError: Redis cannot be asked now.
            JournalError: it refuses.
        """
        text, digest = script(name)

        def work(client: Any) -> list[Any]:
            key = f"{self.base}facts"
            try:
                answer: list[Any] = client.evalsha(digest, 1, key, *arguments)
            except self._redis.exceptions.NoScriptError:
                answer = client.eval(text, 1, key, *arguments)
            return answer

        return self.do(work)

    def do(self, work: Callable[[Any], T]) -> T:
        """Do something with the client.

        Raises:
            RedisAwayError: Redis cannot be asked now.
            JournalError: it refuses.
        """
        client = self._client
        if client is None:
            raise JournalError(f"{self.name} is closed; use the job inside its async with block")
        self.calls += 1
        self.answered = False
        try:
            done = work(client)
        except (self._redis.exceptions.RedisError, OSError) as error:
            raise self._failed(error) from None
        self.answered = True
        return done

    def _failed(self, error: Exception) -> JournalError:
        errors, text = self._redis.exceptions, f"{type(error).__name__}: {error}"
        if isinstance(error, (errors.AuthenticationError, errors.NoPermissionError)):
            # Which command or key it may not use; about a wrong password nothing is to be said.
            reason = text if isinstance(error, errors.NoPermissionError) else type(error).__name__
            return JournalError(
                f"{self.name} refuses this user: give RedisJournal an address with a name and "
                f"password that may ({reason})"
            )
        if isinstance(error, (OSError, errors.ConnectionError, errors.TimeoutError)):
            return RedisAwayError(f"{self.name} cannot be reached: is it up, and the address right? ({text})")
        if PASSING.search(text) is not None:
            return RedisAwayError(f"{self.name} cannot write now ({text})")
        if "WRONGTYPE" in text:
            return self.not_a_job()
        return JournalError(f"{self.name} refuses: {text}")

    def not_a_job(self) -> JournalError:
        """Return what to say where another program has the keys of the job."""
        return JournalError(
            f"{self.name} is not a job: another program has keys of this name; use another name"
        )

    def check_keeps(self) -> bool:
        """Check that Redis keeps what it receives; return whether it writes everything to its disk.

        Raises:
            RedisAwayError: it has just been started, and still reads what it has kept.
            JournalError: it may drop keys when its memory is full.
        """
        info: dict[str, Any] = self.do(lambda client: {**client.info("memory"), **client.info("persistence")})
        if int(info.get("loading", 0)):  # and says appendonly no meanwhile
            raise RedisAwayError(f"{self.name} cannot be used yet: Redis still loads what it has on its disk")
        policy = info.get("maxmemory_policy", "noeviction")
        if policy != "noeviction":
            raise JournalError(
                f"{self.name} has maxmemory-policy {policy}, so it may drop the states of a job, "
                "whose calls would then be made twice: set it to noeviction"
            )
        durable = bool(int(info.get("aof_enabled", 0)))
        if not durable:
            _logger.warning(
                "%s does not write every change to its disk (appendonly no): if it stops, the job goes back "
                "or is gone; set appendonly yes",
                self.name,
            )
        return durable
