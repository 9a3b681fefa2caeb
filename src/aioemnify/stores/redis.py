"""A budget and tokens shared by processes on any number of hosts, in one Redis."""

from __future__ import annotations

import asyncio
import hashlib
import math
import os
import re
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import cache
from inspect import iscoroutinefunction
from typing import Any, Self, TypeVar
from weakref import WeakKeyDictionary

import anyio
from attrs import define

from aioemnify._checks import check_seconds, check_type, check_whole_number
from aioemnify._secret import Secret
from aioemnify.errors import ArgumentError, ArgumentTypeError, StoreError
from aioemnify.stores._redis_scripts import CANCEL, LEASE, PAUSE, REJOIN, RELEASE, RESERVE
from aioemnify.stores.protocols import LimitRequest, Reservation, StoredToken, UsageReport

T = TypeVar("T")

CONNECTIONS = 8
"""Connections of one event loop; a client asks for the slots of a path one request at a time."""

FIRST_TIMEOUT, NEXT_TIMEOUT = 1.0, 0.5
"""Seconds that a request has at least when it has to connect: an event loop's first, and later ones. A
handshake takes several times as long as a request."""

LOOKS = 5
"""Answers of another generation after which the address does not lead to one server."""

PASSING = re.compile(
    r"\b(READONLY|OOM|MISCONF|NOREPLICAS|BUSY|TRYAGAIN|CLUSTERDOWN|MASTERDOWN)\b"
    r"|^(ReadOnly|OutOfMemory|TryAgain|ClusterDown|MasterDown)Error:"
)
"""How Redis begins an error that may pass by itself; older ones say it within a script's error. Or the name
of the exception, where redis-py strips that beginning and raises one of its own."""


@define
class _Loop:
    """What one event loop has: its client, and how many of its connections are surely open."""

    client: Any
    requests: int = 0
    connected: int = 0
    answered: bool = False
    all_answered: anyio.Event | None = None


class RedisStore:
    """One Redis in which processes, on any number of hosts, keep their common budget and tokens.

    All of them use Redis's clock, so their own may be wrong. All keys have one hash tag,
    ``{aioemnify:<deployment>}``, and expire by themselves. Live tokens are kept in plain text: give the
    server a password, and TLS (``rediss://``) where others share the network. The server must be Redis 6
    or later and must not evict (``maxmemory-policy noeviction``): what it forgets is used twice. The store
    works under asyncio only, like redis-py.

    Each event loop connects on its first use, and ``aclose`` disconnects it; used again, it connects
    again.

    Args:
        url_or_client: ``redis://``, ``rediss://`` or ``unix://`` address, or a client of
            ``redis.asyncio``, which the caller closes and which serves its own event loop only.
        deployment: a name that keeps apart those who share a Redis but not a budget.
        address: names the network address that this process sends from. Hosts behind one address
            (NAT) share its limits: give them the same name, and hosts with their own another.
        timeout: seconds within which the server has to answer.
        sharers: how many clients are assumed to share it, while none is known yet: one that starts while
            the server does not answer takes that part of each limit.

    Raises:
        ArgumentError: the address cannot be read, or the package ``redis`` is missing.
    """

    def __init__(
        self,
        url_or_client: Any,
        *,
        deployment: str = "default",
        address: str = "default",
        timeout: float = 0.1,
        sharers: int = 4,
    ) -> None:
        for argument, value in (("deployment", deployment), ("address", address)):
            check_type(argument, value, str, "text")
            if not value or not value.isprintable() or set(value) & set("{}: "):
                raise ArgumentError(
                    argument, f"takes a name without blanks, colons and braces, not {value!r}"
                )
        self._redis = _library()
        self._url: Secret | None = None
        self._given: Any = None
        self._location = ""
        if isinstance(url_or_client, str):
            self._url = Secret(url_or_client)
            self._location = location_of(url_or_client)
        elif iscoroutinefunction(getattr(url_or_client, "execute_command", None)):
            self._given = url_or_client
        else:
            kind = f"{type(url_or_client).__module__}.{type(url_or_client).__name__}"
            raise ArgumentTypeError("store", f"takes an address or a client of redis.asyncio, not {kind}")
        self._tag = f"{{aioemnify:{deployment}}}"
        self._deployment = deployment
        self._address = address
        self._timeout = check_seconds("timeout", timeout)
        self.sharers: int = check_whole_number("sharers", sharers)
        # Each loop's thread gets and sets what belongs to its own loop, in single steps of a dict: no lock.
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, _Loop] = WeakKeyDictionary()
        self._generation = ""
        self._id = secrets.token_hex(8)

    def __repr__(self) -> str:
        return f"RedisStore(deployment={self._deployment!r}, address={self._address!r})"

    @property
    def address(self) -> str:
        return self._address

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *rest: object) -> None:
        await self.aclose()

    async def reserve(
        self, limit_requests: tuple[LimitRequest, ...], count: int, horizon: float, generation: str
    ) -> Reservation:
        arguments: list[object] = [self._client_id(), count, _micros(horizon)]
        for limit_request in limit_requests:
            arguments += _terms(limit_request)
        answer = await self._run(RESERVE, limit_requests, arguments, generation, with_pauses=True)
        if len(answer) == 2:
            return Reservation(now=int(answer[1]) / 1e6, generation=answer[0])
        present, now, waits, reservation_ids, retry, exhausted, used, sharers = answer
        which = int(exhausted)
        return Reservation(
            waits=tuple(int(wait) / 1e6 for wait in waits),
            reservation_ids=tuple(_text(reservation_id) for reservation_id in reservation_ids),
            retry_in=int(retry) / 1e6,
            exhausted=limit_requests[which - 1].key if which and not waits else None,
            used=tuple(int(number) / 1e3 for number in used),
            sharers=max(1, int(sharers)),
            now=int(now) / 1e6,
            generation=present,
        )

    async def cancel(
        self, limit_requests: tuple[LimitRequest, ...], reservation_ids: tuple[str, ...], generation: str
    ) -> None:
        arguments: list[object] = []
        for reservation_id in reversed(reservation_ids):
            for limit_request, part in zip(limit_requests, reservation_id.split(" "), strict=True):
                arguments += [limit_request.kind, part]
        await self._run(CANCEL, limit_requests, arguments, generation)

    async def pause(self, key: str, seconds: float) -> None:
        await self._run(PAUSE, (LimitRequest(f"pause:{key}", "bucket"),), [_micros(seconds)])

    async def rejoin(self, generation: str, reports: tuple[UsageReport, ...], *, reset: bool) -> str:
        arguments: list[object] = [self._client_id(), generation, "1" if reset else "0"]
        for report in reports:
            arguments += [*_terms(report.limit_request), int(report.known_used), report.unreported_calls]
            arguments += [len(report.reported), len(report.unreported)]
            arguments += [_micros(age) for age in (*report.reported, *report.unreported)]
        answer = await self._run(REJOIN, tuple(report.limit_request for report in reports), arguments)
        return str(answer[0])

    async def load(self, key: str) -> StoredToken | None:
        name = self._key(f"token:{key}")

        async def action(client: Any) -> tuple[Any, Any]:
            return await client.get(name), await client.pttl(name)

        text, left = await self._call(action, quietly=True)
        return None if text is None or left <= 0 else StoredToken(Secret(_text(text)), left / 1000)

    async def save(self, key: str, token: StoredToken) -> None:
        name, text, left = self._key(f"token:{key}"), token.secret.reveal(), int(token.remaining * 1000)
        if left > 0:
            await self._call(lambda client: client.set(name, text, px=left), quietly=True)

    async def lease(self, key: str, holder: str, seconds: float) -> bool:
        milliseconds = max(1, int(seconds * 1000))
        return bool(await self._evaluate(LEASE, [f"lease:{key}"], [holder, milliseconds]))

    async def release(self, key: str, holder: str) -> None:
        await self._evaluate(RELEASE, [f"lease:{key}"], [holder])

    async def aclose(self) -> None:
        """Close this event loop's connections. A client that was passed in stays open."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # nothing is ever opened under another kind of event loop
        kept = self._loops.get(loop)
        if kept is None:
            return
        with anyio.CancelScope(shield=True):
            if kept.connected:
                sharers = self._key(f"sharers@{self._generation}")
                with suppress(StoreError):
                    await self._call(lambda client: client.zrem(sharers, self._client_id()))
            self._loops.pop(loop, None)
            if kept.requests:  # each would open its connection again
                kept.all_answered = anyio.Event()
                await kept.all_answered.wait()
            if self._given is None:
                await kept.client.aclose()

    def _client_id(self) -> str:
        """Return what tells this process and store from other sharers, also after a fork."""
        return f"{self._id}-{os.getpid()}"

    def _key(self, name: str) -> str:
        return f"{self._tag}:{name}"

    async def _run(
        self,
        script: str,
        limit_requests: tuple[LimitRequest, ...],
        arguments: list[object],
        insist_on: str = "",
        *,
        with_pauses: bool = False,
    ) -> list[Any]:
        """Run a script under the store's generation, and again if the store has another than was thought.

        Args:
            script: one with the prelude.
            limit_requests: the limits whose keys it uses.
            arguments: its arguments after the generation.
            insist_on: the only generation it may run under; empty for any.
            with_pauses: whether it uses the keys of the limits' pauses too.
        """
        for _ in range(LOOKS):
            generation = insist_on or self._generation
            names = ["notes", f"sharers@{generation}", *_keys(limit_requests, generation, with_pauses)]
            answer: list[Any] = await self._evaluate(script, names, [generation, *arguments])
            answer[0] = self._generation = _text(answer[0])
            if insist_on or answer[0] == generation:
                return answer
        raise StoreError(
            "the store, Redis, answers like several servers that share nothing: give the address of one",
            lost=False,
        )

    async def _evaluate(self, script: str, names: list[str], arguments: list[object]) -> Any:
        keys = [self._key(name) for name in names]

        async def action(client: Any) -> Any:
            try:
                return await client.evalsha(_digest(script), len(keys), *keys, *arguments)
            except self._redis.exceptions.NoScriptError:
                return await client.eval(script, len(keys), *keys, *arguments)

        return await self._call(action)

    async def _call(self, action: Callable[[Any], Awaitable[T]], *, quietly: bool = False) -> T:
        """Do something with this loop's client, within the time it has.

        Args:
            action: what to do.
            quietly: leave Redis's own text out of errors: it may repeat the token it was sent.
        """
        kept = self._of_this_loop()
        kept.requests += 1
        requests = kept.requests
        seconds = self._timeout
        if requests > kept.connected:
            seconds = max(seconds, NEXT_TIMEOUT if kept.answered else FIRST_TIMEOUT)
        try:
            result = await _within(seconds, action, kept.client)
        except (self._redis.exceptions.RedisError, OSError) as error:
            raise self._failed(kept, error, seconds, quietly=quietly) from None
        finally:
            kept.requests -= 1
            if kept.all_answered is not None and not kept.requests:
                kept.all_answered.set()
        kept.connected, kept.answered = max(kept.connected, requests), True
        return result

    def _failed(self, kept: _Loop, error: Exception, seconds: float, *, quietly: bool) -> StoreError:
        """Note what an error says of the loop's connections, and return it in the words of a store."""
        errors, name = self._redis.exceptions, type(error).__name__
        lost = True
        if isinstance(
            error, (errors.AuthenticationError, errors.AuthorizationError, errors.NoPermissionError)
        ):
            lost = False
            text = "refuses this user: give RedisStore an address with a name and password that may"
        elif isinstance(error, (OSError, errors.TimeoutError, errors.ConnectionError)):
            kept.connected = 0
            late = isinstance(error, (TimeoutError, errors.TimeoutError))
            what = f"did not answer within {seconds:g} s" if late else "cannot be reached"
            text = f"{what}: is it up, and the address right?"
        else:
            kept.answered = True
            lost = PASSING.search(f"{name}: {error}") is not None
            advice = "if another program uses these keys, give RedisStore another deployment="
            text = "cannot write now" if lost else f"refuses: {advice}"
        reason = name if quietly or not str(error) else f"{name}: {error}"
        where = f" at {self._location}" if self._location else ""
        return StoreError(f"the store, Redis{where}, {text} ({reason})", lost=lost)

    def _of_this_loop(self) -> _Loop:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise StoreError(
                "the store, a RedisStore, works under asyncio only; under trio use FileStore", lost=False
            ) from None
        kept = self._loops.get(loop)
        if kept is None:
            kept = self._loops[loop] = _Loop(self._given or self._connect())
        return kept

    def _connect(self) -> Any:
        from redis.asyncio import BlockingConnectionPool, Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        assert self._url is not None
        # A connection that was lost while idle is made again once; all else is for the caller.
        # Every request has its time limit here. With a timeout of its own, redis-py calls asyncio.wait_for,
        # which on Python 3.11 can swallow the cancellation of the caller (python/cpython#86296).
        options: dict[str, Any] = {"retry": Retry(NoBackoff(), 1), "socket_timeout": None}
        url = self._url.reveal()
        if url.startswith("rediss:"):
            options["ssl_check_hostname"] = True  # older versions of redis-py leave it off
        pool = BlockingConnectionPool.from_url(url, max_connections=CONNECTIONS, timeout=None, **options)
        return Redis.from_pool(pool)


async def _within(seconds: float, action: Callable[[Any], Awaitable[T]], client: Any) -> T:
    task = asyncio.current_task()
    assert task is not None
    cancelling = task.cancelling()
    async with asyncio.timeout(seconds):
        result = await action(client)
    if task.cancelling() > cancelling:
        # A client that was passed in may have a timeout of its own: see ``RedisStore._connect``.
        raise asyncio.CancelledError
    return result


def _library() -> Any:
    try:
        import redis
    except ImportError:
        raise ArgumentError(
            "store", "RedisStore needs the package redis: pip install 'aioemnify[redis]'"
        ) from None
    return redis


def location_of(url: str, argument: str = "store") -> str:
    """Check an address, which came as ``argument``; return its host or socket, without name and password."""
    from redis.asyncio import ConnectionPool

    try:
        pool = ConnectionPool.from_url(url)
        pool.connection_class(**pool.connection_kwargs)
    except Exception:
        # The address may hold a password, so neither it nor an error about it is repeated.
        raise ArgumentError(
            argument, "takes an address such as redis://host:6379/0, rediss://host or unix:///path/to/socket"
        ) from None
    where = pool.connection_kwargs
    place = where.get("path") or f"{where.get('host', 'localhost')}:{where.get('port', 6379)}"
    return f"{place}, database {where['db']}" if where.get("db") else str(place)


def _keys(limit_requests: tuple[LimitRequest, ...], generation: str, with_pauses: bool) -> Iterator[str]:
    for limit_request in limit_requests:
        # Nothing but the count of a month outlives a generation.
        yield limit_request.key if limit_request.kind == "month" else f"{limit_request.key}@{generation}"
        if with_pauses:
            yield f"pause:{limit_request.key}@{generation}"


@cache
def _digest(script: str) -> str:
    return hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()


def _micros(seconds: float) -> str:
    return f"{seconds * 1e6:.0f}"


def _terms(limit_request: LimitRequest) -> tuple[str, str, str]:
    """Return a limit as the scripts take it, rounded to the safe side."""
    if limit_request.kind == "bucket":
        apart = math.ceil(1e6 / limit_request.rate)
        return "bucket", str(apart), str(math.floor((limit_request.burst - 1) * 1e6 / limit_request.rate))
    if limit_request.kind == "window":
        return "window", str(limit_request.count), str(math.ceil(limit_request.seconds * 1e6))
    return "month", str(limit_request.count), "0"


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
