"""Support in a user's place reaches no further than the organisation that gives it."""

from __future__ import annotations

import pytest

from tests.simulator.people import DIGEST, LOGIN, events_of, log_in, make_user

pytestmark = pytest.mark.anyio
MIGRATION = "/api/v1/sim/migration/workspace"


async def supported(client, user: int, role: str) -> dict[str, str]:
    """Return the header of somebody who acts as a user."""
    answer = await client.post(f"/api/v2/user/{user}/support_token", json={"role": role})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['support_token']}"}


async def joined(sim, client, other) -> tuple[int, int]:
    """Return a user of one organisation who is an administrator of another as well, and that one."""
    user = await make_user(client, sim, "both@example.com", 1)
    body = {"username": "both@example.com", "name": "Both", "roles": [{"id": 1}]}
    assert (await other.post("/api/v2/user/invitation", json=body)).status_code == 201
    key = (await events_of(other, 36))[-1]["detail"]["activationKey"]
    answer = await client.post("/api/v2/user/activation", json={"activationKey": key})
    assert answer.status_code == 204
    return user, (await other.get("/api/v1/organisation/my")).json()["id"]


async def test_support_stays_where_it_is_given(sim, session):
    third = sim.add_organisation("Third", sims=50)
    async with session(sim) as client, session(sim, third) as other:
        user, elsewhere = await joined(sim, client, other)
        card = (await other.get("/api/v1/sim?q=endpoint:null")).json()[0]["id"]
        headers = await supported(client, user, "1")

        async def status(method: str, path: str, body: object = None) -> int:
            return (await client.request(method, path, json=body, headers=headers)).status_code

        assert await status("GET", "/api/v1/sim?per_page=1") == 200
        listed = (await client.get("/api/v2/user/my/workspace", headers=headers)).json()
        assert [each["id"] for each in listed] == [sim.organisation_id]
        target = {"target_organisation": {"id": elsewhere}}
        assert await status("POST", f"{LOGIN}/workspace", target) == 403
        assert await status("PUT", f"/api/v2/user/{user}/workspace/{elsewhere}/role/2") == 403
        assert await status("PUT", f"/api/v2/user/my/default_organisation/{elsewhere}") == 403
        stranger = {"username": "s@example.com", "name": "S", "organisation": {"id": elsewhere}}
        assert await status("POST", "/api/v2/user/invitation", stranger) == 403
        wanted = {"sims": [{"id": card}], "target_workspace": {"id": sim.organisation_id}, "dry_run": False}
        assert await status("POST", MIGRATION, wanted) == 403
        assert (await other.get(f"/api/v1/sim/{card}")).status_code == 200
        # The same calls are the user's own to make.
        own = await log_in(client, "both@example.com")
        assert (await client.post(f"{LOGIN}/workspace", json=target, headers=own)).status_code == 200


async def test_support_leaves_the_login_alone(sim, session):
    async with session(sim) as client:
        user = await make_user(client, sim, "both@example.com", 1)
        own = await log_in(client, "both@example.com")
        key = {"type": {"id": 0}, "password": DIGEST}
        made = (await client.post("/api/v1/user/mfa", json=key, headers=own)).json()["id"]
        observing = await supported(client, user, "3")
        passwords = {"old_password": DIGEST, "new_password": "b" * 40}
        for method, path, body in (
            ("POST", "/api/v1/user/mfa", key),
            ("PATCH", f"/api/v1/user/mfa/{made}", {"status": {"id": 1}, "code": "000000"}),
            ("DELETE", f"/api/v1/user/my/mfa/{made}", None),
            ("PATCH", "/api/v1/user/password", passwords),
        ):
            answer = await client.request(method, path, json=body, headers=observing)
            assert answer.status_code == 403, (path, answer.text)


async def test_support_ends_with_the_membership(sim, session):
    third = sim.add_organisation("Third")
    async with session(sim) as client, session(sim, third) as other:
        user, _ = await joined(sim, client, other)
        headers = await supported(client, user, "3")
        assert (await client.get("/api/v1/sim?per_page=1", headers=headers)).status_code == 200
        place = f"/api/v2/user/{user}/workspace/{sim.organisation_id}"
        assert (await client.delete(place)).status_code == 204
        assert (await client.get("/api/v1/sim?per_page=1", headers=headers)).status_code == 403


async def test_an_invitation_is_no_way_into_an_account(sim, session):
    third = sim.add_organisation("Third")
    async with session(sim) as client, session(sim, third) as other:
        await make_user(client, sim, "own@example.com", 1)
        body = {"username": "own@example.com", "name": "Taken", "roles": [{"id": 1}]}
        assert (await other.post("/api/v2/user/invitation", json=body)).status_code == 201
        key = (await events_of(other, 36))[-1]["detail"]["activationKey"]
        body = {"activationKey": key, "password": "b" * 40}
        assert (await client.post("/api/v1/user/activation", json=body)).status_code == 204
        refused = await client.post(LOGIN, json={"username": "own@example.com", "password": "b" * 40})
        assert refused.status_code == 401
        await log_in(client, "own@example.com")


async def test_a_new_address_is_verified_wherever_the_user_still_is(sim, session):
    third = sim.add_organisation("Third")
    async with session(sim) as client, session(sim, third) as other:
        user, elsewhere = await joined(sim, client, other)
        assert (
            await client.delete(f"/api/v2/user/{user}/workspace/{sim.organisation_id}")
        ).status_code == 204
        own = await log_in(client, "both@example.com")
        renamed = await client.patch("/api/v1/user/my", json={"username": "new@example.com"}, headers=own)
        assert renamed.status_code == 204
        key = (await events_of(other, 40))[-1]["detail"]["activationKey"]
        body = {"activationKey": key, "password": DIGEST}
        assert (await client.post("/api/v1/user/activation", json=body)).status_code == 204
        own = await log_in(client, "new@example.com")
        assert (await client.get("/api/v1/organisation/my", headers=own)).json()["id"] == elsewhere
