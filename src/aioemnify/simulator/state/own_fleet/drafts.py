"""Collect SIMs and endpoints line by line, and make a fleet of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

from attrs import define, field

from aioemnify.simulator.platform.lookups import ENDPOINT_STATUSES, SIM_STATUSES
from aioemnify.simulator.state.addresses import AddressSpace, write_address
from aioemnify.simulator.state.fleet import (
    ACTIVATED,
    DELETED,
    ENABLED,
    ISSUED,
    EndpointState,
    SimNumbers,
    SimState,
)
from aioemnify.simulator.state.own_fleet.settling import UNKNOWN, OwnFleet
from aioemnify.simulator.state.own_fleet.values import (
    WrongLine,
    present,
    read_boolean,
    read_digits,
    read_iccid,
    read_id,
    read_inner,
    read_member_address,
    read_moment,
    read_status,
    read_text,
)

_BORN = 1_577_836_800.0
"""When objects without a date were made: 2020-01-01, in seconds since 1970."""
DELETED_ENDPOINT = 2
_NUMBERS = ("iccid", "imsi", "msisdn", "eid")


@define
class _Draft:
    """What is known of one object, and the lines that said it."""

    line: int
    own: bool
    values: dict[str, Any] = field(factory=dict)
    lines: dict[str, int] = field(factory=dict)


@define
class Drafts:
    """The SIMs and endpoints of a file, as far as its lines have named them.

    Attributes:
        network: the address space of endpoints that name none.
        sims: the SIMs by id.
        endpoints: the endpoints by id.
        names: the names of profiles by kind and id.
        blocks: the address spaces whose network was named, by id.
        place: what the number of a line counts, for error texts.
    """

    network: IPv4Network
    sims: dict[int, _Draft] = field(factory=dict)
    endpoints: dict[int, _Draft] = field(factory=dict)
    names: dict[str, dict[int, str]] = field(factory=lambda: {"service_profile": {}, "tariff_profile": {}})
    blocks: dict[int, IPv4Network] = field(factory=dict)
    place: str = "line"

    def add_line(self, values: Mapping[str, Any], line: int) -> None:
        """Add the SIM or the endpoint of a line.

        Raises:
            WrongLine: it is neither, a value cannot be read, or another line contradicts it.
        """
        if present(values.get("iccid")) or present(values.get("iccid_with_luhn")):
            identity = self._add_sim(values, line, own=True)
            endpoint = read_inner(values, "endpoint")
            if endpoint is not None:
                held = self._add_endpoint(endpoint, line, own=False)
                self._link(identity, held, line)
        elif present(values.get("name")):
            identity = self._add_endpoint(values, line, own=True)
            sim = read_inner(values, "sim")
            if sim is not None:
                self._link(self._add_sim(sim, line, own=False), identity, line)
        else:
            raise WrongLine("it is neither a SIM, which has an iccid, nor an endpoint, which has a name")

    def _link(self, sim: int, endpoint: int, line: int) -> None:
        self._note(self.sims[sim], f"SIM {sim}", {"endpoint": endpoint}, line)
        self._note(self.endpoints[endpoint], f"endpoint {endpoint}", {"sim": sim}, line)

    def _add_sim(self, values: Mapping[str, Any], line: int, *, own: bool) -> int:
        identity = read_id(values, "SIM")
        read = {
            "iccid": read_iccid(values),
            **{name: read_digits(values, name) for name in ("eid", "imsi", "msisdn")},
            "status": read_status(values, SIM_STATUSES, DELETED, "SIM"),
            "production_date": read_moment(values, "production_date"),
            "activation_date": read_moment(values, "activation_date"),
        }
        self._add(self.sims, identity, f"SIM {identity}", read, line, own=own)
        return identity

    def _add_endpoint(self, values: Mapping[str, Any], line: int, *, own: bool) -> int:
        identity = read_id(values, "endpoint")
        read = {
            "name": read_text(values, "name"),
            "tags": read_text(values, "tags"),
            "imei": read_digits(values, "imei"),
            "imei_lock": read_boolean(values, "imei_lock"),
            "status": read_status(values, ENDPOINT_STATUSES, DELETED_ENDPOINT, "endpoint"),
            "service_profile": self._profile(values, "service_profile"),
            "tariff_profile": self._profile(values, "tariff_profile"),
            "ip_address_space": self._space(values),
            "ip_address": read_member_address(values),
            "created": read_moment(values, "created"),
            "last_updated": read_moment(values, "last_updated"),
        }
        self._add(self.endpoints, identity, f"endpoint {identity}", read, line, own=own)
        return identity

    def _add(
        self,
        drafts: dict[int, _Draft],
        identity: int,
        what: str,
        values: dict[str, Any],
        line: int,
        *,
        own: bool,
    ) -> None:
        draft = drafts.setdefault(identity, _Draft(line, own))
        if own and draft.own and draft.line != line:
            raise WrongLine(f"{what} is in {self.place} {draft.line} already")
        if own:
            draft.line, draft.own = line, True
        self._note(draft, what, values, line)

    def _note(self, draft: _Draft, what: str, values: Mapping[str, Any], line: int) -> None:
        for name, value in values.items():
            if value is None:
                continue
            known = draft.values.setdefault(name, value)
            said = draft.lines.setdefault(name, line)
            if known != value:
                raise WrongLine(f"{what} has another {name} in {self.place} {said}")

    def _profile(self, values: Mapping[str, Any], name: str) -> int | None:
        given = values.get(name)
        if not present(given):
            given = values.get(f"{name}_id")
        if not present(given):
            return None
        reference = given if isinstance(given, Mapping) else {"id": given}
        identity = read_id(reference, name)
        title = read_text(reference, "name")
        names, unnamed = self.names[name], f"{name.replace('_', ' ').capitalize()} {identity}"
        known = names.setdefault(identity, title or unnamed)
        if title is not None and known != title:
            if known != unnamed:
                raise WrongLine(f"{unnamed.lower()} is {title!r} here and {known!r} before")
            names[identity] = title
        return identity

    def _space(self, values: Mapping[str, Any]) -> int | None:
        given = values.get("ip_address_space")
        if not present(given):
            given = values.get("ip_address_space_id")
        if not present(given):
            return None
        reference = given if isinstance(given, Mapping) else {"id": given}
        identity = read_id(reference, "ip_address_space")
        block = read_text(reference, "ip_address_space")
        if block is not None:
            try:
                network = IPv4Network(block)
            except ValueError:
                raise WrongLine(
                    f"ip_address_space {block!r} is not an IPv4 network, such as 10.0.0.0/16"
                ) from None
            if self.blocks.setdefault(identity, network) != network:
                raise WrongLine(
                    f"address space {identity} is {block} here and {self.blocks[identity]} before"
                )
        return identity

    def fleet(self, digest: str) -> OwnFleet:
        """Return the fleet.

        Raises:
            WrongLine: two SIMs have the same number, or two endpoints the same address.
        """
        numbers = {identity: self._numbers(draft) for identity, draft in self.sims.items()}
        self._refuse_twice(numbers)
        spaces = self._spaces()
        self._refuse_addresses(spaces)
        return OwnFleet(
            digest=digest,
            sims={identity: _sim(identity, self.sims[identity].values) for identity in sorted(self.sims)},
            endpoints={
                identity: _endpoint(identity, self.endpoints[identity].values)
                for identity in sorted(self.endpoints)
            },
            numbers=numbers,
            service_profiles=self.names["service_profile"],
            tariff_profiles=self.names["tariff_profile"],
            spaces=spaces,
        )

    @staticmethod
    def _numbers(draft: _Draft) -> SimNumbers:
        return SimNumbers(**{name: draft.values.get(name) for name in _NUMBERS})

    def _refuse_twice(self, numbers: Mapping[int, SimNumbers]) -> None:
        for name in _NUMBERS:
            owners: dict[str, int] = {}
            for identity, draft in self.sims.items():
                number = getattr(numbers[identity], name)
                if number is not None and owners.setdefault(number, identity) != identity:
                    text = f"SIM {identity} has the {name} {number} of SIM {owners[number]}"
                    raise WrongLine(text, draft.lines[name])

    def _spaces(self) -> dict[int, IPv4Network]:
        """Return the network of each address space: the given one, or the smallest for all its addresses."""
        found, members = dict(self.blocks), self._by_space()
        homeless = members.pop(None, [])
        for identity, drafts in members.items():
            assert identity is not None
            if identity not in found:
                found[identity] = _around(
                    [draft.values["ip_address"] for draft in drafts if "ip_address" in draft.values]
                )
        default = AddressSpace(UNKNOWN, self.network)
        outside = [
            draft
            for draft in homeless
            if "ip_address" in draft.values and not default.contains(draft.values["ip_address"])
        ]
        if outside:
            extra = max(found, default=1) + 1
            found[extra] = _around([draft.values["ip_address"] for draft in outside])
            for draft in outside:
                draft.values["ip_address_space"] = extra
        return found

    def _by_space(self) -> dict[int | None, list[_Draft]]:
        members: dict[int | None, list[_Draft]] = {}
        for draft in self.endpoints.values():
            members.setdefault(draft.values.get("ip_address_space"), []).append(draft)
        return members

    def _refuse_addresses(self, spaces: Mapping[int, IPv4Network]) -> None:
        owners: dict[tuple[int, int], int] = {}
        members: Counter[int] = Counter()
        blocks = {space: AddressSpace(space, network) for space, network in spaces.items()}
        default = AddressSpace(UNKNOWN, self.network)
        for identity, draft in self.endpoints.items():
            space, address = draft.values.get("ip_address_space", UNKNOWN), draft.values.get("ip_address")
            block = blocks.get(space, default)
            members[space] += 1
            if members[space] > block.size:
                text = f"endpoint {identity} has no room in {block.network}, which has {block.size} addresses"
                raise WrongLine(text, draft.line)
            if address is None:
                continue
            text = f"endpoint {identity} has the address {write_address(address)}"
            if not block.contains(address):
                raise WrongLine(f"{text}, which is not in {block.network}", draft.lines["ip_address"])
            owner = owners.setdefault((space, address), identity)
            if owner != identity:
                raise WrongLine(f"{text} of endpoint {owner}", draft.lines["ip_address"])


def _sim(identity: int, values: Mapping[str, Any]) -> SimState:
    produced = values.get("production_date", _BORN)
    status = values.get("status", ISSUED)
    activated = values.get("activation_date", produced if status == ACTIVATED else None)
    return SimState(
        id=identity,
        status=status,
        endpoint=values.get("endpoint"),
        activated=activated,
        produced=produced,
    )


def _endpoint(identity: int, values: Mapping[str, Any]) -> EndpointState:
    created = values.get("created", _BORN)
    return EndpointState(
        id=identity,
        name=values.get("name", f"endpoint-{identity}"),
        tags=values.get("tags"),
        imei=values.get("imei"),
        imei_lock=values.get("imei_lock", False),
        status=values.get("status", ENABLED),
        service_profile=values.get("service_profile", UNKNOWN),
        tariff_profile=values.get("tariff_profile", UNKNOWN),
        sim=values.get("sim"),
        ip=values.get("ip_address", UNKNOWN),
        ip_space=values.get("ip_address_space", UNKNOWN),
        created=created,
        updated=values.get("last_updated", created),
    )


def _around(addresses: list[int]) -> IPv4Network:
    """Return the smallest network, of at least 256 addresses, from which all these can be assigned."""
    first, last = min(addresses, default=0x0A000001), max(addresses, default=0x0A000001)
    for bits in range(8, 33):
        base = first >> bits << bits
        if base < first and last < base + 2**bits - 1:
            return IPv4Network((base, 32 - bits))
    return IPv4Network("0.0.0.0/0")
