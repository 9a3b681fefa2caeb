"""Logging in by every way the API has, tokens and their end, and the walls between tenants."""

from __future__ import annotations

import jwt
import pytest

from aioemnify.simulator import RejectToken, Settings

pytestmark = pytest.mark.anyio

LOGIN = "/api/v1/authenticate"


def claims(token: str) -> dict[str, object]:
    return jwt.decode(token, options={"verify_signature": False})


async def test_application_token(sim, session):
    async with session(sim, token="") as client:
        answer = await client.post(LOGIN, json={"application_token": sim.application_token})
    assert answer.status_code == 200
    assert set(answer.json()) == {"auth_token"}
    found = claims(answer.json()["auth_token"])
    assert found["exp"] - found["iat"] == 240 * 60
    assert found["iat"] == int(sim.clock.wall())
    assert found["esc.org"] == sim.organisation_id
    assert found["esc.orgName"] == "Simulated Fleet"
    assert isinstance(found["esc.app"], int)
    assert {"aud", "iss", "api_key"} <= set(found)
    assert jwt.get_unverified_header(answer.json()["auth_token"])["alg"] == "HS256"


@pytest.mark.parametrize("token", ["", "wrong", "sim-1-00"])
async def test_a_wrong_application_token(sim, session, token):
    async with session(sim, token="") as client:
        answer = await client.post(LOGIN, json={"application_token": token})
    assert (answer.status_code, answer.json()["error_code"]) == (401, 1101)
    assert answer.headers["X-Sim-Fidelity"] == "stateful"


async def test_failed_logins_can_have_no_body(make_sim, session):
    sim = make_sim(settings=Settings(empty_auth_errors=True))
    async with session(sim, token="") as client:
        answer = await client.post(LOGIN, json={"application_token": "wrong"})
    assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize("body", [{}, {"username": "x"}, {"mfa_token": "x"}, {"password": "x"}])
async def test_credentials_that_are_none(sim, session, body):
    async with session(sim, token="") as client:
        assert (await client.post(LOGIN, json=body)).status_code == 400


async def test_a_user_and_the_refresh_token(sim, session):
    async with session(sim, token="") as client:
        body = {"username": sim.username, "password": sim.password_digest}
        tokens = (await client.post(LOGIN, json=body)).json()
        assert set(tokens) == {"auth_token", "refresh_token"}
        assert "esc.app" not in claims(tokens["auth_token"])
        wrong_use = {"Authorization": f"Bearer {tokens['refresh_token']}"}
        assert (await client.get("/api/v1/sim/1", headers=wrong_use)).json()["error_code"] == 1102
        fresh = await client.post(LOGIN, json={"refresh_token": tokens["refresh_token"]})
        assert set(fresh.json()) == {"auth_token"}
        good = {"Authorization": f"Bearer {fresh.json()['auth_token']}"}
        assert (await client.get("/api/v1/sim/1", headers=good)).status_code == 200
        assert (await client.post(LOGIN, json={"refresh_token": tokens["auth_token"]})).status_code == 401
        sim.clock.advance(days=7)
        old = await client.post(LOGIN, json={"refresh_token": tokens["refresh_token"]})
        assert (old.status_code, old.json()["error_code"]) == (401, 1103)


async def test_the_plain_password_is_not_the_credential(sim, session):
    async with session(sim, token="") as client:
        body = {"username": sim.username, "password": sim.password}
        assert (await client.post(LOGIN, json=body)).json()["error_code"] == 1101


async def test_three_failures_lock_the_account(sim, session):
    async with session(sim, token="") as client:
        good = {"username": sim.username, "password": sim.password_digest}
        for _ in range(3):
            answer = await client.post(LOGIN, json={**good, "password": "0" * 40})
            assert answer.json()["error_code"] == 1101
        locked = await client.post(LOGIN, json=good)
        assert (locked.status_code, locked.json()["error_token"]) == (401, "TooManyRequests")
        sim.clock.advance(minutes=5)
        assert (await client.post(LOGIN, json=good)).status_code == 200


async def test_the_second_factor(make_sim, session):
    sim = make_sim(mfa=True)
    async with session(sim, token="") as client:
        body = {"username": sim.username, "password": sim.password_digest, "fingerprint": "laptop"}
        tokens = (await client.post(LOGIN, json=body)).json()
        assert set(tokens) == {"mfa_token"}
        wrong = await client.post(LOGIN, json={"mfa_token": tokens["mfa_token"], "code": "x"})
        assert wrong.status_code == 401
        step = {
            "mfa_token": tokens["mfa_token"],
            "code": sim.mfa_code,
            "trusted_device": {"fingerprint": "laptop"},
        }
        assert set((await client.post(LOGIN, json=step)).json()) == {"auth_token", "refresh_token"}
        # The device is trusted now, for thirty days.
        assert set((await client.post(LOGIN, json=body)).json()) == {"auth_token", "refresh_token"}
        sim.clock.advance(days=30)
        assert set((await client.post(LOGIN, json=body)).json()) == {"mfa_token"}
        late = await client.post(LOGIN, json=step)
        assert (late.status_code, late.json()["error_code"]) == (401, 1103)


async def test_tokens_end(sim, session):
    async with session(sim) as client:
        sim.clock.advance(minutes=239.9)
        assert (await client.get("/api/v1/sim/1")).status_code == 200
        sim.clock.advance(minutes=0.2)
        answer = await client.get("/api/v1/sim/1")
        assert (answer.status_code, answer.json()["error_code"]) == (401, 1103)
        assert answer.json()["error_token"] == "TokenExpired"


async def test_tokens_can_be_ended_by_hand(sim, session):
    async with session(sim) as client:
        sim.expire_tokens()
        assert (await client.get("/api/v1/sim/1")).json()["error_code"] == 1103
    async with session(sim) as client:
        assert (await client.get("/api/v1/sim/1")).status_code == 200
        sim.faults.add(RejectToken(), times=1)
        assert [(await client.get("/api/v1/sim/1")).status_code for _ in range(2)] == [401, 200]


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic abc", "Bearer a.b.c"]
)
async def test_missing_and_invalid_tokens(sim, session, header):
    async with session(sim, token="") as client:
        answer = await client.get("/api/v1/sim", headers={} if header is None else {"Authorization": header})
    assert (answer.status_code, answer.json()["error_code"]) == (401, 1102)


async def test_a_token_of_another_simulator_is_invalid(make_sim, session):
    async with session(make_sim(seed=1)) as client:
        stolen = client.headers["Authorization"]
    async with session(make_sim(seed=2), token="") as client:
        answer = await client.get("/api/v1/sim", headers={"Authorization": stolen})
    assert answer.json()["error_code"] == 1102


async def test_an_unsigned_token_is_invalid(sim, session):
    async with session(sim) as client:
        good = claims(client.headers["Authorization"].removeprefix("Bearer "))
        forged = jwt.encode(good, None, algorithm="none")
        answer = await client.get("/api/v1/sim", headers={"Authorization": f"Bearer {forged}"})
    assert answer.json()["error_code"] == 1102


async def test_switching_workspaces(sim, session):
    target = {"target_organisation": {"id": sim.second_organisation_id}}
    async with session(sim) as client:
        refused = await client.post(f"{LOGIN}/workspace", json=target)
        assert (refused.status_code, refused.json()["error_code"]) == (403, 1104)
        body = {"username": sim.username, "password": sim.password_digest}
        old = (await client.post(LOGIN, json=body)).json()["auth_token"]
        mine = {"Authorization": f"Bearer {old}"}
        new = await client.post(f"{LOGIN}/workspace", json=target, headers=mine)
        assert claims(new.json()["auth_token"])["esc.org"] == sim.second_organisation_id
        there = {"Authorization": f"Bearer {new.json()['auth_token']}"}
        assert len((await client.get("/api/v1/sim", headers=there)).json()) == 10
        assert len((await client.get("/api/v1/sim", headers=mine)).json()) == 50
        unknown = {"target_organisation": {"id": 77}}
        assert (await client.post(f"{LOGIN}/workspace", json=unknown, headers=mine)).status_code == 404
        events = (await client.get("/api/v1/event", headers=mine)).json()
        assert [event["event_type"]["id"] for event in events] == [0, 67]
        assert events[1]["user"]["username"] == sim.username


async def test_tenants_do_not_see_each_other(sim, session):
    third = sim.add_organisation("Third", sims=5)
    async with session(sim) as mine, session(sim, third) as other:
        theirs = (await other.get("/api/v1/sim")).json()
        assert len(theirs) == 5
        endpoint = theirs[0]["endpoint"]["id"]
        profile = theirs[0]["endpoint"]["service_profile_id"]
        tariff = theirs[0]["endpoint"]["tariff_profile_id"]
        for path in (
            f"/api/v1/sim/{theirs[0]['id']}",
            f"/api/v1/endpoint/{endpoint}",
            f"/api/v1/service_profile/{profile}",
            f"/api/v1/tariff_profile/{tariff}",
        ):
            assert (await other.get(path)).status_code == 200
            answer = await mine.get(path)
            assert (answer.status_code, answer.json()["error_code"]) == (404, 1201)
        body = {"status": {"id": 0}, "service_profile": {"id": profile}, "tariff_profile": {"id": tariff}}
        refused = await mine.post("/api/v1/endpoint", json=body | {"sim": {"id": theirs[0]["id"]}})
        assert [error["error_code"] for error in refused.json()["errors"]] == [1401, 1401, 1401]
        assert (await mine.get("/api/v1/sim", params={"q": f"id:{theirs[0]['id']}"})).json() == []
        await other.patch(f"/api/v1/endpoint/{endpoint}", json={"status": {"id": 1}})
        assert (await mine.get("/api/v1/event")).json() == []
        assert (await mine.get(f"/api/v1/endpoint/{endpoint}/event")).json() == []


async def test_failed_logins_are_events_of_whose_credentials_were_used(sim, session):
    async with session(sim) as client:
        made = await client.post("/api/v1/application_token", json={})
        listed = (await client.get("/api/v1/application_token")).json()
        path = f"/api/v1/application_token/{listed[-1]['id']}"
        assert (await client.patch(path, json={"status": {"id": 1}})).status_code == 204
    async with session(sim, token="") as client:
        await client.post(LOGIN, json=made.json())
        await client.post(LOGIN, json={"application_token": "wrong"})
        await client.post(LOGIN, json={"username": sim.username, "password": "0" * 40})
        await client.post(LOGIN, json={"username": "nobody", "password": "0" * 40})
    async with session(sim) as client:
        alerts = (await client.get("/api/v1/event/alerts_pending")).json()
    assert [alert["event_type"]["id"] for alert in alerts] == [7, 6]
