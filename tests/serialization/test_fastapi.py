"""Models in a FastAPI application, over HTTP: as a result, as a body, as a field, and in its OpenAPI."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest

from aioemnify.models import (
    DataStreamCreate,
    EndpointUpdate,
    LastHourTraffic,
    Sim,
    SimEndpoint,
    SimStatus,
    UserCreate,
)
from aioemnify.simulator import Simulator

fastapi = pytest.importorskip("fastapi", reason="needs fastapi, which the dependency group tests installs")

import pydantic  # noqa: E402 (comes with fastapi)

from tests.served import served  # noqa: E402

CANARY = "canary-9f1b"
SIM = Sim(
    id=1,
    iccid="8988303000000000001",
    status=SimStatus.ACTIVATED,
    endpoint=SimEndpoint(id=7, name="pump-17"),
)
WRITTEN = {
    "id": 1,
    "iccid": "8988303000000000001",
    "status": {"id": 1, "description": "Activated"},
    "endpoint": {"id": 7, "name": "pump-17"},
}

application = fastapi.FastAPI()


class Rename(pydantic.BaseModel):
    """A model of the service, with models of the API as fields."""

    sims: list[Sim]
    change: EndpointUpdate | None = None


@application.get("/sims/{sim_id}")
async def get_sim(sim_id: int) -> Sim:
    return SIM


@application.get("/sims")
async def list_sims() -> list[Sim]:
    return [SIM, SIM]


@application.get("/traffic")
async def get_traffic() -> LastHourTraffic | None:
    return LastHourTraffic.from_dict({"cost": "0.0123456789"})


@application.patch("/endpoints/{endpoint_id}")
async def update(endpoint_id: int, change: Annotated[EndpointUpdate, fastapi.Body()]) -> EndpointUpdate:
    assert isinstance(change, EndpointUpdate)
    return change


@application.post("/users")
async def create(user: Annotated[UserCreate, fastapi.Body()]) -> None:
    pass


@application.post("/streams")
async def stream(body: Annotated[DataStreamCreate, fastapi.Body()]) -> DataStreamCreate:
    return body


@application.post("/renames")
async def rename(body: Rename) -> Rename:
    assert isinstance(body.sims[0], Sim)
    return body


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with served(application) as client:
        yield client


def test_a_model_is_a_response(http: httpx.Client) -> None:
    assert http.get("/sims/1").json() == WRITTEN
    assert http.get("/sims").json() == [WRITTEN, WRITTEN]
    assert http.get("/traffic").json() == {"cost": "0.0123456789"}


def test_a_model_is_a_body(http: httpx.Client) -> None:
    for body in ({"sim": {"id": None}}, {"name": "pump-18", "status": {"id": 0}}, {"status": 1}, {}):
        assert http.patch("/endpoints/1", json=body).json() == body
    stream = {"destination": {"connection_type": "RestAPI", "credentials": {"url": "https://a.example"}}}
    assert http.post("/streams", json=stream).json() == stream
    nested = {"filters": [{"or": [{"field": "alert", "value": True}]}]}
    assert http.post("/streams", json=nested).json() == nested


def test_a_model_is_a_field(http: httpx.Client) -> None:
    body = {"sims": [WRITTEN], "change": {"name": "a"}}
    assert http.post("/renames", json=body).json() == body
    refused = http.post("/renames", json={"sims": [WRITTEN, {"id": 1}]})
    assert [one["loc"] for one in refused.json()["detail"]] == [
        ["body", "sims", 1, "iccid"],
        ["body", "sims", 1, "status"],
    ]


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({"nam": "a"}, [(["body", "nam"], "did you mean 'name'?")]),
        ({"name": 3}, [(["body", "name"], "takes text, not int")]),
        (
            {"sim": {"id": "x"}, "status": "on"},
            [(["body", "status"], "takes EndpointStatus"), (["body", "sim", "id"], "takes a whole number")],
        ),
        ([], [(["body"], "takes EndpointUpdate, not list")]),
        ({"name": "\ud800"}, [(["body", "name"], "is text that is not Unicode")]),
        ({"sim": {"id": "\ud800"}}, [(["body", "sim", "id"], "is text that is not Unicode")]),
    ],
)
def test_a_body_that_does_not_fit_is_a_422(
    body: Any, problems: list[tuple[list[str], str]], http: httpx.Client
) -> None:
    media = {"Content-Type": "application/json"}
    response = http.patch("/endpoints/1", content=json.dumps(body), headers=media)
    assert response.status_code == 422
    details = response.json()["detail"]
    assert [one["loc"] for one in details] == [loc for loc, _ in problems]
    assert all(text in one["msg"] for one, (_, text) in zip(details, problems, strict=True))


def test_deep_nesting_is_a_422(http: httpx.Client) -> None:
    deep = '{"or": [' * 400 + "]}" * 400
    response = http.post("/streams", content=f'{{"filters": [{deep}]}}')
    assert response.status_code == 422


def test_no_error_shows_a_secret(http: httpx.Client) -> None:
    response = http.post("/users", json={"password": CANARY, "username": [CANARY]})
    assert response.status_code == 422
    assert CANARY not in response.text
    with pytest.raises(pydantic.ValidationError) as caught:
        pydantic.TypeAdapter(UserCreate).validate_python({"password": CANARY, "username": [CANARY]})
    assert CANARY not in f"{caught.value}{caught.value.errors()}"


def test_the_openapi_describes_the_models(http: httpx.Client) -> None:
    document = http.get("/openapi.json").json()
    paths, schemas = document["paths"], document["components"]["schemas"]
    sim = {"$ref": "#/components/schemas/Sim"}
    content = paths["/sims/{sim_id}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert content["schema"] == sim
    content = paths["/sims"]["get"]["responses"]["200"]["content"]["application/json"]
    assert content["schema"]["items"] == sim
    content = paths["/endpoints/{endpoint_id}"]["patch"]["requestBody"]["content"]["application/json"]
    assert content["schema"] == {"$ref": "#/components/schemas/EndpointUpdate"}
    assert schemas["Sim"]["required"] == ["id", "iccid", "status"]
    assert schemas["Sim"]["description"] == Sim.__doc__
    members = schemas["Sim"]["properties"]
    assert members["status"] == {"$ref": "#/components/schemas/SimStatus"}
    assert {"type": "string", "format": "date-time"} in members["production_date"]["anyOf"]
    update = schemas["EndpointUpdate"]
    assert update["additionalProperties"] is False
    assert "required" not in update
    assert {"type": "integer"} in update["properties"]["status"]["anyOf"]
    assert "or" in schemas["DataStreamFilter-Input"]["properties"]
    cost = schemas["LastHourTraffic"]["properties"]["cost"]["anyOf"]
    assert "string" in {one.get("type") for one in cost}
    assert "number" not in {one.get("type") for one in cost}


@pytest.mark.parametrize("name", ["Sim", "DataStreamCreate", "ApiError"])
def test_pydantic_writes_what_the_model_writes(name: str) -> None:
    import aioemnify.models

    model = getattr(aioemnify.models, name)
    adapter: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(model)
    for mode in ("validation", "serialization"):
        adapter.json_schema(mode=mode)
    if model is Sim:
        assert adapter.validate_json(adapter.dump_json(SIM)) == SIM
        assert adapter.dump_python(SIM) == SIM.to_dict() == WRITTEN


def test_the_application_of_the_page_works(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Path(__file__).parents[2] / "docs" / "models.md"
    (code,) = [
        one for one in re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL) if "FastAPI(" in one
    ]
    with Simulator(sims=20, seed=7, tls=False) as simulator:
        monkeypatch.setenv("EMNIFY_BASE_URL", simulator.url)
        monkeypatch.setenv("EMNIFY_APPLICATION_TOKEN", simulator.application_token)
        names: dict[str, Any] = {"__name__": "page"}
        exec(compile(code, str(page), "exec"), names)
        with served(names["app"]) as client:
            (sim, *others) = client.get("/sims").json()
            assert len(others) == 9
            assert sim["status"].keys() == {"id", "description"}
            number = next(one["endpoint"]["id"] for one in (sim, *others) if "endpoint" in one)
            changed = client.patch(f"/endpoints/{number}", json={"name": "pump-18"}).json()
            assert (changed["id"], changed["name"]) == (number, "pump-18")
            assert client.patch(f"/endpoints/{number}", json={"nam": "a"}).status_code == 422


def test_nothing_loads_pydantic_by_itself() -> None:
    code = (
        "import sys\nfrom aioemnify import to_row\nfrom aioemnify.models import Sim\n"
        "sim = Sim.from_dict({'id': 1, 'iccid': '2', 'status': {'id': 1}})\nsim.to_json(), to_row(sim)\n"
        "assert not [name for name in sys.modules if name.startswith('pydantic')], 'it was loaded'"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
