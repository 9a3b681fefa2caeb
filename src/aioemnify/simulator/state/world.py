"""The whole state of the simulated platform: organisations, tokens, users and SIM batches."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from ipaddress import IPv4Network
from math import floor
from typing import Any, ClassVar

from attrs import define, field, frozen

from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.clock import Clock
from aioemnify.simulator.platform.settings import Settings
from aioemnify.simulator.state.activity import Activity
from aioemnify.simulator.state.addresses import AddressSpace
from aioemnify.simulator.state.fleet import (
    EndpointState,
    Fleet,
    Identifiers,
    SimNumbers,
    SimState,
    endpoint_code,
)
from aioemnify.simulator.state.overlay_store import OverlayStore
from aioemnify.simulator.state.records.accounts import Account
from aioemnify.simulator.state.records.callbacks import CallbackBook
from aioemnify.simulator.state.records.data_streams import StreamBook
from aioemnify.simulator.state.records.event_log import EventLog
from aioemnify.simulator.state.records.name_servers import NameServers, first_name_servers
from aioemnify.simulator.state.records.profiles import ServiceProfile, TariffProfile
from aioemnify.simulator.state.records.tags import TagBook
from aioemnify.simulator.state.records.usage_log import UsageLog
from aioemnify.simulator.state.records.users import User, find_user

_EVENT_ID = 351_000_000_000_001
_PROFILE_ID = 400_001


@define(kw_only=True)
class ApplicationToken:
    """An application token: a long-lived credential of one organisation."""

    id: int
    organisation: int
    secret: str = field(repr=False)
    description: str = ""
    created: float
    status: int = 0
    expires: float | None = None
    ip: str | None = None
    creator: int | None = None


@frozen(kw_only=True)
class Batch:
    """A batch of SIMs that can be registered; a ``foreign`` one has SIMs of another organisation."""

    id: int
    bic: str
    size: int
    foreign: bool = False


@define(kw_only=True)
class Organisation:
    """One organisation and all its data.

    The state file keeps every field by its annotation; ``snapshot`` documents the allowed types.
    """

    id: int
    name: str
    fleet: Fleet
    sims: OverlayStore[SimState]
    endpoints: OverlayStore[EndpointState]
    service_profiles: dict[int, ServiceProfile]
    tariff_profiles: dict[int, TariffProfile]
    spaces: dict[int, AddressSpace]
    events: EventLog
    account: Account = field(factory=Account)
    callbacks: CallbackBook = field(factory=CallbackBook)
    streams: StreamBook = field(factory=StreamBook)
    usage: UsageLog = field(factory=UsageLog)
    tags: TagBook = field(factory=TagBook)
    activity: Activity = field(factory=Activity)
    name_servers: dict[int, NameServers] = field(factory=first_name_servers)
    deleted: set[str] = field(factory=set)

    @property
    def ref(self) -> dict[str, Any]:
        """Return id, name and country as they appear inside other objects."""
        return {"id": self.id, "name": self.name, "country": dict(lookups.COUNTRY)}


class World:
    """The state of one simulator.

    Args:
        seed: the same seed gives the same fleet, secrets and ids.
        clock: the simulated clock.
        settings: choices for behaviour that the API does not document.
        given: the identifiers of SIMs of a user's own fleet, by id.
    """

    KEPT: ClassVar[Mapping[str, Any]] = {
        "tokens": dict[str, ApplicationToken],
        "users": dict[str, User],
        "batches": dict[str, Batch],
        "registered": dict[str, int],
        "_next": dict[str, int],
    }
    """The attributes that the state file keeps, beside the organisations, and their types."""
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"seed", "clock", "settings", "numbers"})
    """The attributes that follow from the arguments or are kept elsewhere."""

    def __init__(
        self, seed: int, clock: Clock, settings: Settings, given: Mapping[int, SimNumbers] | None = None
    ) -> None:
        self.seed = seed
        self.clock = clock
        self.settings = settings
        self.chance: random.Random = random.Random(f"aioemnify-simulator-{seed}")
        self.numbers: Identifiers = Identifiers(seed, given or {})
        self.organisations: dict[int, Organisation] = {}
        self.tokens: dict[str, ApplicationToken] = {}
        self.users: dict[str, User] = {}
        self.batches: dict[str, Batch] = {}
        self.registered: dict[str, int] = {}
        self._next: dict[str, int] = {"sim": 1, "endpoint": 1, "profile": _PROFILE_ID, "user": 501}

    def allot(self, kind: str, count: int = 1) -> int:
        """Reserve ``count`` ids of a kind and return the first."""
        first = self._next.setdefault(kind, 1)
        self._next[kind] = first + count
        return first

    def user(self, identity: int) -> User | None:
        """Return a user by id."""
        return find_user(self.users, identity)

    def add_organisation(
        self, name: str, sims: int, space: IPv4Network, *, parent: int | None = None
    ) -> Organisation:
        """Add an organisation with its own fleet.

        Args:
            name: name of the organisation.
            sims: how many SIMs it has; three of five are in an endpoint.
            space: private address range of its endpoints.
            parent: id of its main workspace.

        Raises:
            ValueError: the fleet does not fit into ``space``.
        """
        profiles = (self.allot("profile"), self.allot("profile"))
        tariffs = (self.allot("profile"), self.allot("profile"))
        space_id = self.allot("space")
        number = len(self.organisations) + 1
        sketch = Fleet(self.seed * 1_000 + number, sims, 0, 0, profiles, tariffs, space_id, 0)
        first_endpoint = self.allot("endpoint", sketch.endpoints)
        addresses = AddressSpace(space_id, space, sketch.endpoints, first_endpoint)
        fleet = Fleet(
            sketch.seed,
            sims,
            self.allot("sim", sims),
            first_endpoint,
            profiles,
            tariffs,
            space_id,
            addresses.first,
        )
        organisation = begin_organisation(1_000 + number, name, fleet, self.numbers)
        organisation.spaces[space_id] = addresses
        organisation.account.parent = parent
        self.organisations[organisation.id] = organisation
        return organisation

    def allot_above(self, kind: str, identity: int) -> None:
        """Reserve all ids of a kind up to this one."""
        self._next[kind] = max(self._next.get(kind, 1), identity + 1)

    def add_space(self, organisation: Organisation, network: IPv4Network) -> AddressSpace:
        """Add an address space to an organisation."""
        space = AddressSpace(self.allot("space"), network)
        organisation.spaces[space.id] = space
        return space

    def add_token(self, organisation: Organisation, description: str, **members: Any) -> ApplicationToken:
        """Create an application token and return it with its secret."""
        identity = self.allot("token")
        token = ApplicationToken(
            id=identity,
            organisation=organisation.id,
            secret=f"sim-{identity}-{self.chance.randbytes(24).hex()}",
            description=description,
            created=self.clock.wall(),
            **members,
        )
        self.tokens[token.secret] = token
        return token

    def add_batch(self, size: int, *, foreign: bool = False) -> Batch:
        """Add a batch of SIMs that can be registered by its 16-digit code."""
        bic = f"{self.chance.randrange(10**15, 10**16)}"
        batch = Batch(id=len(self.batches) + 1, bic=bic, size=size, foreign=foreign)
        self.batches[bic] = batch
        return batch

    def record(
        self,
        organisation: Organisation,
        kind: int,
        description: str,
        *,
        sim: SimState | None = None,
        wall: float | None = None,
        **members: Any,
    ) -> None:
        """Record an event of an organisation; ``sim`` fills the members about the SIM.

        The event is dated ``wall``, by default now.
        """
        wall = self.clock.wall() if wall is None else wall
        if sim is not None:
            produced = event_time(sim.produced)
            members["sim"] = {"iccid": self.numbers.iccid(sim.id), "id": sim.id, "production_date": produced}
            members["imsi"] = {"id": sim.id, "import_date": produced, "imsi": self.numbers.imsi(sim.id)}
        organisation.events.add(
            kind,
            description,
            wall=wall,
            timestamp=event_time(wall),
            organisation={"id": organisation.id, "name": organisation.name},
            **members,
        )


def begin_organisation(identity: int, name: str, fleet: Fleet, numbers: Identifiers) -> Organisation:
    """Return an organisation with its initial fleet and without an address space."""
    return Organisation(
        id=identity,
        name=name,
        fleet=fleet,
        sims=OverlayStore(
            fleet.first_sim, fleet.sims, fleet.sim, numbers.sim_code, fleet.sim_codes, fleet.sim_fields()
        ),
        endpoints=OverlayStore(
            fleet.first_endpoint,
            fleet.endpoints,
            fleet.endpoint,
            endpoint_code,
            fleet.endpoint_codes,
            fleet.endpoint_fields(),
        ),
        service_profiles={
            identity: new_service_profile(identity, name, used=fleet.uses(index), nb_iot=index == 1)
            for index, (identity, name) in enumerate(
                zip(fleet.service_profiles, ("Default", "Low power"), strict=True)
            )
        },
        tariff_profiles={
            identity: new_tariff_profile(identity, name, tariff=index + 1, used=fleet.uses(index))
            for index, (identity, name) in enumerate(
                zip(fleet.tariff_profiles, ("Europe", "World"), strict=True)
            )
        },
        spaces={},
        events=EventLog(_EVENT_ID + (identity - 1_000) * 1_000_000_000),
    )


def event_time(wall: float) -> str:
    """Return a time as events write it: with milliseconds and ``Z``."""
    return object_time(wall).removesuffix("+0000") + "Z"


def object_time(wall: float) -> str:
    """Return a time as SIMs and endpoints write it: with milliseconds and ``+0000``."""
    whole = floor(wall)
    day, rest = divmod(whole, 86_400)
    minute, second = divmod(rest, 60)
    # Formatting a date costs more than the rest of a SIM, and a fleet has few different dates.
    text = _DAYS.get(day) or _DAYS.setdefault(day, _date(day))
    if wall == whole:
        return f"{text}T{_MINUTES[minute]}{_SECONDS[second]}.000+0000"
    return f"{text}T{_MINUTES[minute]}{_SECONDS[second]}.{int((wall - whole) * 1000):03d}+0000"


_MINUTES = tuple(f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(60))
_SECONDS = tuple(f":{second:02d}" for second in range(60))
_DAYS: dict[int, str] = {}
_EPOCH_DAY = 719_163


def _date(day: int) -> str:
    return date.fromordinal(day + _EPOCH_DAY).isoformat()


def new_service_profile(identity: int, name: str, *, used: int = 0, nb_iot: bool = False) -> ServiceProfile:
    """Return a service profile that allows data and SMS."""
    flags = {"allowed_3g": True, "allowed_4g": True, "sms_p2p_int": True, "sms_p2p_ext": False}
    return ServiceProfile(
        id=identity,
        name=name,
        description="Made with the fleet",
        flags=flags | {"allowed_nb_iot": nb_iot},
        references={"esme_interface_type": 1},
        services=[38, 21, 22],
        used=used,
    )


def new_tariff_profile(identity: int, name: str, *, tariff: int, used: int = 0) -> TariffProfile:
    """Return a tariff profile with all zones of a price list."""
    return TariffProfile(id=identity, name=name, description="Made with the fleet", tariff=tariff, used=used)
