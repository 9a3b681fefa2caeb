"""What outlives a restart, and that the file is safe."""

from __future__ import annotations

import inspect
import json
import stat
from pathlib import Path

import httpx
import msgspec
import pytest

from aioemnify.simulator import Clock, Simulator
from aioemnify.simulator.state import state_file
from aioemnify.simulator.state.snapshot import dump, read
from aioemnify.simulator.state.state_file import write_atomically
from aioemnify.simulator.state.world import Organisation, World

pytestmark = pytest.mark.anyio
PROFILE = {"name": "kept", "description": "d", "tariff": {"id": 1}}


def served(path: Path, **options) -> Simulator:
    return Simulator(**({"sims": 50, "seed": 7, "tls": False, "limits": None, "state": path} | options))


async def test_a_restart_changes_nothing_for_the_client(tmp_path, session):
    path = tmp_path / "state.json"
    with served(path, clock=Clock.manual()) as first:
        first.clock.advance(days=40)
        async with session(first) as client:
            token = client.headers["Authorization"]
            issued = (await client.get("/api/v1/sim?q=status:0,endpoint:null&per_page=2")).json()
            await client.patch(f"/api/v1/sim/{issued[0]['id']}", json={"status": {"id": 1}})
            made = await client.post("/api/v1/tariff_profile", json=PROFILE)
            registered = await client.patch(
                f"/api/v1/sim_batch/bic/{first.bic}", json={"sim_status": {"id": 1}}
            )
            assert registered.status_code < 300, registered.text
            body = {
                "name": "e",
                "status": {"id": 0},
                "service_profile": {"id": 400001},
                "tariff_profile": {"id": 400003},
                "sim": {"id": issued[1]["id"]},
            }
            endpoint = await client.post("/api/v1/endpoint", json=body)
            gone = (await client.get("/api/v1/endpoint?q=sim_status:null&per_page=1")).json()[0]["id"]
            await client.delete(f"/api/v1/endpoint/{gone}")
            first.spend_quota(77)
            paths = [
                "/api/v1/sim?per_page=1000",
                "/api/v1/endpoint?per_page=1000",
                "/api/v1/tariff_profile",
                "/api/v1/service_profile",
                "/api/v1/event",
                f"/api/v1/sim_batch/bic/{first.bic}",
                endpoint.headers["Location"].removeprefix(first.url),
                made.headers["Location"].removeprefix(first.url),
            ]
            before = [(await client.get(place)).json() for place in paths]
        wall = first.clock.wall()
        third = first.add_organisation("Third", sims=3)
        used = first.quota_used()
    with served(path) as second:
        assert second.clock.frozen and second.clock.wall() == pytest.approx(wall)
        assert second.quota_used() == used
        async with session(second, "") as client:
            client.headers["Authorization"] = token
            assert [(await client.get(place)).json() for place in paths] == before
            assert (await client.get(f"/api/v1/endpoint/{gone}")).status_code == 404
            more = await client.post("/api/v1/tariff_profile", json=PROFILE | {"name": "later"})
            assert more.headers["Location"][-6:] > made.headers["Location"][-6:]
            again = await client.post(
                "/api/v1/endpoint", json={name: body[name] for name in body if name != "sim"}
            )
            addresses = {
                each["ip_address"] for each in (await client.get("/api/v1/endpoint?per_page=1000")).json()
            }
            assert again.status_code == 201 and len(addresses) == len(before[1]) + 1
        async with session(second, third) as client:
            assert len((await client.get("/api/v1/sim")).json()) == 3


async def test_revoked_and_expired_tokens_stay_so(tmp_path, session):
    path = tmp_path / "state.json"
    with served(path) as first:
        async with session(first) as client:
            token = client.headers["Authorization"]
            first.expire_tokens()
    with served(path) as second:
        async with session(second, "") as client:
            client.headers["Authorization"] = token
            assert (await client.get("/api/v1/sim/1")).status_code == 401
        async with session(second) as client:
            assert (await client.get("/api/v1/sim/1")).status_code == 200


async def test_it_is_written_while_requests_come(tmp_path, session, monkeypatch):
    import anyio

    monkeypatch.setattr(state_file, "INTERVAL_SECONDS", 0.01)
    path = tmp_path / "state.json"
    with served(path) as simulator:
        async with session(simulator) as client:
            await client.post("/api/v1/tariff_profile", json=PROFILE)
            with anyio.fail_after(10):
                while b'"kept"' not in path.read_bytes():  # noqa: ASYNC110 - another thread writes it
                    await anyio.sleep(0.01)
        assert json.loads(path.read_bytes())["version"] == 1


async def test_only_the_owner_may_read_it_and_nothing_is_left_beside(tmp_path):
    path = tmp_path / "state.json"
    with served(path) as simulator:
        assert simulator.application_token in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]


async def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "f"
    path.write_bytes(b"old")

    def fail(handle):
        raise OSError("disk is full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="full"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", ["", "{}", "nonsense", "[1]", '{"version": 1}', "\x00", '{"a":' * 5000])
async def test_a_file_that_holds_no_state(tmp_path, content):
    path = tmp_path / "state.json"
    path.write_text(content)
    with pytest.raises(ValueError, match="state.json: it is not a state file"):
        served(path)
    assert path.read_text() == content


async def test_a_state_that_does_not_fit(tmp_path):
    path = tmp_path / "state.json"
    with served(path):
        pass
    with pytest.raises(ValueError, match="sims=50.*not to.*sims=60"):
        served(path, sims=60)
    members = json.loads(path.read_text())
    path.write_text(json.dumps(members | {"version": 2}))
    with pytest.raises(ValueError, match="version 2"):
        served(path)
    members["organisations"][0]["sims"]["changed"] = {"1": {"id": "x"}}
    path.write_text(json.dumps(members))
    with pytest.raises(ValueError, match="does not fit"):
        served(path)
    with pytest.raises(FileNotFoundError):
        served(tmp_path / "nowhere" / "state.json")
    with pytest.raises(IsADirectoryError):
        served(tmp_path)


async def test_no_store_of_the_world_is_forgotten():
    """Whoever adds an attribute to the world decides whether a state file keeps it."""
    world = Simulator(sims=5).installation.world
    apart = {"organisations", "chance"}
    assert set(vars(world)) == set(World.KEPT) | World.COMPUTED | apart
    assert set(inspect.get_annotations(Organisation)) >= {"sims", "events", "spaces"}


async def test_a_reset_is_kept_too(tmp_path, session):
    path = tmp_path / "state.json"
    with served(path) as first:
        async with session(first) as client:
            await client.post("/api/v1/tariff_profile", json=PROFILE)
        first.reset()
    assert b'"kept"' not in path.read_bytes()


async def test_what_the_control_interface_made_is_kept(tmp_path, session):
    path = tmp_path / "state.json"
    async with (
        Simulator(sims=3, seed=1, tls=False, state=path) as first,
        httpx.AsyncClient(base_url=f"{first.url}/_sim") as client,
    ):
        token = (await client.post("/organisations", json={"name": "Third", "sims": 4})).json()
        bic = (await client.post("/batches", json={})).json()["bic"]
        await client.post("/quota", json={"calls": 77})
    second = Simulator(sims=3, seed=1, state=path, limits=None)
    assert second.quota_used() == 77
    async with session(second, token["application_token"]) as client:
        assert len((await client.get("/api/v1/sim")).json()) == 4
        assert (await client.get(f"/api/v1/sim_batch/bic/{bic}")).status_code == 200


def test_a_state_shows_no_credentials(sim):
    """A traceback or a debugger prints what it holds."""
    clock = Clock.manual()
    content = msgspec.json.encode(dump(sim.installation, sim._blueprint, clock))
    text = repr(read(content)) + repr(sim.installation)
    for secret in (sim.application_token, sim.password, sim.password_digest):
        assert secret not in text
