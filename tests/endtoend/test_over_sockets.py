"""The client against the simulator over a real TLS socket, on both event loops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anyio
import pytest

from aioemnify import Created, Emnify, UserPassword, errors, models
from aioemnify.simulator import Simulator
from aioemnify.simulator.faults.rules import DropAfter, MalformedBody, TruncateBody

pytestmark = pytest.mark.anyio


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(sims=60, seed=5) as running:
        yield running


@pytest.fixture(params=["httpx", "httpx2"])
def library(request: pytest.FixtureRequest) -> Any:
    return request.param


def client(sim: Simulator, library: Any = None) -> Emnify:
    return Emnify(sim.application_token, base_url=sim.url, ca_file=sim.ca_file, http_library=library)


async def _profiles(emnify: Emnify) -> dict[str, int]:
    service, tariff = (await emnify.service_profiles.list())[0], (await emnify.tariff_profiles.list())[0]
    return {"service_profile": service.id, "tariff_profile": tariff.id}


async def test_the_life_of_an_endpoint(sim: Simulator) -> None:
    async with client(sim) as emnify:
        batch = await emnify.sim_batches.validate(sim.bic)
        assert batch.bic == sim.bic
        registered = await emnify.sim_batches.register(sim.bic, {"sim_status": models.SimStatus.ISSUED})
        assert registered.sim
        card = registered.sim[0].id
        made = await emnify.endpoints.create(
            models.EndpointCreate(
                name="pump-17",
                status=models.EndpointStatus.ENABLED,
                sim=models.EndpointCreateSim(id=card, activate=True),
                **await _profiles(emnify),
            )
        )
        assert isinstance(made, Created) and isinstance(made.id, int)
        await emnify.endpoints.update(made.id, {"name": "pump-18"})
        endpoint = await emnify.endpoints.get(made.id)
        assert endpoint.name == "pump-18" and endpoint.sim is not None and endpoint.sim.id == card
        with pytest.raises(errors.ConflictError):
            await emnify.endpoints.delete(made.id)
        await emnify.endpoints.update(made.id, models.EndpointUpdate(sim=models.EndpointUpdateSim(id=None)))
        assert (await emnify.endpoints.get(made.id)).sim is None
        await emnify.endpoints.delete(made.id)
        with pytest.raises(errors.NotFoundError):
            await emnify.endpoints.get(made.id)
        kinds = {event.event_type async for event in emnify.sims.list_events(card)}
        assert models.EventType.SIM_ASSIGNED in kinds


async def test_a_create_whose_answer_is_lost_leaves_one_object_and_says_so(
    sim: Simulator, library: Any
) -> None:
    async with client(sim, library) as emnify:
        before = (await emnify.endpoints.list(per_page=1)).total_count or 0
        sim.faults.add(DropAfter(), operation="endpoints.create")
        body = {"name": "only-one", "status": 0} | await _profiles(emnify)
        with pytest.raises(errors.OutcomeUnknownError):
            await emnify.endpoints.create(body)
        sim.faults.clear()
        found = await emnify.endpoints.list(filter={"name": "only-one"})
        assert found.total_count == 1
        assert (await emnify.endpoints.list(per_page=1)).total_count == before + 1
    assert len([record for record in sim.requests if record.operation == "endpoints.create"]) == 1


async def test_a_lost_answer_to_a_read_is_asked_for_again(sim: Simulator, library: Any) -> None:
    async with client(sim, library) as emnify:
        for effect in (DropAfter(), TruncateBody()):
            sim.faults.add(effect, operation="sims.list", times=1)
            assert (await emnify.sims.list(per_page=5)).total_count == 60


async def test_a_body_that_breaks_off_is_an_error_and_not_an_empty_page(sim: Simulator, library: Any) -> None:
    async with client(sim, library) as emnify:
        sim.faults.add(MalformedBody(), operation="sims.list", times=1)
        with pytest.raises(errors.DecodeError, match=r"sims\.list"):
            await emnify.sims.list(per_page=5)


async def test_a_token_that_expires_under_way_is_renewed_unseen(sim: Simulator) -> None:
    async with client(sim) as emnify:
        await emnify.sims.list(per_page=5)
        sim.expire_tokens()
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(emnify.sims.get, (await emnify.sims.list(per_page=1)).items[0].id)
    assert len([record for record in sim.requests if record.path == "/api/v1/authenticate"]) == 2


async def test_several_errors_come_back_as_one_exception(sim: Simulator) -> None:
    async with client(sim) as emnify:
        wrong = {"name": "x", "status": 0, "service_profile": 999_999, "tariff_profile": 999_999}
        with pytest.raises(errors.ValidationError) as caught:
            await emnify.endpoints.create(wrong)
    assert len(caught.value.errors) == 2
    assert {detail.error_code for detail in caught.value.errors} == {1401}


async def test_a_server_nobody_vouches_for_is_not_spoken_to(sim: Simulator, library: Any) -> None:
    async with Emnify(sim.application_token, base_url=sim.url, http_library=library) as emnify:
        with pytest.raises(errors.ConnectError, match="(?i)certificate"):
            await emnify.sims.list(options={"retry": False})  # type: ignore[arg-type]
    assert sim.requests == []


async def test_a_user_switches_to_another_workspace(sim: Simulator) -> None:
    user = UserPassword(sim.username, sim.password)
    async with Emnify(auth=user, base_url=sim.url, ca_file=sim.ca_file) as emnify:
        assert (await emnify.sims.list(per_page=1)).total_count == 60
        there = emnify.workspace(sim.second_organisation_id)
        assert (await there.sims.list(per_page=1)).total_count == 10


async def test_a_wrong_token_is_told_at_the_first_call(sim: Simulator) -> None:
    async with Emnify("no-such-token", base_url=sim.url, ca_file=sim.ca_file) as emnify:
        with pytest.raises(errors.AuthenticationError):
            await emnify.sims.list()


async def test_an_authority_named_by_the_environment_is_trusted(
    sim: Simulator, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(sim.ca_file))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("EMNIFY_BASE_URL", sim.url)
    monkeypatch.setenv("EMNIFY_APPLICATION_TOKEN", sim.application_token)
    async with Emnify(http_library=library) as emnify:
        assert (await emnify.sims.list(per_page=1)).total_count == 60


@pytest.mark.parametrize(
    ("path", "row", "counted"),
    [
        (
            "/api/v1/event/alerts_pending",
            "GET /api/v1/event/alerts_pending",
            "get_event_alerts_pending",
        ),
        ("/api/v1/event_deprecated", "GET /api/v1/event_deprecated", "get_event_deprecated"),
        ("/api/v1/endpoint/stats/daily", "GET /api/v1/endpoint/stats/*", "get_endpoint_stats_all"),
        (
            "/api/v1/organisation/1/billing/2026/10",
            "GET /api/v1/organisation/{id}/billing/*",
            "get_organisation_id_billing_all",
        ),
    ],
)
async def test_a_call_that_only_the_limits_name_is_paced_by_its_row(
    sim: Simulator, path: str, row: str, counted: str
) -> None:
    async with client(sim) as emnify:
        assert isinstance(await emnify.request("GET", path), list | dict)
        met = {limit.name for limit in emnify.throttle.snapshot().limits}
    assert row in met
    assert (sim.requests[-1].path, sim.requests[-1].limit) == (path, counted)
