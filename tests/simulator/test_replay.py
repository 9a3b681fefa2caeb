"""A journal sent to another installation."""

from __future__ import annotations

import json

import httpx
import pytest

from aioemnify.simulator import Answer, Clock, Simulator
from aioemnify.simulator.__main__ import main
from aioemnify.simulator.recording.json_shape import differences, shape_of
from aioemnify.simulator.recording.replay import Replayer, read_recording

PROFILE = {"name": "n", "description": "d", "tariff": {"id": 1}}


@pytest.fixture
def recorded(tmp_path):
    """Return a folder with a journal in both forms, and the simulator it was made with."""
    sim = Simulator(sims=20, seed=3, clock=Clock.manual(), tls=False, limits=None)
    with sim, httpx.Client(base_url=sim.url) as client:
        body = {"application_token": sim.application_token}
        token = client.post("/api/v1/authenticate", json=body).json()["auth_token"]
        assert client.get("/api/v1/sim/1").status_code == 401
        client.headers["Authorization"] = f"Bearer {token}"
        client.get("/api/v1/sim?per_page=5&q=status:1")
        client.get("/api/v1/endpoint/1")
        client.get("/api/v1/sim/999")
        assert client.post("/api/v1/tariff_profile", json=PROFILE).status_code == 201
        client.post("/api/v1/application_token", json={"description": "d", "ip": "1.2.3.4"})
        sim.faults.add(Answer(503), times=1)
        client.get("/api/v1/sim/2")
        sim.requests.save(tmp_path / "j.jsonl")
        sim.requests.save(tmp_path / "j.har")
    return tmp_path


@pytest.fixture
def other():
    with Simulator(sims=20, seed=3, clock=Clock.manual(), tls=False) as sim:
        yield sim


@pytest.mark.parametrize("name", ["j.jsonl", "j.har"])
def test_reads_only_unless_asked(recorded, other, name, capsys):
    arguments = ["replay", str(recorded / name), "--base-url", other.url, "--rate", "0"]
    arguments += ["--application-token", other.application_token]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert out == "3 replayed, 0 differ, 5 skipped (1 hit by a fault, 1 logins, 1 unauthorised, 2 writes)\n"
    assert {record.method for record in other.requests.of()} == {"POST", "GET"}
    other.requests.assert_called("auth.authenticate", times=1)
    other.requests.assert_not_called("tariff_profiles.create")
    assert main([*arguments, "--writes"]) == 0
    other.requests.assert_called("tariff_profiles.create", times=1, body=PROFILE, status=201)
    assert "5 replayed, 0 differ" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["odd.jsonl", "odd.har"])
def test_paths_that_need_quoting(tmp_path, other, name, capsys):
    sim = Simulator(sims=20, seed=3, clock=Clock.manual(), tls=False, limits=None)
    with sim:
        httpx.get(f"{sim.url}/api/v1/%20%C3%A4%25%3F%0A?q=%C3%A4")
        sim.requests.save(tmp_path / name)
    arguments = ["replay", str(tmp_path / name), "--base-url", other.url, "--rate", "0"]
    assert main([*arguments, "--application-token", other.application_token]) == 0
    assert "1 replayed, 0 differ" in capsys.readouterr().out
    assert other.requests[-1].path == sim.requests[-1].path == "/api/v1/ \u00e4%?\n"


def test_differences_are_printed(recorded, other, capsys, monkeypatch):
    other.faults.add(Answer(200, [{"id": "text", "colour": 1}]), operation="sims.list")
    other.faults.add(Answer(410), operation="endpoints.get")
    monkeypatch.setenv("EMNIFY_APPLICATION_TOKEN", other.application_token)
    assert main(["replay", str(recorded / "j.jsonl"), "--base-url", other.url, "--rate", "0"]) == 1
    out = capsys.readouterr().out
    assert "GET /api/v1/sim?per_page=5&q=status:1\n    $[].id: was number, is text\n" in out
    assert "    $[].iccid: is missing\n" in out
    assert "    $[].colour: is new\n" in out
    assert "GET /api/v1/endpoint/1\n    status: was 200, is 410\n" in out
    assert "3 replayed, 2 differ" in out


def test_it_waits_when_it_is_told_to_and_logs_in_again(recorded, other):
    waits = []

    def sleep(seconds):
        waits.append(seconds)
        other.clock.advance(seconds)

    recording = read_recording(recorded / "j.jsonl") * 5
    replayer = Replayer(other.url, application_token=other.application_token, rate=0, sleep=sleep)
    report = replayer.run(recording[:8])
    other.expire_tokens()
    report = replayer.run(recording)
    assert report.differing == []
    assert report.replayed == 15
    assert waits == [0.1] * len(waits)
    other.requests.assert_called("auth.authenticate", times=2)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--base-url", "http://192.0.2.1"], "this machine only"),
        (["--base-url", "ftp://127.0.0.1"], "not the URL"),
        (["--base-url", "http://127.0.0.1:99999"], "not a URL"),
        (["--base-url", "http://127.0.0.1:1"], "cannot reach 127.0.0.1:1: Connection refused"),
        (["--base-url", "https://127.0.0.1:1", "--ca-file", "/nowhere"], "/nowhere: No such file"),
        (["--base-url", "http://127.0.0.1:1", "--rate", "-1"], "--rate"),
        (["--base-url"], "--base-url"),
        ([], "--base-url"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(recorded, options, text, capsys):
    try:
        status = main(["replay", str(recorded / "j.jsonl"), "--application-token", "x", *options])
    except SystemExit as end:
        status = end.code
    shown = capsys.readouterr()
    assert (status, shown.out) == (2, "")
    assert shown.err.startswith("simulator: ") and shown.err.count("\n") == 1
    assert text in shown.err


def test_a_certificate_that_is_not_trusted(recorded, capsys):
    with Simulator(sims=20) as sim:
        common = ["replay", str(recorded / "j.jsonl"), "--application-token", "x", "--base-url", sim.url]
        assert main(common) == 2
    shown = capsys.readouterr().err
    assert "is not trusted" in shown and shown.endswith("pass ca_file (--ca-file)\n")


def test_a_token_that_is_refused_or_missing(recorded, other, capsys, monkeypatch):
    monkeypatch.delenv("EMNIFY_APPLICATION_TOKEN", raising=False)
    common = ["replay", str(recorded / "j.jsonl"), "--base-url", other.url]
    assert main([*common, "--application-token", "secret-xyz", "--rate", "0"]) == 2
    shown = capsys.readouterr().err
    assert "refused the application token: 401" in shown and "secret-xyz" not in shown
    with pytest.raises(SystemExit):
        main(common)
    assert "EMNIFY_APPLICATION_TOKEN" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content", [b"x", b"[1]", b'{"log": 1}', b'{"log": {"entries": [1]}}', b"1\n2", b"\xff"]
)
def test_files_that_are_no_journal(tmp_path, content):
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="not a journal"):
        read_recording(path)


def test_an_archive_of_a_browser(tmp_path):
    entry = {
        "request": {
            "method": "get",
            "url": "https://cdn.emnify.net/api/v1/sim?page=2",
            "headers": [],
            "postData": None,
        },
        "response": {"status": 200, "content": {"text": "[]"}},
    }
    path = tmp_path / "x.har"
    path.write_text(json.dumps({"log": {"entries": [entry]}}, indent=2))
    (recorded,) = read_recording(path)
    assert (recorded.title, recorded.status, recorded.answer) == ("GET /api/v1/sim?page=2", 200, [])


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"a": 1}, {"a": 2.5}, []),
        ({"a": 1}, {"a": True}, ["$.a: was number, is boolean"]),
        ({"a": None}, {"a": {"b": 1}}, []),
        ({"a": {"b": 1}}, {"a": None}, []),
        ([], [{"a": 1}], []),
        ([{"a": 1}, {"a": 1, "b": 2}], [{"a": 1}], []),
        ([{"a": 1}, {"a": 1}], [{}], ["$[].a: is missing"]),
        ([{"a": 1}, {"a": "x"}], [{"a": "y"}], []),
        ({}, [], ["$: was object, is array"]),
        ({"a": [{"b": [1]}]}, {"a": [{"b": ["x"]}]}, ["$.a[].b[]: was number, is text"]),
        ("x", "y", []),
    ],
)
def test_shapes(before, now, expected):
    assert list(differences(shape_of(before), shape_of(now))) == expected
