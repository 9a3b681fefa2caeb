"""The simulator as its user sees it: start it, point a client at it, look inside."""

from __future__ import annotations

import hashlib
from collections import Counter
from ipaddress import IPv4Network
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

import anyio
import anyio.to_thread

from aioemnify.operation import LimitTable
from aioemnify.resources._limits import LIMITS
from aioemnify.simulator.app import Application
from aioemnify.simulator.clock import Clock
from aioemnify.simulator.faults import Faults
from aioemnify.simulator.journal import Journal, RequestRecord
from aioemnify.simulator.limits import Limits
from aioemnify.simulator.server import ServerThread
from aioemnify.simulator.settings import Settings
from aioemnify.simulator.tokens import TokenMint
from aioemnify.simulator.world import Organisation, User, World

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_PASSIVE_URL = "https://simulator.test"
_NETWORK = IPv4Network("10.0.0.0/8")


class Simulator:
    """A local stand-in for the emnify REST API.

    Use it as ``async with`` (asyncio or trio) or ``with``: it then serves a real socket from a
    thread of its own. Without starting it, :attr:`app` is an ASGI application for transports
    that need no socket; give it a clock that a test controls.

    Args:
        sims: SIMs of the first organisation.
        seed: makes fleet, secrets, delays and faults reproducible.
        host: where to listen.
        port: TCP port; 0 takes a free one.
        tls: serve HTTPS; :attr:`ca_file` then names the authority to trust.
        allow_remote: permit a ``host`` that other machines can reach.
        clock: decides expiry, limits and dates; real time when left out.
        delay: smallest and largest round trip in seconds; drawn for each request and split at
            random into a part before its limits are judged and a part after.
        limits: ``documented``, a table of one's own, or None for no limits.
        batch: SIMs in the batch that waits to be registered.
        second_sims: SIMs of the second organisation.
        network: private addresses that endpoints of the first organisation get.
        mfa: whether the user logs in with a second factor.
        settings: choices where the API's description is silent.
        journal: how many requests are remembered.

    Raises:
        ValueError: the fleet does not fit into ``network``, or ``delay`` is no range.
    """

    def __init__(
        self,
        *,
        sims: int = 100,
        seed: int = 1,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool = True,
        allow_remote: bool = False,
        clock: Clock | None = None,
        delay: tuple[float, float] | None = None,
        limits: Literal["documented"] | LimitTable | None = "documented",
        batch: int = 20,
        second_sims: int = 10,
        network: IPv4Network = _NETWORK,
        mfa: bool = False,
        settings: Settings | None = None,
        journal: int = 100_000,
    ) -> None:
        if delay is not None and not 0 <= delay[0] <= delay[1]:
            raise ValueError("delay is a pair of seconds, the smaller one first")
        self.settings: Settings = settings or Settings()
        self.clock: Clock = clock or Clock()
        self.faults: Faults = Faults(seed)
        self._host, self._port, self._tls, self._allow_remote = host, port, tls, allow_remote
        self._world = World(seed, self.clock, self.settings)
        self._limits = Limits(LIMITS if limits == "documented" else limits, self.settings)
        self._journal = Journal(journal)
        self._mint = TokenMint(
            self.clock,
            self._world.chance,
            token_seconds=self.settings.token_minutes * 60,
            refresh_seconds=self.settings.refresh_days * 86_400,
        )
        self._app = Application(
            world=self._world,
            mint=self._mint,
            limits=self._limits,
            faults=self.faults,
            journal=self._journal,
            delay=delay,
            seed=seed,
        )
        self._server: ServerThread | None = None
        first = self._world.add_organisation("Simulated Fleet", sims, network)
        second = self._world.add_organisation("Second Workspace", second_sims, _NETWORK)
        self.application_token: str = self._world.add_token(first, "Given out at start").secret
        self.second_application_token: str = self._world.add_token(second, "Given out at start").secret
        self.username = "user@simulator.test"
        self.password: str = self._world.chance.randbytes(12).hex()
        self.mfa_code: str = f"{self._world.chance.randrange(10**6):06d}"
        self._add_user(first, second, mfa)
        self.bic: str = self._world.add_batch(batch).bic
        self.foreign_bic: str = self._world.add_batch(batch, foreign=True).bic

    def _add_user(self, first: Organisation, second: Organisation, mfa: bool) -> None:
        # SHA-1 is what the API takes in place of the password; nothing here protects anything.
        digest = hashlib.sha1(self.password.encode(), usedforsecurity=False).hexdigest()
        self._world.users[self.username] = User(
            id=501,
            username=self.username,
            name="Simulated User",
            password=digest,
            organisations=(first.id, second.id),
            code=self.mfa_code if mfa else None,
        )

    @property
    def url(self) -> str:
        """Return scheme, host and port; an address that leads nowhere while no socket is served."""
        return _PASSIVE_URL if self._server is None else self._server.url

    @property
    def ca_file(self) -> str | None:
        """Return the file with the certificate authority to trust, None without TLS."""
        return None if self._server is None else self._server.ca_file

    @property
    def app(self) -> ASGIApp:
        """Return the ASGI application."""
        return self._app

    @property
    def requests(self) -> list[RequestRecord]:
        """Return a record of every request in the order of arrival, without credentials."""
        return self._journal.records()

    @property
    def refused(self) -> Counter[str]:
        """Return the number of 429 answers by the id of the limit."""
        with self._app.lock:
            return Counter(self._limits.refused)

    @property
    def lane_overlaps(self) -> int:
        """Return how many calls of a serial lane ran while another of that lane did."""
        return self._app.lane_overlaps

    @property
    def organisation_id(self) -> int:
        """Return the id of the first organisation."""
        return next(iter(self._world.organisations))

    @property
    def second_organisation_id(self) -> int:
        """Return the id of the second organisation."""
        return list(self._world.organisations)[1]

    @property
    def password_digest(self) -> str:
        """Return the SHA-1 hex digest that the API takes in place of the password."""
        return self._world.users[self.username].password

    def clear_requests(self) -> None:
        """Forget the requests recorded so far."""
        self._journal.clear()

    def expire_tokens(self) -> None:
        """Make every auth token issued so far answer 401."""
        with self._app.lock:
            self._mint.expire_all()

    def add_organisation(self, name: str, *, sims: int = 0) -> str:
        """Add a tenant and return its application token."""
        with self._app.lock:
            organisation = self._world.add_organisation(name, sims, _NETWORK)
            return self._world.add_token(organisation, "Given out at start").secret

    def add_batch(self, size: int = 20) -> str:
        """Put one more batch of SIMs on the shelf and return its code."""
        with self._app.lock:
            return self._world.add_batch(size).bic

    def add_address_space(self, network: IPv4Network, *, organisation_id: int | None = None) -> int:
        """Give an organisation, the first by default, one more address space and return its id."""
        with self._app.lock:
            organisation = self._world.organisations[organisation_id or self.organisation_id]
            return self._world.add_space(organisation, network).id

    def spend_quota(self, calls: int, *, organisation_id: int | None = None) -> None:
        """Count calls against an organisation's month, the first one's by default, without making them."""
        with self._app.lock:
            self._limits.spend_quota(organisation_id or self.organisation_id, calls, self.clock.wall())

    def quota_used(self, *, organisation_id: int | None = None) -> int:
        """Return the calls counted in an organisation's month, the first one's by default."""
        with self._app.lock:
            return self._limits.quota_used(organisation_id or self.organisation_id, self.clock.wall())

    def start(self) -> Self:
        """Serve a socket from a thread; return when it accepts connections.

        Raises:
            ValueError: ``host`` is reachable from outside and that was not allowed.
            OSError: the port is taken.
        """
        if self._server is None:
            self._server = ServerThread(
                self._app, host=self._host, port=self._port, tls=self._tls, allow_remote=self._allow_remote
            )
        return self

    def stop(self) -> None:
        """Stop serving; the state stays readable."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return await anyio.to_thread.run_sync(self.start)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(self.stop)
