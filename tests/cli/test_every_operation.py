"""Every operation of the API as a command, on the simulator: its help, and a real call."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest

from aioemnify import OPERATIONS, Emnify, UserPassword
from aioemnify.cli.__main__ import main
from aioemnify.serialization.model import Model
from aioemnify.simulator import Clock, Simulator
from tests.contract.arguments import arguments_of
from tests.contract.documented import CALLS, Call
from tests.contract.sampling import Sampler
from tests.contract.simulated_devices import prepare
from tests.contract.test_simulated_calls import SERVED, LimitQueue, Wire

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LimitQueue]:
    """A fleet that a server serves, and a profile of its user, which some calls need."""
    simulator = Simulator(sims=20, seed=3, limits=None, clock=Clock.manual(), tls=False)
    async with AsyncExitStack() as stack:
        wire = Wire(simulator)
        login = UserPassword(simulator.username, simulator.password)
        emnify = await stack.enter_async_context(
            Emnify(auth=login, base_url=simulator.url, transport=wire, throttling=None)
        )
        bench = LimitQueue(simulator, wire, emnify)
        await bench.look_around()
        await prepare(bench)
        await stack.enter_async_context(simulator)
        credentials = {"username": simulator.username, "password": simulator.password_digest}
        token = (await emnify.auth.authenticate(credentials)).auth_token
        (tmp_path / "token.json").write_text(json.dumps({"auth_token": token}))
        place = tmp_path / "emnify"
        place.mkdir()
        config = place / "config.toml"
        config.write_text(
            f'default = "user"\n[profiles.user]\nbase_url = "{simulator.url}"\n'
            f'credential_process = "cat {tmp_path}/token.json"\n'
        )
        config.chmod(0o600)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        for name in ("EMNIFY_APPLICATION_TOKEN", "EMNIFY_PROFILE", "EMNIFY_BASE_URL"):
            monkeypatch.delenv(name, raising=False)
        yield bench


def _command(operation: str) -> list[str]:
    return operation.replace("_", "-").split(".")


def _text(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _options(keywords: dict[str, Any], page: set[str]) -> list[str]:
    found: list[str] = []
    for name, value in keywords.items():
        if name == "filter":
            for field, one in value.items():
                alternatives = "|".join(map(str, one)) if isinstance(one, list) else one
                found += ["-q", f"{field}:{alternatives}"]
        elif name == "sort":
            found += ["--sort", ",".join(value)]
        elif name not in page:
            found += [f"--{name.replace('_', '-')}", _text(value)]
    return found


def _arguments(call: Call, bench: LimitQueue) -> tuple[list[str], Any]:
    """Return the path values and options of a call, and its body."""
    if call.id in SERVED:
        given = list(SERVED[call.id](bench))
        body = given.pop() if call.body else None
        return [_text(one) for one in given], body
    arguments = arguments_of(call)
    body = Sampler(request=True).payload(call.body) if call.body else None
    options = _options(arguments.keywords, set(call.page_params or ()))
    return [*options, "--", *map(_text, arguments.path)], body


def _as_json(value: Any) -> Any:
    return value.to_dict() if isinstance(value, Model) else str(value)


def test_the_description_and_the_table_have_the_same_operations() -> None:
    assert len(OPERATIONS) == 216
    assert CALLS.keys() == OPERATIONS.keys()


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_help(operation: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*_command(operation), "--help"]) == 0
    shown = capsys.readouterr().out
    assert OPERATIONS[operation].path in shown
    for param in OPERATIONS[operation].path_params:
        assert param.name.upper() in shown


@pytest.mark.parametrize("call", CALLS.values(), ids=lambda call: call.id)
async def test_call(
    call: Call, bench: LimitQueue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, body = _arguments(call, bench)
    if body is not None:
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(body, default=_as_json)))
        arguments = ["--body", "-", *arguments]
    if call.returned is not None:
        arguments = ["-o", "json", *arguments]
    before = len(bench.simulator.requests)
    status = await anyio.to_thread.run_sync(main, [*_command(call.id), *arguments])
    out, err = capsys.readouterr()
    told = f"DeprecationWarning: The command '{_command(call.id)[1]}' is deprecated.\n"
    assert (status, err) == (0, told if OPERATIONS[call.id].deprecated else "")
    seen = [request.operation for request in list(bench.simulator.requests)[before:]]
    assert seen == [call.id]
    if call.returned is not None:
        assert json.loads(out) is not None
