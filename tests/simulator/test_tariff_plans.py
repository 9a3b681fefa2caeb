"""Tariff plans: the caller's own, that of a workspace below, and nobody else's."""

from __future__ import annotations

import pytest

from aioemnify.simulator import Settings

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("allowed", [True, False])
async def test_the_plan_of_an_organisation(make_sim, session, allowed):
    sim = make_sim(limits=None, settings=Settings(factory_test=allowed))
    third = sim.add_organisation("Third")
    async with session(sim, third) as client:
        foreign = (await client.get("/api/v1/organisation/my")).json()["id"]
    async with session(sim) as client:
        plan = (await client.get("/api/v1/tariff_plan/active")).json()
        assert plan["organisation_id"] == sim.organisation_id
        assert plan["expiry_date"] is None
        assert plan["factory_test_mode_allowed"] is allowed
        for name in ("my", sim.organisation_id):
            path = f"/api/v1/organisation/{name}/tariff_plan"
            assert (await client.get(f"{path}/active")).json() == plan
            assert (await client.get(path)).json() == [plan]
        below = await client.get(f"/api/v1/organisation/{sim.second_organisation_id}/tariff_plan")
        assert below.json()[0]["id"] != plan["id"]
        for identity, status in ((foreign, 403), (77, 404)):
            for path in ("tariff_plan", "tariff_plan/active"):
                answer = await client.get(f"/api/v1/organisation/{identity}/{path}")
                assert answer.status_code == status
