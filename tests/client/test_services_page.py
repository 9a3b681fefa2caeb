"""The application of docs/services.md, over HTTP, with two tenants of a simulator."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aioemnify.simulator import Simulator

pytest.importorskip("fastapi", reason="needs fastapi, which the dependency group tests installs")

from tests.serialization.test_fastapi import served

PAGE = Path(__file__).parents[2] / "docs" / "services.md"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(sims=3, second_sims=2, tls=False) as running:
        yield running


def test_each_tenant_sees_its_own_sims(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMNIFY_BASE_URL", simulator.url)
    found = re.search(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    tokens = {"acme": simulator.application_token, "globex": simulator.second_application_token}
    names: dict[str, Any] = {"tokens": tokens}
    exec(compile(found[1], str(PAGE), "exec"), names)
    with served(names["app"]) as http:

        def status(tenant: str, sim: int) -> int:
            return http.get(f"/sims/{sim}", headers={"X-Tenant": tenant}).status_code

        sim = json.loads(simulator.read("/api/v1/sim").body)[0]["id"]
        assert http.get(f"/sims/{sim}", headers={"X-Tenant": "acme"}).json()["id"] == sim
        assert status("globex", sim) == 500, "it is another tenant's: NotFoundError"
        assert status("acne", sim) == 404
        assert http.get(f"/sims/{sim}").status_code == 422
