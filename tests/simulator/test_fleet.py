"""The fleet is a pure function of its seed; what was changed lies over it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from ipaddress import IPv4Network

import pytest

from aioemnify.simulator import Simulator
from aioemnify.simulator.state.addresses import AddressSpace, read_address, write_address
from aioemnify.simulator.state.fleet import Fleet, Identifiers, endpoint_code, luhn_digit
from aioemnify.simulator.state.overlay_store import OverlayStore

anyio_test = pytest.mark.anyio

_DIGEST = """
import hashlib
from aioemnify.simulator.state.fleet import Fleet
fleet = Fleet({seed}, 500, 1, 1, (1, 2), (3, 4), 1, 10)
text = repr([fleet.sim(n) for n in range(500)]) + repr([fleet.endpoint(n) for n in range(fleet.endpoints)])
print(hashlib.sha256(text.encode()).hexdigest())
"""


def make(sims=500, seed=7):
    return Fleet(seed, sims, 101, 1001, (1, 2), (3, 4), 1, 10)


def digest(seed, hash_seed):
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-c", _DIGEST.format(seed=seed)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def test_the_same_in_every_process_and_different_by_seed():
    # Written down, so that a change of the function is noticed: seeds are part of users' tests.
    found = [digest(7, "1"), digest(7, "2"), digest(8, "1")]
    assert found[0] == found[1] != found[2]
    fleet = Fleet(7, 500, 1, 1, (1, 2), (3, 4), 1, 10)
    text = repr([fleet.sim(n) for n in range(500)]) + repr(
        [fleet.endpoint(n) for n in range(fleet.endpoints)]
    )
    assert hashlib.sha256(text.encode()).hexdigest() == found[0]


@anyio_test
async def test_two_simulators_of_one_seed_are_twins(make_sim, session):
    bodies = []
    for seed in (7, 7, 8):
        sim = make_sim(seed=seed)
        async with session(sim) as client:
            sims = (await client.get("/api/v1/sim")).text
            bodies.append((sims, (await client.get("/api/v1/endpoint")).text, sim.bic, sim.application_token))
    assert bodies[0] == bodies[1]
    assert all(one != other for one, other in zip(bodies[0], bodies[2], strict=True))


@pytest.mark.parametrize("sims", [0, 1, 2, 3, 4, 5, 6, 49, 500])
def test_sims_and_endpoints_point_at_each_other(sims):
    fleet = make(sims)
    cards = {card.id: card for card in map(fleet.sim, range(sims))}
    endpoints = {endpoint.id: endpoint for endpoint in map(fleet.endpoint, range(fleet.endpoints))}
    assert {card.id: card.endpoint for card in cards.values() if card.endpoint is not None} == {
        endpoint.sim: endpoint.id for endpoint in endpoints.values() if endpoint.sim is not None
    }
    for index in (0, 1):
        using = [one for one in endpoints.values() if one.service_profile == fleet.service_profiles[index]]
        assert len(using) == fleet.uses(index)
    assert fleet.sim_codes() == bytearray(map(Identifiers(1).sim_code, cards.values()))
    assert fleet.endpoint_codes() == bytearray(map(endpoint_code, endpoints.values()))


def test_all_statuses_occur():
    cards = list(map(make().sim, range(500)))
    assert {card.status for card in cards} == {0, 1, 2, 4}
    assert all((card.activated is None) == (card.status in (0, 4)) for card in cards)


@pytest.mark.parametrize(
    ("digits", "check"), [("7992739871", 3), ("0", 0), ("8988303000008013931", 1), ("", 0)]
)
def test_luhn(digits, check):
    assert luhn_digit(digits) == check


@anyio_test
async def test_identifiers_come_from_ranges_of_nobody(sim, session):
    async with session(sim) as client:
        cards = (await client.get("/api/v1/sim")).json()
    for card in cards:
        assert len(card["iccid"]) == 19
        assert card["iccid"].startswith("89001010")
        assert card["iccid_with_luhn"] == f"{card['iccid']}{luhn_digit(card['iccid'])}"
        assert len(card["imsi"]) == 15
        assert card["imsi"].startswith("00101")
        assert card["msisdn"].startswith("999")
    for field in ("iccid", "imsi", "msisdn"):
        assert len({card[field] for card in cards}) == 50


class Counting:
    """A fleet that counts how many SIMs were computed."""

    def __init__(self, fleet):
        self.fleet, self.made = fleet, 0

    def sim(self, position):
        self.made += 1
        return self.fleet.sim(position)


def test_a_million_sims_are_not_made():
    counting = Counting(make(1_000_000))
    sims = OverlayStore(101, 1_000_000, counting.sim, Identifiers(1).sim_code, counting.fleet.sim_codes)
    assert sims.size == 1_000_000
    assert counting.made == 0
    page = sims.states(range(900_000, 901_000))
    assert [card.id for card in page] == list(range(900_101, 901_101))
    assert counting.made == 1_000


@anyio_test
async def test_a_page_far_out_in_a_large_fleet(session):
    simulator = Simulator(sims=1_000_000, limits=None)
    async with session(simulator) as client:
        answer = await client.get("/api/v1/sim", params={"page": 9001, "per_page": 100})
        last = await client.get("/api/v1/sim", params={"page": 10**6, "per_page": 7})
    assert [card["id"] for card in answer.json()] == list(range(900_001, 900_101))
    assert answer.headers["X-Total-Count"] == "1000000"
    assert last.json()[-1]["id"] == 1_000_000
    assert len(last.json()) == 1


@pytest.mark.parametrize("early", [True, False])
def test_a_population_with_changes(early):
    fleet = make(40)
    sims = OverlayStore(fleet.first_sim, 40, fleet.sim, Identifiers(1).sim_code, fleet.sim_codes)
    if early:  # whether the column exists before the changes or is built after them
        sims.column()
    sims.save(sims.at(3).moved_to(2, 0.0))
    sims.save(make(60).sim(50))
    sims.remove(105)
    sims.save(make(60).sim(55))
    sims.remove(151)
    assert sims.size == 40
    assert not sims.everyone
    living = [sims.at(place) for place in sims.select()]
    assert [card.id for card in living] == [*range(101, 105), *range(106, 141), 156]
    assert sims.find(105) is sims.find(151) is sims.find(999) is None
    assert sims.find(104).status == 2
    assert sims.living([41, 40, 3, 4, 3]) == [3, 41]
    for status in range(5):
        chosen = sims.select(lambda code, status=status: code & 7 == status)
        assert [sims.at(place).id for place in chosen] == [
            card.id for card in living if card.status == status
        ]


def test_addresses():
    space = AddressSpace(1, IPv4Network("10.0.0.0/29"), fleet=2, fleet_first_id=70)
    assert (space.size, space.used) == (6, 2)
    first = space.first
    assert [space.owner(first + offset) for offset in range(3)] == [70, 71, None]
    assert space.free() == first + 2
    space.take(first + 2, 5)
    space.release(first)
    assert space.owner(first) is None
    assert space.free() == first
    space.take(first, 6)
    assert [space.owner(first), space.free(), space.used] == [6, first + 3, 3]
    for offset in (3, 4, 5):
        space.take(first + offset, offset)
    assert space.free() is None
    space.release(first + 4)
    assert space.free() == first + 4
    assert not space.contains(first - 1)
    assert not space.contains(first + 6)
    with pytest.raises(ValueError, match="room for 6"):
        AddressSpace(1, IPv4Network("10.0.0.0/29"), fleet=7)


def test_address_texts():
    assert write_address(read_address("10.1.2.3")) == "10.1.2.3"
    assert read_address("fd::1") is read_address("10.1.2") is read_address("x") is None


def test_a_fleet_too_large_for_its_network():
    with pytest.raises(ValueError, match="room"):
        Simulator(sims=100, network=IPv4Network("10.0.0.0/28"))
