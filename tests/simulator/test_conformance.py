"""Every operation, asked whatever the schema allows and forbids: the answers are as the schema says.

``SIMULATOR_CASES`` in the environment says how many requests each operation gets, valid and
invalid ones alike; without it there are a few.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks

from aioemnify.simulator import Clock, Simulator
from aioemnify.tables.operations import OPERATIONS
from tests.published_document import described_operations

CASES = int(os.environ.get("SIMULATOR_CASES", "5"))
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
BY_ID = described_operations()
PATH_FOR = {
    "endpoint_id": "/api/v1/endpoint",
    "euicc_id": "/api/v1/euicc",
    "operator_id": "/api/v1/operator",
    "profile_id": "/api/v1/service_profile",
    "service_id": "/api/v1/service",
    "sim_id": "/api/v1/sim",
    "tariff_profile_id": "/api/v1/tariff_profile",
    "user_id": "/api/v1/user",
}
"""Where the ids come from that a path may hold; the others stay as they are drawn."""


class Bench:
    """A simulator that stands for a whole operation's requests, and a caller that may do everything."""

    def __init__(self) -> None:
        self.simulator = Simulator(sims=30, seed=11, limits=None, clock=Clock.manual())
        self._login = {"username": self.simulator.username, "password": self.simulator.password_digest}
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app=self.simulator.app)
        self._client = httpx.AsyncClient(transport=transport, base_url=self.simulator.url)
        self.authorization = ""
        self.refused = True

    def close(self) -> None:
        self._runner.close()

    def log_in(self) -> None:
        """Log in as the user, who may do more than an application; begin anew when a call ended that."""
        tokens = self._tokens()
        if tokens is None:
            self.simulator.reset()
            tokens = self._tokens()
        assert tokens is not None
        self.authorization = f"Bearer {tokens['auth_token']}"

    def _tokens(self) -> dict[str, str] | None:
        answer = self._runner.run(self._client.post("/api/v1/authenticate", json=self._login))
        return answer.json() if answer.status_code == 200 else None

    def send(self, prepared: requests.PreparedRequest) -> httpx.Response:
        """Send a request as it stands."""
        assert prepared.method is not None
        headers = {**prepared.headers, "Authorization": self.authorization}
        content: Any = prepared.body
        request = self._client.build_request(
            prepared.method, prepared.url or "", headers=headers, content=content
        )
        answer = self._runner.run(self._client.send(request))
        self.refused = answer.status_code == 401
        return answer

    def known(self, name: str) -> Any:
        """Return an id that exists, None where there is none to be had."""
        if name == "org_id_or_my":
            return "my"
        if name not in PATH_FOR:
            return None
        headers = {"Authorization": self.authorization}
        answer = self._runner.run(self._client.get(PATH_FOR[name], headers=headers))
        return answer.json()[-1]["id"] if answer.status_code == 200 and answer.json() else None


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def test_every_operation_is_in_the_document():
    assert BY_ID.keys() == OPERATIONS.keys()


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.name
)
@pytest.mark.parametrize("operation_id", sorted(OPERATIONS))
def test_answers_conform(bench, operation_id, mode):
    operation = BY_ID[operation_id]

    @seed(operation_id + mode.name)
    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), existing=st.booleans())
    def run(case: schemathesis.Case, existing: bool) -> None:
        # What is asked may end the session, of all things.
        if bench.refused:
            bench.log_in()
        if mode is GenerationMode.POSITIVE and existing:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = bench.known(name) or case.path_parameters[name]
        kwargs = case.as_transport_kwargs(base_url=bench.simulator.url)
        allowed = {
            name: kwargs[name]
            for name in ("method", "url", "headers", "params", "data", "json", "files", "cookies")
            if name in kwargs
        }
        answer = bench.send(requests.Request(**allowed).prepare())
        # Creations often answer without the object: see the setting endpoint_create_body.
        empty = answer.status_code == 201 and not answer.content
        case.validate_response(answer, checks=CHECKS[:2] if empty else CHECKS)

    run()
