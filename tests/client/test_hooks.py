"""What hooks are told, in which order, and that none of them can harm a call."""

from __future__ import annotations

import logging
import random
from functools import partial
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import Clock, Emnify, Hooks, StaticToken, UserPassword, Wait
from aioemnify.errors import (
    ArgumentTypeError,
    DecodeError,
    EmnifyError,
    NotFoundError,
    OutcomeUnknownError,
    ThrottleError,
    TimeoutError,
)
from aioemnify.fleet import Job
from aioemnify.hooks import CallInfo
from tests.fleet.fleet_server import FleetServer
from tests.scripted_api import ScriptedApi, sim
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio

METHODS = (
    "client_created", "call_started", "waited", "attempt_ended", "call_ended", "limit_refused",
    "token_renewed", "job_progress",
)  # fmt: skip


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


class Told:
    """Keeps all that hooks are called with. Its handles are numbers, in the order of the calls."""

    def __init__(self) -> None:
        self.lines: list[tuple[Any, ...]] = []
        self.calls: list[CallInfo] = []
        for name in METHODS:
            if not hasattr(self, name):
                setattr(self, name, partial(self._add, name))

    def _add(self, name: str, *values: Any) -> None:
        self.lines.append(
            (name, *(round(value, 3) if isinstance(value, float) else value for value in values))
        )

    def call_started(self, call: CallInfo) -> int:
        self.calls.append(call)
        self.lines.append(("call_started", len(self.calls), call.operation))
        return len(self.calls)

    def of(self, *names: str) -> list[tuple[Any, ...]]:
        return [line for line in self.lines if line[0] in names]


async def test_a_call_is_told_from_its_beginning_to_its_end() -> None:
    api, told = (
        ScriptedApi([httpx.Response(503), httpx.Response(429, headers={"Retry-After": "200"}), sim()]),
        Told(),
    )
    async with api.client(hooks=told) as emnify:
        await emnify.sims.get(1, options={"priority": "bulk", "deadline": 60.0})
    assert told.lines[1:] == [
        ("call_started", 1, "sims.get"),
        ("call_started", 2, "auth.authenticate"),
        ("attempt_ended", 2, 1, 200, None, 0.1),
        ("call_ended", 2, "ok", 0.1, None),
        ("token_renewed", 0.1),
        ("attempt_ended", 1, 1, 503, None, 0.0),
        ("attempt_ended", 1, 2, 429, None, 0.0),
        ("limit_refused", "GET /api/v1/sim/{id}", "row", 0.2),
        ("waited", 1, "GET /api/v1/sim/{id}", "row", 0.2),
        ("attempt_ended", 1, 3, 200, None, 0.0),
        ("call_ended", 1, "ok", 0.8, None),
    ]
    call, authentication = told.calls
    assert (call.method, call.template, call.priority) == ("GET", "/api/v1/sim/{sim_id}", "bulk")
    assert (call.server, call.port, call.deadline, call.organisation) == ("cdn.emnify.net", 443, 60.0, None)
    assert (authentication.priority, authentication.deadline) == ("interactive", None)
    with pytest.raises(AttributeError):
        call.operation = "another"  # type: ignore[misc]


async def test_the_end_of_a_list_says_how_many_items_came() -> None:
    api, told = ScriptedApi([httpx.Response(200, json=[{"id": 1}, {"id": 2}])]), Told()
    async with api.client(hooks=told) as emnify:
        await emnify.sims.list()
        await emnify.service_profiles.list()
        await emnify.request("GET", "/api/v1/endpoint")
    assert [line[4] for line in told.of("call_ended")] == [None, 2, 2, 2]
    assert [call.organisation for call in told.calls] == [None, None, "7", "7"]


async def test_an_admission_that_waits_is_told_once() -> None:
    api, told = ScriptedApi([within(1.0)]), Told()
    async with api.client(hooks=told, connections=1) as emnify, anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(emnify.sims.get, 1)
    limit = ("connections of this client", "connections")
    assert [line[2:] for line in told.of("waited")] == [(*limit, 1.0), (*limit, 2.0)]


async def test_a_hook_that_ends_the_call_after_its_wait_keeps_no_slot() -> None:
    """What is no ``Exception``, such as Ctrl-C or ``pytest.fail``, is not caught."""

    class Stop(BaseException):
        pass

    class Stopping(Hooks):
        armed = True

        def waited(self, call: Any, limit: str, kind: Any, seconds: float, /) -> None:
            if self.armed:
                raise Stop

    api, hooks = ScriptedApi([within(1.0)]), Stopping()
    async with api.client(hooks=hooks, connections=1) as emnify:
        async with anyio.create_task_group() as group:
            group.start_soon(emnify.sims.get, 1)
            await anyio.sleep(0.5)
            with pytest.raises(Stop):
                await emnify.sims.get(1)
        hooks.armed = False
        with anyio.fail_after(10):
            await emnify.sims.get(1)


async def test_a_wait_that_ends_with_an_error_is_told() -> None:
    api, told = ScriptedApi([sim()]), Told()
    async with api.client(hooks=told, connections=1) as emnify:
        await emnify.sims.get(1)
        told.lines.clear()
        api.answers = [within(100.0)]
        async with anyio.create_task_group() as group:
            group.start_soon(emnify.sims.get, 1)
            await anyio.sleep(1.0)
            with pytest.raises(ThrottleError):
                await emnify.sims.get(2, options={"deadline": 2.0})
            with anyio.move_on_after(3.0):
                await emnify.sims.get(3)
    limit = ("connections of this client", "connections")
    assert told.of("waited") == [("waited", 4, *limit, 2.0), ("waited", 5, *limit, 3.0)]
    assert told.of("call_ended") == [
        ("call_ended", 4, "ThrottleError", 2.0, None),
        ("call_ended", 5, "cancelled", 3.0, None),
        ("call_ended", 3, "ok", 100.0, None),
    ]


def within(seconds: float) -> Any:
    async def answer(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep(seconds)
        return sim()

    return answer


@pytest.mark.parametrize(
    ("deadline", "outcome"), [(None, "cancelled"), (3.0, "TimeoutError")], ids=["cancelled", "deadline"]
)
async def test_an_attempt_that_is_cut_short_ends_before_its_call(
    deadline: float | None, outcome: str
) -> None:
    api, told = ScriptedApi([within(100.0)]), Told()
    async with api.client(hooks=told, retry=None) as emnify:
        with anyio.move_on_after(3.1 if deadline is None else 50.0):
            with pytest.raises(TimeoutError) if deadline else anyio.CancelScope():
                await emnify.sims.get(1, options={"deadline": deadline, "retry": False})
    took = 2.9 if deadline else 3.0
    assert told.lines[-2:] == [
        ("attempt_ended", 1, 1, None, outcome, took),
        ("call_ended", 1, outcome, round(took + 0.1, 3), None),
    ]


@pytest.mark.parametrize(
    ("answer", "attempts", "outcome"),
    [
        (httpx.Response(404, json={}), [(1, 404, None)], "NotFoundError"),
        (httpx.Response(200, text="<html>"), [(1, 200, None)], "DecodeError"),
        (httpx.ReadError("gone"), [(n, None, "ProtocolError") for n in (1, 2, 3, 4)], "ProtocolError"),
    ],
)  # fmt: skip
async def test_a_failure_is_told_by_its_class(answer: Any, attempts: list[Any], outcome: str) -> None:
    api, told = ScriptedApi([answer]), Told()
    async with api.client(hooks=told) as emnify:
        with pytest.raises(EmnifyError):
            await emnify.sims.get(1)
    assert [line[2:5] for line in told.of("attempt_ended") if line[1] == 1] == attempts
    assert told.of("call_ended")[-1][2] == outcome


async def test_paths_that_are_not_in_the_table_are_told_by_their_method() -> None:
    api, told = ScriptedApi([httpx.Response(200, json={})]), Told()
    async with api.client(hooks=told) as emnify:
        await emnify.request("GET", "/api/v1/sim/42")
        await emnify.request("PATCH", "/api/v9/secret/42")
    assert [(call.operation, call.template) for call in told.calls if call.method != "POST"] == [
        ("sims.get", "/api/v1/sim/{sim_id}"),
        ("PATCH", None),
    ]


async def test_clients_of_workspaces_have_the_hooks_of_their_client() -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        return sim() if request.method == "GET" else httpx.Response(200, json={"auth_token": api.token()})

    api, told = ScriptedApi([answer]), Told()
    async with api.client(None, auth=UserPassword("me", "secret"), hooks=told) as emnify:
        await emnify.workspace(5).sims.get(1)
    assert len(told.of("client_created")) == 1
    assert [call.operation for call in told.calls] == [
        "sims.get", "auth.switch_workspace", "auth.authenticate",
    ]  # fmt: skip
    assert told.of("call_ended")[-1][1:3] == (1, "ok") and len(told.of("token_renewed")) == 2


async def test_a_ready_token_is_not_renewed() -> None:
    api, told = ScriptedApi([sim()]), Told()
    async with api.client(None, auth=StaticToken(api.token()), hooks=told) as emnify:
        await emnify.sims.get(1)
    assert not told.of("token_renewed") and len(told.of("call_ended")) == 1


async def test_jobs_tell_where_their_items_stand(tmp_path: Any) -> None:
    told, server = Told(), FleetServer(rollback=True)
    file = tmp_path / "rename.job"
    async with server.client(hooks=told) as emnify:
        async with Job(emnify, file) as job:
            await job.add("endpoints.update", [(1, {"name": "a"}), (999_999, {"name": "b"})])
            async for _ in job.run():
                pass
            job.skip("failed")
        async with Job(emnify, file):
            pass
    seen = [(line[1].name, line[2]) for line in told.of("job_progress")]
    assert {name for name, _ in seen} == {str(file)}
    counts = [(one.waiting, one.ok, one.failed, one.skipped) for _, one in seen]
    assert counts[:2] == [(0, 0, 0, 0), (2, 0, 0, 0)]
    assert counts[-3:] == [(0, 1, 1, 0), (0, 1, 0, 1), (0, 1, 0, 1)]
    assert len({id(line[1]) for line in told.of("job_progress")}) == 2, "opened twice"


# --- hooks that do harm


class Broken:
    """Raises in every method."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        for name in METHODS:
            setattr(self, name, partial(self._fail, name))

    def _fail(self, name: str, *_: Any) -> None:
        self.asked.append(name)
        raise LookupError("no such gauge")


async def test_a_hook_that_raises_is_logged_once_and_breaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    api, broken = ScriptedApi([httpx.Response(429, headers={"Retry-After": "200"}), sim()]), Broken()
    async with api.client(hooks=broken) as emnify:
        assert [(await emnify.sims.get(1)).id for _ in range(3)] == [1, 1, 1]
    errors = [record for record in caplog.records if record.name == "aioemnify.hooks"]
    assert [record.getMessage() for record in errors] == [
        f"hooks.{name} raised LookupError; its further errors are not logged"
        for name in ("client_created", "call_started", "token_renewed", "limit_refused")
    ]
    assert {record.levelname for record in errors} == {"ERROR"} and errors[0].exc_info
    assert broken.asked.count("call_started") == 4, "it may recover"
    assert "call_ended" not in broken.asked, "there is no handle"


async def test_a_hook_that_raises_while_a_call_fails_does_not_log_that_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class FailsAtTheEnd(Hooks):
        def call_ended(self, *_: Any) -> None:
            raise LookupError("no such gauge")

    api = ScriptedApi([httpx.Response(404, json={"message": "canary-1"})])
    async with api.client(hooks=FailsAtTheEnd()) as emnify:
        with pytest.raises(NotFoundError, match="canary-1"):
            await emnify.sims.get(1)
    assert len([record for record in caplog.records if record.name == "aioemnify.hooks"]) == 1
    assert "no such gauge" in caplog.text and "canary" not in caplog.text


async def test_hooks_that_are_inherited_are_not_called() -> None:
    class Ends(Hooks):
        def __init__(self) -> None:
            self.seen: list[Any] = []

        def call_ended(self, call: CallInfo, outcome: str, seconds: float, items: int | None, /) -> None:
            self.seen.append((call.operation, outcome))

    api, ends = ScriptedApi([sim()]), Ends()
    async with api.client(hooks=ends) as emnify:
        await emnify.sims.get(1)
    assert ends.seen == [("auth.authenticate", "ok"), ("sims.get", "ok")], "the record is the handle"


async def asynchronous(*_: Any) -> None:
    """Be what nobody would await."""


@pytest.mark.parametrize(
    ("hooks", "text"),
    [
        (object(), "hooks takes an object with one or more of client_created, call_started, waited"),
        (Told, "hooks takes an object with one or more of"),
        (type("Wrong", (), {"waited": 5})(), "hooks takes an object with one or more of"),
        (type("Wrong", (Told,), {"waited": 5})(), "hooks.waited takes a function, not int"),
        (type("Async", (), {"call_ended": asynchronous})(), "hooks.call_ended takes a plain function"),
    ],
)
async def test_what_is_not_a_hook_is_refused(hooks: Any, text: str) -> None:
    with pytest.raises(ArgumentTypeError, match=text):
        Emnify("token", hooks=hooks, clock=Clock())


# --- on_wait


def test_on_wait_must_not_be_async() -> None:
    class Called:
        async def __call__(self, wait: Wait) -> None: ...

    async def called(wait: Wait) -> None: ...

    for on_wait in (called, Called(), partial(called)):
        with pytest.raises(ArgumentTypeError, match="on_wait takes a plain function, not an async one"):
            Emnify("token", on_wait=on_wait, clock=Clock())  # type: ignore[arg-type]


async def test_on_wait_goes_before_the_wait_and_can_end_the_call() -> None:
    class TooLong(Exception):
        pass

    def on_wait(wait: Wait) -> None:
        heard.append(wait)
        if wait.position > 0:
            raise TooLong

    async def wait_behind() -> None:
        with pytest.raises(TooLong):
            await emnify.sims.get(3)

    api, told, heard = ScriptedApi([within(1.0)]), Told(), list[Wait]()
    client = api.client(hooks=told, on_wait=on_wait, connections=1)
    async with client as emnify, anyio.create_task_group() as group:
        group.start_soon(emnify.sims.get, 1)
        await anyio.sleep(0.5)
        group.start_soon(emnify.sims.get, 2)
        await anyio.sleep(0.1)
        group.start_soon(wait_behind)
    limit = ("connections of this client", "connections")
    assert [(wait.limit, wait.kind, wait.position) for wait in heard] == [(*limit, 0), (*limit, 1)]
    assert told.of("waited") == [("waited", 3, *limit, 0.6)], "the last one did not wait"
    assert told.of("call_ended")[1][1:3] == (4, "TooLong")


# --- request ids


async def test_a_request_id_stands_in_each_attempt_and_in_the_error() -> None:
    api, told = ScriptedApi([httpx.Response(503), httpx.Response(404, json={})]), Told()
    async with api.client(hooks=told, chance=random.Random(4).random) as emnify:
        with pytest.raises(NotFoundError) as caught:
            await emnify.sims.get(1)
        with pytest.raises(NotFoundError) as another:
            await emnify.sims.get(1)
    first, second, third = (request.headers["X-Request-Id"] for request in api.requests)
    assert first == second != third and len(first) == 16 and int(first, 16) >= 0
    assert (caught.value.request_id, another.value.request_id) == (first, third)
    assert [call.request_id for call in told.calls if call.operation == "sims.get"] == [first, third]


async def test_a_request_id_can_be_given_or_left_out() -> None:
    api = ScriptedApi([httpx.Response(404, json={})])
    async with api.client() as emnify:
        for given in ("req-17", None):
            with pytest.raises(NotFoundError) as caught:
                await emnify.sims.get(1, options={"request_id": given})
            assert api.requests[-1].headers.get("X-Request-Id") == caught.value.request_id == given
    async with api.client(request_id=None) as emnify:
        with pytest.raises(NotFoundError) as caught:
            await emnify.sims.get(1)
        assert "X-Request-Id" not in api.requests[-1].headers and caught.value.request_id is None
        with pytest.raises(NotFoundError) as caught:
            await emnify.sims.get(1, options={"request_id": "req-18"})
        assert api.requests[-1].headers["X-Request-Id"] == "req-18"
    async with api.client(request_id=lambda: "of-the-service") as emnify:
        with pytest.raises(NotFoundError) as caught:
            await emnify.sims.get(1)
    assert api.requests[-1].headers["X-Request-Id"] == caught.value.request_id == "of-the-service"


@pytest.mark.parametrize(
    "answer", [httpx.Response(201, text="<html>"), httpx.ReadError("gone")], ids=["broken", "lost"]
)
async def test_errors_of_lost_and_broken_responses_have_the_id(answer: Any) -> None:
    api = ScriptedApi([answer])
    body = {"status": 0, "service_profile": 1, "tariff_profile": 2}
    async with api.client() as emnify:
        with pytest.raises(OutcomeUnknownError) as caught:
            await emnify.endpoints.create(body, options={"request_id": "req-19"})  # type: ignore[arg-type]
    assert caught.value.request_id == "req-19"


async def test_an_error_of_the_authentication_has_the_id_of_that_call() -> None:
    api, told = ScriptedApi([sim()]), Told()
    api.login_answers = [httpx.Response(200, text="<html>")]
    async with api.client(hooks=told, chance=random.Random(4).random) as emnify:
        with pytest.raises(DecodeError) as caught:
            await emnify.sims.get(1)
    assert caught.value.request_id == told.calls[1].request_id != told.calls[0].request_id


@pytest.mark.parametrize("given", ["", "two words", "line\nbreak", "ü", "x" * 129])
async def test_a_request_id_that_no_header_can_hold_is_refused(given: str) -> None:
    api = ScriptedApi([sim()])
    async with api.client(request_id=lambda: given) as emnify:
        with pytest.raises(ValueError, match="1 to 128 visible ASCII characters"):
            await emnify.sims.get(1, options={"request_id": given})
        with pytest.raises(ValueError, match="request_id takes 1 to 128 visible ASCII characters"):
            await emnify.sims.get(1)
        with pytest.raises(ValueError, match="pass it as request_id="):
            await emnify.sims.get(1, options={"headers": {"x-request-id": "1"}})
    with pytest.raises(ArgumentTypeError, match="request_id takes 'random', a function or None, not 'uuid'"):
        api.client(request_id="uuid")
    assert not api.requests


async def test_what_a_hook_is_told_of_is_not_logged_without_hooks(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    api = ScriptedApi([httpx.Response(200, json={})])
    async with api.client(request_id=None) as emnify:
        await emnify.request("GET", "/api/v9/canary/42")
    assert "canary" not in "".join(
        record.getMessage() for record in caplog.records if "aioemnify" in record.name
    )
    assert "GET: 200 in 0.000 s (attempt 1, waited 0.000 s, request None)" in caplog.messages


async def test_a_request_id_stands_in_the_journal_of_the_simulator() -> None:
    server = FleetServer(rollback=True)
    async with server.client() as emnify:
        with pytest.raises(NotFoundError) as caught:
            await emnify.sims.get(999_999_999)
    server.simulator.requests.assert_called("sims.get", request_id=caught.value.request_id, times=1)
