"""The public class of the simulator: the core, plus sockets and the control interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import anyio
import anyio.to_thread

from aioemnify.operation import LimitTable
from aioemnify.simulator.control.routes import Control, Front
from aioemnify.simulator.core import NOT_SERVED_URL, SimulatorCore
from aioemnify.simulator.faults.scenario import Scenario
from aioemnify.simulator.http.server import ServerThread
from aioemnify.simulator.platform.clock import Clock
from aioemnify.simulator.platform.loopback import own_names
from aioemnify.simulator.platform.settings import Settings
from aioemnify.simulator.state.installation import NETWORK, Blueprint
from aioemnify.simulator.state.own_fleet.file import read_fleet
from aioemnify.tables.limits import LIMIT_TABLES, LIMITS, LimitsName

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class Simulator(SimulatorCore):
    """A local simulation of the emnify REST API.

    Use it with ``async with`` (asyncio or trio) or ``with``: it then serves a real socket from its own
    thread. Without a socket, :attr:`app` is an ASGI application for in-process transports; pass a clock
    that the test controls.

    Args:
        sims: SIMs of the first organisation; 100 by default.
        fleet: file with the SIMs and endpoints of the first organisation in place of computed ones: JSON
            lines, CSV (``.csv``), or a mirror (``aioemnify.fleet.Mirror``). Their ids are kept.
        seed: the same seed gives the same fleet, secrets, delays and faults.
        host: address to listen on.
        port: TCP port; 0 picks a free one.
        tls: serve HTTPS; :attr:`ca_file` then names the certificate authority to trust.
        allow_remote: allow a ``host`` that other machines can reach.
        remote_control: also allow other machines to use the control interface, for example in a container.
            They must call it by one of ``names``, by ``localhost`` or by an IP address.
        names: names by which clients reach this machine, such as the name of a container, for the
            certificate; by default the host's own name. If ``host`` stands for every address, :attr:`url` has
            the first name.
        ca_file: where to write the certificate authority, such as a file in a shared volume; by default a
            temporary file. It is removed at the end. Only with ``tls``.
        clock: clock for expiry, limits and dates; real time by default.
        delay: smallest and largest round trip in seconds, drawn for each request; a random part of it
            passes before the limits are checked.
        limits: ``documented``, ``2026`` with the lower rows of a newer page, as for the client, your own
            table, or None for no limits.
        batch: SIMs in the batch that can be registered.
        second_sims: SIMs of the second organisation.
        network: private address range of the first organisation's endpoints.
        mfa: whether the user logs in with a second factor.
        settings: choices for behaviour that the API does not document.
        journal: how many requests are recorded.
        scenario: scenario to play from now on, or its file (TOML, or JSON if it ends in ``.json``); a reset
            ends it.
        state: file that keeps the changes made by requests across restarts. It is read now, and written
            while the simulator serves.
        remote_deliveries: also deliver to webhooks and callbacks on other machines. By default those get
            nothing, and :attr:`deliveries` shows what they would have got.

    Raises:
        ValueError: the fleet does not fit into ``network``, ``delay`` is not a range, there is no such table
            of limits, a name cannot be in a certificate, ``state`` is not a state file of this fleet, or a
            line of ``fleet`` or of ``scenario`` is wrong; the text then names file and line.
        OSError: ``state``, ``fleet`` or ``scenario`` cannot be read.
    """

    def __init__(
        self,
        *,
        sims: int | None = None,
        fleet: str | Path | None = None,
        seed: int = 1,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool = True,
        allow_remote: bool = False,
        remote_control: bool = False,
        names: Sequence[str] = (),
        ca_file: str | Path | None = None,
        clock: Clock | None = None,
        delay: tuple[float, float] | None = None,
        limits: LimitsName | LimitTable | None = "documented",
        batch: int = 20,
        second_sims: int = 10,
        network: IPv4Network = NETWORK,
        mfa: bool = False,
        settings: Settings | None = None,
        journal: int = 100_000,
        scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
        state: str | Path | None = None,
        remote_deliveries: bool = False,
    ) -> None:
        if sims is not None and fleet is not None:
            raise ValueError("pass either sims or fleet, not both")
        if ca_file is not None and not tls:
            raise ValueError(
                "plain HTTP has no certificate: pass either ca_file or tls=False (--http), not both"
            )
        if sims is None:
            sims = 100 if fleet is None else 0
        for name, count in (("sims", sims), ("batch", batch), ("second_sims", second_sims)):
            if isinstance(count, bool) or not isinstance(count, int):
                raise TypeError(f"{name} must be a whole number, not {count!r}")
            if count < 0:
                raise ValueError(f"{name} must be at least 0, not {count}")
        if delay is not None and not 0 <= delay[0] <= delay[1]:
            raise ValueError("delay must be (smallest, largest) in seconds")
        if isinstance(limits, str) and limits not in LIMIT_TABLES:
            known = ", ".join(map(repr, LIMIT_TABLES))
            raise ValueError(f"limits must be {known}, a LimitTable or None, not {limits!r}")
        blueprint = Blueprint(
            sims=sims,
            seed=seed,
            limits=LIMITS if limits is None else LIMIT_TABLES[limits] if isinstance(limits, str) else limits,
            enforced=limits is not None,
            batch=batch,
            second_sims=second_sims,
            network=network,
            mfa=mfa,
            journal=journal,
            fleet=None if fleet is None else read_fleet(fleet, network),
        )
        super().__init__(
            blueprint,
            clock=clock,
            delay=delay,
            settings=settings,
            scenario=scenario,
            state=state,
            remote_deliveries=remote_deliveries,
        )
        self._host, self._port, self._tls, self._allow_remote = host, port, tls, allow_remote
        self._names = own_names(names)
        self._ca_target = None if ca_file is None else Path(ca_file)
        self._control = Control(
            self, remote=remote_control, names=self._names, certificate=lambda: self.ca_pem
        )
        self._front = Front(self._app, self._control)
        self._server: ServerThread | None = None

    @property
    def serving(self) -> bool:
        """Return whether it serves a socket now."""
        return self._server is not None

    @property
    def ca_file(self) -> str | None:
        """Return the path of the certificate authority to trust, None without TLS."""
        return None if self._server is None else self._server.ca_file

    @property
    def ca_pem(self) -> bytes | None:
        """Return the certificate authority to trust, None without TLS."""
        return None if self._server is None else self._server.ca_pem

    @property
    def app(self) -> ASGIApp:
        """Return the ASGI application, including the control interface under ``/_sim/``."""
        return self._front

    def start(self) -> Self:
        """Serve a socket from a thread and return once it accepts connections.

        Raises:
            ValueError: other machines can reach ``host``, and ``allow_remote`` is False; ``ca_file`` is a
                file that is not a single certificate.
            OSError: the port is taken, or ``state`` or ``ca_file`` cannot be written.
        """
        if self._server is None:
            self._control.open()
            server = ServerThread(
                self._front,
                host=self._host,
                port=self._port,
                tls=self._tls,
                allow_remote=self._allow_remote,
                names=self._names,
                ca_file=self._ca_target,
            )
            try:
                if self._state_file is not None:
                    self._state_file.start()
            except BaseException:
                server.stop()
                raise
            self._server, self._url = server, server.url
            self._deliveries.start()
        return self

    def stop(self) -> None:
        """Stop serving; the state can still be read.

        Raises:
            OSError: the state file cannot be written.
        """
        server, self._server = self._server, None
        self._url = NOT_SERVED_URL
        if server is not None:
            self._control.close()
            self._deliveries.stop()
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
