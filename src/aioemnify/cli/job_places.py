"""Where a job is kept: in a file of this machine, or in a Redis that many hosts share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aioemnify.cli.exit_status import FILE, USAGE, CommandError
from aioemnify.cli.settings import Settings

if TYPE_CHECKING:
    import click

    from aioemnify import RedisStore
    from aioemnify.fleet import RedisJournal

PREFIX = "redis:"
"""What the name of a job in Redis begins with, where a file could be meant."""

REDIS_VARIABLE = "EMNIFY_REDIS"
ADDRESS_VARIABLE = "EMNIFY_ADDRESS"


class JobFile:
    """A job in a file."""

    def __init__(self, path: Path) -> None:
        import shlex

        self.path = path
        self.words: str = shlex.quote(str(path))
        self.resume: str = f"emnify jobs resume {self.words}"
        self.table: str | None = f"{path}.csv"

    def check_there(self) -> None:
        """Check that there is such a job.

        Raises:
            CommandError: there is none.
        """
        if not self.path.is_file():
            hint = f"; a job in Redis is {PREFIX}{self.path}" if _address_of_redis() else ""
            raise CommandError(f"{self.path}: there is no such file{hint}", FILE)

    def journal(self) -> Path:
        """Return what a ``Job`` takes."""
        return self.path

    def store(self) -> None:
        """Return ``None``: limits are shared on this machine, as by every command."""


class JobInRedis:
    """A job in Redis.

    Args:
        settings: what the options say of Redis and of this host's address.
        name: the name of the job, without ``redis:``.

    Raises:
        CommandError: Redis is not named, or not as it should be, or its package is missing.
    """

    def __init__(self, settings: Settings, name: str) -> None:
        import shlex

        from aioemnify._secret import Secret
        from aioemnify.errors import ArgumentError

        given, url = settings.redis, settings.redis or _address_of_redis()
        if given is not None and ("@" in given or "password" in given):
            raise CommandError(
                "--redis has a password, and others can read arguments in the list of processes and in the "
                f"shell's history: set {REDIS_VARIABLE} instead"
            )
        if not url:
            raise CommandError(
                f"a job in Redis needs the address of the Redis: set {REDIS_VARIABLE}, or pass --redis URL"
            )
        try:
            from aioemnify.stores.redis import location_of

            self.location: str = location_of(url)
        except ImportError:
            raise CommandError(
                "a job in Redis needs the package redis: pip install 'aioemnify[redis]'"
            ) from None
        except ArgumentError:
            raise CommandError(
                f"{'--redis' if given else REDIS_VARIABLE} takes an address such as redis://host:6379/0, "
                "rediss://host or unix:///path/to/socket"
            ) from None
        self._url = Secret(url)
        self._address = settings.address or os.environ.get(ADDRESS_VARIABLE) or None
        self.name = name
        self.options: str = f" --redis {shlex.quote(given)}" if given else ""
        self.words: str = f"{shlex.quote(PREFIX + name)}{self.options}"
        self.resume: str = f"emnify jobs work {shlex.quote(name)}{self.options}"
        self.table: str | None = None

    @property
    def address(self) -> str:
        """Return the name of the network address of this host."""
        return self._address or "default"

    def check_there(self) -> None:
        """Check that there is such a job; opening it would create one.

        Raises:
            CommandError: there is none; the text has those there are.
            JournalError: Redis cannot be asked.
        """
        from aioemnify._checks import did_you_mean
        from aioemnify.fleet.hosts.listing import job_names

        if self.is_there():
            return
        names = job_names(self._url.reveal())
        known = f"there is {', '.join(names)}" if names else "there is none yet"
        raise CommandError(
            f"there is no job {self.name!r} in Redis at {self.location}; {known}"
            f"{did_you_mean(self.name, names)}",
            FILE,
        )

    def is_there(self) -> bool:
        """Return whether there is such a job."""
        from aioemnify.fleet.hosts.listing import has_job

        return has_job(self._url.reveal(), self.name)

    def journal(self, lease: float | None = None) -> RedisJournal:
        """Return what a ``Job`` takes."""
        from aioemnify.fleet import RedisJournal as _RedisJournal

        more: dict[str, Any] = {} if lease is None else {"lease": lease}
        return _RedisJournal(self._url.reveal(), self.name, **more)

    def store(self) -> RedisStore:
        """Return where the workers share their limits and their token."""
        from aioemnify import RedisStore as _RedisStore

        return _RedisStore(self._url.reveal(), address=self.address)

    @property
    def has_address(self) -> bool:
        """Return whether the address of this host has a name of its own."""
        return self._address is not None


JobPlace = JobFile | JobInRedis


def place_of(settings: Settings, name: str) -> JobPlace:
    """Return where a job is: in Redis with ``redis:`` or ``--redis``, else in a file.

    Raises:
        CommandError: the options do not fit, or Redis is not named as it should be.
    """
    if name.startswith(PREFIX) or settings.redis is not None:
        return in_redis(settings, name)
    if settings.address is not None:
        raise CommandError(
            "--address is for workers that share their limits in Redis: name the job redis:NAME"
        )
    return JobFile(Path(name))


def in_redis(settings: Settings, name: str) -> JobInRedis:
    """Return the place of a job that is in Redis, with or without ``redis:``.

    Raises:
        CommandError: Redis is not named as it should be.
    """
    return JobInRedis(settings, name.removeprefix(PREFIX))


def _address_of_redis() -> str | None:
    return os.environ.get(REDIS_VARIABLE) or None


def file_only(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Refuse a job in Redis where it must be a file."""
    if value is not None and value.startswith(PREFIX):
        raise CommandError(
            f"--job {value}: here a job is a file; 'emnify jobs run' makes a job in Redis from a table", USAGE
        )
    return value
