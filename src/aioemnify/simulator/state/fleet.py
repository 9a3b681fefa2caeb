"""The initial fleet: every SIM and endpoint is a pure function of the seed and its position.

Nothing is stored, so a million SIMs start quickly, and the same seed gives the same fleet in every process.
Identifiers come from unused ranges: ICCIDs and IMSIs of the test network 001-01, MSISDNs with the
unassigned country code 999.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import msgspec
from attrs import field, frozen
from msgspec.structs import replace

ISSUED, ACTIVATED, SUSPENDED, DELETED, FACTORY_TEST = range(5)
ENABLED, DISABLED = range(2)

IN_ENDPOINT = 8
HOLDS_SIM = 4
HAS_EUICC = 16

_MASK = (1 << 64) - 1
_PATTERN = (0, 1, 3)  # of every five SIMs these are in an endpoint
_PLACES = (0, 1, None, 2, None)  # the same, by SIM: the place among the endpoints
_STATUS = (  # by whether the SIM is in an endpoint, in twentieths
    (ISSUED,) * 10 + (ACTIVATED,) * 5 + (SUSPENDED,) * 5,
    (SUSPENDED,) * 3 + (FACTORY_TEST,) + (ACTIVATED,) * 16,
)
_ESIM = 7
_DAY = 86_400.0
_300_DAYS, _90_DAYS = int(300 * _DAY), int(90 * _DAY)
_BORN = 1_577_836_800.0  # 2020-01-01: production of the first SIM
_NAMES = ("pump", "meter", "tracker", "gateway", "sensor", "camera", "charger", "lift")
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")  # the digit sum of twice the digit
_TAGS = (None, "demo", "demo, outdoor", "rollout 2", None, "lab")


def mix(seed: int, number: int) -> int:
    """Return 64 mixed bits of two numbers (the splitmix64 finaliser)."""
    value = (number * 0x9E3779B97F4A7C15 + seed * 0xD1B54A32D192ED03 + 0x632BE59BD9B4E019) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


# Structs, because a page makes thousands of these and an attrs class takes five times as long to make.
class SimState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The members of a SIM that can change, and the id that all others are computed from."""

    id: int
    status: int
    endpoint: int | None = None
    activated: float | None = None
    produced: float

    def moved_to(self, status: int, now: float) -> SimState:
        """Return the SIM in another status; the first activation sets ``activated``."""
        activated = now if status == ACTIVATED and self.activated is None else self.activated
        return replace(self, status=status, activated=activated)


class EndpointState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The stored members of an endpoint. Times are seconds since 1970, ``ip`` is the address as a number."""

    id: int
    name: str
    tags: str | None = None
    imei: str | None = None
    imei_lock: bool = False
    status: int
    service_profile: int
    tariff_profile: int
    sim: int | None = None
    ip: int
    ip_space: int
    created: float
    updated: float


def luhn_digit(digits: str) -> int:
    """Return the check digit that makes ``digits`` valid by the Luhn rule."""
    characters = digits.encode()
    doubled = characters[::-2].translate(_DOUBLED)
    return (len(characters) * ord("0") - sum(doubled) - sum(characters[-2::-2])) % 10


def with_luhn(digits: str) -> str:
    """Return a number followed by its check digit."""
    return f"{digits}{luhn_digit(digits)}"


@frozen(kw_only=True)
class SimNumbers:
    """The identifiers of a SIM of a user's own fleet; None is computed, but for the EID."""

    iccid: str | None = None
    imsi: str | None = None
    msisdn: str | None = None
    eid: str | None = None


@frozen
class Identifiers:
    """The identifiers of a SIM, given or computed from its id, and the reverse.

    Attributes:
        seed: seed of the computed ones.
        given: those of SIMs of a user's own fleet, by id.
    """

    seed: int
    given: Mapping[int, SimNumbers] = field(factory=dict)

    @cached_property
    def _owners(self) -> Mapping[tuple[str, str], int]:
        """The SIM of each given identifier."""
        names = ("iccid", "imsi", "msisdn", "eid")
        owners = {
            (name, text): sim
            for sim, numbers in self.given.items()
            for name in names
            if (text := getattr(numbers, name)) is not None
        }
        return owners | {
            ("iccid_with_luhn", with_luhn(text)): sim
            for (name, text), sim in owners.items()
            if name == "iccid"
        }

    def iccid(self, sim: int) -> str:
        """Return the ICCID without the check digit, 19 digits."""
        given = self.given.get(sim)
        if given is not None and given.iccid is not None:
            return given.iccid
        return f"{self._issuer}{sim:09d}"

    def iccid_with_luhn(self, sim: int) -> str:
        """Return the ICCID with the check digit."""
        return with_luhn(self.iccid(sim))

    def imsi(self, sim: int) -> str:
        """Return the IMSI: if computed, test network 001-01 and ten digits."""
        given = self.given.get(sim)
        if given is not None and given.imsi is not None:
            return given.imsi
        return f"00101{sim:010d}"

    def msisdn(self, sim: int) -> str:
        """Return the MSISDN: if computed, with the unassigned country code 999."""
        given = self.given.get(sim)
        if given is not None and given.msisdn is not None:
            return given.msisdn
        return f"999{sim:012d}"

    def eid(self, sim: int) -> str | None:
        """Return the 32-digit EID of the eUICC in a SIM; every tenth computed SIM has one."""
        given = self.given.get(sim)
        if given is not None:
            return given.eid
        if sim % 10 != _ESIM:
            return None
        digits = f"8904903200{self.seed % 100:02d}{sim:018d}"
        return f"{digits}{98 - int(digits) * 100 % 97:02d}"

    def of(self, sim: int) -> tuple[str, str, str, str | None]:
        """Return ICCID, IMSI, MSISDN and EID."""
        if sim in self.given or sim % 10 == _ESIM:
            return self.iccid(sim), self.imsi(sim), self.msisdn(sim), self.eid(sim)
        return f"{self._issuer}{sim:09d}", f"00101{sim:010d}", f"999{sim:012d}", None

    @cached_property
    def _issuer(self) -> str:
        """The first digits of every computed ICCID."""
        return f"89001010{self.seed % 100:02d}"

    def candidates(self, field: str, text: str) -> int | None:
        """Return the only SIM id that can have an identifier, None if there is none."""
        owner = self._owners.get((field, text))
        if owner is not None:
            return owner
        tails = {
            "iccid": (19, 9, 0),
            "iccid_with_luhn": (20, 10, 1),
            "imsi": (15, 10, 0),
            "msisdn": (15, 12, 0),
            "eid": (32, 20, 2),
        }
        length, tail, check = tails[field]
        if len(text) != length or not (text.isascii() and text.isdigit()):
            return None
        digits = text[-tail:]
        sim = int(digits[: tail - check] if check else digits)
        return sim if str(getattr(self, field)(sim)) == text else None

    def has_euicc(self, sim: int) -> bool:
        """Return whether a SIM is an eSIM; every tenth computed one is."""
        given = self.given.get(sim)
        return sim % 10 == _ESIM if given is None else given.eid is not None

    def sim_code(self, sim: SimState) -> int:
        """Return the filterable members of a SIM in one byte: status, in an endpoint, is an eSIM."""
        euicc = HAS_EUICC if self.has_euicc(sim.id) else 0
        return sim.status | euicc | (IN_ENDPOINT if sim.endpoint is not None else 0)


def endpoint_code(endpoint: EndpointState) -> int:
    """Return the filterable members of an endpoint in one byte: status, has a SIM."""
    return endpoint.status | (HOLDS_SIM if endpoint.sim is not None else 0)


@frozen
class Fleet:
    """The pure functions that compute one organisation's fleet.

    Attributes:
        seed: seed of this fleet.
        sims: how many SIMs it has.
        first_sim: id of the first SIM.
        first_endpoint: id of the first endpoint.
        service_profiles: ids of the profiles of eight and of two in ten endpoints.
        tariff_profiles: the same for tariff profiles.
        ip_space: id of the space of all addresses.
        first_ip: the first endpoint's address as a number.
        given: how many more SIMs are in endpoints, of a user's own fleet.
    """

    seed: int
    sims: int
    first_sim: int
    first_endpoint: int
    service_profiles: tuple[int, int]
    tariff_profiles: tuple[int, int]
    ip_space: int
    first_ip: int
    given: int = 0

    @property
    def devices(self) -> int:
        """Return how many SIMs are in an endpoint at the start."""
        return self.attached + self.given

    @cached_property
    def attached(self) -> int:
        """Return how many computed SIMs are in an endpoint."""
        blocks, rest = divmod(self.sims, 5)
        return blocks * len(_PATTERN) + sum(slot < rest for slot in _PATTERN)

    @property
    def endpoints(self) -> int:
        """Return the number of endpoints, including a few without a SIM."""
        return self.attached + self.sims // 50

    def sim(self, position: int) -> SimState:
        """Return the initial SIM at a position."""
        bits = mix(self.seed, position)
        endpoint = self.endpoint_of_sim(position)
        status = _STATUS[endpoint is not None][bits % 20]
        produced = self.sim_produced(position)
        activated = None
        if status in (ACTIVATED, SUSPENDED):
            activated = produced + _DAY + (bits >> 16) % _300_DAYS
        return SimState(
            id=self.first_sim + position,
            status=status,
            endpoint=endpoint,
            activated=activated,
            produced=produced,
        )

    def endpoint_of_sim(self, position: int) -> int | None:
        """Return the id of the initial endpoint of the SIM at a position."""
        block, slot = divmod(position, 5)
        place = _PLACES[slot]
        return None if place is None else self.first_endpoint + block * len(_PATTERN) + place

    def sim_produced(self, position: int) -> float:
        """Return when the SIM at a position was produced."""
        return _BORN + position // 500 * 3_600.0

    def endpoint(self, position: int) -> EndpointState:
        """Return the initial endpoint at a position."""
        bits = mix(self.seed ^ 0x5EED, position)
        created = self.endpoint_created(position)
        return EndpointState(
            id=self.first_endpoint + position,
            name=_name(bits, position),
            tags=_TAGS[(bits >> 8) % len(_TAGS)],
            imei=f"35{(bits >> 16) % 10**12:012d}01" if bits & 1 else None,
            status=DISABLED if (bits >> 12) % 10 == 0 else ENABLED,
            service_profile=self.service_profiles[position % 10 >= 8],
            tariff_profile=self.tariff_profiles[position % 10 >= 8],
            sim=self.sim_of_endpoint(position),
            ip=self.first_ip + position,
            ip_space=self.ip_space,
            created=created,
            updated=_updated(bits, created),
        )

    def sim_of_endpoint(self, position: int) -> int | None:
        """Return the id of the initial SIM in the endpoint at a position."""
        if position >= self.attached:
            return None
        block, slot = divmod(position, len(_PATTERN))
        return self.first_sim + block * 5 + _PATTERN[slot]

    def endpoint_created(self, position: int) -> float:
        """Return when the endpoint at a position was created."""
        return _BORN + 30 * _DAY + position // 200 * 3_600.0

    def sim_fields(self) -> Mapping[str, Callable[[int], Any]]:
        """Return functions from a position to one member of the initial SIM."""
        return {"produced": self.sim_produced, "endpoint": self.endpoint_of_sim}

    def endpoint_fields(self) -> Mapping[str, Callable[[int], Any]]:
        """Return functions from a position to one member of the initial endpoint."""
        seed = self.seed ^ 0x5EED
        return {
            "name": lambda position: _name(mix(seed, position), position),
            "service_profile": lambda position: self.service_profiles[position % 10 >= 8],
            "tariff_profile": lambda position: self.tariff_profiles[position % 10 >= 8],
            "sim": self.sim_of_endpoint,
            "ip": lambda position: self.first_ip + position,
            "created": self.endpoint_created,
            "updated": lambda position: _updated(mix(seed, position), self.endpoint_created(position)),
        }

    def sim_codes(self) -> bytearray:
        """Return the code of every initial SIM without building the SIMs."""
        free, held = (bytes(status | flag for status in _STATUS[bool(flag)]) for flag in (0, IN_ENDPOINT))
        tables = tuple(held if slot in _PATTERN else free for slot in range(5))
        seed = self.seed
        codes = bytearray(tables[place % 5][mix(seed, place) % 20] for place in range(self.sims))
        for place in range((_ESIM - self.first_sim) % 10, self.sims, 10):
            codes[place] |= HAS_EUICC
        return codes

    def endpoint_codes(self) -> bytearray:
        """Return the code of every initial endpoint without building the endpoints."""
        seed = self.seed ^ 0x5EED
        codes = bytearray(
            DISABLED if (mix(seed, place) >> 12) % 10 == 0 else ENABLED for place in range(self.endpoints)
        )
        for place in range(self.attached):
            codes[place] |= HOLDS_SIM
        return codes

    def uses(self, index: int) -> int:
        """Return how many endpoints start with the first (0) or the second (1) profile."""
        tens, rest = divmod(self.endpoints, 10)
        return tens * 8 + min(rest, 8) if index == 0 else tens * 2 + max(0, rest - 8)


def _name(bits: int, position: int) -> str:
    return f"{_NAMES[bits % len(_NAMES)]}-{position + 1}"


def _updated(bits: int, created: float) -> float:
    return created + (bits >> 20) % _90_DAYS
