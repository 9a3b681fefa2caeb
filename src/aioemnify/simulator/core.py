"""The simulated installation without its sockets: state, clock, faults, settings and the API application."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, Literal

from aioemnify.simulator.api.call import Reply
from aioemnify.simulator.deliveries.dispatcher import Deliveries
from aioemnify.simulator.faults.rules import Faults
from aioemnify.simulator.faults.scenario import Scenario, Timeline
from aioemnify.simulator.http.app import Application
from aioemnify.simulator.http.reading import read
from aioemnify.simulator.lifecycle.advance import advance
from aioemnify.simulator.lifecycle.event_context import EventContext
from aioemnify.simulator.lifecycle.sms import originate
from aioemnify.simulator.platform.clock import Clock
from aioemnify.simulator.platform.settings import Settings, changed_settings
from aioemnify.simulator.recording.delivery_record import DeliveryRecord
from aioemnify.simulator.recording.request_log import RequestLog
from aioemnify.simulator.state.installation import NETWORK, USERNAME, Blueprint, Installation
from aioemnify.simulator.state.state_file import StateFile

NOT_SERVED_URL = "https://not-started.invalid"


class SimulatorCore:
    """A simulator without its sockets and its control interface.

    The arguments are those of :class:`~aioemnify.simulator.Simulator`; ``blueprint`` holds those that
    define the initial state.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        *,
        clock: Clock | None,
        delay: tuple[float, float] | None,
        settings: Settings | None,
        scenario: Scenario | Mapping[str, Any] | str | Path | None,
        state: str | Path | None,
        remote_deliveries: bool = False,
    ) -> None:
        self._first_settings = settings or Settings()
        self.clock: Clock = clock or Clock()
        self.faults: Faults = Faults(blueprint.seed)
        self._blueprint = blueprint
        self._state: Installation = blueprint.build(self.clock, self._first_settings)
        self._timeline = Timeline(self.clock, self.faults, self.apply_settings)
        self._app = Application(
            state=self._state,
            clock=self.clock,
            faults=self.faults,
            delay=delay,
            seed=blueprint.seed,
            on_arrival=self._timeline.arrive,
        )
        self._deliveries = Deliveries(lambda: self._state, self._app.lock, remote=remote_deliveries)
        self._url = NOT_SERVED_URL
        self._state_file: StateFile | None = None
        if state is not None:
            self._state_file = StateFile(
                Path(state), blueprint, self.clock, lambda: self._state, self._app.lock
            )
            self._state_file.load()
        self.play(scenario)

    @property
    def url(self) -> str:
        """Return scheme, host and port; the host does not resolve while no socket is served."""
        return self._url

    @property
    def settings(self) -> Settings:
        """Return the settings in force; :meth:`configure` changes them."""
        return self._state.world.settings

    @property
    def requests(self) -> RequestLog:
        """Return the recorded requests in order of arrival, with credentials masked."""
        return RequestLog(self._state.journal.records())

    @property
    def deliveries(self) -> list[DeliveryRecord]:
        """Return the recorded deliveries to webhooks and callbacks, in order; headers hold credentials."""
        return self._state.deliveries.records()

    def deliver(self) -> None:
        """Deliver everything that is due now to webhooks and callbacks, and return once all have a result.

        While the simulator serves, this happens on its own a few times per second. A test moves the clock and
        calls this instead of waiting, in a thread if the receiver runs in its event loop.
        """
        self._deliveries.run()

    def redeliver(self, number: int) -> DeliveryRecord:
        """Send a recorded delivery again, once and now, and return the new record.

        Raises:
            ValueError: there is no such delivery, or its body is no longer kept.
        """
        return self._deliveries.again(number)

    def clear_deliveries(self) -> None:
        """Drop the deliveries recorded so far."""
        self._state.deliveries.clear()

    def send_sms_from_device(
        self,
        endpoint_id: int,
        payload: str,
        *,
        dest_address: str = "1234",
        dcs: Literal[0, 8] = 0,
        organisation_id: int | None = None,
    ) -> int:
        """Let the device of an endpoint send an SMS, and return the id of the message.

        Args:
            endpoint_id: the endpoint.
            payload: the text, up to 160 characters, or 70 in UCS-2.
            dest_address: digits; up to seven go to the API callback of the endpoint's service profile.
            dcs: the data coding, 0 for GSM-7 and 8 for UCS-2.
            organisation_id: the endpoint's organisation, the first by default.

        Raises:
            ValueError: there is no such endpoint, its device cannot send a message, or an argument is out of
                range.
        """
        longest = {0: 160, 8: 70}.get(dcs)
        if longest is None or not 1 <= len(payload) <= longest:
            raise ValueError(
                "payload must have 1 to 160 characters with dcs 0 (GSM-7), or 1 to 70 with 8 (UCS-2)"
            )
        if not (dest_address.isascii() and dest_address.isdigit() and len(dest_address) <= 15):
            raise ValueError("dest_address must be 1 to 15 digits")
        with self._app.lock:
            world = self._state.world
            organisation = world.organisations[organisation_id or self.organisation_id]
            advance(world, organisation)
            context = EventContext(world=world, organisation=organisation, now=self.clock.wall())
            self._state.changes += 1
            return originate(context, endpoint_id, payload, dest_address, dcs).id

    @property
    def refused(self) -> Counter[str]:
        """Return the number of 429 responses by the id of the limit."""
        with self._app.lock:
            return Counter(self._state.limits.refused)

    @property
    def lane_overlaps(self) -> int:
        """Return how many calls of a serial lane overlapped another call of that lane."""
        return self._state.lane_overlaps

    @property
    def application_token(self) -> str:
        """Return the application token of the first organisation."""
        return self._state.application_token

    @property
    def second_application_token(self) -> str:
        """Return the application token of the second organisation."""
        return self._state.second_application_token

    @property
    def username(self) -> str:
        """Return the name of the user, who is a member of both organisations."""
        return USERNAME

    @property
    def password(self) -> str:
        """Return the user's password."""
        return self._state.password

    @property
    def mfa_code(self) -> str:
        """Return the code of the user's second factor; ``mfa`` enables the factor."""
        return self._state.mfa_code

    @property
    def bic(self) -> str:
        """Return the code of a SIM batch that can be registered."""
        return self._state.bic

    @property
    def foreign_bic(self) -> str:
        """Return the code of a batch that belongs to another organisation."""
        return self._state.foreign_bic

    @property
    def timeline(self) -> Timeline:
        """Return the timeline that plays scenarios."""
        return self._timeline

    @property
    def installation(self) -> Installation:
        """Return the whole state, for tools that inspect it; hold :attr:`lock` meanwhile."""
        return self._state

    @property
    def lock(self) -> AbstractContextManager[object]:
        """Return the lock that serialises requests."""
        return self._app.lock

    @property
    def ca_file(self) -> str | None:
        """Return the path of the certificate authority to trust, None without TLS."""
        return None

    def read(self, path: str, query: str = "", *, organisation_id: int | None = None) -> Reply:
        """Return what the API replies to a GET of an application, by default of the first organisation.

        No limit counts it, no fault applies, and it does not stand in the journal.
        """
        with self._app.lock:
            owner = organisation_id or self.organisation_id
            return read(self._state, path, query, organisation=owner, origin=self.url)

    def reset(self) -> None:
        """Restore the initial state, clock, faults, settings, limits and journal, and stop the scenario.

        This is cheap: the fleet is computed, so only changes are dropped. Requests in flight finish in the
        old state.
        """
        with self._app.lock:
            self._timeline.play(None)
            self.clock.reset()
            self.faults.reset()
            self._state = self._blueprint.build(self.clock, self._first_settings)
            self._app.install(self._state)

    def configure(self, *, limits: bool | None = None, **changes: Any) -> None:
        """Change settings while requests are served.

        Args:
            limits: switch all limits on or off.
            **changes: settings by name, as in :class:`Settings`.

        Raises:
            ValueError: there is no such setting, or it cannot have that value.
        """
        self.apply_settings(changes, limits)

    def play(self, scenario: Scenario | Mapping[str, Any] | str | Path | None) -> None:
        """Start a scenario now and stop the running one; None only stops it.

        Args:
            scenario: the scenario, its members, or its file: TOML, or JSON if its name ends in ``.json``.

        Raises:
            OSError: the file cannot be read.
            ValueError: it is not a scenario; the text names the member, and the line of a file.
        """
        if isinstance(scenario, Mapping):
            scenario = Scenario.of(scenario)
        elif isinstance(scenario, (str, Path)):
            scenario = Scenario.read(scenario)
        self._timeline.play(scenario)

    def apply_settings(self, changes: Mapping[str, Any], limits: bool | None = None) -> None:
        """Change settings as :meth:`configure` does, given as a mapping.

        Raises:
            ValueError: there is no such setting, or it cannot have that value.
        """
        with self._app.lock:
            state = self._state
            settings = changed_settings(state.world.settings, changes)
            state.world.settings = settings
            state.limits.configure(settings)
            state.token_issuer.set_lives(
                token_seconds=settings.token_minutes * 60, refresh_seconds=settings.refresh_days * 86_400
            )
            if limits is not None:
                state.limits.enforce(limits)

    @property
    def organisation_id(self) -> int:
        """Return the id of the first organisation."""
        return next(iter(self._state.world.organisations))

    @property
    def second_organisation_id(self) -> int:
        """Return the id of the second organisation."""
        return list(self._state.world.organisations)[1]

    @property
    def password_digest(self) -> str:
        """Return the SHA-1 hex digest that the API expects as the password."""
        return self._state.world.users[self.username].password

    def clear_requests(self) -> None:
        """Drop the requests recorded so far."""
        self._state.journal.clear()

    def expire_tokens(self) -> None:
        """Expire every auth token issued so far: calls with them get 401."""
        with self._app.lock:
            self._state.token_issuer.expire_all()
            self._state.changes += 1

    def add_organisation(self, name: str, *, sims: int = 0, parent: int | None = None) -> str:
        """Add an organisation, optionally below a parent, and return its application token.

        Raises:
            ValueError: ``sims`` is below 0.
        """
        _check_least("sims", sims, 0)
        with self._app.lock:
            organisation = self._state.world.add_organisation(name, sims, NETWORK, parent=parent)
            self._state.changes += 1
            return self._state.world.add_token(organisation, "Given out at start").secret

    def add_batch(self, size: int = 20) -> str:
        """Add a batch of SIMs that can be registered and return its code.

        Raises:
            ValueError: ``size`` is below 1.
        """
        _check_least("size", size, 1)
        with self._app.lock:
            self._state.changes += 1
            return self._state.world.add_batch(size).bic

    def add_address_space(self, network: IPv4Network, *, organisation_id: int | None = None) -> int:
        """Add an address space to an organisation, the first by default, and return its id."""
        with self._app.lock:
            organisation = self._state.world.organisations[organisation_id or self.organisation_id]
            self._state.changes += 1
            return self._state.world.add_space(organisation, network).id

    def spend_quota(self, calls: int, *, organisation_id: int | None = None) -> None:
        """Count calls against the monthly quota of an organisation, the first by default.

        Raises:
            ValueError: ``calls`` is below 0.
        """
        _check_least("calls", calls, 0)
        with self._app.lock:
            self._state.changes += 1
            self._state.limits.spend_quota(organisation_id or self.organisation_id, calls, self.clock.wall())

    def quota_used(self, *, organisation_id: int | None = None) -> int:
        """Return the calls counted this month for an organisation, the first by default."""
        with self._app.lock:
            return self._state.limits.quota_used(organisation_id or self.organisation_id, self.clock.wall())


def _check_least(name: str, value: int, least: int) -> None:
    if value < least:
        raise ValueError(f"{name} must be at least {least}, not {value}")
