"""What searches read and remember is what the objects say, whatever was changed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aioemnify.simulator.state.fleet import Fleet, Identifiers, endpoint_code
from aioemnify.simulator.state.overlay_store import OverlayStore


def populations(sims=60):
    fleet = Fleet(7, sims, 101, 1001, (1, 2), (3, 4), 1, 10)
    cards = OverlayStore(101, sims, fleet.sim, Identifiers(1).sim_code, fleet.sim_codes, fleet.sim_fields())
    endpoints = OverlayStore(
        1001, fleet.endpoints, fleet.endpoint, endpoint_code, fleet.endpoint_codes, fleet.endpoint_fields()
    )
    return (cards, fleet.sim_fields()), (endpoints, fleet.endpoint_fields())


def check_readers(population, fields):
    for field in [*fields, "status"]:
        read = population.reader(field)
        for position in range(population.span):
            assert read(position) == getattr(population.at(position), field), (field, position)


def test_members_are_read_as_the_objects_have_them():
    for population, fields in populations():
        assert fields
        check_readers(population, fields)


def test_members_of_what_was_changed_created_and_deleted():
    (cards, card_fields), (endpoints, endpoint_fields) = populations()
    cards.save(replace(cards.at(4), endpoint=5, produced=1.0))
    endpoints.save(replace(endpoints.at(2), name="a", ip=3, created=4.0, updated=5.0, sim=None))
    for population, fields in ((cards, card_fields), (endpoints, endpoint_fields)):
        model = population.at(9)
        population.save(replace(model, id=7))  # before the computed ones, so that all positions shift
        population.save(replace(model, id=90_000))
        population.remove(model.id)
        assert population.at(0).id == 7
        check_readers(population, fields)


def test_an_answer_is_remembered_until_something_changes():
    (cards, _), _ = populations()
    asked = []

    def find(*found):
        asked.append(found)
        return found

    assert [cards.remember("q", lambda: find(1)) for _ in range(3)] == [(1,)] * 3
    assert len(asked) == 1
    for change in (lambda: cards.save(cards.at(0)), lambda: cards.remove(101)):
        before = cards.revision
        change()
        assert cards.revision > before
        assert cards.remember("q", lambda: find(2)) == (2,)
    assert len(asked) == 3


def test_only_the_last_few_answers_are_remembered():
    (cards, _), _ = populations()
    for question in range(9):
        cards.remember(question, lambda: (0,))
    assert cards.remember(8, lambda: (1,)) == (0,)
    assert cards.remember(0, lambda: (1,)) == (1,)


@pytest.mark.anyio
async def test_lists_of_endpoints_follow_their_sims(sim, session):
    """A search of endpoints that looks at SIMs is not remembered over a change of a SIM."""
    query = {"q": "sim_status:1", "sort": "-name"}
    async with session(sim) as client:
        before = (await client.get("/api/v1/endpoint", params=query)).json()
        card = before[0]["sim"]["id"]
        answer = await client.patch(f"/api/v1/sim/{card}", json={"status": {"id": 2}})
        assert answer.status_code == 204
        after = (await client.get("/api/v1/endpoint", params=query)).json()
    assert [each["id"] for each in after] == [each["id"] for each in before[1:]]
