"""The simulator as its user sees it: start it, point a client at it, look inside."""

from __future__ import annotations

from ipaddress import IPv4Network
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

import anyio
import anyio.to_thread

from aioemnify.operation import LimitTable
from aioemnify.resources._limits import LIMITS
from aioemnify.simulator.control.routes import Control, Front
from aioemnify.simulator.core import NOT_SERVED_URL, SimulatorCore
from aioemnify.simulator.faults.scenario import Scenario
from aioemnify.simulator.http.server import ServerThread
from aioemnify.simulator.platform.clock import Clock
from aioemnify.simulator.platform.settings import Settings
from aioemnify.simulator.state.installation import NETWORK, Blueprint

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class Simulator(SimulatorCore):
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
        remote_control: let other machines use the control interface too, in a container for instance.
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
        scenario: what happens by itself from now on; a reset ends it.
        state: a file that keeps what requests changed over restarts. It is read now, and written
            while the simulator is served.

    Raises:
        ValueError: the fleet does not fit into ``network``, ``delay`` is no range, or ``state`` is no
            state file or one of another fleet.
        OSError: ``state`` cannot be read.
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
        remote_control: bool = False,
        clock: Clock | None = None,
        delay: tuple[float, float] | None = None,
        limits: Literal["documented"] | LimitTable | None = "documented",
        batch: int = 20,
        second_sims: int = 10,
        network: IPv4Network = NETWORK,
        mfa: bool = False,
        settings: Settings | None = None,
        journal: int = 100_000,
        scenario: Scenario | None = None,
        state: str | Path | None = None,
    ) -> None:
        for name, count in (("sims", sims), ("batch", batch), ("second_sims", second_sims)):
            if isinstance(count, bool) or not isinstance(count, int):
                raise TypeError(f"{name} takes a whole number, not {count!r}")
            if count < 0:
                raise ValueError(f"{name} is at least 0, not {count}")
        if delay is not None and not 0 <= delay[0] <= delay[1]:
            raise ValueError("delay is a pair of seconds, the smaller one first")
        blueprint = Blueprint(
            sims=sims,
            seed=seed,
            limits=LIMITS if limits == "documented" or limits is None else limits,
            enforced=limits is not None,
            batch=batch,
            second_sims=second_sims,
            network=network,
            mfa=mfa,
            journal=journal,
        )
        super().__init__(
            blueprint, clock=clock, delay=delay, settings=settings, scenario=scenario, state=state
        )
        self._host, self._port, self._tls, self._allow_remote = host, port, tls, allow_remote
        self._control = Control(self, remote=remote_control)
        self._front = Front(self._app, self._control)
        self._server: ServerThread | None = None

    @property
    def serving(self) -> bool:
        """Say whether it serves a socket now."""
        return self._server is not None

    @property
    def ca_file(self) -> str | None:
        """Return the file with the certificate authority to trust, None without TLS."""
        return None if self._server is None else self._server.ca_file

    @property
    def app(self) -> ASGIApp:
        """Return the ASGI application, including the control interface under ``/_sim/``."""
        return self._front

    def start(self) -> Self:
        """Serve a socket from a thread; return when it accepts connections.

        Raises:
            ValueError: ``host`` is reachable from outside and that was not allowed.
            OSError: the port is taken, or the state file cannot be written.
        """
        if self._server is None:
            self._control.open()
            server = ServerThread(
                self._front, host=self._host, port=self._port, tls=self._tls, allow_remote=self._allow_remote
            )
            try:
                if self._state_file is not None:
                    self._state_file.start()
            except BaseException:
                server.stop()
                raise
            self._server, self._url = server, server.url
        return self

    def stop(self) -> None:
        """Stop serving; the state stays readable.

        Raises:
            OSError: the state file cannot be written.
        """
        server, self._server = self._server, None
        self._url = NOT_SERVED_URL
        if server is not None:
            self._control.close()
            server.stop()
            if self._state_file is not None:
                self._state_file.stop()

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
