"""Every documented operation, called on the simulator: the client reads every answer whole.

What it models is learnt by asking it. ``SERVED`` says how each of those calls is made, so that
an operation which the simulator learns is missed here until it is called too. All others are made
with whatever the documentation allows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from ipaddress import IPv4Network
from typing import Any

import httpx
import pytest
from attrs import define, field

from aioemnify import Created, Emnify, Page, UserPassword, models
from aioemnify.simulator import STATEFUL_OPERATIONS, Clock, Simulator
from tests.contract.arguments import arguments_of, stub_of
from tests.contract.both_clients import CLIENTS
from tests.contract.comparison import answer_losses
from tests.contract.documented import CALLS, Call
from tests.contract.sampling import Sampler
from tests.contract.simulated_devices import DEVICES_SERVED, prepare
from tests.contract.simulated_people import PEOPLE_SERVED
from tests.published_document import described_operations

pytestmark = pytest.mark.anyio

FIDELITY = "X-Sim-Fidelity"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Wire(httpx.AsyncBaseTransport):
    """The simulator without a socket; remembers the last answer as it came."""

    def __init__(self, simulator: Simulator) -> None:
        self._inner = httpx.ASGITransport(app=simulator.app)
        self.last = httpx.Response(100)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        raw = b"".join([part async for part in answer.aiter_raw()])
        self.last, again = (
            httpx.Response(answer.status_code, headers=answer.headers, content=raw, request=request)
            for _ in range(2)
        )
        self.last.elapsed = timedelta()  # asked for by the checker of answers
        return again


@define
class LimitQueue:
    """A small fleet, a client of it, and what there is to be called about."""

    simulator: Simulator
    wire: Wire
    emnify: Emnify
    known: dict[str, int] = field(factory=dict)

    async def look_around(self) -> None:
        """Learn the ids of the fleet, without the methods under test."""
        for name, path, criteria in (
            ("sim", "/api/v1/sim", "status:0"),
            ("endpoint", "/api/v1/endpoint", None),
            ("service profile", "/api/v1/service_profile", None),
            ("tariff profile", "/api/v1/tariff_profile", None),
        ):
            items = await self.emnify.request("GET", path, params={"q": criteria})
            self.known[name] = items[0]["id"]
        for name, path in (
            ("free service profile", "service_profile"),
            ("free tariff profile", "tariff_profile"),
        ):
            body = {"name": "unused"}
            if path == "tariff_profile":
                body |= await self._tariff()
            await self.emnify.request("POST", f"/api/v1/{path}", json=body)
            self.known[name] = int(self.wire.last.headers["Location"].rpartition("/")[2])
        status = {"status": {"id": 0}}
        await self.emnify.request(
            "POST", "/api/v1/endpoint", json=self.profiles() | status | {"name": "bare"}
        )
        self.known["bare endpoint"] = int(self.wire.last.headers["Location"].rpartition("/")[2])
        # What leaves an event for the endpoint, and one for its SIM.
        path = f"/api/v1/endpoint/{self.known['endpoint']}"
        sim = (await self.emnify.request("GET", path))["sim"]
        await self.emnify.request("PATCH", path, json={"status": {"id": 1}})
        other = {"status": {"id": 2 if sim["status"]["id"] == 1 else 1}}
        await self.emnify.request("PATCH", f"/api/v1/sim/{sim['id']}", json=other)
        self.known["busy sim"] = sim["id"]

    async def _tariff(self) -> dict[str, Any]:
        profile = await self.emnify.request("GET", f"/api/v1/tariff_profile/{self.known['tariff profile']}")
        return {"description": "unused", "tariff": {"id": profile["tariff"]["id"]}}

    def profiles(self) -> dict[str, Any]:
        """Return the profiles that an endpoint needs."""
        return {
            name.replace(" ", "_"): {"id": self.known[name]} for name in ("service profile", "tariff profile")
        }


@pytest.fixture(params=CLIENTS)
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[LimitQueue]:
    simulator = Simulator(sims=20, seed=3, limits=None, clock=Clock.manual())
    wire = Wire(simulator)
    login = UserPassword(simulator.username, simulator.password)
    kind = CLIENTS[request.param]
    async with kind(auth=login, base_url=simulator.url, transport=wire, throttling=None) as emnify:
        bench = LimitQueue(simulator, wire, emnify)
        await bench.look_around()
        await prepare(bench)
        yield bench


Given = Callable[[LimitQueue], tuple[Any, ...]]


def _about(*names: str, body: Any = None) -> Given:
    """Return the positional arguments of a call about things the fleet has."""
    return lambda bench: (*(bench.known[name] for name in names), *([] if body is None else [body]))


SERVED: dict[str, Given] = {
    "auth.authenticate": lambda bench: ({"application_token": bench.simulator.application_token},),
    "auth.switch_workspace": lambda bench: (
        {"target_organisation": {"id": bench.simulator.second_organisation_id}},
    ),
    "endpoints.create": lambda bench: ({"name": "new", "status": {"id": 0}} | bench.profiles(),),
    "endpoints.create_bulk": lambda bench: (
        {"status": {"id": 0}, "endpoints": [{"name": "one"}, {"name": "two"}]} | bench.profiles(),
    ),
    "endpoints.delete": _about("bare endpoint"),
    "endpoints.delete_bulk": lambda bench: ([bench.known["bare endpoint"]],),
    "endpoints.get": _about("endpoint"),
    "endpoints.list": _about(),
    "endpoints.list_events": _about("endpoint"),
    "endpoints.list_statuses": _about(),
    "endpoints.update": _about("endpoint", body={"name": "renamed"}),
    "endpoints.update_bulk": lambda bench: ([{"id": bench.known["endpoint"], "name": "renamed"}],),
    "events.list": _about(),
    "events.list_types": _about(),
    "service_profiles.add_service": lambda bench: (
        bench.known["free service profile"],
        models.Service.DATA.id,
    ),
    "service_profiles.create": _about(body={"name": "new"}),
    "service_profiles.delete": _about("free service profile"),
    "service_profiles.get": _about("service profile"),
    "service_profiles.list": _about(),
    "service_profiles.remove_service": lambda bench: (bench.known["service profile"], models.Service.DATA.id),
    "service_profiles.update": _about("service profile", body={"description": "changed"}),
    "sim_batches.register": lambda bench: (bench.simulator.bic, {"sim_status": {"id": 0}}),
    "sim_batches.validate": lambda bench: (bench.simulator.bic,),
    "sims.get": _about("sim"),
    "sims.list": _about(),
    "sims.list_events": _about("busy sim"),
    "sims.list_statuses": _about(),
    "sims.update": _about("sim", body={"status": models.SimStatus.ACTIVATED}),
    "tariff_profiles.create": lambda bench: ({"name": "new", "description": "x", "tariff": {"id": 1}},),
    "tariff_profiles.delete": _about("free tariff profile"),
    "tariff_profiles.get": _about("tariff profile"),
    "tariff_profiles.list": _about(),
    "tariff_profiles.update": _about("tariff profile", body={"description": "changed"}),
    "cloud_connect.list_available_regions": lambda bench: (1,),
    "cloud_connect.list_prices": _about(),
    "cloud_connect.list_types": _about(),
    "dns.create": _about(body={"primary": "192.0.2.1", "secondary": "192.0.2.2", "ip_address_version": 4}),
    "dns.delete": lambda bench: (1,),
    "dns.list": _about(),
    "ip_address_spaces.assign": lambda bench: (1_001_000,),
    "ip_address_spaces.create": _about(body={"ip_address_space": "100.70.0.0/24", "ip_address_version": 4}),
    "ip_address_spaces.list": _about(),
    "ip_address_spaces.list_available": _about(),
    "ip_address_spaces.release": lambda bench: (
        bench.simulator.add_address_space(IPv4Network("100.71.0.0/24")),
    ),
    "lookups.list_breakout_regions": _about(),
    "lookups.list_countries": _about(),
    "lookups.list_currencies": _about(),
    "lookups.list_data_blocksizes": _about(),
    "lookups.list_data_throttles": _about(),
    "lookups.list_esme_interface_types": _about(),
    "lookups.list_rat_types": _about(),
    "lookups.list_service_levels": _about(),
    "operators.list": _about(),
    "services.list": _about(),
    "services.list_all_traffic_limits": _about(),
    "services.list_traffic_limits": lambda bench: (22,),
    **DEVICES_SERVED,
    **PEOPLE_SERVED,
}
"""What the simulator models, and the positional arguments that each call is made with."""


ITEMS = {
    call.path.rpartition("/")[0]
    for call in CALLS.values()
    if call.method == "GET" and call.path.rpartition("/")[2].startswith("{")
}
"""The collections whose objects can be read one by one."""


def lost(said: Any, read: Any) -> list[str]:
    """Name what an answer says and the client did not read; pages may come in an envelope."""
    if isinstance(read, Page):
        read = list(read.items)
        said = said if isinstance(said, list) else said["data"]
    elif isinstance(said, list) and not isinstance(read, list):
        read = [read]  # one object may come in an array
    first = read[0] if isinstance(read, list) and read else read
    if isinstance(first, dict):  # no shape is published
        return [] if said == read else [f"{said!r} became {read!r}"]
    return answer_losses(said, read)


async def test_what_the_simulator_models_is_called_below(bench: LimitQueue) -> None:
    answered: dict[str, set[str]] = {}
    for call in CALLS.values():
        path = "/".join("1" if part.startswith("{") else part for part in call.path.split("/"))
        async with httpx.AsyncClient(transport=bench.wire, base_url=bench.simulator.url) as raw:
            answer = await raw.request(call.method, path)
        answered.setdefault(answer.headers[FIDELITY], set()).add(call.id)
    assert answered.keys() == {"stateful", "schema"}
    assert answered["stateful"] == SERVED.keys()


@pytest.mark.parametrize("call", [CALLS[name] for name in SERVED], ids=lambda call: call.id)
async def test_a_modelled_call_loses_nothing(
    call: Call, bench: LimitQueue, caplog: pytest.LogCaptureFixture
) -> None:
    read = await stub_of(bench.emnify, call)(*SERVED[call.id](bench))
    answer = bench.wire.last
    assert (answer.status_code, answer.headers[FIDELITY]) == (call.success, "stateful")
    assert bench.simulator.requests[-1].operation == call.id
    if answer.content:
        described_operations()[call.id].validate_response(answer)
    if isinstance(read, Created):
        assert call.located
        assert read.location == answer.headers["Location"]
        if call.path in ITEMS:
            assert await bench.emnify.request("GET", httpx.URL(read.location).path)
    elif call.returned is None:
        assert read is None
        assert answer.content == b""
    else:
        said = answer.json()
        assert said
        assert lost(said, read) == []
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == []


@pytest.mark.parametrize(
    "call", [call for call in CALLS.values() if call.id not in STATEFUL_OPERATIONS], ids=lambda call: call.id
)
async def test_an_answer_by_schema_loses_nothing(
    call: Call, bench: LimitQueue, caplog: pytest.LogCaptureFixture
) -> None:
    """The call reaches its operation, whatever the names in its path look like."""
    arguments = arguments_of(call)
    body = (Sampler(request=True).payload(call.body),) if call.body else ()
    read = await stub_of(bench.emnify, call)(*arguments.path, *body, **arguments.keywords)
    answer = bench.wire.last
    assert (answer.status_code, answer.headers[FIDELITY]) == (call.success, "schema")
    assert bench.simulator.requests[-1].operation == call.id
    if answer.content:
        described_operations()[call.id].validate_response(answer)
    if isinstance(read, Created):
        assert call.located
        assert read.location == answer.headers["Location"]
    if call.returned is None:
        assert answer.content == b""
    else:
        value = read.value if isinstance(read, Created) else read
        assert lost(answer.json(), value) == []
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == []
