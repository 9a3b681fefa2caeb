"""Whatever bytes a socket brings, the answer is a refusal in the documented shape, and soon."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import ssl
import time

import httpx
import pytest

from aioemnify.simulator import Simulator
from aioemnify.simulator.http import protocol

SMALL = 64 * 1024
TO_LOG_IN = b"POST /api/v1/authenticate HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
JSON = TO_LOG_IN + b"Content-Type: application/json\r\n"


@pytest.fixture(scope="module")
def served():
    with Simulator(sims=3, tls=False, limits=None) as simulator:
        simulator.configure(most_body_bytes=SMALL)
        yield simulator


@pytest.fixture(autouse=True)
def nothing_fails(caplog):
    yield
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


def connect(simulator, timeout=10.0):
    host, port = simulator.url.partition("://")[2].split(":")
    return socket.create_connection((host, int(port)), timeout=timeout)


def answers(simulator, content):
    """Send bytes as one client and return the answers until the server ends the connection."""
    with connect(simulator) as connection:
        with contextlib.suppress(ConnectionError):  # refused before it was all sent
            connection.sendall(content)
        return read_answers(connection)


def read_answers(connection):
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            received += piece
    found = []
    while received:
        head, _, received = received.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        length = int(headers.get("content-length", 0))
        found.append((int(lines[0].split()[1]), received[:length]))
        received = received[length:]
    return found


def check_shape(body):
    error = json.loads(body)
    assert set(error) >= {"error_code", "error_token", "message"} and len(error["message"]) < 600


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"\x00\x01\x02\xff\r\n\r\n", 400),
        (b"hello\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),  # without a Host
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),  # TLS where none is spoken
        (TO_LOG_IN + b"Content-Length: -3\r\n\r\n", 400),
        (TO_LOG_IN + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
        (TO_LOG_IN + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n", 400),
        (TO_LOG_IN + b"Transfer-Encoding: gzip\r\n\r\nx", 400),
        (JSON + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nxx\r\n", 400),
        (JSON + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcdefgh\r\n", 400),
        (JSON + b"Content-Length: 5\r\n\r\n1e999", 400),
        (JSON + b"Content-Length: 9000\r\n\r\n" + b"[" * 9000, 400),
        (b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 431),
        (b"GET /" + b"a" * 15_000 + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
        (b"GET /" + b"a" * 21_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 431),
        (b"A" * 9000 + b" /api/v1/sim HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20_000 + b"\r\n", 431),
        (b"GET /api/v1/sim HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n", 401),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
        (b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
        (b"GET /%ff%00%zz/.. HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
        (b"f!#oo /api/v1/sim HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405),
        (JSON + f"Content-Length: {SMALL + 1}\r\n\r\n".encode() + b" " * (SMALL + 1), 413),
        (JSON + b"Transfer-Encoding: chunked\r\n\r\n" + b"4000\r\n" + b" " * 16384 + b"\r\n" * 9, 400),
        (JSON + b"Expect: 100-continue\r\nContent-Length: 999999999\r\n\r\n", 413),
    ],
)
def test_what_is_no_request(served, content, status):
    began = time.monotonic()
    (answer,) = answers(served, content)
    assert answer[0] == status
    check_shape(answer[1])
    assert time.monotonic() - began < 5


def test_a_body_of_the_largest_size_is_read(served):
    body = json.dumps({"application_token": "x" * (SMALL - 25)}).encode()
    assert len(body) == SMALL
    for extra, status in ((0, 401), (1, 413)):
        content = JSON + f"Content-Length: {SMALL + extra}\r\n\r\n".encode() + body + b" " * extra
        assert answers(served, content)[0][0] == status


def test_chunks_are_added_up(served):
    chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"
    (answer,) = answers(served, JSON + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 17 + b"0\r\n\r\n")
    assert answer[0] == 413
    check_shape(answer[1])


def test_garbage_behind_a_request(served):
    found = answers(served, b"GET /api/v1/sim HTTP/1.1\r\nHost: a\r\n\r\n\xff\xff\r\n\r\n")
    assert [status for status, _ in found] == [401, 400]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", None),  # somebody who has not begun is told nothing
        (b"GET /api/v1/sim HT", 408),
        (b"GET /api/v1/sim HTTP/1.1\r\nHost: a\r\n", 408),
        (JSON + b"Content-Length: 30\r\n\r\n{", 408),
        (JSON + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", 408),
        # Response without its body, which never comes.
        (b"GET /_sim/health HTTP/1.1\r\nHost: %s\r\nContent-Length: 5\r\n\r\n", 200),
    ],
)
def test_a_request_that_never_comes_to_its_end(served, content, status, monkeypatch):
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", 0.2)
    own = served.url.partition("://")[2].encode()
    found = answers(served, content.replace(b"%s", own))
    assert [status for status, _ in found] == ([] if status is None else [status])
    if status == 408:
        check_shape(found[0][1])


def test_bytes_one_by_one_are_cut_off_in_time(served, monkeypatch):
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", 0.3)
    with connect(served) as connection:
        sent = 0
        with contextlib.suppress(ConnectionError):
            for byte in b"GET /api/v1/sim HTTP/1.1\r\n" + b"X-Slow: y\r\n" * 100:
                connection.sendall(bytes([byte]))
                sent += 1
                time.sleep(0.01)
        assert sent < 200


def test_a_connection_that_waits_between_requests_is_kept(served, monkeypatch):
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", 0.1)
    with httpx.Client(base_url=served.url) as client:
        for _ in range(3):
            assert client.get("/api/v1/sim").status_code == 401
            time.sleep(0.15)
        (pooled,) = client._transport._pool.connections
        assert "Request Count: 3" in repr(pooled)


def test_random_bytes(served):
    chance = random.Random(5)
    words = [b"GET ", b"/api/v1/sim", b" HTTP/1.1", b"\r\n", b"\r\n\r\n", b"Host: a", b": ", b"\x00", b"%"]
    words += [
        b"Transfer-Encoding: chunked",
        b"Content-Length: 4",
        b"/_sim/faults",
        b"POST ",
        b"\xc3\x28",
        b"{",
    ]
    for turn in range(300):
        parts = [chance.choice(words) if chance.random() < 0.8 else chance.randbytes(5) for _ in range(12)]
        content = b"".join(parts) if turn % 2 else b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(parts)
        with connect(served) as connection:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            assert all(400 <= status < 500 for status, _ in read_answers(connection))
    assert httpx.get(f"{served.url}/api/v1/sim").status_code == 401


def test_the_control_interface_refuses_in_its_own_shape(served):
    own = served.url.partition("://")[2]
    for path, content, status in [
        ("/clock", b"\xff\xfe", 400),
        ("/faults", b"[" * 5000, 422),
        ("/faults/%ff", b"{}", 422),
        ("/faults/" + "9" * 5000, b'{"enabled": true}', 404),
        ("/settings", b" " * (2**20 + 1), 413),
        ("/nothing", b"", 404),
    ]:
        head = f"POST /_sim{path} HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        (answer,) = answers(served, head.encode() + content)
        assert answer[0] == status
        assert set(json.loads(answer[1])) == {"error", "at"}


def test_what_is_no_tls():
    with Simulator(sims=1, limits=None) as simulator:
        for content in (
            b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            b"\x16\x03\x01\xff\xff" + b"\x00" * 300,
            b"\xff" * 9,
        ):
            with connect(simulator) as connection:
                connection.sendall(content)
                connection.shutdown(socket.SHUT_WR)
                assert b"HTTP" not in connection.recv(1000)
        with httpx.Client(verify=ssl.create_default_context(cafile=simulator.ca_file)) as client:
            assert client.get(f"{simulator.url}/api/v1/sim").status_code == 401


@pytest.mark.parametrize("scheme", [b"http", b"HTTPS"])
@pytest.mark.parametrize(
    ("path", "status"),
    [(b"/api/v1/authenticate", 401), (b"/api/v1/authenticate?a=1", 401), (b"", 404), (b"/nothing", 404)],
)
def test_an_absolute_target_is_its_path(served, scheme, path, status):
    body = b'{"application_token":"x"}'
    rest = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
    rest += b"Content-Length: %d\r\n\r\n" % len(body) + body
    absolute = answers(served, b"POST %s://x:80%s" % (scheme, path) + rest)
    assert absolute == answers(served, b"POST " + (path or b"/") + rest)
    assert absolute[0][0] == status


def test_the_host_of_an_absolute_target_overrides_the_header(served):
    with httpx.Client(base_url=served.url) as client:
        token = {"application_token": served.application_token}
        login = client.post("/api/v1/authenticate", json=token).json()["auth_token"]
    body = b'{"name":"a","description":"b","tariff":{"id":1}}'
    head = (
        "POST http://shop.example:81/api/v1/tariff_profile HTTP/1.1\r\nHost: evil\r\nConnection: close\r\n"
        f"Authorization: Bearer {login}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with connect(served) as connection:
        connection.sendall(head.encode() + body)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    assert b"http://shop.example:81/api/v1/tariff_profile/" in received
