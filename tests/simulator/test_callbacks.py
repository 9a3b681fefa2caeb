"""Callbacks and secrets: kept, shown without the secret, and not deleted while a profile uses them."""

from __future__ import annotations

import pytest

from tests.simulator.people import codes

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("api_callback", {"url": "https://example.com/sms", "purpose": "replies"}),
        ("api_secret", {"secret": "not for you", "purpose": "replies"}),
    ],
)
async def test_the_life_of_both(sim, session, kind, body):
    path = f"/api/v1/{kind}"
    async with session(sim) as client:
        made = await client.post(path, json=body)
        assert (made.status_code, made.content) == (201, b"")
        one = (await client.get(made.headers["Location"])).json()
        assert (await client.get(path)).json() == [one]
        assert (one["purpose"], one["organisation_id"]) == ("replies", sim.organisation_id)
        assert "not for you" not in str(one)
        wrong = body | {"organisation_id": 77}
        assert codes(await client.post(path, json=wrong)) == [1401]
        profile = (await client.post("/api/v1/service_profile", json={"name": "x"})).headers["Location"]
        name = {kind: {"id": one["id"]}}
        assert (await client.patch(profile, json=name)).status_code == 201
        assert (await client.get(profile)).json()[kind]["purpose"] == "replies"
        assert (await client.delete(made.headers["Location"])).status_code == 409
        assert (await client.patch(profile, json={kind: {"id": None}})).status_code == 201
        async with session(sim, sim.second_application_token) as other:
            assert (await other.get(path)).json() == []
            assert (await other.delete(made.headers["Location"])).status_code == 404
        gone = await client.delete(made.headers["Location"])
        assert (gone.status_code, gone.content) == (200, b"")
        assert (await client.get(made.headers["Location"])).status_code == 404
        assert codes(await client.patch(profile, json=name)) == [1401]


@pytest.mark.parametrize(
    "url", ["", "example.com", "ftp://example.com", "https://", "http://[", "https://a b/", "https://?x"]
)
async def test_what_is_no_address(sim, session, url):
    async with session(sim) as client:
        bad = {"url": url, "organisation_id": 77}
        assert codes(await client.post("/api/v1/api_callback", json=bad)) == [1403, 1401]
        assert codes(await client.post("/api/v1/api_callback", json={})) == [1402]


async def test_an_incoming_message_callback_is_kept_too(sim, session):
    async with session(sim) as client:
        made = await client.post("/api/v1/api_callback", json={"url": "https://example.com"})
        identity = int(made.headers["Location"].rpartition("/")[2])
        body = {"name": "x", "moc_callback": {"id": identity}}
        assert (await client.post("/api/v1/service_profile", json=body)).status_code == 201
        assert (await client.delete(made.headers["Location"])).status_code == 409
