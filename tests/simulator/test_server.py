"""The simulator behind a real socket, and as a program."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from aioemnify.simulator import (
    Clock,
    CloseBefore,
    Delay,
    DropAfter,
    MalformedBody,
    Simulator,
    SlowBody,
    TruncateBody,
    WrongGzip,
)
from aioemnify.simulator.__main__ import main, parser
from aioemnify.simulator.http.server import KEEP_ALIVE_SECONDS
from aioemnify.simulator.platform.loopback import is_loopback


def trusting(simulator: Simulator) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=simulator.ca_file)


def log_in(client: httpx.Client, token: str) -> None:
    answer = client.post("/api/v1/authenticate", json={"application_token": token})
    client.headers["Authorization"] = f"Bearer {answer.json()['auth_token']}"


@pytest.fixture
def served():
    with Simulator(sims=30, seed=7, clock=Clock.manual(), limits=None) as simulator:
        yield simulator


@pytest.fixture
def client(served):
    with httpx.Client(base_url=served.url, verify=trusting(served)) as client:
        log_in(client, served.application_token)
        yield client


def test_tls(served, client):
    assert served.url.startswith("https://127.0.0.1:")
    assert not served.url.endswith("/")
    assert len(client.get("/api/v1/sim").json()) == 30
    made = client.post("/api/v1/tariff_profile", json={"name": "n", "description": "d", "tariff": {"id": 1}})
    assert made.headers["Location"].startswith(f"{served.url}/api/v1/tariff_profile/")
    assert client.get(made.headers["Location"]).json()["name"] == "n"
    with (
        httpx.Client(base_url=served.url) as stranger,
        pytest.raises(httpx.ConnectError, match="certificate"),
    ):
        stranger.get("/api/v1/sim")


def test_the_ca_file_is_private_and_goes_away():
    simulator = Simulator(sims=1)
    assert simulator.ca_file is None
    with simulator:
        path = Path(simulator.ca_file)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "PRIVATE" not in path.read_text()
    assert not path.exists()
    assert simulator.ca_file is None


def test_a_lost_answer_over_a_socket(served, client):
    path = f"/api/v1/sim/{client.get('/api/v1/sim?q=status:0').json()[0]['id']}"
    served.faults.add(DropAfter(), method="PATCH", times=1)
    with pytest.raises(httpx.TransportError):
        client.patch(path, json={"status": {"id": 1}})
    assert client.get(path).json()["status"]["id"] == 1
    served.faults.add(CloseBefore(), method="PATCH", times=1)
    with pytest.raises(httpx.TransportError):
        client.patch(path, json={"status": {"id": 2}})
    assert client.get(path).json()["status"]["id"] == 1
    served.faults.add(TruncateBody(keep=5), times=1)
    with pytest.raises(httpx.RemoteProtocolError, match="received 5 bytes"):
        client.get(path)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "effect",
    [MalformedBody(), *map(WrongGzip, ("plain", "corrupt", "cut")), SlowBody(0.01)],
    ids=repr,
)
def test_a_response_without_a_body_has_none_to_break(served, client, effect, caplog):
    served.faults.add(effect, method="PATCH")
    for name in ("a", "b"):
        answer = client.patch("/api/v1/endpoint/1", json={"name": name})
        assert (answer.status_code, answer.content) == (204, b"")
        assert "Content-Encoding" not in answer.headers
    assert client.get("/api/v1/endpoint/1").json()["name"] == "b"
    assert [record.status for record in served.requests.of("endpoints.update")] == [204, 204]
    assert caplog.text == ""


@pytest.mark.anyio
@pytest.mark.parametrize("tls", [True, False])
async def test_serving_beside_either_event_loop(tls):
    async with Simulator(sims=5, tls=tls) as simulator:
        verify = trusting(simulator) if tls else True
        async with httpx.AsyncClient(base_url=simulator.url, verify=verify) as client:
            body = {"application_token": simulator.application_token}
            assert (await client.post("/api/v1/authenticate", json=body)).status_code == 200
        assert simulator.url.startswith("https://" if tls else "http://")
        assert (simulator.ca_file is None) is not tls
    assert [record.path for record in simulator.requests] == ["/api/v1/authenticate"]


def test_many_at_once_are_independent():
    with Simulator(sims=5, tls=False, seed=1) as one, Simulator(sims=9, tls=False, seed=2) as two:
        counts = []
        for simulator in (one, two):
            with httpx.Client(base_url=simulator.url) as client:
                log_in(client, simulator.application_token)
                counts.append(len(client.get("/api/v1/sim").json()))
        assert counts == [5, 9]
        assert one.url != two.url
        assert len(one.requests) == len(two.requests) == 2


def test_it_can_be_started_again_and_stopped_twice():
    simulator = Simulator(sims=1, tls=False)
    for _ in range(2):
        with simulator:
            assert httpx.get(f"{simulator.url}/nothing").status_code == 404
            assert simulator.start() is simulator
    simulator.stop()
    assert simulator.url == "https://not-started.invalid"
    assert len(simulator.requests) == 2
    assert not [thread for thread in threading.enumerate() if thread.name == "aioemnify-simulator"]


def test_connections_are_kept(served, client):
    assert KEEP_ALIVE_SECONDS == 75
    assert "connection" not in client.get("/api/v1/sim/1").headers


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", "::"])
def test_other_machines_are_kept_out(host):
    assert not is_loopback(host)
    with pytest.raises(ValueError, match="reachable"):
        Simulator(host=host).start()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.8.9.1", "::1"])
def test_loopback(host):
    assert is_loopback(host)


def test_a_delay_that_is_no_range():
    with pytest.raises(ValueError, match="smallest"):
        Simulator(delay=(0.2, 0.1))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("options", [[], ["--http", "--sims", "3", "--seed", "5", "--delay-ms", "0-1"]])
def test_the_program(number, options):
    command = [sys.executable, "-m", "aioemnify.simulator", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        line = json.loads(process.stdout.readline())
        assert list(line) == ["url", "application_token", "ca_file", "bic"]
        assert len(line["bic"]) == 16
        assert line["url"].rpartition(":")[2].isdecimal()
        verify = ssl.create_default_context(cafile=line["ca_file"]) if line["ca_file"] else True
        with httpx.Client(base_url=line["url"], verify=verify) as client:
            log_in(client, line["application_token"])
            sims = client.get("/api/v1/sim").json()
            assert len(sims) == (3 if options else 100)
            batch = client.get(f"/api/v1/sim_batch/bic/{line['bic']}")
            assert batch.status_code == 200
            client.get("/nothing")
        os.kill(process.pid, number)
        rest, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert rest == ""
    assert line["application_token"] not in errors
    assert (line["ca_file"] is None) == bool(options)
    assert line["ca_file"] is None or not Path(line["ca_file"]).exists()


def test_the_program_refuses_a_remote_host():
    command = [sys.executable, "-m", "aioemnify.simulator", "--host", "0.0.0.0"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "reachable" in ended.stderr


@pytest.mark.parametrize("module", ["jsonschema_rs", "starlette", "trustme", "uvicorn"])
def test_the_program_says_what_to_install(module):
    script = f"import sys; sys.modules[{module!r}] = None; from aioemnify.simulator.__main__ import main; "
    command = [sys.executable, "-c", f"{script}sys.exit(main(['--help']))"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(
        f"simulator: the simulator needs {module}: install the package with its extra"
    )
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "options",
    [
        ["--port", "99999"],
        ["--sims", "99999999999"],
        ["--sims", "x"],
        ["--port"],
        ["--nonsense"],
        ["--bucket", "x"],
        ["--delay-ms", "9-1"],
        ["--scenario", "/nowhere.toml"],
        ["--scenario", __file__],
        ["--state", "/nowhere/state.json"],
        ["--state", __file__],
        ["replay"],
        ["nonsense"],
    ],
)
def test_the_program_says_in_one_line_what_it_cannot_do(options):
    command = [sys.executable, "-m", "aioemnify.simulator", *options]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("simulator: ") and ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--port", "99999"], "99999 is not a port; pass 0 to 65535, where 0 picks a free one"),
        (["--seed", "x"], "'x' is not a whole number"),
        (["--ca-file", "/nowhere/ca.pem"], "/nowhere/ca.pem: No such file or directory"),
        (["--http", "--ca-file", "ca.pem"], "pass either ca_file or tls=False (--http), not both"),
        (["--scenario", "/nowhere.toml"], "/nowhere.toml: No such file or directory"),
    ],
)
def test_the_program_says_what_to_pass(options, text, capsys, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    try:
        status = main(options)
    except SystemExit as ended:
        status = ended.code
    assert status == 2
    assert capsys.readouterr().err.rstrip().endswith(text)


def test_the_program_says_which_port_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "aioemnify.simulator", "--port", str(port)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"simulator: cannot listen on 127.0.0.1, port {port}: Address already in use\n"


@pytest.mark.parametrize(("text", "pair"), [("2-200", (0.002, 0.2)), ("50", (0.05, 0.05))])
def test_the_delay_option(text, pair):
    assert parser().parse_args(["--delay-ms", text]).delay_ms == pair


@pytest.mark.parametrize(
    "options",
    [["--delay-ms", "9-1"], ["--delay-ms", "1-inf"], ["--delay-ms", "x"], ["--sims", "-1"], ["--port", "x"]],
)
def test_options_that_are_wrong(options, capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(options)
    assert capsys.readouterr().err


def test_the_program_keeps_its_state(tmp_path):
    path = tmp_path / "state.json"
    command = [sys.executable, "-m", "aioemnify.simulator", "--http", "--state", str(path)]
    lines = []
    for turn, number in enumerate((signal.SIGTERM, signal.SIGINT)):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            lines.append(json.loads(process.stdout.readline()))
            with httpx.Client(base_url=lines[-1]["url"]) as client:
                log_in(client, lines[-1]["application_token"])
                found = client.get("/api/v1/tariff_profile").json()
                assert [each["name"] for each in found[2:]] == ["kept"] * turn
                body = {"name": "kept", "description": "d", "tariff": {"id": 1}}
                client.post("/api/v1/tariff_profile", json=body)
            os.kill(process.pid, number)
            assert process.communicate(timeout=30) == ("", "")
        assert process.returncode == 0
    assert lines[0]["application_token"] == lines[1]["application_token"]
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]


def test_the_program_plays_a_scenario(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text('[[step]]\nafter = 0\nfaults = [{effect = {kind = "answer", status = 418}}]\n')
    command = [sys.executable, "-m", "aioemnify.simulator", "--http", "--scenario", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        url = json.loads(process.stdout.readline())["url"]
        assert httpx.get(f"{url}/api/v1/sim/1").status_code == 418
        process.terminate()
        assert process.wait(30) == 0


@pytest.mark.parametrize("tls", [True, False])
@pytest.mark.parametrize(
    "effect", [CloseBefore(reset=True), DropAfter(reset=True), TruncateBody(keep=5, reset=True)]
)
def test_a_reset_is_a_reset(tls, effect):
    with Simulator(sims=3, tls=tls, limits=None) as simulator:
        simulator.faults.add(effect)
        host, port = simulator.url.partition("://")[2].split(":")
        connection = socket.create_connection((host, int(port)))
        if tls:
            connection = trusting(simulator).wrap_socket(connection, server_hostname=host)
        connection.sendall(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
        # Below TLS, whose own reading takes a reset for an end.
        with socket.socket(fileno=connection.detach()) as bare, pytest.raises(ConnectionResetError):
            drain(bare)


@pytest.mark.parametrize("tls", [True, False])
def test_the_end_waits_for_nobody_and_says_nothing(tls, caplog):
    hanging = [b"", b"GET /api", b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"]
    slow = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
    for requests, longest in ((hanging, 0.9), ([*hanging, slow], 5)):
        with Simulator(sims=3, tls=tls, limits=None) as simulator, contextlib.ExitStack() as stack:
            simulator.faults.add(Delay(600), path="/slow")
            host, port = simulator.url.partition("://")[2].split(":")
            for request in requests:
                connection = stack.enter_context(socket.create_connection((host, int(port))))
                if tls:
                    context = trusting(simulator)
                    connection = stack.enter_context(context.wrap_socket(connection, server_hostname=host))
                connection.sendall(request)
            httpx.get(f"{simulator.url}/api/v1/sim", verify=trusting(simulator) if tls else True)
            began = time.monotonic()
            simulator.stop()
            assert time.monotonic() - began < longest
    assert [record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")] == []


def drain(connection):
    connection.settimeout(10)
    while connection.recv(1000):
        pass
