"""Every file of the schema is valid OpenAPI 3.1, so any OpenAPI tool can read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from codegen.load import TABLES, load
from tests.codegen.conftest import ROOT, TINY

FOLDERS = {"schema": ROOT / "schema", "tiny": TINY}
DOCUMENTS = {
    f"{name}/{key}": (folder / key, document.data)
    for name, folder in FOLDERS.items()
    for key, document in load(folder, name).documents.items()
    if key not in TABLES
}


def faults(file: Path, data: dict[str, Any]) -> list[str]:
    validator = OpenAPIV31SpecValidator(data, base_uri=file.resolve().as_uri())
    return [
        f"{'/'.join(map(str, fault.absolute_path))}: {fault.message}" for fault in validator.iter_errors()
    ]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_is_openapi(name: str) -> None:
    assert faults(*DOCUMENTS[name]) == []


def test_an_invalid_file_is_detected() -> None:
    file, data = DOCUMENTS["schema/resources/sims.yaml"]
    path = data["paths"]["/api/v1/sim/{sim_id}"]
    broken = {**data, "paths": {"/api/v1/sim/{sim_id}": {"get": {**path["get"], "responses": {"fine": {}}}}}}
    assert faults(file, broken) != []
