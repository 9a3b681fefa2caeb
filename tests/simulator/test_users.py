"""Users: how they get in, what they may do, and how they leave."""

from __future__ import annotations

import pytest

from aioemnify.simulator import Settings
from tests.simulator.people import DIGEST, LOGIN, codes, events_of, log_in, make_user, seeded

pytestmark = pytest.mark.anyio
PATH = "/api/v1/user"


def person(sim, username: str = "new@example.com", **members) -> dict:
    body = {"username": username, "name": "New", "organisation": {"id": sim.organisation_id}}
    return body | {"roles": [{"id": 2}]} | members


async def test_an_account_begins_with_its_activation(sim, session):
    async with session(sim) as client:
        made = await client.post(PATH, json=person(sim))
        assert (made.status_code, made.content) == (201, b"")
        user = (await client.get(made.headers["Location"])).json()
        assert user["status"] == {"id": 0, "description": "Activation Pending"}
        assert user["roles"] == [{"id": 2, "name": "User"}]
        assert user["organisation"]["name"] == "Simulated Fleet"
        login = {"username": "new@example.com", "password": DIGEST}
        assert (await client.post(LOGIN, json=login)).status_code == 401
        resend = {"username": "new@example.com", "g-recaptcha-response": "x"}
        assert (await client.post(f"{PATH}/activation_resend", json=resend)).status_code == 204
        first, second = [event["detail"]["activationKey"] for event in await events_of(client, 40)]
        for key, password, status in (
            (first, DIGEST, 400),  # the newer one took its place
            (second, "plain", 400),
            (second, DIGEST, 204),
            (second, DIGEST, 400),
        ):
            body = {"activationKey": key, "password": password}
            answer = await client.post(f"{PATH}/activation", json=body, headers={"Authorization": ""})
            assert answer.status_code == status
        assert (await client.get(made.headers["Location"])).json()["status"]["id"] == 1
        assert len(await events_of(client, 41)) == 1
        await log_in(client, "new@example.com")
        nobody = {"username": "nobody@example.com", "g-recaptcha-response": "x"}
        assert (await client.post(f"{PATH}/activation_resend", json=nobody)).status_code == 204


async def test_mistakes_in_a_new_account_are_named_together(sim, session):
    async with session(sim) as client:
        bad = person(sim, "no address", name="", roles=[{"id": 9}, {"id": 8}])
        assert codes(await client.post(PATH, json=bad)) == [1403, 1402, 1401, 1401]
        assert codes(await client.post(PATH, json=person(sim, sim.username))) == [1405]
        assert codes(await client.post(PATH, json={})) == [1402] * 4
        assert codes(await client.post(PATH, json=person(sim, roles=[]))) == [1402]
        for organisation, status in ((77, 404), (None, 404)):
            body = person(sim, organisation={"id": organisation})
            assert (await client.post(PATH, json=body)).status_code == status


async def test_keys_end(make_sim, session):
    sim = make_sim(limits=None, settings=Settings(invitation_hours=1))
    async with session(sim) as client:
        await client.post(PATH, json=person(sim))
        key = (await events_of(client, 40))[0]["detail"]["activationKey"]
        sim.clock.advance(hours=1)
        body = {"activationKey": key, "password": DIGEST}
        assert (await client.post(f"{PATH}/activation", json=body)).status_code == 400
        assert (await client.post("/api/v2/user/activation", json=body)).status_code == 403


async def test_inviting(sim, session):
    async with session(sim) as client:
        body = {"username": "guest@example.com", "name": "Guest"}
        made = await client.post("/api/v2/user/invitation", json=body)
        assert made.status_code == 201
        assert made.json() == (await client.get(made.headers["Location"])).json()
        assert made.json()["roles"] == [{"id": 2, "name": "User"}]
        assert (await client.post("/api/v2/user/invitation", json=body)).status_code == 409
        wrong = {"username": "x", "name": "", "roles": [{"id": 7}]}
        assert codes(await client.post("/api/v2/user/invitation", json=wrong)) == [1403, 1402, 1401]
        key = (await events_of(client, 36))[0]["detail"]["activationKey"]
        accept = "/api/v2/user/activation"
        assert codes(await client.post(accept, json={"activationKey": key})) == [1402]
        assert codes(await client.post(accept, json={"activationKey": key, "password": "x"})) == [1403]
        good = {"activationKey": key, "password": DIGEST, "name": "Renamed"}
        assert (await client.post(accept, json=good)).status_code == 204
        assert (await client.get(made.headers["Location"])).json()["name"] == "Renamed"
        # Into another workspace: the account and its password stay as they are.
        again = body | {"organisation": {"id": sim.second_organisation_id}, "roles": [{"id": 3}]}
        assert (await client.post("/api/v2/user/invitation", json=again)).status_code == 201
        async with session(sim, sim.second_application_token) as other:
            key = (await events_of(other, 36))[0]["detail"]["activationKey"]
        mine = await log_in(client, "guest@example.com")
        target = {"target_organisation": {"id": sim.second_organisation_id}}
        assert (await client.post(f"{LOGIN}/workspace", json=target, headers=mine)).status_code == 403
        assert (await client.post(accept, json={"activationKey": key})).status_code == 204
        assert (await client.post(f"{LOGIN}/workspace", json=target, headers=mine)).status_code == 200


async def test_the_list(sim, session):
    async with session(sim) as client:
        for name in ("c", "a", "b"):
            await client.post(PATH, json=person(sim, f"{name}@example.com", name=name))
        answer = await client.get(PATH, params={"sort": "-name", "per_page": 2, "q": "status:0"})
        assert [user["name"] for user in answer.json()] == ["c", "b"]
        assert answer.headers["X-Total-Count"] == "3"
        assert answer.headers["X-Filter"] == "status:0"
        one = await client.get(PATH, params={"q": f"username:{sim.username}"})
        assert [user["id"] for user in one.json()] == [501]
        wrong = await client.get(PATH, params={"q": "shoe:1"})
        assert (wrong.status_code, wrong.json()["error_code"]) == (422, 1301)
        assert (await client.get(PATH, params={"sort": "shoe"})).json()["error_code"] == 1302
        assert (await client.get(PATH, params={"q": "id:x"})).json()["error_code"] == 1301
    async with session(sim, sim.add_organisation("Third")) as client:
        assert (await client.get(PATH)).json() == []
        assert (await client.get(f"{PATH}/501")).status_code == 404


async def test_names_of_a_user(sim, session):
    async with session(sim) as client:
        mine = await seeded(client, sim)
        expected = (await client.get(f"{PATH}/501")).json()
        for name in ("my", sim.username):
            assert (await client.get(f"{PATH}/{name}", headers=mine)).json() == expected
        for name in ("my", "77", "nobody@example.com", "x"):
            answer = await client.get(f"{PATH}/{name}")
            assert (answer.status_code, answer.json()["error_code"]) == (404, 1201)


async def test_changing_an_account(sim, session):
    async with session(sim) as client:
        user = await make_user(client, sim, "one@example.com")
        path = f"{PATH}/{user}"
        mine = await log_in(client, "one@example.com")
        assert (await client.patch(path, json={"name": "Two", "status": {"id": 2}})).status_code == 204
        assert (await client.get(path)).json()["status"]["description"] == "Suspended"
        assert (await client.get(PATH, headers=mine)).status_code == 401
        login = {"username": "one@example.com", "password": DIGEST}
        assert (await client.post(LOGIN, json=login)).status_code == 401
        wrong = {"username": sim.username, "name": "", "status": {"id": 0}}
        assert codes(await client.patch(path, json=wrong))[0] in (1403, 1405)
        assert codes(await client.patch(path, json={"status": {"id": 0}})) == [1404]
        assert codes(await client.patch(path, json={"status": {"id": 5}})) == [1401]
        assert (await client.patch(path, json={"status": {"id": 1}})).status_code == 204
        assert (await client.patch(path, json={"username": "two@example.com"})).status_code == 204
        assert (await client.get(path)).json()["status"]["id"] == 0
        key = (await events_of(client, 40))[-1]["detail"]["activationKey"]
        body = {"activationKey": key, "password": DIGEST}
        assert (await client.post(f"{PATH}/activation", json=body)).status_code == 204
        await log_in(client, "two@example.com")


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_deleting_an_account_ends_its_tokens(sim, session, version):
    async with session(sim) as client:
        user = await make_user(client, sim, "one@example.com")
        mine = await log_in(client, "one@example.com")
        assert (await client.get(PATH, headers=mine)).status_code == 200
        assert (await client.delete(f"/api/{version}/user/{user}")).status_code == 204
        assert (await client.get(PATH, headers=mine)).status_code == 401
        assert (await client.delete(f"/api/{version}/user/{user}")).status_code == 404
        (event,) = await events_of(client, 46)
        assert event["detail"] == {"user": {"id": user, "username": "one@example.com"}}
    async with session(sim, sim.second_application_token) as client:
        assert (await client.delete(f"/api/{version}/user/501")).status_code == 403


async def test_changing_the_password(sim, session):
    path = f"{PATH}/password"
    async with session(sim) as client:
        mine = await seeded(client, sim)
        good = {"old_password": sim.password_digest, "new_password": DIGEST.upper()}
        assert (await client.patch(path, json=good)).status_code == 403
        for wrong in ({"old_password": "b" * 40}, {"new_password": "plain"}):
            answer = await client.patch(path, json=good | wrong, headers=mine)
            assert (answer.status_code, answer.json()["error_code"]) == (422, 1002)
            assert answer.json()["errors"][0]["error_code"] == 1400
        assert (await client.patch(path, json=good, headers=mine)).status_code == 204
        await log_in(client, sim.username)
        again = {"old_password": DIGEST, "new_password": DIGEST}
        assert (await client.patch(path, json=again, headers=mine)).status_code == 422


async def test_roles(sim, session):
    async with session(sim) as client:
        roles = (await client.get(f"{PATH}/role")).json()
        assert [role["name"] for role in roles] == ["Administrator", "User", "Observer", "SuperAdmin"]
        assert [each["id"] for each in (await client.get(f"{PATH}/status")).json()] == [0, 1, 2]
        path = f"{PATH}/{await make_user(client, sim, 'one@example.com', 3)}/role"
        assert (await client.put(f"{path}/3")).status_code == 409
        assert (await client.put(f"{path}/9")).status_code == 404
        assert (await client.delete(f"{path}/3")).status_code == 409  # the last one
        assert (await client.put(f"{path}/2")).status_code == 204
        assert (await client.delete(f"{path}/1")).status_code == 404
        assert (await client.delete(f"{path}/3")).status_code == 204
        assert (await client.put(f"{PATH}/77/role/1")).status_code == 404
        permissions = (await client.get(f"{path}/permission")).json()
        assert permissions["sims"] == {"read": True, "write": True}
        assert permissions["users"] == {"read": True, "write": True}  # their own password
        assert permissions["application_tokens"] == {"read": True, "write": False}


@pytest.mark.parametrize(
    ("role", "tags", "tokens", "people"), [(1, 201, 200, 404), (2, 201, 403, 403), (3, 403, 403, 403)]
)
async def test_what_roles_allow(sim, session, role, tags, tokens, people):
    async with session(sim) as client:
        await make_user(client, sim, "one@example.com", role)
        mine = await log_in(client, "one@example.com")
        assert (await client.get(PATH, headers=mine)).status_code == 200
        made = await client.post("/api/v1/service_profile", json={"name": "x"}, headers=mine)
        assert made.status_code == tags
        made = await client.post("/api/v1/application_token", json={}, headers=mine)
        assert made.status_code == tokens
        assert (await client.delete(f"{PATH}/77", headers=mine)).status_code == people


async def test_events_of_a_user(sim, session):
    async with session(sim) as client:
        mine = await seeded(client, sim)
        await client.post("/api/v1/application_token", json={}, headers=mine)
        events = (await client.get(f"{PATH}/501/event")).json()
        assert [event["description"].partition(" ")[0] for event in events] == ["User", "Application"]
        assert (await client.get(f"{PATH}/my/event", headers=mine)).json() == events
        for nobody in ("77", "x@example.com", "my"):
            assert (await client.get(f"{PATH}/{nobody}/event")).json() == []


async def test_support_tokens_act_in_a_role(sim, session):
    path = "/api/v2/user/501/support_token"
    async with session(sim) as client:
        for role, status in (("1", 201), ("3", 403)):
            made = await client.post(path, json={"role": role})
            assert made.status_code == 201
            support = {"Authorization": f"Bearer {made.json()['support_token']}"}
            assert (await client.get(f"{PATH}/my", headers=support)).json()["id"] == 501
            answer = await client.post("/api/v1/service_profile", json={"name": "x"}, headers=support)
            assert answer.status_code == status
        assert codes(await client.post(path, json={"role": "2"})) == [1404]
        event = (await events_of(client, 13))[0]
        assert event["detail"]["target_username"] == sim.username
        assert (await client.post("/api/v2/user/77/support_token", json={})).status_code == 404
    async with session(sim, sim.add_organisation("Third")) as client:
        assert (await client.post(path, json={})).status_code == 403


async def test_only_a_main_workspace_has_super_admins(sim, session):
    body = {"username": "s@example.com", "name": "S", "roles": [{"id": 4}]}
    async with session(sim, sim.second_application_token) as client:
        below = {"organisation": {"id": sim.second_organisation_id}}
        assert codes(await client.post("/api/v1/user", json=body | below)) == [1404]
        assert codes(await client.post("/api/v2/user/invitation", json=body)) == [1404]
    async with session(sim) as client:
        assert (await client.post("/api/v2/user/invitation", json=body)).status_code == 201
