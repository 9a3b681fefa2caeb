"""Second factors: set up, asked for at logins, skipped on trusted devices, deleted."""

from __future__ import annotations

import base64

import pytest

from aioemnify.simulator import Settings
from aioemnify.simulator.platform.one_time_codes import is_right, one_time_code
from tests.simulator.people import DIGEST, LOGIN, codes, events_of, log_in, make_user, seeded

pytestmark = pytest.mark.anyio
PATH = "/api/v1/user/mfa"


@pytest.mark.parametrize(
    ("wall", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(wall, code):
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert one_time_code(secret, wall) == code
    assert is_right(code, secret, wall + 30) and is_right(code, secret, wall - 30)
    assert not is_right(code, secret, wall + 90)
    assert not is_right("\u0660" * 6, secret, wall)


async def test_a_second_factor_from_its_key_to_its_end(make_sim, session):
    sim = make_sim(limits=None, settings=Settings(trusted_device_days=1))
    async with session(sim) as client:
        mine = await seeded(client, sim)
        body = {"type": {"id": 0}, "password": sim.password_digest}
        assert (await client.post(PATH, json=body)).status_code == 403  # an application has none
        wrong = {"type": {"id": 7}, "password": DIGEST}
        assert codes(await client.post(PATH, json=wrong, headers=mine)) == [1401, 1400]
        first = (await client.post(PATH, json=body, headers=mine)).json()
        key = (await client.post(PATH, json=body, headers=mine)).json()
        assert key["status"] == {"id": 0, "description": "Activation Pending"}
        assert key["secret_key"] in key["otpauth"]
        path = f"{PATH}/{key['id']}"
        code = one_time_code(key["secret_key"], sim.clock.wall())
        good = {"status": {"id": 1}, "code": code}
        assert (await client.patch(f"{PATH}/{first['id']}", json=good, headers=mine)).status_code == 404
        bad = good | {"code": "x"}
        assert codes(await client.patch(path, json=bad, headers=mine)) == [1400]
        bad = good | {"status": {"id": 0}}
        assert codes(await client.patch(path, json=bad, headers=mine)) == [1404]
        assert (await client.patch(path, json=good, headers=mine)).status_code == 204
        assert (await client.patch(path, json=good, headers=mine)).status_code == 409
        assert (await client.post(PATH, json=body, headers=mine)).status_code == 409
        shown = (await client.get("/api/v1/user/501")).json()["mfa"]
        assert [each["status"]["id"] for each in shown] == [1]
        assert key["secret_key"] not in str(shown)

        login = {"username": sim.username, "password": sim.password_digest, "fingerprint": "f"}
        step = (await client.post(LOGIN, json=login)).json()
        sim.clock.advance(seconds=120)
        step["code"] = one_time_code(key["secret_key"], sim.clock.wall())
        step["trusted_device"] = {"fingerprint": "f", "browser": "b", "operating_system": "o"}
        token = (await client.post(LOGIN, json=step)).json()["auth_token"]
        mine = {"Authorization": f"Bearer {token}"}
        assert "auth_token" in (await client.post(LOGIN, json=login)).json()
        devices = "/api/v1/user/my/mfa/trusted_device"
        (device,) = (await client.get(devices, headers=mine)).json()
        assert (device["browser"], device["operating_system"]) == ("b", "o")
        gone = f"{devices}/{device['id']}"
        assert (await client.delete(gone, headers=mine)).status_code == 204
        assert (await client.delete(gone, headers=mine)).status_code == 404
        assert "mfa_token" in (await client.post(LOGIN, json=login)).json()

        own = f"/api/v1/user/my/mfa/{key['id']}"
        assert (await client.delete(own, headers=mine)).status_code == 204
        assert (await client.delete(own, headers=mine)).status_code == 404
        assert "auth_token" in (await client.post(LOGIN, json=login)).json()
        assert len(await events_of(client, 14)) == 3


async def test_trust_ends(make_sim, session):
    sim = make_sim(limits=None, mfa=True, settings=Settings(trusted_device_days=1, token_minutes=9_999))
    async with session(sim) as client:
        login = {"username": sim.username, "password": sim.password_digest}
        step = (await client.post(LOGIN, json=login)).json()
        step |= {"code": sim.mfa_code, "trusted_device": {"fingerprint": "f"}}
        assert (await client.post(LOGIN, json=step)).status_code == 200
        path = "/api/v1/user/501/mfa/trusted_device"
        assert len((await client.get(path)).json()) == 1
        sim.clock.advance(days=1)
        assert (await client.get(path)).json() == []


async def test_only_administrators_look_after_others(sim, session):
    async with session(sim) as client:
        await make_user(client, sim, "one@example.com", 2)
        mine = await log_in(client, "one@example.com")
        path = "/api/v1/user/501/mfa"
        assert (await client.get(f"{path}/trusted_device", headers=mine)).status_code == 403
        assert (await client.delete(f"{path}/1", headers=mine)).status_code == 403
        assert (await client.delete(f"{path}/1")).status_code == 404
        assert (await client.delete("/api/v1/user/77/mfa/1")).status_code == 404
        assert (await client.get("/api/v1/user/my/mfa/trusted_device", headers=mine)).json() == []
        assert (await client.get(f"{PATH}/status")).json()[1] == {"id": 1, "description": "Active"}
        assert [each["id"] for each in (await client.get(f"{PATH}/type")).json()] == [0]


async def test_the_right_password_forgives_no_wrong_code(make_sim, session):
    sim = make_sim(limits=None, mfa=True)
    credentials = {"username": sim.username, "password": sim.password_digest}
    async with session(sim, token="") as client:
        for _ in range(3):
            begun = (await client.post(LOGIN, json=credentials)).json()
            wrong = {"mfa_token": begun["mfa_token"], "code": "x"}
            assert (await client.post(LOGIN, json=wrong)).status_code == 401
        locked = await client.post(LOGIN, json=credentials)
        assert (locked.status_code, locked.json()["error_token"]) == (401, "TooManyRequests")
        sim.clock.advance(minutes=5)
        begun = (await client.post(LOGIN, json=credentials)).json()
        right = {"mfa_token": begun["mfa_token"], "code": sim.mfa_code}
        assert (await client.post(LOGIN, json=right)).status_code == 200
