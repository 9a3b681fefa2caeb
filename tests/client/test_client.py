"""The client as its user sees it, over httpx itself (respx) and over what a user brings along."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
import threading
from pathlib import Path

import httpx
import httpx2
import jwt
import pytest
import respx

from aioemnify import OPERATIONS, Clock, Created, Emnify, errors, models
from aioemnify.transport.shared_state import shared_state_of
from tests.scripted_api import KEY

HOST = "https://cdn.emnify.net"
SIMS = [{"id": n, "iccid": str(n), "status": {"id": 1, "description": "Activated"}} for n in range(1, 8)]


def _page(request: httpx.Request) -> httpx.Response:
    number, size = (
        int(request.url.params.get(name, default)) for name, default in (("page", 1), ("per_page", 3))
    )
    headers = {
        "X-Total-Count": "7",
        "X-Total-Pages": "3",
        "X-Current-Page": str(number),
        "X-Count-Per-Page": str(size),
        "X-Sort": "id",
    }
    return httpx.Response(200, headers=headers, json=SIMS[(number - 1) * size : number * size])


@pytest.fixture
def api() -> respx.MockRouter:
    """Return a router in front of the real transport of httpx."""
    with respx.mock(base_url=HOST, assert_all_called=False) as router:
        token = jwt.encode({"iat": 1, "exp": 14401, "esc.org": 7}, KEY)
        router.post("/api/v1/authenticate").respond(json={"auth_token": token})
        yield router


@pytest.fixture
def emnify() -> Emnify:
    """Return a client that shares no pace with those of other tests."""
    return Emnify("an-application-token", base_url=HOST, clock=Clock())


@pytest.mark.asyncio
async def test_the_fleet_in_pages(api: respx.MockRouter, emnify: Emnify) -> None:
    route = api.get("/api/v1/sim").mock(side_effect=_page)
    async with emnify:
        page = await emnify.sims.list(per_page=3, page=2)
        assert [sim.id for sim in page] == [4, 5, 6]
        assert (page.total_count, page.total_pages, page.current_page, page.sort) == (7, 3, 2, "id")
        everything = [sim.id async for sim in emnify.sims.list(filter={"status": 1}, sort="-id", per_page=3)]
        assert everything == [1, 2, 3, 4, 5, 6, 7]
        rest = [sim.id async for sim in emnify.sims.list(per_page=3, page=3)]
        assert rest == [7]
    assert route.calls[1].request.url.query == b"q=status:1&sort=-id&page=1&per_page=3"


@pytest.mark.asyncio
async def test_a_list_is_a_parameter_for_each_value(api: respx.MockRouter, emnify: Emnify) -> None:
    route = api.get("/api/v1/any").respond(json={})
    async with emnify:
        await emnify.request("GET", "/api/v1/any", params={"a": [1, "x y", None], "b": None, "c": (True,)})
        with pytest.raises(errors.ArgumentTypeError, match=r"params\['a'\] takes text, a number"):
            await emnify.request("GET", "/api/v1/any", params={"a": [[1]]})
    assert route.calls[0].request.url.query == b"a=1&a=x%20y&c=true"


@pytest.mark.asyncio
async def test_tags_come_in_an_envelope(api: respx.MockRouter, emnify: Emnify) -> None:
    def boxed(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", 1))
        data = [{"id": n, "name": f"tag {n}"} for n in range(1, 6)][(number - 1) * 2 : number * 2]
        return httpx.Response(
            200, json={"total": 5, "page": number, "page_size": 2, "last_page": 3, "data": data}
        )

    route = api.get("/api/v2/tags").mock(side_effect=boxed)
    async with emnify:
        assert [tag.id async for tag in emnify.tags.list(page_size=2)] == [1, 2, 3, 4, 5]
        page = await emnify.tags.list(page=2, name="tag")
        assert [type(tag) for tag in page] == [models.Tag] * 2
        assert (page.total_count, page.total_pages, page.current_page, page.per_page) == (5, 3, 2, 2)
    assert route.calls[0].request.url.query == b"page=1&page_size=2"


@pytest.mark.asyncio
async def test_credentials_go_with_their_connection_type(api: respx.MockRouter, emnify: Emnify) -> None:
    route = api.post("/api/v2/data_stream").respond(201, headers={"Location": "/api/v2/data_stream/5"})
    bucket = {"region": "eu-west-1", "bucket_name": "fleet", "role_arn": "arn:aws:iam::1:role/x"}
    async with emnify:
        for credentials in (bucket, models.S3Credentials(**bucket)):
            destination = models.DataStreamDestinationCreate(connection_type="S3", credentials=credentials)  # type: ignore[arg-type]
            made = await emnify.data_streams.create(models.DataStreamCreate(destination=destination))
            assert isinstance(made, Created) and made.id == 5
            assert json.loads(route.calls.last.request.content)["destination"] == {
                "connection_type": "S3",
                "credentials": bucket,
            }
        wrong = {"connection_type": "Datadog", "credentials": models.S3Credentials(**bucket)}
        with pytest.raises(
            errors.ArgumentTypeError,
            match=r"body\.destination\.credentials takes DatadogCredentials, which goes with "
            r"connection_type 'Datadog', not S3Credentials",
        ):
            await emnify.data_streams.create({"destination": wrong})
    assert route.call_count == 2


@pytest.mark.asyncio
async def test_a_strict_client_refuses_an_answer_that_breaks_its_schema(api: respx.MockRouter) -> None:
    api.get("/api/v1/sim/7").respond(json={"id": 7, "iccid": ["x"], "status": "on", "member_of_tomorrow": 1})
    api.get("/api/v1/sim/8").respond(
        json={"id": 8, "iccid": "8988", "status": {"id": 1}, "member_of_tomorrow": 1}
    )
    async with Emnify("an-application-token", base_url=HOST, clock=Clock(), strict=True) as strict:
        with pytest.raises(errors.DecodeError, match=r"sims\.get: .*Sim\.iccid is list; Sim\.status is str"):
            await strict.sims.get(7)
        assert (await strict.sims.get(8)).id == 8
    async with Emnify("an-application-token", base_url=HOST, clock=Clock()) as lenient:
        assert (await lenient.sims.get(7)).status == "on"
    with pytest.raises(errors.ArgumentTypeError, match="strict takes True or False"):
        Emnify("an-application-token", strict=1)  # type: ignore[arg-type]


@pytest.mark.asyncio
async def test_a_create_says_what_it_made(api: respx.MockRouter, emnify: Emnify) -> None:
    route = api.post("/api/v1/endpoint")
    route.respond(201, headers={"Location": f"{HOST}/api/v1/endpoint/11370016"})
    body = models.EndpointCreate(
        name="pump-17", status=models.EndpointStatus.ENABLED, service_profile=1, tariff_profile=2
    )
    async with emnify:
        made = await emnify.endpoints.create(body)
        assert made == Created(11370016, f"{HOST}/api/v1/endpoint/11370016")
        whole = {"id": 5, "name": "pump-17"}
        whole |= {key: {"id": 1} for key in ("status", "service_profile", "tariff_profile")}
        route.respond(201, json=whole)
        full = await emnify.endpoints.create(body)
        assert isinstance(full, models.Endpoint) and full.id == 5
    assert json.loads(route.calls[0].request.content) == {
        "name": "pump-17",
        "status": {"id": 0, "description": "Enabled"},
        "service_profile": {"id": 1},
        "tariff_profile": {"id": 2},
    }


@pytest.mark.asyncio
async def test_a_null_said_is_a_null_sent(api: respx.MockRouter, emnify: Emnify) -> None:
    route = api.patch("/api/v1/endpoint/9").respond(204)
    async with emnify:
        await emnify.endpoints.update(9, models.EndpointUpdate(sim=models.EndpointUpdateSim(id=None)))
    assert route.calls.last.request.content == b'{"sim":{"id":null}}'


@pytest.mark.asyncio
async def test_several_errors_in_one_answer(api: respx.MockRouter, emnify: Emnify) -> None:
    listed = [
        {"error_code": 1402, "error_token": "Required", "message": "Endpoint - status is required"},
        {
            "error_code": 1401,
            "error_token": "InvalidReference",
            "message": "Service profile with Id '-1' not found.",
        },
    ]
    body = {
        "error_code": 1400,
        "error_token": "InputValidationFailed",
        "message": "refused",
        "errors": listed,
    }
    api.patch("/api/v1/endpoint/9").respond(422, json=body)
    async with emnify:
        with pytest.raises(errors.ValidationError) as caught:
            await emnify.endpoints.update(9, {"name": "x"})
    assert [detail.error_code for detail in caught.value.errors] == [1402, 1401]
    assert caught.value.errors[0].field == "status"
    assert all(entry["message"] in str(caught.value) for entry in listed)


@pytest.mark.asyncio
async def test_two_clients_of_one_process_share_token_and_window(api: respx.MockRouter) -> None:
    host = "https://shared.emnify.example"
    token = jwt.encode({"iat": 1, "exp": 14401, "esc.org": 7}, KEY)
    login = api.post(f"{host}/api/v1/authenticate").respond(json={"auth_token": token})
    api.get(f"{host}/api/v1/sim/1").respond(json=SIMS[0])
    async with Emnify("same", base_url=host) as one, Emnify("same", base_url=host) as other:
        await asyncio.gather(*(client.sims.get(1) for client in (one, other) * 3))
        snapshot = one.throttle.snapshot()
        assert other.throttle.snapshot().calls == snapshot.calls == 7
    assert login.call_count == 1
    assert next(limit.used for limit in snapshot.limits if limit.name == "ip_general") == 7


def test_one_client_per_loop_in_several_threads_shares_the_pace(api: respx.MockRouter) -> None:
    host = "https://threads.emnify.example"
    token = jwt.encode({"iat": 1, "exp": 14401, "esc.org": 7}, KEY)
    api.post(f"{host}/api/v1/authenticate").respond(json={"auth_token": token})
    api.get(f"{host}/api/v1/sim/1").respond(json=SIMS[0])

    async def work() -> None:
        async with Emnify("same", base_url=host) as client:
            await asyncio.gather(*(client.sims.get(1) for _ in range(5)))

    threads = [threading.Thread(target=asyncio.run, args=(work(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    calls = shared_state_of(host, _documented()).snapshot().calls
    assert 16 <= calls <= 18, "15 calls, and at most one authentication for each event loop"


def _documented():  # type: ignore[no-untyped-def]
    from aioemnify import LIMITS

    return LIMITS


@pytest.mark.asyncio
async def test_a_client_brought_along_is_used_and_left_open() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("authenticate"):
            assert "authorization" not in request.headers
            return httpx.Response(200, json={"auth_token": "t"})
        assert request.headers["authorization"] == "Bearer t"
        return httpx.Response(200, json=SIMS[0])

    mine = httpx.AsyncClient(transport=httpx.MockTransport(handle), headers={"Authorization": "Basic mine"})
    async with mine:
        async with Emnify("token", http_client=mine) as emnify:
            assert (await emnify.sims.get(1)).id == 1
        assert not mine.is_closed


@pytest.mark.asyncio
@pytest.mark.parametrize("brought", ["transport", "client"])
async def test_httpx2_is_recognised_and_its_errors_understood(brought: str) -> None:
    failing = iter([httpx2.ConnectError("refused"), httpx2.ReadTimeout("slow"), None])

    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("authenticate"):
            return httpx2.Response(200, json={"auth_token": "t"})
        failure = next(failing)
        if failure is not None:
            raise failure
        return httpx2.Response(200, json=SIMS[0])

    transport = httpx2.MockTransport(handle)
    given = (
        {"transport": transport}
        if brought == "transport"
        else {"http_client": httpx2.AsyncClient(transport=transport)}
    )
    async with Emnify("token", chance=lambda: 0.0, **given) as emnify:
        assert (await emnify.sims.get(1)).id == 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"application_token": None}, "application_token is missing"),
        ({"application_token": ""}, "application_token is empty"),
        ({"application_token": "line\nend"}, "application_token"),
        ({"application_token": 5}, "application_token takes text"),
        ({"auth": "token"}, "auth takes"),
        ({"base_url": "http://cdn.emnify.net"}, "https only|over https"),
        ({"transport": object()}, "transport"),
        ({"transport": httpx.MockTransport(lambda _: httpx.Response(200)), "ca_file": "x"}, "ca_file"),
        ({"http_library": "requests"}, "http_library is one of httpx, httpx2, not 'requests'"),
        (
            {"http_library": "httpx2", "transport": httpx.MockTransport(lambda _: httpx.Response(200))},
            "http_library",
        ),
        ({"connections": 0}, "connections"),
        ({"max_response_bytes": 1.5}, "max_response_bytes"),
        ({"limits": "none"}, "limits is one of documented, 2026, not 'none'"),
        ({"limits": None}, "limits takes .*, not None; throttling=None turns rate limiting off"),
        ({"throttling": "off"}, r"throttling takes Throttling\(...\), 'default' or None, not str"),
        ({"throttling": False}, "throttling"),
        ({"timeouts": 5}, r"timeouts takes Timeouts\(...\), not int"),
        ({"retry": False}, r"retry takes RetryPolicy\(...\), not bool"),
        ({"clock": 5}, "clock takes a Clock, not int"),
        ({"chance": 0.5}, "chance takes a function, not float"),
        ({"on_wait": "print"}, "on_wait takes a function, not str"),
        ({"store": "redis://u:secret@h"}, "store takes a store, such as .*, not str"),
        (
            {
                "transport": httpx.MockTransport(lambda _: httpx.Response(200)),
                "http_client": httpx.AsyncClient(),
            },
            "transport cannot be combined with http_client=; pass one of them",
        ),
    ],
)
def test_arguments_that_cannot_work_are_named(
    arguments: dict[str, object], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EMNIFY_APPLICATION_TOKEN", raising=False)
    given = {"application_token": "token"} | arguments
    if "auth" in given:
        del given["application_token"]
    with pytest.raises(errors.ArgumentError, match=named):
        Emnify(**given)  # type: ignore[arg-type]


@pytest.mark.asyncio
async def test_a_ca_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    async with Emnify("token", ca_file=tmp_path / "none.pem", clock=Clock()) as emnify:
        with pytest.raises(errors.ArgumentError, match="ca_file"):
            await emnify.sims.get(1)


def test_the_environment_gives_token_and_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMNIFY_APPLICATION_TOKEN", "from-the-environment")
    monkeypatch.setenv("EMNIFY_BASE_URL", "https://white-label.example")
    assert repr(Emnify()) == "<Emnify client of https://white-label.example>"


def test_every_operation_has_its_method() -> None:
    emnify = Emnify("token", clock=Clock())
    for operation_id in OPERATIONS:
        group, _, method = operation_id.partition(".")
        assert callable(getattr(getattr(emnify, group), method)), operation_id
    assert len(OPERATIONS) == 216


def test_a_client_for_another_process_is_made_there(emnify: Emnify) -> None:
    for thing in (emnify, emnify.workspace(9), emnify.sims, emnify.sims.list(), emnify.with_response):
        for attempt in (pickle.dumps, copy.deepcopy):
            with pytest.raises(
                TypeError, match=r"<Emnify client of .*> cannot be pickled: make a client in each process"
            ):
                attempt(thing)


def test_a_copy_of_a_client_is_a_client_of_the_same_class() -> None:
    class Fleet(Emnify):
        region: str = "eu"

    fleet = Fleet("an-application-token", base_url=HOST, clock=Clock())
    fleet.region = "us"
    for made in (copy.copy(fleet), fleet.workspace(9)):
        assert isinstance(made, Fleet) and made.region == "us"
