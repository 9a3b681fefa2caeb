"""One simulated installation: all state that a reset restores and a state file keeps."""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv4Network

from attrs import define, field, frozen

from aioemnify.operation import LimitTable
from aioemnify.simulator.platform.clock import Clock
from aioemnify.simulator.platform.limits import Limits
from aioemnify.simulator.platform.one_time_codes import new_secret
from aioemnify.simulator.platform.settings import Settings
from aioemnify.simulator.platform.tokens import TokenIssuer
from aioemnify.simulator.recording.delivery_record import DeliveryRecord
from aioemnify.simulator.recording.journal import Journal, RequestRecord
from aioemnify.simulator.recording.traffic import Traffic
from aioemnify.simulator.state.own_fleet.settling import OwnFleet, settle
from aioemnify.simulator.state.records.users import ADMINISTRATOR, Membership, SecondFactor, User, sha1_digest
from aioemnify.simulator.state.world import Organisation, World

USERNAME = "user@simulator.test"
NETWORK = IPv4Network("10.0.0.0/8")


@define(kw_only=True)
class Installation:
    """Everything that requests can change, and the credentials to log in.

    A request that is in flight during a reset finishes in the installation in which it started.

    Attributes:
        world: organisations and their data.
        token_issuer: issues and verifies tokens.
        limits: the rate limits.
        journal: records each request.
        traffic: counts the requests of each second.
        deliveries: records each delivery to a server of the customer.
        lanes: calls in flight by organisation and serial lane.
        lane_overlaps: calls of a lane that overlapped another call of it.
        changes: counts requests that may have changed something, for the state file.
        application_token: token of the first organisation.
        second_application_token: token of the second organisation.
        password: the user's password; the API expects its SHA-1 digest.
        mfa_code: code of the user's second factor.
        bic: code of a batch that can be registered.
        foreign_bic: code of a batch of another organisation.
    """

    world: World
    token_issuer: TokenIssuer
    limits: Limits
    journal: Journal[RequestRecord]
    traffic: Traffic = field(factory=Traffic)
    deliveries: Journal[DeliveryRecord]
    lanes: Counter[tuple[int, str]] = field(factory=Counter)
    lane_overlaps: int = 0
    changes: int = 0
    application_token: str = field(repr=False)
    second_application_token: str = field(repr=False)
    password: str = field(repr=False)
    mfa_code: str = field(repr=False)
    bic: str
    foreign_bic: str


@frozen(kw_only=True)
class Blueprint:
    """The initial state of an installation; the attributes are arguments of the simulator."""

    sims: int
    seed: int
    limits: LimitTable
    enforced: bool
    batch: int
    second_sims: int
    network: IPv4Network
    mfa: bool
    journal: int
    fleet: OwnFleet | None = None

    def build(self, clock: Clock, settings: Settings) -> Installation:
        """Build an installation; the same blueprint always gives the same one.

        Raises:
            ValueError: the fleet does not fit into ``network``.
        """
        world = World(self.seed, clock, settings, None if self.fleet is None else self.fleet.numbers)
        limits = Limits(self.limits, settings)
        limits.enforce(self.enforced)
        token_issuer = TokenIssuer(
            clock,
            world.chance,
            token_seconds=settings.token_minutes * 60,
            refresh_seconds=settings.refresh_days * 86_400,
        )
        first = world.add_organisation("Simulated Fleet", self.sims, self.network)
        if self.fleet is not None:
            settle(world, first, self.fleet)
        second = world.add_organisation("Second Workspace", self.second_sims, NETWORK, parent=first.id)
        tokens = [world.add_token(each, "Given out at start").secret for each in (first, second)]
        password = world.chance.randbytes(12).hex()
        mfa_code = f"{world.chance.randrange(10**6):06d}"
        _add_user(world, (first, second), password, mfa_code if self.mfa else None)
        return Installation(
            world=world,
            token_issuer=token_issuer,
            limits=limits,
            journal=Journal(self.journal),
            deliveries=Journal(self.journal),
            application_token=tokens[0],
            second_application_token=tokens[1],
            password=password,
            mfa_code=mfa_code,
            bic=world.add_batch(self.batch).bic,
            foreign_bic=world.add_batch(self.batch, foreign=True).bic,
        )


def _add_user(world: World, organisations: tuple[Organisation, ...], password: str, code: str | None) -> None:
    now = world.clock.wall()
    user = User(
        id=world.allot("user"),
        username=USERNAME,
        name="Simulated User",
        password=sha1_digest(password),
        created=now,
        home=organisations[0].id,
        default=organisations[0].id,
        memberships={each.id: Membership(roles=[ADMINISTRATOR]) for each in organisations},
    )
    if code is not None:
        secret = new_secret(world.chance)
        key = SecondFactor(
            id=world.allot("key"), secret=secret, status=1, created=now, activated=now, fixed=code
        )
        user.keys.append(key)
    world.users[USERNAME] = user
