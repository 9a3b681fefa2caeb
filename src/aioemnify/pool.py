"""``EmnifyPool``: a client for each tenant of a service, over shared connections and one address window."""

from __future__ import annotations

import inspect
import os
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeAlias, TypedDict, TypeVar, Unpack

import anyio
from attrs import define, field

from aioemnify._checks import check_seconds, check_whole_number, did_you_mean
from aioemnify.client import CONNECTIONS, Emnify
from aioemnify.client_arguments import chosen_credential
from aioemnify.errors import ArgumentTypeError, AuthenticationError, ClientStateError, UnknownTenantError
from aioemnify.transport.auth.credentials import ApplicationToken, Credential, StaticToken, UserPassword

if TYPE_CHECKING:
    from aioemnify.clock import Clock
    from aioemnify.hooks import Hooks
    from aioemnify.operation import LimitTable
    from aioemnify.options import RetryPolicy, Throttling, Timeouts, Wait
    from aioemnify.stores.memory import MemoryStore
    from aioemnify.stores.protocols import LimitStore
    from aioemnify.tables.limits import LimitsName
    from aioemnify.transport.throttle.snapshot import ThrottleSnapshot

Tenant = TypeVar("Tenant", bound=Hashable)

Token: TypeAlias = "str | Credential"
"""What opens a client: an application token as text, or any credential."""

MAX_IDLE = 3600.0
MAX_CLIENTS = 1000
MAX_CONNECTIONS = 100

CLOSED = "the pool is closed; create a new one, or use it inside its async with block"

MOST_NAMES, LONGEST_NAME = 1000, 100
"""More or longer names are not searched for the closest one: that would stop the event loop."""


class ClientOptions(TypedDict, total=False):
    """The arguments of ``Emnify``, without the credential and ``connections``."""

    base_url: str | None
    allow_plain_http: bool
    ca_file: str | os.PathLike[str] | None
    local_address: str | None
    transport: Any
    http_client: Any
    http_library: Literal["httpx", "httpx2"] | None
    limits: LimitTable | LimitsName
    throttling: Throttling | Literal["default"] | None
    store: LimitStore | MemoryStore | None
    on_wait: Callable[[Wait], None] | None
    hooks: Hooks | None
    request_id: Callable[[], str] | Literal["random"] | None
    timeouts: Timeouts | None
    retry: RetryPolicy | None
    deadline: float | None
    max_response_bytes: int
    strict: bool
    clock: Clock | None
    chance: Callable[[], float] | None


@define(eq=False)
class _Open:
    """A client, and how many blocks use it."""

    client: Emnify
    uses: int = 0
    idle_since: float = 0.0

    @property
    def is_closed(self) -> bool:
        return self.client._pipeline.closed

    def close(self) -> None:
        self.client._pipeline.end_waits()


@define(eq=False)
class _Opening:
    """The question for a tenant's token. ``repeat`` says that the token was forgotten meanwhile."""

    waiting: int = 0
    repeat: bool = False
    lock: anyio.Lock = field(factory=anyio.Lock)


class EmnifyPool(Generic[Tenant]):
    """Keep a client for each tenant of a service.

    Use it as ``async with EmnifyPool(tokens) as pool``, then ``async with pool.client(tenant) as emnify``.
    A client opens when a tenant first needs it. All of them share the HTTP connections, the decoders and
    the limits of the address. Each has its own token, path limits and snapshot.

    The API counts 100 authentications of an address in 300 s. So at most 100 tenants in five minutes can get
    their first token; the others wait. A store that keeps tokens saves most of them after a restart.

    Args:
        tokens: a mapping of tenants to application tokens or other credentials; or a function, sync or async,
            that takes a tenant and returns one, or ``None`` if there is no such tenant. It is called when a
            client opens, once at a time for each tenant. What it raises is raised where the client is needed,
            and the next block calls it again.
        max_idle: seconds after which a client that no block uses is closed. That happens when the pool is
            used next; there is no task in the background.
        max_clients: clients to keep. With more, those that are idle for the longest are closed; those in use
            never are.
        max_connections: calls of all tenants in flight at once, at most.
        connections: calls of one tenant in flight at once, at most.
        options: the other arguments of ``Emnify``.

    Raises:
        ArgumentError: an argument cannot work; nothing was sent.
    """

    def __init__(
        self,
        tokens: Mapping[Tenant, Token] | Callable[[Tenant], Token | Awaitable[Token | None] | None],
        *,
        max_idle: float = MAX_IDLE,
        max_clients: int = MAX_CLIENTS,
        max_connections: int = MAX_CONNECTIONS,
        connections: int = CONNECTIONS,
        **options: Unpack[ClientOptions],
    ) -> None:
        if not isinstance(tokens, Mapping) and not callable(tokens):
            raise ArgumentTypeError(
                "tokens",
                "takes a mapping of tenants to application tokens, or a function that returns the token of a "
                f"tenant, not {type(tokens).__name__}",
            )
        check_seconds("max_idle", max_idle)
        check_whole_number("max_clients", max_clients)
        check_whole_number("max_connections", max_connections)
        check_whole_number("connections", connections)
        self._tokens = tokens
        self._max_idle = max_idle
        self._max_clients = max_clients
        self._connections = connections
        # It makes no calls. It holds what the clients of the tenants share.
        self._shared = Emnify(auth=StaticToken("none"), connections=max_connections, **options)
        self._open: dict[Tenant, _Open] = {}
        # Those that no block uses, the one that is idle for the longest first.
        self._idle: OrderedDict[Tenant, _Open] = OrderedDict()
        self._opening: dict[Tenant, _Opening] = {}
        self._questions: set[anyio.CancelScope] = set()
        self._closed = False

    def __repr__(self) -> str:
        return f"<EmnifyPool of {self._shared._base_url}: {len(self._open)} clients>"

    async def __aenter__(self) -> Self:
        self._check_open()
        await self._shared.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @asynccontextmanager
    async def client(self, tenant: Tenant) -> AsyncIterator[Emnify]:
        """Return the client of a tenant, for the time of an ``async with`` block.

        The pool does not close it before the block ends. Blocks of the same tenant get the same client. If a
        block ends with ``AuthenticationError``, the next one asks for the tenant's token again.

        Args:
            tenant: whose client, as in ``tokens``.

        Raises:
            UnknownTenantError: there is no token for the tenant.
            ArgumentError: what was found is not a token.
            ClientStateError: the pool is closed, or was closed while it waited for the token.
        """
        found = await self._enter(tenant)
        try:
            yield found.client
        except BaseException as error:
            if _holds_refusal(error) and self._open.get(tenant) is found:
                self.forget(tenant)
            raise
        finally:
            self._leave(tenant, found)

    def forget(self, tenant: Tenant) -> None:
        """Drop the client of a tenant whose token was replaced or removed.

        Blocks that have begun keep it and its token until they end. The next block asks for the token again.

        Args:
            tenant: whose client; nothing happens if there is none.
        """
        opening = self._opening.get(tenant)
        if opening is not None:
            opening.repeat = True
        self._idle.pop(tenant, None)
        found = self._open.pop(tenant, None)
        if found is not None and not found.uses:
            found.close()

    def snapshots(self) -> dict[Tenant, ThrottleSnapshot]:
        """Return the calls and limits of each tenant whose client is open, without those of the others.

        It is what ``emnify.throttle.snapshot()`` returns for each of these clients. ``refused`` counts the
        429 answers of the limits of the organisation.
        """
        self._close_idle()
        pipelines = [found.client._pipeline for found in self._open.values()]
        clients = [(pipeline.connections, pipeline.organisation) for pipeline in pipelines]
        return dict(zip(self._open, self._shared._shared_state.snapshots(clients), strict=True))

    async def aclose(self) -> None:
        """Close all clients and connections. Calls and waits of all tenants end with ``ClientStateError``."""
        self._closed = True
        for scope in self._questions:
            scope.cancel()
        self._open.clear()
        self._idle.clear()
        await self._shared.aclose()  # ends the calls and waits of all

    def _check_open(self) -> None:
        if self._closed:
            raise ClientStateError(CLOSED)

    async def _enter(self, tenant: Tenant) -> _Open:
        self._check_open()
        found = self._usable(tenant) or await self._opened(tenant)
        found.uses += 1
        self._idle.pop(tenant, None)
        self._close_idle()
        return found

    def _leave(self, tenant: Tenant, found: _Open) -> None:
        found.uses -= 1
        if found.uses:
            return
        if self._open.get(tenant) is found:
            found.idle_since = self._shared._clock.monotonic()
            self._idle[tenant] = found
            self._close_idle()
        else:
            found.close()

    def _usable(self, tenant: Tenant) -> _Open | None:
        """Return the open client of a tenant, unless a block has closed it itself."""
        found = self._open.get(tenant)
        return None if found is None or found.is_closed else found

    def _close_idle(self) -> None:
        oldest = self._shared._clock.monotonic() - self._max_idle
        while self._idle:
            tenant, found = next(iter(self._idle.items()))
            if len(self._open) <= self._max_clients and found.idle_since > oldest:
                return
            del self._idle[tenant], self._open[tenant]
            found.close()

    async def _opened(self, tenant: Tenant) -> _Open:
        """Return a client of a tenant; the first who needs it asks for the token."""
        opening = self._opening.setdefault(tenant, _Opening())
        opening.waiting += 1
        try:
            async with opening.lock:
                found = self._usable(tenant)
                while found is None:
                    self._check_open()  # it may have been closed while another task asked
                    opening.repeat = False
                    credential = await self._credential(tenant)
                    self._check_open()
                    if not opening.repeat:
                        found = _Open(self._shared._for_tenant(credential, self._connections))
                        self.forget(tenant)  # one that a block has closed
                        self._open[tenant] = found
                return found
        finally:
            opening.waiting -= 1
            if not opening.waiting:
                del self._opening[tenant]

    async def _credential(self, tenant: Tenant) -> Credential:
        with anyio.CancelScope() as scope:
            self._questions.add(scope)
            try:
                # No name for the mapping or the answer: tools that show local variables would show tokens.
                if isinstance(self._tokens, Mapping):
                    return self._checked(tenant, self._tokens.get(tenant))
                asked = self._tokens(tenant)
                return self._checked(tenant, await asked if inspect.isawaitable(asked) else asked)
            finally:
                self._questions.discard(scope)
        raise ClientStateError("the pool was closed while it waited for a token")

    def _checked(self, tenant: Tenant, token: object) -> Credential:
        if isinstance(token, str):
            return chosen_credential(token, None)
        if token is None:
            raise UnknownTenantError("tenant", f"{tenant!r:.100} has no token{self._closest(tenant)}")
        if not isinstance(token, (ApplicationToken, UserPassword, StaticToken)):
            raise ArgumentTypeError(
                f"the token of tenant {tenant!r:.100}",
                "is text, or ApplicationToken, UserPassword or StaticToken, not " + type(token).__name__,
            )
        return token

    def _closest(self, tenant: Tenant) -> str:
        if not isinstance(self._tokens, Mapping) or len(self._tokens) > MOST_NAMES:
            return ""
        if not isinstance(tenant, str) or len(tenant) > LONGEST_NAME:
            return ""
        return did_you_mean(tenant, [name for name in self._tokens if isinstance(name, str)])


def _holds_refusal(error: BaseException) -> bool:
    """Return whether an error is an ``AuthenticationError``, or a group, such as of tasks, that holds one."""
    if isinstance(error, BaseExceptionGroup):
        return error.subgroup(AuthenticationError) is not None
    return isinstance(error, AuthenticationError)
