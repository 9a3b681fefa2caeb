"""Limits and tokens that all clients of one server in this process share.

The address window belongs to this machine and the path buckets to the organisation, so two clients in
one process must not each assume that they have them to themselves. A client with a clock, transport or
HTTP client of its own has a state of its own, so a test never meets the window of the test before.
Clients with the same store share one state.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Collection, Iterable, MutableMapping
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary, WeakSet, WeakValueDictionary

import anyio

from aioemnify._event_loop import running_loop
from aioemnify.clock import Clock
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.operation import LimitTable, Operation
from aioemnify.options import Throttling
from aioemnify.transport.auth.tokens import TokenCell
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.registry import LimitRegistry, forget

if TYPE_CHECKING:
    # All about stores is loaded only where one is given.
    from aioemnify.stores.memory import MemoryStore
    from aioemnify.stores.protocols import LimitStore
    from aioemnify.transport.auth.shared_cache import SharedTokenCache
    from aioemnify.transport.throttle.snapshot import ThrottleSnapshot

_logger = logging.getLogger("aioemnify.store")

CLOSED_WITHIN = 1.0
"""Seconds in which a store may finish what it is asked before it is closed."""

NOBODY = "-"
"""Stands for an organisation whose name is not known yet."""


class Client(Protocol):
    """A client that shares a state."""

    def forget_tasks(self) -> None:
        """Forget the tasks and connections of the parent process, in a child that was forked."""


class SharedState:
    """The limits of one server as this process has used them so far.

    Args:
        table: the documented limits; ``None`` keeps none.
        clock: where the time comes from.
        throttling: how they are mirrored.
        paths: the templates of the API's paths, which tell literal segments from ids.
        store: where the use is kept; with ``None`` or a ``MemoryStore`` it is kept here, by the exact rule.
        server: the server that the limits and tokens are for.
    """

    def __init__(
        self,
        table: LimitTable | None,
        clock: Clock,
        throttling: Throttling | None = None,
        paths: Collection[str] = (),
        *,
        store: LimitStore | MemoryStore | None = None,
        server: str = "",
    ) -> None:
        self.settings: Throttling = throttling or Throttling()
        self.table: LimitTable | None = table
        outside = _asked(store)
        self.registry: LimitRegistry
        if outside is None:
            self.registry = LimitRegistry(table, clock=clock, throttling=self.settings, paths=paths)
        else:
            from aioemnify.transport.throttle.shared.registry import StoreLimitRegistry
            from aioemnify.transport.throttle.shared.store_session import StoreSession

            session = StoreSession(outside, clock, on_error=self.settings.on_store_error)
            self.registry = StoreLimitRegistry(
                table, session=session, server=server, throttling=self.settings, paths=paths
            )
        self._server = server
        self._store = outside
        # With the event loop that each is used in, as far as it said so.
        self._clients: WeakKeyDictionary[Client, object] = WeakKeyDictionary()
        self.throttle: Limiter = Limiter(clock, floor=self.settings.floor, adapt=self.settings.adapt)
        self._clock = clock
        self._cells: WeakValueDictionary[str, TokenCell] = WeakValueDictionary()
        self._kept_cells: dict[str, TokenCell] = {}
        self._exchanges: dict[str, float] = {}
        self._lock = threading.Lock()
        _every.add(self)

    def cell(self, identity: str, *, keep: bool) -> TokenCell:
        """Return where the token of a credential is kept.

        Args:
            identity: names the credential.
            keep: whether it stays when its clients are gone, until its token is stale: the token costs an
                authentication.
        """
        with self._lock:
            cell = self._cells.setdefault(identity, TokenCell())
            if keep:
                self._kept_cells.pop(identity, None)
                self._kept_cells[identity] = cell
                if len(self._kept_cells) > MOST_CELLS:
                    del self._kept_cells[next(iter(self._kept_cells))]
            return cell

    def shared_token(self, identity: str, chance: Callable[[], float]) -> SharedTokenCache | None:
        """Return where processes share the token of a credential, if their store keeps tokens."""
        if self._store is None:
            return None
        from aioemnify.stores.protocols import TokenStore
        from aioemnify.transport.auth.shared_cache import SharedTokenCache

        if not isinstance(self._store, TokenStore):
            return None
        return SharedTokenCache(
            self._store,
            identity=identity,
            server=self._server,
            on_error=self.settings.on_store_error,
            clock=self._clock,
            chance=chance,
        )

    def join(self, client: Client) -> None:
        """Note that a client shares this state."""
        with self._lock:
            self._clients[client] = None

    def enter(self, client: Client) -> None:
        """Note that a client is used in the running event loop."""
        with self._lock:
            self._clients[client] = running_loop()

    async def leave(self, client: Client) -> None:
        """Note that a client is closed; the last one of an event loop closes the store there.

        Stale tokens are forgotten.
        """
        now, here = self._clock.monotonic(), running_loop()
        with self._lock:
            forget(self._kept_cells, lambda cell: cell.is_over(now))
            self._clients.pop(client, None)
            others = [loop for loop in self._clients.values() if loop in (None, here)]
        # Also when a client is closed again: its last calls may have used the store in between.
        if self._store is not None and not others:
            try:
                with anyio.move_on_after(CLOSED_WITHIN):
                    await self.throttle.background.finish()
            finally:
                await self._store.aclose()

    def send_pauses(self, limits: tuple[Limit, ...]) -> None:
        """Send the pauses that a 429 has just set to the other sharers, in a task that no call waits for."""
        if self._store is None:
            return
        from aioemnify.transport.throttle.shared.limit import StoredLimit

        async def send() -> None:
            for limit in limits:
                if isinstance(limit, StoredLimit):
                    try:
                        await limit.send_pause(self._clock.monotonic())
                    except Exception as error:
                        # If the store is lost, the others find out by themselves.
                        _logger.info("store: the other clients do not know of a pause: %s", error)

        self.throttle.background.start(send, lambda: None, "aioemnify: send pauses to the store")

    def forget_tasks(self) -> None:
        """Forget the tasks and threads of the parent process, in a child that was forked."""
        self._lock = threading.Lock()
        self.throttle.forget_tasks()
        self.registry.forget_tasks()
        for client in list(self._clients):
            client.forget_tasks()

    def note_exchange(self, operation: str, seconds: float) -> None:
        """Record how long an exchange of an operation has taken."""
        mean = self._exchanges.get(operation)
        if mean is None and len(self._exchanges) >= MOST_EXCHANGES:
            return  # a raw call of an unknown path is an operation of its own
        self._exchanges[operation] = seconds if mean is None else mean + RECENT * (seconds - mean)

    def exchange_time(self, operation: str) -> float | None:
        """Return the seconds that an exchange of an operation takes lately, where one has been made."""
        return self._exchanges.get(operation)

    def preview(self, operation: Operation, organisation: str | None) -> tuple[Limit, ...]:
        """Return the limits that calls of an operation would meet, and keep nothing of it."""
        whose = "" if not operation.auth else NOBODY if organisation is None else organisation
        # A template matches the rows that its paths match.
        return self.registry.of_call(whose, operation.method, operation.path, operation.lane, keep=False)

    def wall(self) -> float:
        """Return the time in seconds since the epoch."""
        return self._clock.wall()

    def snapshot(self, more: tuple[Limit, ...] = ()) -> ThrottleSnapshot:
        """Return the counters of admission, and the use of every limit met so far and of ``more``."""
        return self.throttle.snapshot([*self.registry.all(), *more])

    def snapshots(self, clients: Iterable[tuple[ConcurrencyLimit, str | None]]) -> list[ThrottleSnapshot]:
        """Return the counters of each client, and the use of the limits that it meets.

        Args:
            clients: the connections and the organisation of each.
        """
        by_organisation: dict[str | None, list[Limit]] = {}
        for limit in self.registry.all():
            by_organisation.setdefault(limit.organisation, []).append(limit)
        address = by_organisation.pop("", [])
        return [
            self.throttle.snapshot([*by_organisation.get(whose, ()), *address, connections], connections)
            for connections, whose in clients
        ]


MOST_CELLS = 256
"""Tokens kept for credentials without a client."""

MOST_EXCHANGES = 1000
"""Operations whose duration is known."""

RECENT = 0.1
"""The weight of the latest exchange in the mean."""

_every: WeakSet[SharedState] = WeakSet()

_States = MutableMapping[tuple[str, LimitTable | None], SharedState]
_shared: _States = {}
_of_stores: WeakKeyDictionary[object, _States] = WeakKeyDictionary()
_guard = threading.Lock()


def _after_fork() -> None:
    """Let a child process start with what is known of the server, and without the tasks of its parent.

    Limits keep their levels and logs, and tokens stay. A thread that held a lock does not exist in the child;
    a task that waits, or has a call in flight, never goes on; the connections and what a store has reserved
    are the parent's.
    """
    global _guard  # noqa: PLW0603 - a lock cannot be renewed in place
    _guard = threading.Lock()
    for shared_state in list(_every):
        shared_state.forget_tasks()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def shared_state_of(
    base_url: str,
    table: LimitTable | None,
    throttling: Throttling | None = None,
    *,
    paths: Collection[str] = (),
    store: LimitStore | MemoryStore | None = None,
    clock: Clock | None = None,
) -> SharedState:
    """Return the state that all clients of ``base_url`` in this process share.

    Args:
        base_url: the server.
        table: the documented limits.
        throttling: how they are mirrored; ``None`` takes the settings of the other clients.
        paths: the templates of the API's paths.
        store: the store whose clients share a budget.
        clock: the clock of a state that is made now.

    Raises:
        ArgumentError: the settings differ from those of the clients that share the state.
        ArgumentTypeError: the store is not hashable or not open to weak references.
    """
    with _guard:
        states = _shared if store is None else _states_of(store)
        key = (base_url, table)
        shared_state = states.get(key)
        if shared_state is None:
            shared_state = SharedState(
                table, clock or Clock(), throttling, paths, store=store, server=base_url
            )
            states[key] = shared_state
        elif throttling is not None and throttling != shared_state.settings:
            raise ArgumentError(
                "throttling",
                "differs from what another client of this process was given, and both spend the same "
                "limits: give all of them the same settings, or this one a store of its own",
            )
        return shared_state


def _states_of(store: LimitStore | MemoryStore) -> _States:
    # A state refers to the store that it asks, and would keep it alive. A MemoryStore is not asked: its
    # budget is the state itself, and outlives the clients.
    new: _States = {} if _asked(store) is None else WeakValueDictionary()
    try:
        return _of_stores.setdefault(store, new)
    except TypeError:
        name = type(store).__name__
        raise ArgumentTypeError(
            "store", f"has to be hashable and open to weak references, which {name} is not"
        ) from None


def _asked(store: LimitStore | MemoryStore | None) -> LimitStore | None:
    """Return the store if it is asked for slots; a ``MemoryStore`` only marks who shares."""
    if store is None:
        return None
    from aioemnify.stores.memory import MemoryStore

    return None if isinstance(store, MemoryStore) else store
